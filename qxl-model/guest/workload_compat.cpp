// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/desktop_scene.hpp"
#include "qxl-model/guest/frames.hpp"
#include "qxl-model/guest/pointer.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

namespace {

using namespace wire::display;

Task<> draw_in_mode(WorkloadSetting& setting, std::uint8_t place) {
  constexpr std::uint32_t frames_per_second = 20;
  const Result<void> set = co_await setting.driver.set_compat_mode(place);
  if (!set) {
    setting.found(Error(set.error()).within("compat"));
    co_return;
  }
  const auto& screen = *setting.driver.primary();
  Random random = setting.random.fork(place == 0 ? "16 bits" : "32 bits");
  Painter painter(setting.driver, screen.width, screen.height, random.fork("painter"));
  Window window;
  window.frame = {40, 60, 340, 460};
  co_await painter.background();
  co_await painter.window(window);
  Frames frames(setting.bus, setting.seconds, frames_per_second, random);
  const std::uint64_t half = std::uint64_t{setting.seconds} * frames_per_second / 2;
  for (auto due = frames.next(); due && frames.number() < half; due = frames.next()) {
    while (setting.bus.now() < *due) co_await setting.driver.wait_until(*due);
    co_await painter.scroll_line(window);
    const auto left = static_cast<std::int32_t>(random.below(400));
    const auto top = static_cast<std::int32_t>(random.below(300));
    const auto color = static_cast<std::uint32_t>(random.below(0x100'0000));
    co_await painter.fill({top, left, top + 20, left + 30}, color,
                          random.chance(1, 4) ? ropd_xor : ropd_put);
  }
  const wire::display::Rect whole{0, 0, static_cast<std::int32_t>(screen.height),
                                  static_cast<std::int32_t>(screen.width)};
  const Result<void> updated = co_await setting.driver.update_area(whole);
  if (!updated) setting.found(Error(updated.error()).within("compat"));
  const bool all_back = co_await setting.driver.collect_all(0);
  if (!all_back) setting.found({ErrorCode::not_found, 0, "compat", "resources do not come back"});
}

}  // namespace

// Places 0 and 1 of the table are 640 x 480.
Task<> compat(WorkloadSetting setting) {
  const Result<void> up = co_await setting.driver.set_up();
  if (!up) {
    setting.found(Error(up.error()).within("driver"));
    co_return;
  }
  co_await draw_in_mode(setting, 0);
  co_await draw_in_mode(setting, 1);
}

}  // namespace spicebench::qxl
