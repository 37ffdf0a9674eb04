// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <span>

#include "core/wire/device_link.hpp"

namespace spicebench::qxl::test {

// Also drawn on and read; 40 x 30, with alpha.
constexpr std::uint32_t other_surface = 5;

// A generator of drawables of one operation within the device's rules, for RapidCheck.
struct Operation {
  const char* name;
  wire::device::DrawType type;
  wire::device::Drawable (*any)(wire::device::DrawType);
};
std::span<const Operation> all_operations();

}  // namespace spicebench::qxl::test
