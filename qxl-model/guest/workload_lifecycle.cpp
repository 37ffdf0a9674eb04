// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/desktop_scene.hpp"
#include "qxl-model/guest/drawables.hpp"
#include "qxl-model/guest/frames.hpp"
#include "qxl-model/guest/pointer.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

using namespace wire::display;

namespace {

constexpr std::uint32_t frames_per_second = 20, frames_per_event = 5;
constexpr Cycle asleep = 300'000'000;  // how long the computer is suspended

class Lifecycle {
 public:
  explicit Lifecycle(const WorkloadSetting& setting)
      : setting_(setting),
        driver_(setting.driver),
        random_(setting.random.fork("frames")),
        width_(setting.width),
        height_(setting.height),
        font_(string_a4, 9, 16, setting.random.fork("font")) {}

  Task<> run() {
    Frames frames(setting_.bus, setting_.seconds, frames_per_second, random_);
    co_await begin();
    while (const auto due = frames.next()) {
      co_await pointer_->follow_until(*due);
      const std::uint64_t frame = frames.number();
      co_await draw_frame();
      if (frame % frames_per_event != frames_per_event - 1) continue;
      auto done = co_await event(frame / frames_per_event);
      if (done) continue;
      setting_.found(Error(done.error()).within("lifecycle"));
      co_return;
    }
    co_await driver_.destroy_surface(layer);
  }

 private:
  static constexpr std::uint32_t layer = 1, layer_width = 160, layer_height = 100;

  // A screen is there, with nothing on it yet, and the layer is not.
  Task<> begin() {
    const auto surface = surface_of(layer, layer_width, layer_height, surface_32_xrgb);
    co_await driver_.create_surface(surface, {});
    co_await new_screen();
  }
  Task<> new_screen() {
    painter_.emplace(driver_, width_, height_, setting_.random.fork("painter"));
    pointer_.emplace(setting_, width_, height_);
    co_await painter_->background();
    co_await pointer_->show(0);
  }

  // What the layer showed before an event shows after it.
  Task<> draw_frame() {
    const std::vector<std::uint8_t> words = painter_->letters(16);
    const auto top = static_cast<std::int32_t>(random_.below(layer_height - 20));
    DrawText text =
        font_.line({2, top}, words, {top, 0, top + 20, layer_width}, 0xffffff, 0x303060);
    co_await draw(drawn(std::move(text), layer));
    const auto x = static_cast<std::int32_t>(random_.below(width_ - layer_width));
    const auto y = static_cast<std::int32_t>(random_.below(height_ - layer_height));
    const DisplayBase base{
        .box = {y, x, y + std::int32_t{layer_height}, x + std::int32_t{layer_width}}};
    const auto surface = surface_of(layer, layer_width, layer_height, surface_32_xrgb);
    co_await draw(copied(base, image_of(surface),
                         {0, 0, std::int32_t{layer_height}, std::int32_t{layer_width}}));
    const auto& icons = painter_->stock().icons;
    const Picture& icon = icons[random_.below(icons.size())];
    co_await painter_->picture({x, y}, icon);
    co_await pointer_->wander(random_);
  }
  Task<> draw(const wire::device::Drawable& drawable) {
    CommandBlock block = CommandBlock::of(drawable);
    co_await driver_.draw(std::move(block));
  }

  // Sizes are those that drivers offer, and fit into the first one.
  Task<Result<void>> event(std::uint64_t number) {
    Result<void> done;
    switch (number % 5) {
      case 0:
        done = co_await driver_.suspend();
        if (!done) co_return done;
        co_await setting_.bus.sleep_until(setting_.bus.now() + asleep);
        done = co_await driver_.resume(width_, height_);
        break;
      case 1:
        width_ = 640;
        height_ = 480;
        done = co_await driver_.change_mode(width_, height_);
        break;
      case 2:
        co_await driver_.ask_for_memory();
        co_return done;
      case 3:
        width_ = setting_.width;
        height_ = setting_.height;
        done = co_await driver_.change_mode(width_, height_);
        break;
      default:
        done = co_await driver_.reset(width_, height_);
        if (!done) co_return done;
        co_await begin();
        co_return done;
    }
    if (done) co_await new_screen();
    co_return done;
  }

  const WorkloadSetting& setting_;
  Driver& driver_;
  Random random_;
  std::uint32_t width_, height_;
  Font font_;
  std::optional<Painter> painter_;
  std::optional<Pointer> pointer_;
};

}  // namespace

Task<> lifecycle(WorkloadSetting setting) {
  Lifecycle scene(setting);
  co_await scene.run();
}

}  // namespace spicebench::qxl
