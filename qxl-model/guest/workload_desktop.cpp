// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "qxl-model/guest/desktop_scene.hpp"
#include "qxl-model/guest/frames.hpp"
#include "qxl-model/guest/pointer.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

using namespace wire::display;

namespace {

constexpr std::uint32_t frames_per_second = 20;
constexpr std::uint8_t key_enter = 0x1c, key_backspace = 0x0e, key_caps_lock = 0x3a,
                       key_num_lock = 0x45, key_scroll_lock = 0x46;

class Desktop {
 public:
  explicit Desktop(const WorkloadSetting& setting)
      : bus_(setting.bus),
        driver_(setting.driver),
        random_(setting.random.fork("frames")),
        painter_(setting.driver, setting.width, setting.height, setting.random.fork("painter")),
        pointer_(setting),
        seconds_(setting.seconds) {
    // Four windows in the left two thirds of the screen, and a free column for the dragged one.
    const std::int32_t w = painter_.width(), h = painter_.height();
    const auto place = [&](std::int32_t top, std::int32_t left, std::int32_t bottom,
                           std::int32_t right) {
      return Rect{h * top / 100, w * left / 100, h * bottom / 100, w * right / 100};
    };
    log_.frame = place(4, 3, 46, 34);
    log_.paper = 0xfafafa;
    editor_.frame = place(52, 3, 94, 34);
    editor_.paper = 0xfafafa;
    shelf_.frame = place(4, 37, 46, 66);
    shelf_.paper = 0xd8d8d8;
    viewer_.frame = place(52, 37, 94, 66);
    viewer_.paper = 0x202020;
    dragged_.frame = place(10, 70, 32, 92);
    dragged_.paper = 0xe8e0c8;
    typing_ = {editor_.body().left + 4, editor_.body().top + 4};
  }

  Task<> run() {
    Frames frames(bus_, seconds_, frames_per_second, random_);
    co_await open();
    while (const auto due = frames.next()) {
      while (bus_.now() < *due) {
        co_await driver_.wait_until(*due);
        co_await react();
      }
      co_await draw_frame(frames.number());
    }
  }

 private:
  // Everything that is there from the beginning.
  Task<> open() {
    co_await painter_.background();
    for (const Window* window : {&log_, &editor_, &shelf_, &viewer_, &dragged_})
      co_await painter_.window(*window);
    const Rect body = dragged_.body();
    const Picture inside =
        gradient(static_cast<std::uint32_t>(width_of(body)),
                 static_cast<std::uint32_t>(height_of(body)), 0xe8e0c8, 0x60a080);
    co_await painter_.picture({body.left, body.top}, inside);
    co_await pointer_.show(0);
  }

  Task<> draw_frame(std::uint64_t frame) {
    if (frame % 10 == 0) co_await blink_caret();
    if (frame % 4 == 0) co_await painter_.scroll_line(log_);
    co_await shelf_icon(frame);
    if (frame / 40 % 2 == 1) co_await drag(frame);
    co_await progress(frame);
    if (frame % 20 == 7) co_await viewer_picture(frame);
    if (frame % 8 == 3) co_await select();
    if (frame % 3 == 1) co_await clipped_text();
    if (frame % 50 == 49) co_await pointer_.show(frame / 50 + 1);
    co_await pointer_.wander(random_);
  }

  Task<> blink_caret() {
    const Rect caret{typing_.y, typing_.x, typing_.y + PictureStock::line, typing_.x + 2};
    co_await painter_.fill(caret, 0, ropd_invers);
    caret_shown_ = !caret_shown_;
  }

