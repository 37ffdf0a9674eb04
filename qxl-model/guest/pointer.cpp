// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/pointer.hpp"

#include <algorithm>

#include "qxl-model/guest/pictures.hpp"

namespace spicebench::qxl {

using wire::display::Point16;

Pointer::Pointer(const WorkloadSetting& setting, std::uint32_t width, std::uint32_t height)
    : bus_(setting.bus),
      driver_(setting.driver),
      width_(width),
      height_(height),
      x_(width_ / 2),
      y_(height_ / 2) {}

Task<> Pointer::show(std::uint64_t which) {
  const CursorShape shape = which % 2 == 0
                                ? arrow_cursor(static_cast<std::uint16_t>(which % 4 == 0 ? 24 : 32),
                                               which % 4 == 0 ? 1 : 2)
                                : beam_cursor(16, 24, 3);
  const bool from_origin = driver_.profile().cursor_from_origin;
  const Point16 place = from_origin ? Point16{} : at();
  CommandBlock block = CommandBlock::set_cursor(place, shape.header, shape.data);
  co_await driver_.cursor(std::move(block));
  if (from_origin) co_await to(x_, y_);
}

Task<> Pointer::to(std::int64_t x, std::int64_t y) {
  x_ = std::clamp<std::int64_t>(x, 0, width_ - 1);
  y_ = std::clamp<std::int64_t>(y, 0, height_ - 1);
  CommandBlock block = CommandBlock::move_cursor(at());
  co_await driver_.cursor(std::move(block));
}

// One draw a statement: the order in which arguments are evaluated is the compiler's choice.
Task<> Pointer::wander(Random& random) {
  const std::int64_t dx = random.between(-12, 12);
  const std::int64_t dy = random.between(-12, 12);
  co_await to(x_ + dx, y_ + dy);
}

Task<> Pointer::follow(const InputEvent& event) {
  if (event.kind == InputEvent::Kind::motion) co_await to(x_ + event.x, y_ + event.y);
  if (event.kind == InputEvent::Kind::position) co_await to(event.x, event.y);
}

Task<> Pointer::follow_until(Cycle due) {
  while (bus_.now() < due) {
    co_await driver_.wait_until(due);
    while (!driver_.inputs().empty()) {
      const InputEvent event = driver_.inputs().take();
      co_await follow(event);
    }
  }
}

}  // namespace spicebench::qxl
