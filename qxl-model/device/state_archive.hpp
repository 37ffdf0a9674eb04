// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace spicebench::qxl {

// A saved state is what each part of the device gives to an archive in its `transfer`: the same
// calls save and load, so the two cannot differ. Little endian, without names or padding.
//
//   template <class Archive> void transfer(Archive& archive) {
//     archive.value("mode", mode_, 0, 3);
//   }
class StateSaver {
 public:
  static constexpr bool loads = false;

  template <std::integral T>
  void value(const char*, T& number, T = std::numeric_limits<T>::min(),
             T = std::numeric_limits<T>::max()) {
    append_little_endian(out_, static_cast<std::uint64_t>(number), sizeof(T));
  }
  template <class Enum>
  void choice(const char*, Enum& chosen, Enum) {
    append_little_endian(out_, static_cast<std::uint64_t>(chosen), 1);
  }
  void bytes(const char*, std::span<std::byte> content) { append(out_, content); }
  template <class Transfer>
  void part(const char*, Transfer transfer) {
    transfer();
  }
  void refuse(const char*, std::string) {}
  bool failed() const { return false; }
  Bytes take() { return std::move(out_); }

 private:
  Bytes out_;
};

// Values that do not fit are errors, which name the field and where it lies; the first one is kept,
// and nothing is changed from then on.
class StateLoader {
 public:
  static constexpr bool loads = true;
  explicit StateLoader(BytesView in) : in_(in) {}

  template <std::integral T>
  void value(const char* name, T& number, T low = std::numeric_limits<T>::min(),
             T high = std::numeric_limits<T>::max()) {
    const std::size_t at = at_;
    const std::uint64_t raw = next(name, sizeof(T));
    if (failed()) return;
    if constexpr (std::same_as<T, bool>) {
      if (raw > 1) return fail_at(at, name, ErrorCode::malformed, "neither 0 nor 1");
      number = raw != 0;
    } else {
      const auto found = static_cast<T>(raw);
      if (found < low || found > high)
        return fail_at(at, name, ErrorCode::out_of_range, std::to_string(found));
      number = found;
    }
  }
  template <class Enum>
  void choice(const char* name, Enum& chosen, Enum last) {
    auto number = static_cast<std::uint8_t>(chosen);
    value(name, number, std::uint8_t{0}, static_cast<std::uint8_t>(last));
    chosen = static_cast<Enum>(number);
  }
  void bytes(const char* name, std::span<std::byte> content);
  // Fields within carry the name of the part.
  template <class Transfer>
  void part(const char* name, Transfer transfer) {
    parts_.emplace_back(name);
    transfer();
    parts_.pop_back();
  }
  // What was loaded last contradicts the rest.
  void refuse(const char* name, std::string why) {
    fail_at(at_, name, ErrorCode::malformed, std::move(why));
  }
  bool failed() const { return has_error_; }
  // Of the whole, which must be used up.
  Result<void> finish();

 private:
  std::uint64_t next(const char* name, std::size_t bytes);
  void fail_at(std::size_t at, const char* name, ErrorCode code, std::string detail);

  BytesView in_;
  std::size_t at_ = 0;
  std::vector<std::string> parts_;
  bool has_error_ = false;
  Error error_{};
};

}  // namespace spicebench::qxl
