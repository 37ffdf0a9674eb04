// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include "qxl-model/guest/hostile_guest.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

namespace {

constexpr std::uint32_t script_bytes_per_second = 8192;
constexpr Cycle second = 1'000'000'000;

// After all that was done to it, the device must serve a driver as if nothing had been.
Task<> draw_one_picture(WorkloadSetting& setting) {
  const Result<void> up = co_await setting.driver.bring_up(setting.width, setting.height);
  if (!up) {
    setting.found(Error(up.error()).within("after hostilities"));
    co_return;
  }
  const wire::display::Rect whole{0, 0, static_cast<std::int32_t>(setting.height),
                                  static_cast<std::int32_t>(setting.width)};
  constexpr std::uint32_t color = 0x336699;
  CommandBlock fill = CommandBlock::fill(whole, {}, color, wire::display::ropd_put);
  co_await setting.driver.draw(std::move(fill));
  const Result<void> updated = co_await setting.driver.update_area(whole);
  if (!updated) setting.found(Error(updated.error()).within("after hostilities"));
  const std::uint64_t pixels = std::uint64_t{setting.width} * setting.height;
  for (const std::uint64_t at : {std::uint64_t{0}, pixels / 2, pixels - 1}) {
    const std::uint32_t shown = setting.driver.read_primary(at);
    if (shown != color)
      setting.found({ErrorCode::malformed, 0, "after hostilities",
                     fmt::format("pixel {} is {:#08x}, not {:#08x}", at, shown, color)});
  }
}

}  // namespace

Task<> hostile(WorkloadSetting setting) {
  Bytes by_chance;
  if (setting.script.empty()) {
    by_chance = setting.random.bytes(std::size_t{script_bytes_per_second} * setting.seconds);
    setting.script = by_chance;
  }
  HostileGuest guest(setting.bus, setting.script);
  co_await guest.run(setting.bus.now() + setting.seconds * second);
  co_await draw_one_picture(setting);
}

}  // namespace spicebench::qxl
