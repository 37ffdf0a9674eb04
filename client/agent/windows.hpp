// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>

#include "core/wire/agent.hpp"

namespace spicebench::client {

// The user's windows, one for each display of the guest, and what the guest is told of them.
//
// Source: channels.md §12.6.
class Windows {
 public:
  static constexpr std::size_t most = 16;
  static constexpr std::uint32_t side_max = 16384;

  // Of even width, at most side_max; 0 × 0: closed. False: there is no such display.
  bool resize(std::uint32_t display, std::uint32_t width, std::uint32_t height);
  bool any() const;
  // Side by side, in order.
  //   sparse     the agent takes gaps: displays that are closed
  //   positions  … and places
  wire::agent::MonitorsConfig config(bool sparse, bool positions) const;

 private:
  struct Size {
    std::uint32_t width = 0, height = 0;
  };
  std::array<Size, most> sizes_{};
};

}  // namespace spicebench::client
