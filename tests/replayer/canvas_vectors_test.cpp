// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/vectors/canvas_vectors.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

namespace spicebench::replayer {
namespace {

const std::filesystem::path committed =
    std::filesystem::path(SPICEBENCH_SOURCE_DIR) / "tests/vectors/canvas";

}  // namespace

TEST_CASE("every canvas vector is drawn to the pixel", "[replayer][canvas]") {
  const auto results = run_canvas_vectors(committed);
  REQUIRE(results.has_value());
  CHECK(results->size() == 176);
  for (const VectorResult& result : *results) {
    INFO(result.name);
    CHECK(result.failure == "");
  }
}

TEST_CASE("a canvas vector that fails says where, and the next one is run", "[replayer][canvas]") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(SPICEBENCH_BINARY).parent_path() / "canvas-vectors-test";
  fs::remove_all(folder);
  fs::create_directories(folder / "cases");
  fs::create_directories(folder / "surfaces");
  fs::create_directories(folder / "expected");
  const auto take = [&](const std::string& file) { fs::copy(committed / file, folder / file); };
  take("cases/surface_clear.json");
  take("cases/fill_solid_put.json");
  take("surfaces/32_xRGB_64x48_s1.raw");
  take("expected/fill_solid_put.0.raw");
  std::ofstream(folder / "index.json")
      << R"([{"name":"gone"},{"name":"surface_clear"},{"name":"fill_solid_put"}])";
  // Black as wanted, but for one pixel.
  std::string pixels(64 * 48 * 4, '\0');
  pixels[(3 * 64 + 5) * 4] = 1;
  std::ofstream(folder / "expected/surface_clear.0.raw", std::ios::binary) << pixels;

  const auto results = run_canvas_vectors(folder);
  REQUIRE(results.has_value());
  REQUIRE(results->size() == 3);
  CHECK(results->at(0).failure.find("no such file") != std::string::npos);
  CHECK(results->at(1).failure ==
        "surface 0: 1 pixels differ, the first: pixel (5, 3) is 0x00000000, expected 0x00000001");
  CHECK(results->at(2).passed());
  fs::remove_all(folder);
  CHECK(run_canvas_vectors(folder).error().code == ErrorCode::not_found);
}

}  // namespace spicebench::replayer
