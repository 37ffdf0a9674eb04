// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/time_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace spicebench::cli {

Result<Instant> parse_time(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 4> units = {
      {{"ns", 1}, {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}}};
  const auto refuse = [&text = std::as_const(text)] {
    return fail(ErrorCode::malformed,
                fmt::format("\"{}\" is no time: 1.5s, 1500ms, 1500000us or 1500000000ns", text));
  };
  std::string_view digits = text;
  std::uint64_t unit = 1'000'000'000;
  for (const auto& [name, ns] : units)
    if (digits.ends_with(name)) {
      digits.remove_suffix(name.size());
      unit = ns;
      break;
    }
  constexpr std::uint64_t most = 1'000'000'000'000'000'000;  // 30 years
  std::uint64_t total = 0;
  bool any = false, fraction = false;
  for (const char c : digits) {
    if (c == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if (c < '0' || c > '9') return refuse();
    any = true;
    if (!fraction) {
      total = total * 10 + static_cast<std::uint64_t>(c - '0') * unit;
    } else {
      if (unit % 10 != 0 && c != '0') return refuse();
      unit /= 10;
      total += static_cast<std::uint64_t>(c - '0') * unit;
    }
    if (total > most) return refuse();
  }
  if (!any) return refuse();
  return instant(static_cast<std::int64_t>(total));
}

}  // namespace spicebench::cli
