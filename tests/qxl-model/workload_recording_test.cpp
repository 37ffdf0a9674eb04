// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/workload_recording.hpp"

#include <catch2/catch.hpp>

using namespace spicebench;
namespace device = wire::device;
using device::GuestAction, device::GuestSurface;

namespace {

GuestAction surface(std::uint32_t id, std::uint32_t width, std::uint32_t height) {
  device::SurfaceCreate made{.surface_id = id, .width = width, .height = height};
  made.stride = -4 * static_cast<std::int32_t>(width);
  made.format = wire::display::surface_32_argb;
  return {{}, GuestSurface{made, {}}};
}
Result<qxl::MachineOptions> machine_for(std::vector<GuestAction> actions) {
  return qxl::machine_for(std::make_shared<const std::vector<GuestAction>>(std::move(actions)));
}

}  // namespace

TEST_CASE("a machine has memory for what a recorded guest does at one time", "[qxl][recording]") {
  const qxl::MachineOptions defaults;
  const auto small = machine_for({surface(0, 640, 480)});
  REQUIRE(small);
  CHECK(small->workload == "recording");
  CHECK(small->ram_mb == defaults.ram_mb);
  CHECK(small->vram_mb == defaults.vram_mb);

  const auto large = machine_for({surface(0, 4096, 2048)});
  REQUIRE(large);
  CHECK(large->vgamem_mb == 32);
  CHECK(large->ram_mb == 64);

  // One after the other in the same place, or side by side: 64 MiB each.
  const auto one = surface(1, 4096, 4096), two = surface(2, 4096, 4096);
  const GuestAction gone{{}, device::SurfaceDestroy{1}}, all_gone{{}, device::DestroyAllSurfaces{}};
  for (const auto& end : {gone, all_gone}) {
    const auto in_turn = machine_for({one, end, two});
    REQUIRE(in_turn);
    CHECK(in_turn->vram_mb == 64);
  }
  const auto together = machine_for({one, two});
  REQUIRE(together);
  CHECK(together->vram_mb == 128);
}

TEST_CASE("sizes without bounds do not wrap around", "[qxl][recording][bounds]") {
  std::vector<GuestAction> actions;
  for (std::uint32_t id = 1; id <= 4; ++id) {
    device::SurfaceCreate made{.surface_id = id, .width = 1, .height = UINT32_MAX};
    made.stride = INT32_MIN;
    actions.push_back({{}, GuestSurface{made, {}}});
  }
  const auto refused = machine_for(std::move(actions));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().path == "vram_mb");
}

TEST_CASE("what no device has memory for is refused", "[qxl][recording]") {
  const auto screen = machine_for({surface(0, 16384, 8192)});
  REQUIRE_FALSE(screen);
  CHECK(screen.error().text() ==
        "vgamem_mb: out of range at byte 0: the recording needs 512 MiB, a device has 256 at most");
}
