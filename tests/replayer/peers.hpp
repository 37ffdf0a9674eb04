// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <catch2/catch.hpp>
#include <cstdlib>

#include "core/live/process.hpp"

namespace spicebench::test {

inline constexpr const char* qemu = "qemu-system-x86_64";

// Where CI runs, everything that a test needs is installed.
inline bool has_qemu() {
  if (live::is_installed(qemu)) return true;
  if (std::getenv("CI") != nullptr) FAIL("skipped: " << qemu << " is not installed");
  WARN("skipped: " << qemu << " is not installed");
  return false;
}

}  // namespace spicebench::test
