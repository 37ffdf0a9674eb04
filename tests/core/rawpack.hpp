// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace spicebench {

// The records (u32 length, bytes) of a *.rawpack file below the root, named without the ending.
inline std::vector<Bytes> rawpack(const std::string& name) {
  std::ifstream in(SPICEBENCH_SOURCE_DIR "/" + name + ".rawpack", std::ios::binary);
  REQUIRE(in);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const BytesView all = as_bytes(text);
  std::vector<Bytes> records;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t size = load_little_endian(all.data() + at, 4);
    const BytesView record = all.subspan(at + 4, size);
    records.emplace_back(record.begin(), record.end());
    at += 4 + size;
  }
  REQUIRE_FALSE(records.empty());
  return records;
}

}  // namespace spicebench
