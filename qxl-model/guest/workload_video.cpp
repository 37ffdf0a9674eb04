// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/desktop_scene.hpp"
#include "qxl-model/guest/frames.hpp"
#include "qxl-model/guest/pointer.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

using namespace wire::display;

// The film is 320 x 240: larger than the least that a server takes for one (96 x 96).
Task<> video(WorkloadSetting setting) {
  constexpr std::uint32_t frames_per_second = 30, width = 320, height = 240;
  Random random = setting.random.fork("frames");
  Painter painter(setting.driver, setting.width, setting.height, setting.random.fork("painter"));
  Pointer pointer(setting);
  Window player;
  const Point corner{painter.width() / 2 - 180, painter.height() / 2 - 150};
  player.frame = {corner.y, corner.x, corner.y + 300, corner.x + 360};
  player.paper = 0x181818;
  const Rect body = player.body();
  const Point film{body.left + 16, body.top + 8};
  Random scene = setting.random.fork("film");

  Frames frames(setting.bus, setting.seconds, frames_per_second, random);
  co_await painter.background();
  co_await painter.window(player);
  co_await pointer.show(1);
  while (const auto due = frames.next()) {
    co_await pointer.follow_until(*due);
    const auto number = static_cast<std::uint32_t>(frames.number());
    const Picture picture = photo(width, height, 3 * number, scene);
    co_await painter.picture(film, picture);
    if (number % 15 != 0) continue;
    const auto seen = static_cast<std::int32_t>(number / 15 % width);
    co_await painter.fill({body.bottom - 8, film.x + seen, body.bottom - 4, film.x + seen + 1},
                          0xd04020);
    co_await pointer.wander(random);
  }
}

}  // namespace spicebench::qxl
