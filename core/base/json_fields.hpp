// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <concepts>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace spicebench {

// Reads the members of one JSON object into variables that hold their defaults: each by its name,
// with its type and bounds; a member that nobody asked for is an error too. The first error is kept
// and returned by finish(), its path being the member's name.
//   errors  malformed (no object, wrong type, unknown key), out_of_range
class JsonFields {
 public:
  // `object` must outlive this.
  explicit JsonFields(const nlohmann::json& object);

  void read(std::string_view key, bool& value);
  void read(std::string_view key, std::string& value);
  template <std::integral T>
  requires(!std::same_as<T, bool>) void read(std::string_view key, T& value,
                                             T low = std::numeric_limits<T>::min(),
                                             T high = std::numeric_limits<T>::max()) {
    // Every bound of the project fits: no option needs the upper half of 64 unsigned bits.
    constexpr auto top = std::numeric_limits<std::int64_t>::max();
    const auto bounded = [](T bound) {
      return std::cmp_greater(bound, top) ? top : static_cast<std::int64_t>(bound);
    };
    if (const auto number = integer(key, bounded(low), bounded(high)))
      value = static_cast<T>(*number);
  }
  // A nested value, for the caller to read; null if absent.
  const nlohmann::json* take(std::string_view key);
  void set_error(Error error);  // kept if it is the first

  Result<void> finish();

 private:
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t low, std::int64_t high);
  void wrong_type(std::string_view key, const nlohmann::json& value, std::string_view wanted);

  const nlohmann::json& object_;
  std::vector<std::string_view> known_;
  std::optional<Error> error_;
};

}  // namespace spicebench
