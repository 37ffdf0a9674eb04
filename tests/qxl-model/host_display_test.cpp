// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/qxl-model/device_bench.hpp"

// Mode VGA as the server sees it (qxl-device.md §18.1).
namespace spicebench::qxl::test {

namespace {

namespace device = wire::device;
using wire::display::Rect;

constexpr Cycle period = 30'000'000;

struct VgaBench : DeviceBench {
  explicit VgaBench(Properties properties = {}) : DeviceBench(properties) {
    device.power_on();
    run();
  }
  void vga_out(std::uint16_t port, std::uint32_t value, std::uint8_t width = 1) {
    device.write_vga_port(port, value, width);
    run();
  }
  void vbe(std::uint16_t index, std::uint16_t value) {
    vga_out(0x1ce, index, 2);
    vga_out(0x1cf, value, 2);
  }
  void linear_mode(std::uint16_t width, std::uint16_t height) {
    vbe(4, 0);
    vbe(1, width);
    vbe(2, height);
    vbe(3, 32);
    vbe(4, 0x41);
    device.read_vga_port(0x3da, 1);
    vga_out(0x3c0, 0x20);
  }
  void write_pixel(std::uint32_t width, std::uint32_t x, std::uint32_t y, std::uint32_t color) {
    Bytes bytes;
    append_little_endian(bytes, color, 4);
    device.memory().write(ram_base + 4 * (y * width + x), bytes);
  }
  std::vector<Rect> fetch_boxes() {
    std::vector<Rect> out;
    while (const auto* command = fetch()) {
      const auto& copy = std::get<wire::display::DrawCopy>(command->drawable.body);
      out.push_back(copy.base.box);
      send(device::Release{command->drawable.release_id});
    }
    return out;
  }
};

}  // namespace

TEST_CASE("a device that is switched on shows the host's surface, and nothing on it",
          "[qxl][vga]") {
  VgaBench bench;
  const auto* made = bench.last<device::SurfaceCreate>();
  REQUIRE(made != nullptr);
  CHECK(made->width == 640);
  CHECK(made->height == 480);
  CHECK(made->stride == -2560);
  CHECK(made->format == wire::display::surface_32_xrgb);
  bench.run(10 * period);
  CHECK(bench.last<device::Wakeup>() == nullptr);
  CHECK(bench.fetch() == nullptr);
  CHECK(bench.findings.empty());

  Properties properties;
  properties.secondary = true;
  VgaBench secondary(properties);
  CHECK(secondary.messages.empty());
  CHECK_FALSE(secondary.device.has_vga_port(0x3c0));
  CHECK(secondary.device.vga() == nullptr);
}

TEST_CASE("another mode is another surface; what differs is drawn in runs of 32 columns",
          "[qxl][vga]") {
  VgaBench bench;
  bench.messages.clear();
  bench.linear_mode(104, 48);
  bench.run(2 * period);
  CHECK(bench.all<device::SurfaceDestroy>().size() == 1);
  const auto* made = bench.last<device::SurfaceCreate>();
  REQUIRE(made != nullptr);
  CHECK(made->width == 104);
  CHECK(made->height == 48);
  CHECK(bench.fetch_boxes().empty());  // black on black

  // Two runs in the first column, one in the second that goes on to the last line, one in the
  // fourth, which is narrower and ends first.
  for (const auto& [x, y] : {std::pair{3u, 5u}, {3u, 6u}, {31u, 20u}, {32u, 40u}, {100u, 2u}})
    bench.write_pixel(104, x, y, 0xff'ffff);
  for (std::uint32_t y = 41; y < 48; ++y) bench.write_pixel(104, 63, y, 0x12'3456);
  bench.messages.clear();
  bench.run(period + 1000);
  CHECK(bench.all<device::Wakeup>().size() == 1);
  CHECK(bench.fetch_boxes() ==
        std::vector<Rect>{{2, 96, 3, 104}, {5, 0, 7, 32}, {20, 0, 21, 32}, {40, 32, 48, 64}});
  bench.run(period + 1000);
  CHECK(bench.fetch_boxes().empty());
  CHECK(bench.findings.empty());
  CHECK(bench.device.counters().released == 0);  // the guest has none of it to get back
}

TEST_CASE("while something waits to be drawn, no more is looked for", "[qxl][vga]") {
  VgaBench bench;
  bench.linear_mode(64, 64);
  bench.run(2 * period);
  bench.write_pixel(64, 0, 0, 1);
  bench.write_pixel(64, 40, 0, 1);
  bench.run(period + 1000);
  REQUIRE(bench.fetch() != nullptr);
  bench.write_pixel(64, 0, 50, 1);
  bench.run(3 * period);
  CHECK(bench.fetch_boxes() == std::vector<Rect>{{0, 32, 1, 64}});
  bench.run(period + 1000);
  CHECK(bench.fetch_boxes() == std::vector<Rect>{{50, 0, 51, 32}});
}

TEST_CASE("the guest's surface takes the place of the host's; a reset brings it back",
          "[qxl][vga]") {
  VgaBench bench;
  bench.linear_mode(64, 64);
  bench.run(2 * period);
  bench.write_pixel(64, 9, 9, 0xff);
  bench.run(period + 1000);
  bench.add_slot(1, DeviceBench::ram_base, DeviceBench::ram_base + bench.header());
  bench.request_primary(800, 600, 3200);
  bench.messages.clear();
  bench.port(Port::create_primary);
  CHECK(bench.all<device::SurfaceDestroy>().size() == 1);
  CHECK(bench.last<device::SurfaceCreate>()->width == 800);
  CHECK(bench.fetch() == nullptr);  // what the host had to draw is gone

  bench.messages.clear();
  bench.port(Port::reset);
  REQUIRE(bench.all<device::Reset>().size() == 1);
  REQUIRE(bench.last<device::SurfaceCreate>() != nullptr);
  CHECK(bench.last<device::SurfaceCreate>()->width == 64);
  bench.write_pixel(64, 9, 9, 0xff);  // its memory is that of the surface, which was cleared
  bench.run(period + 1000);
  CHECK(bench.fetch_boxes() == std::vector<Rect>{{9, 0, 10, 32}});
}

TEST_CASE("up to revision 4 a write to a VGA register ends native mode", "[qxl][vga]") {
  Properties properties;
  properties.revision = GENERATE(2u, 3u, 4u, 5u);
  VgaBench bench(properties);
  bench.come_up();
  bench.messages.clear();
  bench.vga_out(0x1ce, 4, 2);  // those of VBE do not
  CHECK(bench.device.mode() == Mode::native);
  const int completed = bench.ports_completed;
  bench.vga_out(0x3c0, 0);
  const bool ended = properties.revision <= 4;
  CHECK((bench.device.mode() == Mode::vga) == ended);
  CHECK((bench.ports_completed > completed) == ended);
  CHECK(bench.all<device::SurfaceDestroy>().size() == (ended ? 1 : 0));
  CHECK(bench.all<device::SurfaceCreate>().size() == (ended ? 1 : 0));
  CHECK(bench.all<device::Reset>().empty());
  // The slots are kept.
  bench.request_primary(640, 480, 2560);
  bench.port(Port::create_primary);
  CHECK(bench.device.surfaces().find(0)->width == 640);
}

TEST_CASE("what is fetched and drawn ends in what the screen shows", "[qxl][vga]") {
  rc::prop("whatever is written, and whenever the server fetches", [] {
    VgaBench bench;
    const auto width = static_cast<std::uint16_t>(8 * *rc::gen::inRange(1, 20));
    const auto height = static_cast<std::uint16_t>(*rc::gen::inRange(1, 60));
    bench.linear_mode(width, height);
    bench.run(2 * period);
    Bytes drawn(std::size_t{4} * width * height), written = drawn;
    const auto draw_all = [&] {
      while (const auto* command = bench.fetch()) {
        const auto& copy = std::get<wire::display::DrawCopy>(command->drawable.body);
        const auto& bitmap = std::get<wire::display::Bitmap>(copy.src_bitmap->payload);
        const Rect& box = copy.base.box;
        const auto row = static_cast<std::size_t>(4 * (box.right - box.left));
        RC_ASSERT(bitmap.data.size() == row * static_cast<std::size_t>(box.bottom - box.top));
        for (std::int32_t y = box.top; y < box.bottom; ++y)
          std::ranges::copy(
              bitmap.data.view().subspan(static_cast<std::size_t>(y - box.top) * row, row),
              drawn.begin() + 4 * (y * std::ptrdiff_t{width} + box.left));
        bench.send(device::Release{command->drawable.release_id});
      }
    };
    const auto steps = *rc::gen::container<std::vector<std::pair<std::uint32_t, std::uint32_t>>>(
        rc::gen::pair(rc::gen::arbitrary<std::uint32_t>(), rc::gen::arbitrary<std::uint32_t>()));
    for (const auto& [place, color] : steps) {
      const std::uint32_t x = place % width, y = place / width % height;
      bench.write_pixel(width, x, y, color);
      store_little_endian(written.data() + 4 * (y * std::size_t{width} + x), color, 4);
      if (color % 3 == 0) bench.run(period / 4);
      if (color % 5 == 0) draw_all();
    }
    for (int round = 0; round < 3; ++round) {
      bench.run(period + 1000);
      draw_all();
    }
    RC_ASSERT(drawn == written);
    RC_ASSERT(bench.findings.empty());
  });
}

TEST_CASE("a device that was saved in VGA mode goes on showing the same", "[qxl][vga][save]") {
  VgaBench bench;
  bench.linear_mode(64, 64);
  bench.run(2 * period);
  bench.write_pixel(64, 9, 9, 0xff);
  bench.write_pixel(64, 50, 20, 0xff);
  bench.run(period + 1000);
  bool stopped = false;
  bench.device.stop([&stopped] { stopped = true; });
  bench.run();
  bench.send(device::AreaUpdated{bench.last<device::UpdateArea>()->request_id, {}});
  REQUIRE(stopped);
  const Bytes state = bench.device.save();
  Device other({}, bench.costs, bench.timeline, bench, bench.device.memory().memories());
  const auto loaded = other.load(state);
  INFO((loaded ? "" : loaded.error().text()));
  REQUIRE(loaded);
  CHECK(other.save() == state);
  other.connected();
  other.start();
  std::vector<Rect> boxes;
  for (int i = 0; i < 3; ++i) {
    bench.messages.clear();
    other.handle(wire::AnyMessage::of(device::FetchCommand{1}));
    bench.run();
    if (const auto* draw = bench.last<device::DrawCommand>())
      boxes.push_back(std::get<wire::display::DrawCopy>(draw->drawable.body).base.box);
  }
  CHECK(boxes == std::vector<Rect>{{9, 0, 10, 32}, {20, 32, 21, 64}});
  // Nor is anything sent twice.
  bench.messages.clear();
  bench.run(3 * period);
  CHECK(bench.last<device::Wakeup>() == nullptr);
}

}  // namespace spicebench::qxl::test
