// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>

#include "qxl-model/guest/desktop_scene.hpp"
#include "qxl-model/guest/frames.hpp"
#include "qxl-model/guest/pointer.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

using namespace wire::display;

namespace {

constexpr std::uint32_t frames_per_second = 20, frames_per_layout = 10;
// Of a surface for the client's monitors: what the scene needs, what video memory has for it.
constexpr std::uint64_t least_width = 640, least_height = 480, most_pixels = 8u << 20;

// In quarters of the first surface's halves: where each monitor is, and so how large the surface.
struct Place {
  std::uint32_t x, y, width, height;
};
using Layout = std::vector<Place>;

const std::array<Layout, 6>& layouts() {
  static const std::array<Layout, 6> all{{
      {{0, 0, 2, 2}, {2, 0, 2, 2}, {0, 2, 2, 2}, {2, 2, 2, 2}},  // two by two
      {{0, 0, 4, 4}},                                            // one large one
      {{0, 0, 2, 4}, {2, 0, 2, 4}},                              // side by side, on end
      {{0, 0, 3, 3}, {3, 0, 1, 1}, {3, 1, 1, 1}, {3, 2, 1, 1}},  // a large one and three small
      {{0, 0, 2, 2}, {0, 0, 0, 0}, {2, 0, 2, 2}},                // the second one is off
      {{0, 0, 4, 4}, {1, 1, 2, 2}},                              // one shows a part of the other
  }};
  return all;
}

class Heads {
 public:
  explicit Heads(const WorkloadSetting& setting)
      : setting_(setting), random_(setting.random.fork("frames")) {}

  Task<> run() {
    Frames frames(setting_.bus, setting_.seconds, frames_per_second, random_);
    std::optional<Painter> painter;
    std::optional<Pointer> pointer;
    while (const auto due = frames.next()) {
      const std::uint64_t frame = frames.number();
      const bool asked = ask_client();
      if (asked || (!follows_client_ && frame % frames_per_layout == 0)) {
        if (!asked) place(layouts()[frame / frames_per_layout % layouts().size()]);
        auto arranged = co_await arrange();
        if (!arranged) {
          setting_.found(Error(arranged.error()).within("layout"));
          co_return;
        }
        painter.emplace(setting_.driver, width_, height_, setting_.random.fork("painter"));
        pointer.emplace(setting_, width_, height_);
        co_await painter->background();
        co_await pointer->show(0);
      }
      co_await pointer->follow_until(*due);
      for (const Head& head : heads_) co_await draw_on(head, *painter, frame);
      co_await pointer->wander(random_);
    }
  }

 private:
  void place(const Layout& layout) {
    const std::uint32_t unit_x = setting_.width / 4, unit_y = setting_.height / 4;
    heads_.clear();
    for (const Place& one : layout)
      heads_.push_back({.monitor_id = static_cast<std::uint32_t>(heads_.size()),
                        .width = one.width * unit_x,
                        .height = one.height * unit_y,
                        .x = one.x * unit_x,
                        .y = one.y * unit_y});
  }

  // From the first that the client asks for on, its layouts are the guest's, if they can be had.
  bool ask_client() {
    auto wanted = setting_.driver.take_client_monitors();
    if (!wanted || wanted->empty()) return false;
    std::uint64_t width = 0, height = 0;
    for (const Head& head : *wanted) {
      width = std::max(width, std::uint64_t{head.x} + head.width);
      height = std::max(height, std::uint64_t{head.y} + head.height);
    }
    if (width < least_width || height < least_height || width * height > most_pixels) return false;
    heads_ = *std::move(wanted);
    return follows_client_ = true;
  }

  // A surface that has all monitors in it, then what each shows.
  Task<Result<void>> arrange() {
    std::uint32_t width = 0, height = 0;
    for (const Head& head : heads_) {
      width = std::max(width, head.x + head.width);
      height = std::max(height, head.y + head.height);
    }
    if (width != width_ || height != height_) {
      const auto surface = setting_.driver.screen(width, height);
      auto made = co_await setting_.driver.create_primary(surface, {});
      if (!made) co_return made;
      width_ = width;
      height_ = height;
    }
    co_return co_await setting_.driver.configure_monitors(heads_);
  }

  // Each monitor has a picture of its own, and a line that says something else each time.
  Task<> draw_on(const Head& head, Painter& painter, std::uint64_t frame) {
    if (head.width == 0) co_return;
    const Point corner{static_cast<std::int32_t>(head.x), static_cast<std::int32_t>(head.y)};
    const auto& icons = painter.stock().icons;
    if (frame % frames_per_layout == 0) {
      const Rect frame_box{corner.y, corner.x, corner.y + static_cast<std::int32_t>(head.height),
                           corner.x + static_cast<std::int32_t>(head.width)};
      co_await painter.outline(frame_box);
    }
    const Picture& icon = icons[random_.below(icons.size())];
    co_await painter.picture({corner.x + 8, corner.y + 8}, icon);
    const std::vector<std::uint8_t> words = painter.letters(12);
    const Point at{corner.x + 8, corner.y + 64};
    const Rect line{at.y, at.x, at.y + font_.height(), at.x + 12 * font_.width()};
    co_await painter.text(font_, at, words, line, 0, 0xffffff);
  }

  const WorkloadSetting& setting_;
  Random random_;
  Font font_{string_a1, 8, 14, setting_.random.fork("font")};
  std::vector<Head> heads_;
  bool follows_client_ = false;
  std::uint32_t width_ = setting_.width, height_ = setting_.height;
};

}  // namespace

Task<> heads(WorkloadSetting setting) {
  Heads scene(setting);
  co_await scene.run();
}

}  // namespace spicebench::qxl