  // Icons come back again and again, each under its own id; now and then a whole row at once.
  Task<> shelf_icon(std::uint64_t frame) {
    constexpr std::int32_t pitch = PictureStock::icon_side + 6;
    const Rect body = shelf_.body();
    const auto columns = std::max<std::int64_t>(1, (width_of(body) - 6) / pitch);
    const auto rows = std::max<std::int64_t>(1, (height_of(body) - 6) / pitch);
    const std::int64_t count = frame % 10 == 5 ? columns : 2;
    std::int64_t cell = random_.between(0, columns * rows - 1);
    for (std::int64_t i = 0; i < count; ++i, cell = (cell + 1) % (columns * rows)) {
      const Point at{body.left + 6 + static_cast<std::int32_t>(cell % columns) * pitch,
                     body.top + 6 + static_cast<std::int32_t>(cell / columns) * pitch};
      const Picture& icon = painter_.stock().icons[random_.below(painter_.stock().icons.size())];
      const std::uint16_t rop =
          random_.chance(1, 8) ? (random_.chance(1, 2) ? ropd_and : ropd_or) : ropd_put;
      co_await painter_.picture(at, icon, rop);
    }
  }

  // One step of a window being dragged about in the free column.
  Task<> drag(std::uint64_t frame) {
    const std::int32_t left = painter_.width() * 68 / 100;
    const Rect was = dragged_.frame;
    const auto limit = [](std::int64_t value, std::int64_t low, std::int64_t high) {
      return static_cast<std::int32_t>(std::clamp(value, low, std::max(low, high)));
    };
    const std::int64_t direction = frame / 80 % 2 == 0 ? 1 : -1;
    const Point to{
        limit(was.left + random_.between(-9, 9), left, painter_.width() - width_of(was)),
        limit(was.top + direction * random_.between(2, 14), 0, painter_.height() - height_of(was))};
    if (to == Point{was.left, was.top}) co_return;
    co_await painter_.move(was, to);
    dragged_.frame = {to.y, to.x, to.y + static_cast<std::int32_t>(height_of(was)),
                      to.x + static_cast<std::int32_t>(width_of(was))};
    co_await painter_.expose(was, dragged_.frame);
  }

