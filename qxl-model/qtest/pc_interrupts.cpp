// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/qtest/pc_interrupts.hpp"

namespace spicebench::qxl {

Result<void> route_interrupts(Qtest& qtest) {
  constexpr std::uint32_t bridge_routing = 0x8000'0000 | 1u << 11 | 0x60;
  CHECKED(qtest.watch_interrupts());
  CHECKED(qtest.out(0xcf8, bridge_routing, 4));
  return qtest.out(0xcfc, display_input * 0x0101'0101u, 4);
}

}  // namespace spicebench::qxl
