// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "qxl-model/guest/desktop_scene.hpp"
#include "qxl-model/guest/drawables.hpp"
#include "qxl-model/guest/frames.hpp"
#include "qxl-model/guest/pointer.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

using namespace wire::display;
using wire::device::SurfaceCreate;

namespace {

constexpr std::uint32_t frames_per_second = 20, layers = 8, mask_id = layers + 1;

class Layers {
 public:
  explicit Layers(const WorkloadSetting& setting)
      : setting_(setting),
        driver_(setting.driver),
        random_(setting.random.fork("frames")),
        painter_(setting.driver, setting.width, setting.height, setting.random.fork("painter")),
        pointer_(setting),
        font_(string_a4, 9, 16, setting.random.fork("font")) {}

  Task<> run() {
    Frames frames(setting_.bus, setting_.seconds, frames_per_second, random_);
    co_await painter_.background();
    co_await pointer_.show(0);
    co_await make_mask();
    for (std::uint32_t id = 1; id <= layers; ++id) co_await make(id);
    while (const auto due = frames.next()) {
      co_await pointer_.follow_until(*due);
      co_await draw_frame(frames.number());
    }
    for (const SurfaceCreate& surface : living_)
      co_await driver_.destroy_surface(surface.surface_id);
    co_await driver_.destroy_surface(mask_id);
  }

 private:
  Task<> draw_frame(std::uint64_t frame) {
    for (int i = 0; i < 2; ++i) co_await write_on(any());
    co_await copy_between();
    for (int i = 0; i < 3; ++i) co_await compose(any());
    if (frame % 6 == 2) co_await evict();
    if (frame % 6 == 5) co_await restore();
    if (frame % 10 == 9) co_await replace();
    co_await pointer_.wander(random_);
  }

  SurfaceCreate any() { return living_[random_.below(living_.size())]; }
  std::int32_t below(std::int64_t bound) {
    return static_cast<std::int32_t>(random_.below(static_cast<std::uint64_t>(bound)));
  }
  static Rect all_of(const SurfaceCreate& surface) {
    return {0, 0, static_cast<std::int32_t>(surface.height),
            static_cast<std::int32_t>(surface.width)};
  }
  Task<> draw(const wire::device::Drawable& drawable) {
    CommandBlock block = CommandBlock::of(drawable);
    co_await driver_.draw(std::move(block));
  }

  // Every second one has an alpha and begins with a picture, the others begin empty.
  Task<> make(std::uint32_t id) {
    const auto width = static_cast<std::uint32_t>(random_.between(60, 240));
    const auto height = static_cast<std::uint32_t>(random_.between(60, 180));
    const bool with_alpha = id % 2 == 0;
    const SurfaceCreate surface =
        surface_of(id, width, height, with_alpha ? surface_32_argb : surface_32_xrgb);
    Bytes content;
    if (with_alpha) {
      const Picture picture = photo(width, height, id, random_);
      for (const std::uint32_t pixel : picture.pixels) {
        content.resize(content.size() + 4);
        store_little_endian(&content[content.size() - 4], 0xff00'0000 | pixel, 4);
      }
    }
    co_await driver_.create_surface(surface, content);
    living_.push_back(surface);
  }

  // A shape that fades to its edges.
  Task<> make_mask() {
    mask_ = surface_of(mask_id, 128, 128, surface_8_a);
    co_await driver_.create_surface(mask_, {});
    for (std::int32_t ring = 0; ring < 64; ring += 8) {
      const DisplayBase base{.surface_id = mask_id, .box = {ring, ring, 128 - ring, 128 - ring}};
      const auto alpha = static_cast<std::uint32_t>(ring * 4);
      co_await draw(filled(base, alpha));
    }
  }

  Task<> write_on(SurfaceCreate surface) {
    const Rect all = all_of(surface);
    const std::int32_t top = below(height_of(all) - 20);
    const DisplayBase line{.surface_id = surface.surface_id, .box = {top, 0, top + 20, all.right}};
    co_await draw(filled(line, static_cast<std::uint32_t>(random_.below(0x100'0000))));
    const std::vector<std::uint8_t> words = painter_.letters(20);
    DrawText text = font_.line({4, top + 2}, words, line.box, 0xffffff, std::nullopt);
    co_await draw(drawn(std::move(text), surface.surface_id));
  }

  // A part of one becomes part of another of the same format.
  Task<> copy_between() {
    const SurfaceCreate from = any();
    const SurfaceCreate to = any();
    if (from.surface_id == to.surface_id || from.format != to.format) co_return;
    const std::int32_t width = 1 + below(std::min(from.width, to.width));
    const std::int32_t height = 1 + below(std::min(from.height, to.height));
    const Point source{below(from.width + 1 - width), below(from.height + 1 - height)};
    const Point at{below(to.width + 1 - width), below(to.height + 1 - height)};
    const DisplayBase base{.surface_id = to.surface_id,
                           .box = {at.y, at.x, at.y + height, at.x + width}};
    co_await draw(
        copied(base, image_of(from), {source.y, source.x, source.y + height, source.x + width}));
  }

  // On the screen: as it is, blended, through the mask.
  Task<> compose(SurfaceCreate surface) {
    const Rect all = all_of(surface);
    const Point at{below(painter_.width() - all.right), below(painter_.height() - all.bottom)};
    const DisplayBase base{.box = {at.y, at.x, at.y + all.bottom, at.x + all.right}};
    switch (random_.below(3)) {
      case 0:
        co_await draw(copied(base, image_of(surface), all));
        break;
      case 1:
        co_await draw(composed(base, image_of(surface), std::nullopt));
        break;
      default:
        co_await draw(composed(base, image_of(surface), image_of(mask_)));
    }
  }

  Task<> evict() {
    const std::size_t which = random_.below(living_.size());
    const std::uint32_t id = living_[which].surface_id;
    auto evicted = co_await driver_.evict_surface(id);
    if (!evicted) {
      setting_.found(Error(evicted.error()).within("evict"));
      co_return;
    }
    evicted_.push_back(living_[which]);
    living_.erase(living_.begin() + static_cast<std::ptrdiff_t>(which));
  }
  Task<> restore() {
    for (const SurfaceCreate& surface : std::exchange(evicted_, {})) {
      co_await driver_.restore_surface(surface.surface_id);
      living_.push_back(surface);
    }
  }
  Task<> replace() {
    const std::size_t which = random_.below(living_.size());
    const std::uint32_t id = living_[which].surface_id;
    living_.erase(living_.begin() + static_cast<std::ptrdiff_t>(which));
    co_await driver_.destroy_surface(id);
    co_await make(id);
  }

  const WorkloadSetting& setting_;
  Driver& driver_;
  Random random_;
  Painter painter_;
  Pointer pointer_;
  Font font_;
  SurfaceCreate mask_;
  std::vector<SurfaceCreate> living_, evicted_;
};

}  // namespace

Task<> surfaces(WorkloadSetting setting) {
  Layers scene(setting);
  co_await scene.run();
}

}  // namespace spicebench::qxl
