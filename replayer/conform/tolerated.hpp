// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace spicebench::replayer {

// What the model and the real device may show differently, and why it is no difference in how they
// behave to a guest.
struct Tolerated {
  std::string_view what, why;
  std::uint32_t begin, end;   // bytes of the RAM header that it is about; the same: none
  bool only_before_flushing;  // the rest must be the same after a flush
};
std::span<const Tolerated> tolerated();

//   flushed  everything that was pushed is rendered, and released lists are published
bool is_tolerated_in_header(std::uint32_t offset, bool flushed);

}  // namespace spicebench::replayer
