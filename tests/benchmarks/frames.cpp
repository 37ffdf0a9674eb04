// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/benchmarks/frames.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "core/base/random.hpp"
#include "core/image/png.hpp"

namespace spicebench::benchmarks {
namespace {

constexpr std::uint32_t width = 1920, height = 1080;

Frame load(const std::string& name) {
  if (name == "noise")
    return {name, width, height, Random(1).fork(name).bytes(std::size_t{width} * height * 4)};
  const std::string path =
      fmt::format("{}/tests/vectors/frames/{}.png", SPICEBENCH_SOURCE_DIR, name);
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto picture = image::decode_png(as_bytes(text));
  if (!picture) {
    fmt::print(stderr, "{}: {}\n", path, picture.error().text());
    std::exit(1);
  }
  const BytesView pixels = picture->pixels;
  return {name, picture->width, picture->height, Bytes(pixels.begin(), pixels.end())};
}

}  // namespace

const Frame& frame(std::string_view name) {
  static std::map<std::string, Frame, std::less<>> loaded;
  auto found = loaded.find(name);
  if (found == loaded.end())
    found = loaded.emplace(std::string(name), load(std::string(name))).first;
  return found->second;
}

const Frame& frame(const benchmark::State& state) {
  return frame(frame_names[static_cast<std::size_t>(state.range(0))]);
}

void count(benchmark::State& state, const Frame& picture, std::size_t coded_bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(picture.pixels.size()));
  state.counters["coded"] = static_cast<double>(coded_bytes);
  state.SetLabel(picture.name);
}

}  // namespace spicebench::benchmarks
