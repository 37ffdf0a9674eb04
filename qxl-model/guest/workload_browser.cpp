// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include "qxl-model/guest/desktop_scene.hpp"
#include "qxl-model/guest/frames.hpp"
#include "qxl-model/guest/pointer.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

using namespace wire::display;

namespace {

constexpr std::uint32_t frames_per_second = 20, frames_per_page = 60, frames_to_load = 12;

class Browser {
 public:
  explicit Browser(const WorkloadSetting& setting)
      : setting_(setting),
        random_(setting.random.fork("frames")),
        painter_(setting.driver, setting.width, setting.height, setting.random.fork("painter")),
        pointer_(setting),
        font_(string_a4, 9, 17, setting.random.fork("font")) {
    const std::int32_t w = painter_.width(), h = painter_.height();
    window_.frame = {h / 40, w / 40, h, w - w / 40};
  }

  Task<> run() {
    Frames frames(setting_.bus, setting_.seconds, frames_per_second, random_);
    co_await painter_.background();
    co_await painter_.window(window_);
    co_await pointer_.show(2);
    while (const auto due = frames.next()) {
      co_await pointer_.follow_until(*due);
      co_await draw_frame(frames.number());
    }
  }

 private:
  Task<> draw_frame(std::uint64_t frame) {
    const auto of_page = static_cast<std::uint32_t>(frame % frames_per_page);
    if (of_page == 0) co_await painter_.fill(window_.body(), window_.paper);
    if (of_page < frames_to_load) {
      co_await load_piece(of_page);
    } else if (of_page % 2 == 0) {
      co_await scroll();
    }
    co_await pointer_.wander(random_);
  }

  // A page is shown from the top to the bottom, as it arrives.
  Task<> load_piece(std::uint32_t piece) {
    const Rect body = window_.body();
    const auto height = static_cast<std::int32_t>(height_of(body));
    const auto edge = [&](std::uint32_t number) {
      return body.top + height * static_cast<std::int32_t>(number) / std::int32_t{frames_to_load};
    };
    co_await strip({edge(piece), body.left, edge(piece + 1), body.right});
  }

  Task<> scroll() {
    const Rect body = window_.body();
    const auto up = static_cast<std::int32_t>(random_.between(24, height_of(body) / 4));
    co_await painter_.scroll(body, up);
    co_await strip({body.bottom - up, body.left, body.bottom, body.right});
  }

  // New content: a picture at the left, a paragraph at the right of it.
  Task<> strip(Rect box) {
    const auto width = static_cast<std::uint32_t>(width_of(box) * random_.between(40, 80) / 100);
    Random scene = setting_.random.fork(fmt::format("picture {}", pictures_++));
    const Picture picture = photo(width, static_cast<std::uint32_t>(height_of(box)), 0, scene);
    const Rect rest{box.top, box.left + static_cast<std::int32_t>(width), box.bottom, box.right};
    // As browsers paint it: the picture in pieces of some rows, in memory in chunks.
    co_await painter_.picture({box.left, box.top}, picture, ropd_put,
                              CopyStyle{.rows_per_chunk = 16});
    co_await painter_.fill(rest, window_.paper);
    for (std::int32_t y = rest.top; y + font_.height() <= rest.bottom; y += font_.height() + 4) {
      const std::vector<std::uint8_t> words = painter_.letters(60);
      co_await painter_.text(font_, {rest.left + 8, y}, words, rest, 0x202020);
    }
  }

  const WorkloadSetting& setting_;
  Random random_;
  Painter painter_;
  Pointer pointer_;
  Font font_;
  Window window_;
  std::uint64_t pictures_ = 0;
};

}  // namespace

Task<> browser(WorkloadSetting setting) {
  Browser scene(setting);
  co_await scene.run();
}

}  // namespace spicebench::qxl
