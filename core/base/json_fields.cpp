// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/base/json_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spicebench {

using nlohmann::json;

JsonFields::JsonFields(const json& object) : object_(object) {
  if (!object.is_object())
    set_error({ErrorCode::malformed, 0, "",
               fmt::format("a table is wanted, this is {}", object.type_name())});
}

void JsonFields::set_error(Error error) {
  if (!error_) error_ = std::move(error);
}

const json* JsonFields::take(std::string_view key) {
  known_.push_back(key);
  if (!object_.is_object()) return nullptr;
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

void JsonFields::wrong_type(std::string_view key, const json& value, std::string_view wanted) {
  set_error({ErrorCode::malformed, 0, std::string(key),
             fmt::format("{} is wanted, this is {}", wanted, value.dump())});
}

void JsonFields::read(std::string_view key, bool& value) {
  const json* member = take(key);
  if (!member) return;
  if (!member->is_boolean()) return wrong_type(key, *member, "true or false");
  value = member->get<bool>();
}

void JsonFields::read(std::string_view key, std::string& value) {
  const json* member = take(key);
  if (!member) return;
  if (!member->is_string()) return wrong_type(key, *member, "a text");
  value = member->get<std::string>();
}

std::optional<std::int64_t> JsonFields::integer(std::string_view key, std::int64_t low,
                                                std::int64_t high) {
  const json* member = take(key);
  if (!member) return std::nullopt;
  if (!member->is_number_integer()) {
    wrong_type(key, *member, "a whole number");
    return std::nullopt;
  }
  constexpr auto top = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const bool too_large = member->is_number_unsigned() && member->get<std::uint64_t>() > top;
  const auto number = too_large ? 0 : member->get<std::int64_t>();
  if (too_large || number < low || number > high) {
    set_error({ErrorCode::out_of_range, 0, std::string(key),
               fmt::format("{}, allowed {} to {}", member->dump(), low, high)});
    return std::nullopt;
  }
  return number;
}

Result<void> JsonFields::finish() {
  if (!error_ && object_.is_object())
    for (const auto& [key, value] : object_.items()) {
      if (std::ranges::find(known_, key) != known_.end()) continue;
      set_error({ErrorCode::malformed, 0, key,
                 fmt::format("unknown key, known are {}", fmt::join(known_, ", "))});
      break;
    }
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace spicebench
