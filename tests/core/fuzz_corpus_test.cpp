// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/targets.hpp"

using namespace spicebench;

// With the sanitizers on, this is where an old finding would show again.
TEST_CASE("no seed and no finding of the fuzzers breaks its target", "[core][fuzz]") {
  for (const fuzz::Target& target : fuzz::targets()) {
    const auto folder = std::filesystem::path(SPICEBENCH_SOURCE_DIR) / "corpus/fuzz" / target.name;
    INFO(folder);
    REQUIRE(std::filesystem::is_directory(folder));
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      files.push_back(entry.path());
    std::ranges::sort(files);
    CHECK_FALSE(files.empty());
    for (const auto& path : files) {
      INFO(path);
      std::ifstream in(path, std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      target.run(as_bytes(bytes));
    }
  }
}