  // A bar along the bottom that fills with blocks of a new shade each, never the same twice.
  Task<> progress(std::uint64_t frame) {
    constexpr std::uint32_t side = 16;
    const auto shade = static_cast<std::uint32_t>(random_.below(0x100'0000));
    const Picture block = gradient(side, side, shade, 0xffffff);
    const auto columns =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(painter_.width()) / side);
    const Point at{static_cast<std::int32_t>(frame % columns * side),
                   painter_.height() - static_cast<std::int32_t>(side)};
    co_await painter_.picture(at, block);
  }

  Task<> viewer_picture(std::uint64_t frame) {
    const Rect body = viewer_.body();
    const auto width = static_cast<std::uint32_t>(std::min<std::int64_t>(width_of(body), 160));
    const auto height = static_cast<std::uint32_t>(std::min<std::int64_t>(height_of(body), 120));
    const auto from = static_cast<std::uint32_t>(random_.below(0x100'0000));
    const Picture picture = gradient(width, height, from, ~from & 0xffffff);
    const Point at{body.left + static_cast<std::int32_t>((width_of(body) - width) / 2),
                   body.top + static_cast<std::int32_t>((height_of(body) - height) / 2)};
    const CopyStyle style{.rows = frame / 20 % 2 == 0 ? Rows::top_down : Rows::bottom_up,
                          .rows_per_chunk = 32};
    co_await painter_.picture(at, picture, ropd_put, style);
  }

  Task<> select() {
    const Rect body = log_.body();
    const auto left = static_cast<std::int32_t>(random_.between(body.left, body.right - 40));
    const auto top = static_cast<std::int32_t>(random_.between(body.top, body.bottom - 30));
    const Rect box{top, left, top + 28, left + 38};
    co_await painter_.outline(box);
    co_await painter_.outline(box);
  }

  // A word as a terminal without glyph images draws it: one fill, clipped to the strokes.
  Task<> clipped_text() {
    const Rect body = viewer_.body();
    const Point at{static_cast<std::int32_t>(random_.between(body.left, body.right - 60)),
                   body.bottom - PictureStock::line - 2};
    const Rect box{at.y, at.x, at.y + PictureStock::line, at.x + 56};
    std::vector<Rect> strokes;
    for (std::int32_t x = 0; x < 56; x += 7) {
      const auto height = static_cast<std::int32_t>(random_.between(4, PictureStock::line));
      strokes.push_back({at.y, at.x + x, at.y + height, at.x + x + 2});
      strokes.push_back({at.y + height - 2, at.x + x, at.y + height, at.x + x + 5});
    }
    co_await painter_.fill(box, 0x202020);
    co_await painter_.fill(box, strokes, 0x30e070);
  }

  // The user

  Task<> react() {
    while (!driver_.inputs().empty()) {
      const InputEvent event = driver_.inputs().take();
      switch (event.kind) {
        case InputEvent::Kind::key_down:
          co_await type(event);
          break;
        case InputEvent::Kind::motion:
        case InputEvent::Kind::position:
          co_await pointer_.follow(event);
          break;
        case InputEvent::Kind::wheel:
          co_await painter_.scroll_line(log_);
          break;
        case InputEvent::Kind::button_down:
          co_await press(event.button, true);
          break;
        case InputEvent::Kind::button_up:
          co_await press(event.button, false);
          break;
        case InputEvent::Kind::key_up:
          break;
      }
    }
  }

  // A lamp in the viewer's title bar for each button.
  Task<> press(std::uint8_t button, bool down) {
    const std::int32_t left = viewer_.frame.left + 6 + 16 * (button == 4 ? 1 : button == 2 ? 2 : 0);
    const Rect lamp{viewer_.frame.top + 5, left, viewer_.frame.top + 15, left + 10};
    co_await painter_.fill(lamp, down ? 0xf0c020 : 0x506080);
  }

  Task<> type(const InputEvent& event) {
    const std::uint8_t lock = event.code == key_scroll_lock ? 1
                              : event.code == key_num_lock  ? 2
                              : event.code == key_caps_lock ? 4
                                                            : 0;
    if (lock != 0) {
      leds_ ^= lock;
      co_await driver_.inputs().set_leds(leds_);
      co_return;
    }
    if (caret_shown_) co_await blink_caret();
    const Rect body = editor_.body();
    if (event.code == key_backspace) {
      if (typing_.x - PictureStock::glyph_width < body.left) co_return;
      typing_.x -= PictureStock::glyph_width;
      co_await painter_.fill({typing_.y, typing_.x, typing_.y + PictureStock::line,
                              typing_.x + PictureStock::glyph_width},
                             editor_.paper);
      co_return;
    }
    if (event.code != key_enter) {
      co_await painter_.picture(typing_, painter_.stock().glyphs[event.code]);
      typing_.x += PictureStock::glyph_width;
    }
    if (event.code == key_enter || typing_.x + PictureStock::glyph_width > body.right)
      co_await new_line();
  }

  Task<> new_line() {
    const Rect body = editor_.body();
    constexpr std::int32_t line = PictureStock::line;
    typing_.x = body.left + 4;
    typing_.y += line;
    if (typing_.y + line <= body.bottom) co_return;
    const std::int32_t up = typing_.y + line - body.bottom;
    co_await painter_.move({body.top + up, body.left, body.bottom, body.right},
                           {body.left, body.top});
    co_await painter_.fill({body.bottom - up, body.left, body.bottom, body.right}, editor_.paper);
    typing_.y -= up;
  }

  Bus& bus_;
  Driver& driver_;
  Random random_;
  Painter painter_;
  Pointer pointer_;
  std::uint32_t seconds_;
  Window log_, editor_, shelf_, viewer_, dragged_;
  Point typing_;
  bool caret_shown_ = false;
  std::uint8_t leds_ = 0;
};

}  // namespace

Task<> desktop(WorkloadSetting setting) {
  Desktop scene(setting);
  co_await scene.run();
}

}  // namespace spicebench::qxl
