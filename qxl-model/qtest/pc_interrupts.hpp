// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "qxl-model/qtest/qtest.hpp"

namespace spicebench::qxl {

// Inputs of the interrupt controller of QEMU's machine "pc".
constexpr unsigned keyboard_input = 1, display_input = 11, pointer_input = 12;

// What firmware would do: all pins of PCI slots go to display_input. The machine tells of its
// interrupts from then on.
Result<void> route_interrupts(Qtest& qtest);

}  // namespace spicebench::qxl
