// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "qxl-model/guest/bus.hpp"
#include "qxl-model/guest/task.hpp"

namespace spicebench::qxl {

struct PciFunction {
  struct Bar {
    std::uint64_t base = 0, size = 0;  // size 0: not there
  };
  std::uint8_t slot = 0;  // on bus 0
  std::uint8_t revision = 0;
  std::array<Bar, 6> bars;
};

// What firmware does for a display device: finds the function with these ids on bus 0, places its
// memory from 0xe0000000 and its ports from 0xc000 up, and enables both.
Task<std::optional<PciFunction>> place_pci_function(Bus& bus, std::uint16_t vendor,
                                                    std::uint16_t device);

}  // namespace spicebench::qxl
