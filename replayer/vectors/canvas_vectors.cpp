// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/vectors/canvas_vectors.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <variant>

#include "core/draw/draw.hpp"
#include "core/image/pixel.hpp"
#include "replayer/vectors/canvas_case.hpp"
#include "replayer/vectors/vector_files.hpp"

namespace spicebench::replayer {
namespace {

using namespace wire::display;

// The client state that a case begins with and its commands change.
class Canvas final : public draw::Images {
 public:
  Result<void> create(const CanvasSurface& wanted, Bytes pixels) {
    Target& target = targets_[wanted.id];
    target.pixels = std::move(pixels);
    target.surface = TRY(draw::Surface::over(target.pixels, wanted.width, wanted.height,
                                             wanted.stride, wanted.format));
    return {};
  }
  Result<draw::Surface*> target(std::uint32_t id) {
    const auto found = targets_.find(id);
    if (found == targets_.end())
      return fail(ErrorCode::not_found, fmt::format("surface {} does not exist", id));
    return &found->second.surface;
  }

  Result<void> execute(const PutFrame& command) {
    const auto frame = TRY(image::decode(command.frame));
    draw::Surface& surface = *TRY(target(command.surface_id));
    return draw::put_image(surface, frame.view(), command.dest, command.clip);
  }
  Result<void> execute(const ClearSurface& command) {
    TRY(target(command.surface_id))->clear();
    return {};
  }
  template <class Command>
  Result<void> execute(const Command& command) {
    return draw::render(*TRY(target(command.base.surface_id)), command, *this);
  }

  // draw::Images
  std::optional<draw::PixelView> surface(std::uint32_t id) const override {
    const auto found = targets_.find(id);
    if (found == targets_.end()) return std::nullopt;
    return found->second.surface.view();
  }
  Result<image::Pixmap> cached(std::uint64_t id, bool) override {
    const auto found = cache_.find(id);
    if (found == cache_.end())
      return fail(ErrorCode::not_found, fmt::format("image {:#x} is not in the cache", id));
    return found->second;
  }
  Result<void> keep(const Image& image, const image::Pixmap* picture) override {
    if (picture) cache_.insert_or_assign(image.id, *picture);
    return {};
  }
  image::PaletteCache* palettes() override { return &palettes_; }

 private:
  struct Target {
    Bytes pixels;
    draw::Surface surface;
  };
  std::map<std::uint32_t, Target> targets_;
  std::map<std::uint64_t, image::Pixmap> cache_;
  image::PaletteCache palettes_;
};

// The largest difference of two words of a format in a channel, after the mask.
std::uint32_t difference(std::uint32_t a, std::uint32_t b, std::uint32_t mask, bool channels) {
  a &= mask;
  b &= mask;
  if (!channels) return a == b ? 0 : UINT32_MAX;
  std::uint32_t largest = 0;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    const std::uint32_t x = a >> shift & 255, y = b >> shift & 255;
    largest = std::max(largest, x > y ? x - y : y - x);
  }
  return largest;
}

// What is wrong with a surface; empty: nothing.
std::string compare(const draw::Surface& ours, const draw::Surface& theirs,
                    const CanvasExpectation& expected) {
  const bool channels = image::bits_per_pixel(ours.format()) == 32;
  std::size_t different = 0;
  std::string first;
  for (std::uint32_t y = 0; y < ours.height(); ++y)
    for (std::uint32_t x = 0; x < ours.width(); ++x) {
      const std::uint32_t a = image::word_at(ours.format(), ours.row(y), x),
                          b = image::word_at(ours.format(), theirs.row(y), x);
      if (difference(a, b, expected.compare_mask, channels) <= expected.max_channel_difference)
        continue;
      if (different++ == 0)
        first = fmt::format("pixel ({}, {}) is {:#010x}, expected {:#010x}", x, y, a, b);
    }
  if (different == 0) return {};
  return fmt::format("surface {}: {} pixels differ, the first: {}", expected.surface_id, different,
                     first);
}

Result<std::string> run_case(const std::filesystem::path& folder, const std::string& name) {
  const auto json = TRY(read_vector_json(folder / "cases" / (name + ".json")));
  const CanvasCase vector = TRY(canvas_case_from(json));
  Canvas canvas;
  for (const CanvasSurface& surface : vector.surfaces) {
    auto pixels = TRY(read_vector_file(folder / surface.before));
    CHECKED(canvas.create(surface, std::move(pixels)));
  }
  for (std::size_t i = 0; i < vector.commands.size(); ++i) {
    const auto drawn = std::visit([&](const auto& command) { return canvas.execute(command); },
                                  vector.commands[i]);
    if (!drawn) return fmt::format("command {}: {}", i, drawn.error().text());
  }
  for (const CanvasExpectation& expected : vector.expected) {
    const draw::Surface& ours = *TRY(canvas.target(expected.surface_id));
    Bytes after = TRY(read_vector_file(folder / expected.after));
    const auto theirs =
        TRY(draw::Surface::over(after, ours.width(), ours.height(), ours.stride(), ours.format()));
    if (auto wrong = compare(ours, theirs, expected); !wrong.empty()) return wrong;
  }
  return std::string();
}

}  // namespace

Result<std::vector<VectorResult>> run_canvas_vectors(const std::filesystem::path& folder) {
  const auto index = TRY(read_vector_json(folder / "index.json"));
  std::vector<VectorResult> results;
  for (const auto& entry : index) {
    if (!entry.is_object() || !entry.contains("name") || !entry["name"].is_string())
      return fail(ErrorCode::malformed, "index.json: an entry without a name");
    VectorResult result{entry["name"], {}};
    auto failure = run_case(folder, result.name);
    result.failure = failure ? std::move(*failure) : failure.error().text();
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace spicebench::replayer
