// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/frames.hpp"
#include "qxl-model/guest/paint.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

using namespace wire::display;

namespace {

constexpr std::uint32_t frames_per_second = 20, commands_per_frame = 10;

// One of each kind that all operations know.
std::vector<Canvas> canvases(const WorkloadSetting& setting) {
  return {{0, setting.width, setting.height, surface_32_xrgb},
          {1, 300, 200, surface_32_argb},
          {2, 320, 180, surface_16_555},
          {3, 200, 150, surface_16_565},
          {4, 250, 250, surface_32_xrgb}};
}

Layout any_layout(Random& random) {
  Layout out;
  constexpr std::uint32_t sizes[] = {0, 0, 100, 4096};
  out.chunk_bytes = sizes[random.below(std::size(sizes))];
  out.direct = random.chance(1, 4);
  out.unstable = random.chance(1, 8);
  return out;
}

}  // namespace

Task<> paint(WorkloadSetting setting) {
  Driver& driver = setting.driver;
  Random random = setting.random.fork("frames");
  const std::vector<Canvas> targets = canvases(setting);
  for (const Canvas& canvas : targets) {
    if (canvas.id == 0) continue;
    const wire::device::SurfaceCreate surface =
        surface_of(canvas.id, canvas.width, canvas.height, canvas.format);
    co_await driver.create_surface(surface, {});
  }
  Paint brush(setting.random.fork("paint"), targets);
  Frames frames(setting.bus, setting.seconds, frames_per_second, random);
  while (const auto due = frames.next()) {
    co_await driver.wait_until(*due);
    for (std::uint32_t i = 0; i < commands_per_frame; ++i) {
      const wire::device::Drawable drawable = brush.next();
      CommandBlock block = CommandBlock::of(drawable, any_layout(random));
      co_await driver.draw(std::move(block));
    }
    CommandBlock pointer = CommandBlock::of(brush.next_cursor());
    co_await driver.cursor(std::move(pointer));
  }
  for (const Canvas& canvas : targets)
    if (canvas.id != 0) co_await driver.destroy_surface(canvas.id);
}

}  // namespace spicebench::qxl
