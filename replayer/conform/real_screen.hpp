// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/result.hpp"

namespace spicebench::replayer {

// A picture of a real device's screen: rows from the top of pixels 00RRGGBB.
struct RealScreen {
  std::uint32_t width = 0, height = 0;
  std::vector<std::uint32_t> pixels;
};
// Takes one, brought up to date before. Errors: io, malformed.
using RealScreenSource = std::function<Result<RealScreen>()>;

}  // namespace spicebench::replayer
