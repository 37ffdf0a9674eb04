// SPDX-License-Identifier: LGPL-2.1-or-later
// spicebench_fuzz TARGET [libFuzzer's own arguments]
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/fuzz/targets.hpp"

namespace {
const spicebench::fuzz::Target* target = nullptr;
}

// Takes the target's name out of the arguments.
extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  const std::string_view name = *count > 1 ? (*arguments)[1] : "";
  for (const auto& one : spicebench::fuzz::targets())
    if (one.name == name) target = &one;
  if (!target) {
    std::fputs("usage: spicebench_fuzz TARGET [libFuzzer's arguments]; targets:\n", stderr);
    for (const auto& one : spicebench::fuzz::targets())
      std::fprintf(stderr, "  %.*s\n", static_cast<int>(one.name.size()), one.name.data());
    std::exit(2);
  }
  std::copy(*arguments + 2, *arguments + *count, *arguments + 1);
  --*count;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  target->run({reinterpret_cast<const std::byte*>(data), size});  // NOLINT: bytes are bytes
  return 0;
}
