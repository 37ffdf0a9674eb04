// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "device_bench.hpp"
#include "qxl-model/guest/command_block.hpp"

// The causes of the guest-bug state by port and ring, and what it leaves alive (qxl-device.md §7,
// §11, §25). What commands can cause beyond that is in commands_test and drawables_test.
namespace spicebench::qxl::test {

namespace device = wire::device;
using wire::display::ropd_put;

namespace {

constexpr std::uint32_t surfaces = 8;

struct BugBench : DeviceBench {
  BugBench() : DeviceBench({.surfaces = surfaces}) {}
  void request_update(std::uint32_t surface, const wire::display::Rect& area) {
    const std::int32_t fields[] = {area.top, area.left, area.bottom, area.right};
    for (std::uint32_t i = 0; i < 4; ++i)
      set(ram::update_area + 4 * i, static_cast<std::uint32_t>(fields[i]));
    set(ram::update_surface, surface);
  }
  void request_slot(std::uint64_t start, std::uint64_t end) {
    set(ram::mem_slot, start, 8);
    set(ram::mem_slot + 8, end, 8);
  }
  void push_block(CommandBlock block, CommandType type) {
    const std::uint64_t offset = pool + next_page++ * 4096;
    poke(offset, block.place(slot1(offset), next_page));
    push(slot1(offset), type);
  }
  bool cursor_is_read() {
    push_block(CommandBlock::move_cursor({1, 1}), CommandType::cursor);
    return fetch_cursor() != nullptr;
  }
  bool command_is_read() {
    push_block(CommandBlock::fill({0, 0, 5, 5}, {}, 1, ropd_put), CommandType::draw);
    return fetch() != nullptr;
  }
  std::uint64_t next_page = 0;
};

struct Cause {
  const char* name;
  void (*act)(BugBench&);
  std::uint32_t pending = interrupt_error;  // with IO_CMD: it completes all the same
};

using B = BugBench;
const Cause causes[] = {
    {"port 10", [](B& b) { b.port(Port::detach_primary); }},
    {"port 11", [](B& b) { b.port(Port::attach_primary); }},
    {"port 25", [](B& b) { b.port_number(25); }},
    {"port 31", [](B& b) { b.port_number(31); }},
    {"a second asynchronous port",
     [](B& b) {
       b.request_slot(B::ram_base, B::ram_base + 4096);
       b.device.write_port(static_cast<std::uint8_t>(Port::memslot_add_async), 2);
       b.device.write_port(static_cast<std::uint8_t>(Port::flush_surfaces_async), 0);
       b.run();
     },
     interrupt_error | interrupt_io_cmd},  // of the first

    {"update of a surface beyond the last",
     [](B& b) {
       b.request_update(surfaces + 1, {0, 0, 1, 1});
       b.port(Port::update_area_async);
     }},
    {"update of rows that end before they start",
     [](B& b) {
       b.request_update(0, {10, 0, 5, 8});
       b.port(Port::update_area_async);
     }},
    {"update from the left of the surface",
     [](B& b) {
       b.request_update(0, {0, -1, 5, 8});
       b.port(Port::update_area_async);
     }},
    {"update from above the surface",
     [](B& b) {
       b.request_update(0, {-1, 0, 5, 8});
       b.port(Port::update_area);
     }},

    {"a mode beyond the table", [](B& b) { b.port(Port::set_mode, 200); }},

    {"slot 8",
     [](B& b) {
       b.request_slot(B::ram_base, B::ram_base + 4096);
       b.port(Port::memslot_add_async, 8);
     }},
    {"a slot in use",
     [](B& b) {
       b.request_slot(B::ram_base, B::ram_base + 4096);
       b.port(Port::memslot_add_async, 1);
     }},
    {"a slot that ends before it starts",
     [](B& b) {
       b.request_slot(B::ram_base + 4096, B::ram_base);
       b.port(Port::memslot_add, 2);
     }},
    {"a slot outside the BARs",
     [](B& b) {
       b.request_slot(B::rom_base, B::rom_base + 4096);
       b.port(Port::memslot_add_async, 2);
     }},
    {"a slot beyond the end of its BAR",
     [](B& b) {
       b.request_slot(B::ram_base, B::ram_base + b.ram().size() + 1);
       b.port(Port::memslot_add, 2);
     }},
    {"deleting slot 8", [](B& b) { b.port(Port::memslot_del, 8); }},

    {"creating primary 1", [](B& b) { b.port(Port::create_primary_async, 1); },
     interrupt_error | interrupt_io_cmd},
    {"creating primary 1, synchronously", [](B& b) { b.port(Port::create_primary, 1); }},
    {"a primary while there is one",
     [](B& b) {
       b.request_primary(640, 480, 2560);
       b.port(Port::create_primary_async);
     },
     interrupt_error | interrupt_io_cmd},
    {"a primary larger than vgamem",
     [](B& b) {
       b.port(Port::destroy_primary);
       b.request_primary(1024, 4097, 4096);
       b.port(Port::create_primary_async);
     }},
    {"a primary of the stride that has no magnitude",
     [](B& b) {
       b.port(Port::destroy_primary);
       b.request_primary(1024, 0, INT32_MIN);
       b.port(Port::create_primary_async);
     }},
    {"a primary whose rows are no whole words",
     [](B& b) {
       b.port(Port::destroy_primary);
       b.request_primary(100, 100, -402);
       b.port(Port::create_primary_async);
     }},
    {"destroying primary 1", [](B& b) { b.port(Port::destroy_primary_async, 1); },
     interrupt_error | interrupt_io_cmd},
    {"destroying primary 1, synchronously", [](B& b) { b.port(Port::destroy_primary, 1); }},

    {"destroying a surface beyond the last",
     [](B& b) { b.port(Port::destroy_surface_async, surfaces); },
     interrupt_error | interrupt_io_cmd},
    {"destroying one, synchronously", [](B& b) { b.port(Port::destroy_surface_wait, surfaces); }},
    {"monitors in a slot that is not there",
     [](B& b) {
       b.set(ram::monitors_config, std::uint64_t{5} << 56, 8);
       b.port(Port::monitors_config_async);
     },
     interrupt_error | interrupt_io_cmd},
    {"monitors beyond the end of their slot",
     [](B& b) {
       b.set(ram::monitors_config, B::slot1(b.header() - 3), 8);
       b.port(Port::monitors_config_async);
     },
     interrupt_error | interrupt_io_cmd},

    {"another size in the command ring",
     [](B& b) {
       b.set(ram::command_ring, 64);
       b.set(ram::command_ring + 4, 40);
       b.set(ram::command_ring + 12, 39);
       b.fetch();
       CHECK(b.get32(ram::command_ring + 12) == 39);  // nothing was popped
     }},
    {"more in the command ring than it holds",
     [](B& b) {
       b.set(ram::command_ring + 4, 33);
       b.fetch();
     }},
    {"a command of no type",
     [](B& b) {
       b.poke(B::pool, CommandBlock::move_cursor({1, 1}).place(B::slot1(B::pool), 1));
       b.push(b.ring(CommandType::draw), {B::slot1(B::pool), 0});
       b.fetch();
     }},
    {"a command in slot 8",
     [](B& b) {
       b.push(std::uint64_t{8} << 56);
       b.fetch();
     }},
    {"a command of another generation",
     [](B& b) {
       b.push(B::slot1(B::pool) | std::uint64_t{1} << 48);
       b.fetch();
     }},
    {"an off-screen surface beyond the last",
     [](B& b) {
       b.push_block(CommandBlock::destroy_surface(surfaces), CommandType::surface);
       b.fetch();
     }},
    {"an off-screen surface whose rows are no whole words",
     [](B& b) {
       device::SurfaceCreate made{.surface_id = 3, .width = 8, .height = 8, .format = 16};
       made.stride = 18;
       b.push_block(CommandBlock::create_surface(made, B::slot1(B::pool + 65536), false),
                    CommandType::surface);
       b.fetch();
     }},
};

}  // namespace

TEST_CASE("each cause latches the guest-bug state, raises ERROR, and completes or does not",
          "[qxl][ports][hostile]") {
  for (const Cause& cause : causes) {
    INFO(cause.name);
    BugBench bench;
    bench.come_up();
    cause.act(bench);
    CHECK(bench.device.bug_latched());
    CHECK(bench.pending() == cause.pending);
    CHECK(bench.findings.size() == 1);
    CHECK(bench.ports_completed > 0);

    // Ports are dead, all but RESET; so is the command ring.
    bench.set(ram::int_pending, 0);
    bench.set(ram::int_mask, ~0u);
    for (std::uint8_t port = 0; port < 40; ++port)
      if (port != static_cast<std::uint8_t>(Port::reset)) CHECK_FALSE(bench.port_number(port));
    CHECK(bench.pending() == 0);
    CHECK(bench.findings.size() == 1);
    CHECK_FALSE(bench.command_is_read());
    CHECK(bench.cursor_is_read());

    bench.come_up();
    CHECK_FALSE(bench.device.bug_latched());
    CHECK(bench.command_is_read());
    CHECK(bench.cursor_is_read());
  }
}

TEST_CASE("a primary of bad rows has left VGA mode all the same", "[qxl][ports]") {
  BugBench bench;
  bench.port(Port::reset);
  bench.request_primary(100, 100, 402);
  bench.port(Port::create_primary_async);
  CHECK(bench.device.bug_latched());
  CHECK(bench.device.mode() == Mode::undefined);
}

TEST_CASE("the surface one beyond the last passes, and its update does nothing", "[qxl][ports]") {
  BugBench bench;
  bench.come_up();
  bench.request_update(surfaces, {0, 0, 8, 8});
  bench.port(Port::update_area_async);
  CHECK(bench.pending() == interrupt_io_cmd);
  CHECK_FALSE(bench.device.bug_latched());
  CHECK(bench.last<device::UpdateArea>() == nullptr);
}

TEST_CASE("an empty update by a synchronous port clears the latch without completion",
          "[qxl][ports]") {
  BugBench bench;
  bench.come_up();
  const int completed = bench.ports_completed;
  for (const auto& area : {wire::display::Rect{5, 9, 5, 4}, {5, 9, 2, 9}, {-1, -1, -1, 3}}) {
    bench.request_update(0, area);
    CHECK(bench.device.write_port(static_cast<std::uint8_t>(Port::update_area), 0).has_value());
    CHECK_FALSE(bench.device.bug_latched());
  }
  bench.run();
  CHECK(bench.pending() == interrupt_error);
  CHECK(bench.ports_completed == completed);
}

// The reference's process dies of any but 0.
TEST_CASE("a synchronous DESTROY_SURFACE takes any surface and deletes none", "[qxl][ports]") {
  BugBench bench;
  bench.come_up();
  for (std::uint8_t id = 0; id < surfaces; ++id) {
    bench.messages.clear();
    const bool blocked = bench.port(Port::destroy_surface_wait, id);
    CHECK(blocked == (id == 0));  // only that one has something to be rendered
    if (!blocked) continue;
    const auto* update = bench.last<device::UpdateArea>();
    REQUIRE(update != nullptr);
    bench.send(device::AreaUpdated{update->request_id, {}});
  }
  CHECK(bench.ports_completed > 0);
  CHECK(bench.device.surfaces().find(0) != nullptr);
  CHECK_FALSE(bench.device.bug_latched());
  CHECK(bench.pending() == 0);
}

TEST_CASE("deleting a slot that is not in use is nothing; after it, addresses fail",
          "[qxl][ports]") {
  BugBench bench;
  bench.come_up();
  bench.port(Port::memslot_del, 5);
  CHECK_FALSE(bench.device.bug_latched());
  CHECK(bench.command_is_read());
  bench.port(Port::memslot_del, 1);
  CHECK_FALSE(bench.device.bug_latched());
  CHECK_FALSE(bench.command_is_read());
  CHECK(bench.device.bug_latched());
}

TEST_CASE("flushing releases publishes an empty list where there is none", "[qxl][ports]") {
  BugBench bench;
  bench.come_up();
  for (std::uint32_t i = 1; i <= 9; ++i) {
    bench.port(Port::flush_release);
    CHECK(bench.get32(ram::release_ring + 4) == std::min(i, 7u));  // one item stays the open one
  }
  CHECK(bench.pending() == interrupt_display);
}

TEST_CASE("a port is swallowed in VGA mode whatever its number", "[qxl][ports]") {
  BugBench bench;
  bench.port(Port::reset);
  bench.set(ram::int_pending, 0);
  for (unsigned port = 0; port < 256; ++port) {
    const bool works =
        port == 3 || (port >= 5 && port <= 9) || port == 12 || port == 17 || port == 18;
    if (works) continue;
    bench.port_number(static_cast<std::uint8_t>(port));
    CHECK(bench.pending() == (port >= 16 && port <= 24 ? interrupt_io_cmd : 0u));
    bench.set(ram::int_pending, 0);
  }
  CHECK(bench.device.mode() == Mode::vga);
  CHECK(bench.findings.empty());
  CHECK_FALSE(bench.device.bug_latched());
}

}  // namespace spicebench::qxl::test
