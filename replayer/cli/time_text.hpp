// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace spicebench::cli {

// A time as people write it: "1.5s", "1500ms", "20us", "7ns", or seconds without a unit. Decimal
// places beyond a nanosecond are refused. Errors: malformed.
Result<Instant> parse_time(std::string_view text);

}  // namespace spicebench::cli
