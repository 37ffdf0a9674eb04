// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/desktop_scene.hpp"
#include "qxl-model/guest/frames.hpp"
#include "qxl-model/guest/pointer.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

using namespace wire::display;

namespace {

constexpr std::uint32_t frames_per_second = 20;
constexpr std::uint32_t white = 0xffffff, grey = 0xe0e0e0, ink = 0x101828;

class Office {
 public:
  explicit Office(const WorkloadSetting& setting)
      : setting_(setting),
        random_(setting.random.fork("frames")),
        painter_(setting.driver, setting.width, setting.height, setting.random.fork("painter")),
        pointer_(setting),
        body_font_(string_a4, 8, 15, setting.random.fork("body font")),
        cell_font_(string_a1, 6, 11, setting.random.fork("cell font")) {
    const std::int32_t w = painter_.width(), h = painter_.height();
    page_.frame = {bar_height, 0, h, w * 6 / 10};
    sheet_.frame = {bar_height, w * 6 / 10, h / 2, w};
    mail_.frame = {h / 2, w * 6 / 10, h, w};
    dialog_.frame = {h / 4, w / 5, h / 4 + 180, w / 5 + 260};
    dialog_.paper = grey;
    typing_ = {page_.body().left + 8, page_.body().top + 4};
  }

  Task<> run() {
    Frames frames(setting_.bus, setting_.seconds, frames_per_second, random_);
    co_await open();
    while (const auto due = frames.next()) {
      co_await pointer_.follow_until(*due);
      co_await draw_frame(frames.number());
    }
  }

 private:
  static constexpr std::int32_t bar_height = 54;

  Task<> open() {
    co_await painter_.fill({0, 0, bar_height, painter_.width()}, grey);
    for (const Window* window : {&page_, &sheet_, &mail_}) co_await painter_.window(*window);
    co_await pointer_.show(0);
  }

  Task<> draw_frame(std::uint64_t frame) {
    co_await write_word();
    co_await write_word();
    for (int i = 0; i < 3; ++i) co_await change_cell();
    if (frame % 4 == 1) co_await letter_arrives();
    co_await tool_button();
    if (frame % 10 == 0) co_await caret();
    if (frame % 60 == 30) co_await open_dialog();
    if (frame % 60 == 50) co_await close_dialog();
    co_await pointer_.wander(random_);
  }

  Task<> write_word() {
    const std::vector<std::uint8_t> word = painter_.letters(12);
    const auto width = static_cast<std::int32_t>(word.size() + 1) * body_font_.width();
    const Rect body = page_.body();
    if (typing_.x + width > body.right) co_await new_line();
    co_await painter_.text(body_font_, typing_, word, body, ink);
    typing_.x += width;
  }

  Task<> new_line() {
    const Rect body = page_.body();
    const std::int32_t line = body_font_.height() + 3;
    typing_.x = body.left + 8;
    typing_.y += line;
    if (typing_.y + line <= body.bottom) co_return;
    const std::int32_t up = typing_.y + line - body.bottom;
    co_await painter_.scroll(body, up);
    co_await painter_.fill({body.bottom - up, body.left, body.bottom, body.right}, page_.paper);
    typing_.y -= up;
  }

  // A number in a cell of the table, and the line below it.
  Task<> change_cell() {
    constexpr std::int32_t width = 64, height = 18;
    const Rect body = sheet_.body();
    const std::int64_t column = random_.between(0, width_of(body) / width - 1);
    const std::int64_t row = random_.between(0, height_of(body) / height - 1);
    const Point at{body.left + static_cast<std::int32_t>(column) * width,
                   body.top + static_cast<std::int32_t>(row) * height};
    const Rect cell{at.y, at.x, at.y + height, at.x + width};
    const std::vector<std::uint8_t> number = painter_.letters(9);
    co_await painter_.text(cell_font_, {at.x + 3, at.y + 3}, number, cell, ink, white);
    co_await painter_.fill({cell.bottom - 1, cell.left, cell.bottom, cell.right}, 0xc0c0c0);
  }

  // The list goes down by one entry, the new one is on top.
  Task<> letter_arrives() {
    constexpr std::int32_t entry = PictureStock::icon_side + 4;
    const Rect body = mail_.body();
    const Rect kept{body.top, body.left, body.bottom - entry, body.right};
    const Rect top{body.top, body.left, body.top + entry, body.right};
    co_await painter_.move(kept, {body.left, body.top + entry});
    co_await painter_.fill(top, mail_.paper);
    const auto& icons = painter_.stock().icons;
    const Picture& sender = icons[random_.below(icons.size())];
    co_await painter_.picture({top.left + 2, top.top + 2}, sender);
    for (std::int32_t line = 0; line < 2; ++line) {
      const std::vector<std::uint8_t> words = painter_.letters(30);
      const Point at{top.left + PictureStock::icon_side + 8, top.top + 6 + 20 * line};
      co_await painter_.text(body_font_, at, words, top, line == 0 ? ink : 0x606060);
    }
  }

  Task<> tool_button() {
    constexpr std::int32_t pitch = PictureStock::icon_side + 4;
    const std::int64_t place = random_.between(0, painter_.width() / pitch - 1);
    const auto& icons = painter_.stock().icons;
    const Picture& icon = icons[random_.below(icons.size())];
    co_await painter_.picture({static_cast<std::int32_t>(place) * pitch + 2, 3}, icon);
  }

  Task<> caret() {
    const Rect box{typing_.y, typing_.x, typing_.y + body_font_.height(), typing_.x + 2};
    co_await painter_.fill(box, 0, ropd_invers);
  }

  Task<> open_dialog() {
    co_await painter_.window(dialog_);
    const Rect body = dialog_.body();
    for (std::int32_t y = body.top + 6; y + 20 < body.bottom; y += 20) {
      const std::vector<std::uint8_t> words = painter_.letters(28);
      co_await painter_.text(body_font_, {body.left + 6, y}, words, body, ink, dialog_.paper);
    }
    co_await painter_.outline(body);
  }
  // What was below is written anew.
  Task<> close_dialog() {
    co_await painter_.fill(dialog_.frame, page_.paper);
    const Rect& frame = dialog_.frame;
    for (std::int32_t y = frame.top; y < frame.bottom; y += body_font_.height() + 3) {
      const std::vector<std::uint8_t> words = painter_.letters(40);
      co_await painter_.text(body_font_, {frame.left, y}, words, frame, ink);
    }
  }

  const WorkloadSetting& setting_;
  Random random_;
  Painter painter_;
  Pointer pointer_;
  Font body_font_, cell_font_;
  Window page_, sheet_, mail_, dialog_;
  Point typing_;
};

}  // namespace

Task<> office(WorkloadSetting setting) {
  Office scene(setting);
  co_await scene.run();
}

}  // namespace spicebench::qxl
