// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/device_link.hpp"
#include "recorder/import/qxl_text.hpp"

namespace spicebench::recorder {

// The fields of one command. What its value cannot hold does not end the reading: the command is
// read to its end, and the first such field is its refusal.
struct QxlFields {
  QxlText& text;
  std::optional<Error> refused{};

  template <class T>
  Result<T> number(std::string_view name) {
    return text.number<T>(name);
  }
  // A number of 32 bits in the guest's memory for which a value has fewer.
  template <class T>
  Result<T> fitting(std::string_view name) {
    const auto value = TRY(number<std::uint32_t>(name));
    if (!std::in_range<T>(value))
      refuse({ErrorCode::out_of_range, 0, std::string(name), std::to_string(value)});
    return static_cast<T>(value);
  }
  // Whether something follows: 0 or 1.
  Result<bool> flag(std::string_view name) {
    const auto value = TRY(number<std::uint32_t>(name));
    if (value > 1)
      return fail(ErrorCode::malformed, std::to_string(value) + ", 0 or 1", text.last_offset(),
                  std::string(name));
    return value == 1;
  }
  void refuse(Error error) {
    if (!refused) refused = std::move(error);
  }
  // What was read, or an empty one and a refusal.
  template <class T>
  T or_refuse(Result<T> value) {
    if (value) return *std::move(value);
    refuse(std::move(value).error());
    return {};
  }
};

Result<wire::device::Drawable> read_qxl_drawable(QxlFields& fields);

}  // namespace spicebench::recorder
