// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <map>

#include "core/image/pixel.hpp"
#include "tests/core/draw_commands.hpp"

namespace spicebench::draw {
namespace {

using namespace wire::display;

std::uint32_t any_surface() {
  return *rc::gen::inRange<std::uint32_t>(0, all_formats.size());
}
wire::RandomChoices choices() {
  return wire::RandomChoices(Random(*rc::gen::arbitrary<std::uint64_t>()));
}
std::uint32_t word(const Surface& surface, std::uint32_t x, std::uint32_t y) {
  return image::word_at(surface.format(), surface.row(y), x);
}

}  // namespace

TEST_CASE("a drawing command that is an error has drawn nothing", "[core][draw]") {
  std::map<std::size_t, std::size_t> drawn;
  rc::prop("any command on any surface", [&] {
    auto chosen = choices();
    Canvases canvases(chosen, chosen.below(2) != 0);
    const std::uint32_t id = any_surface();
    for (int i = 0; i < 40; ++i) {
      const Canvases before(canvases);
      const DrawCommand command = CommandMaker(chosen, all_formats.size()).make();
      if (canvases.execute(id, command))
        ++drawn[command.index()];
      else
        RC_ASSERT(canvases.pixels(id) == before.pixels(id));
      for (std::uint32_t other = 0; other < all_formats.size(); ++other)
        RC_ASSERT(other == id || canvases.pixels(other) == before.pixels(other));
    }
  });
  // The property is about nothing unless most commands can be drawn.
  CHECK(drawn.size() == std::variant_size_v<DrawCommand>);
}

TEST_CASE("any drawing command with a clip is the same without, taken over in the clip",
          "[core][draw]") {
  rc::prop("any command on any surface", [] {
    auto chosen = choices();
    const Canvases before(chosen, chosen.below(2) != 0);
    const std::uint32_t id = any_surface();
    for (int i = 0; i < 10; ++i) {
      CommandMaker maker(chosen, all_formats.size());
      DrawCommand command = maker.make();
      Clip clip;
      clip.type = clip_rects;
      for (int k = 0; k < 3; ++k) clip.rects.push_back(maker.rect(false));
      const auto with_clip = [&](Canvases canvases, const Clip& wanted) {
        std::visit([&](auto& c) { c.base.clip = wanted; }, command);
        const bool done = canvases.execute(id, command).has_value();
        return std::pair(done, canvases);
      };
      auto [drawn, whole] = with_clip(before, {});
      auto [also_drawn, clipped] = with_clip(before, clip);
      RC_ASSERT(drawn == also_drawn);
      Canvases untouched(before);
      for (std::uint32_t y = 0; y < Canvases::height; ++y)
        for (std::uint32_t x = 0; x < Canvases::width; ++x) {
          const bool inside = std::ranges::any_of(clip.rects, [&](const Rect& r) {
            const auto px = static_cast<std::int32_t>(x), py = static_cast<std::int32_t>(y);
            return px >= r.left && px < r.right && py >= r.top && py < r.bottom;
          });
          RC_ASSERT(word(clipped.target(id), x, y) ==
                    word((inside ? whole : untouched).target(id), x, y));
        }
    }
  });
}

}  // namespace spicebench::draw
