// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"
#include "core/wire/display_types.hpp"

namespace spicebench::recorder {

// The words of a QXL recording (server-abi.md §13.2): lines "NAME VALUE …", and runs of bytes with
// their size before them. Each call takes one line or one run, or fails and takes nothing that
// matters: the first error is the end of reading.
//   errors  truncated (the file ends inside), malformed (another line than asked for), out_of_range
//           (a number that its field has no room for); the offset is in the file, the path is the
//           name of the line
class QxlText {
 public:
  //   most_unpacked  bytes that all packed runs together may unpack to
  QxlText(SharedBytes file, std::uint64_t most_unpacked)
      : file_(std::move(file)), unpacked_left_(most_unpacked) {}

  std::uint64_t offset() const { return at_; }
  std::uint64_t last_offset() const { return line_at_; }  // of what was taken last
  bool at_end() const { return at_ == file_.size(); }
  bool next_starts_with(std::string_view word) const;

  // "WORD", alone on its line.
  Result<void> word(std::string_view expected);
  // "NAME VALUE". The recorder writes most numbers as signed ones of 32 bits, whatever they are:
  // they are taken modulo 2^32. A narrower type must hold the value.
  template <class T>
  Result<T> number(std::string_view name) {
    std::int64_t value = 0;
    CHECKED(numbers(name, {&value, 1}, std::numeric_limits<T>::digits > 32));
    if constexpr (sizeof(T) < 4) {
      if (!std::in_range<T>(value)) return std::unexpected(no_room(name, value));
    }
    return static_cast<T>(value);
  }
  // "NAME V V …": as many numbers as there is room for.
  Result<void> numbers(std::string_view name, std::span<std::int64_t> values, bool wide = false);
  Result<wire::display::Rect> rect(std::string_view name);  // "rect NAME TOP LEFT BOTTOM RIGHT"
  Result<wire::display::Point> point();                     // "point X Y"
  Result<wire::display::Point16> point16(std::string_view name = "point16");
  // "binary Z NAME SIZE:…": the bytes, unpacked if they are packed.
  Result<SharedBytes> binary(std::string_view name);
  // "data_chunks MORE TOTAL" and 1 + MORE runs, joined.
  Result<SharedBytes> chunks(std::string_view name);

 private:
  Result<std::string_view> line();  // without its end
  Error wrong(std::string_view name, std::string_view line) const;
  Error no_room(std::string_view name, std::int64_t value) const;
  Result<std::uint64_t> size_until(char end, std::string_view name);
  Result<SharedBytes> raw(std::uint64_t size, std::string_view name);
  Result<SharedBytes> unpacked(BytesView packed, std::uint64_t size, std::string_view name);

  SharedBytes file_;
  std::size_t at_ = 0, line_at_ = 0;
  std::uint64_t unpacked_left_;
};

}  // namespace spicebench::recorder
