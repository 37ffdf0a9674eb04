// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "core/world/world.hpp"
#include "fake_server.hpp"
#include "qxl-model/device/memory_map.hpp"
#include "qxl-model/device/port.hpp"
#include "qxl-model/device/ram_header.hpp"
#include "qxl-model/machine.hpp"

// The profile linux-drm held against what the driver of Linux 6.1 does (corpus/qxl-traces). Where
// the driver decides alone, port writes and their arguments are the same, one by one. Where others
// decide, they are left out: how much is drawn between two changes of the screen (NOTIFY_*, and
// UPDATE_AREA of surfaces that go), where in video memory a later surface lies, and the size of a
// later mode.
namespace spicebench::qxl::test {

namespace {

using Lines = std::vector<std::string>;

Lines traced() {
  std::ifstream file(SPICEBENCH_SOURCE_DIR "/corpus/qxl-traces/linux-6.1.txt");
  Lines out;
  for (std::string line; std::getline(file, line);)
    if (!line.starts_with('#')) out.push_back(line);
  return out;
}

// The writes of a guest in the words of the trace.
struct Writes final : BusObserver {
  explicit Writes(const Machine& m) : machine(m) {}
  std::uint64_t field(std::uint32_t offset, std::size_t bytes) const {
    const MemoryMap& memory = machine.device_memory();
    std::byte raw[8] = {};
    memory.read(*memory.pci().base(0) + memory.sizes().ram_header() + offset,
                std::span(raw).first(bytes));
    return load_little_endian(raw, bytes);
  }
  std::string text_of(Port port, std::uint32_t value) const {
    switch (port) {
      case Port::notify_cmd:
        return "NOTIFY_CMD";
      case Port::notify_cursor:
        return "NOTIFY_CURSOR";
      case Port::update_irq:
        return "UPDATE_IRQ";
      case Port::notify_oom:
        return "NOTIFY_OOM";
      case Port::reset:
        return "RESET";
      case Port::update_area_async:
        return fmt::format("UPDATE_AREA_ASYNC surface={}", field(ram::update_surface, 4));
      case Port::memslot_add_async:
        return fmt::format("MEMSLOT_ADD_ASYNC slot={} bytes={:#x}", value,
                           field(ram::mem_slot + 8, 8) - field(ram::mem_slot, 8));
      case Port::create_primary_async:
        return fmt::format(
            "CREATE_PRIMARY_ASYNC width={} height={} stride={} format={} type={} flags={} "
            "mem={:#x}",
            field(ram::create_width, 4), field(ram::create_height, 4), field(ram::create_stride, 4),
            field(ram::create_format, 4), field(ram::create_type, 4), field(ram::create_flags, 4),
            field(ram::create_mem, 8));
      case Port::destroy_primary_async:
        return "DESTROY_PRIMARY_ASYNC";
      case Port::monitors_config_async:
        return "MONITORS_CONFIG_ASYNC";
      default:
        return fmt::format("port {}", static_cast<unsigned>(port));
    }
  }
  void accessed(const BusAccess& access) override {
    const auto io = machine.device_memory().pci().base(3);
    if (access.kind == BusAccess::Kind::out && io && access.where >= *io && access.where < *io + 32)
      lines.push_back(text_of(static_cast<Port>(access.where - *io), access.value));
  }
  const Machine& machine;
  Lines lines;
};

// A guest that suspends, resumes, sets another mode and the first one again.
Lines written() {
  FakeServer server;
  Machine machine({.seconds = 1, .guest = "linux-drm", .workload = "lifecycle"}, Random(3));
  Writes writes(machine);
  machine.observe(&writes);
  World world(3);
  const PeerNumber number = world.add(server);
  world.add(machine);
  world.listen("device", number, LinkKind::value);
  world.start();
  while (world.step()) {
  }
  REQUIRE(machine.finished());
  return writes.lines;
}

bool is_drawing(const std::string& line) {
  return line.starts_with("NOTIFY_C") || line.starts_with("UPDATE_AREA");
}
// From a line on, up to and with the first line that begins so.
Lines from_to(const Lines& lines, std::size_t from, std::string_view last) {
  const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(from);
  auto end = std::find_if(begin, lines.end(),
                          [last](const std::string& line) { return line.starts_with(last); });
  REQUIRE(end != lines.end());
  return {begin, end + 1};
}
std::size_t find(const Lines& lines, std::string_view what, std::size_t from = 0) {
  for (std::size_t i = from; i < lines.size(); ++i)
    if (lines[i].starts_with(what)) return i;
  FAIL("no " << what);
  return 0;
}

// A change of the mode, from the end of the old screen to the interrupt of the new monitors:
// without what is drawn and updated before the new screen is there, and without its size and place.
Lines mode_change(const Lines& lines, std::size_t destroy) {
  const Lines all = from_to(lines, destroy, "MONITORS_CONFIG_ASYNC");
  const std::size_t create = find(all, "CREATE_PRIMARY_ASYNC");
  Lines out{all.front(), "UPDATE_IRQ"};
  CHECK(std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(create), "UPDATE_IRQ") >=
        1);
  for (std::size_t i = 1; i < create; ++i) CHECK((is_drawing(all[i]) || all[i] == "UPDATE_IRQ"));
  const std::string& made = all[create];
  out.push_back(made.substr(0, made.find(' ')) +
                made.substr(made.find(" format="), made.find(" mem=") - made.find(" format=")));
  out.insert(out.end(), all.begin() + static_cast<std::ptrdiff_t>(create) + 1, all.end());
  return out;
}

}  // namespace

TEST_CASE("from the probe to the first picture, each write is that of Linux", "[qxl][profiles]") {
  const Lines real = traced(), ours = written();
  const std::size_t destroy = find(real, "DESTROY_PRIMARY_ASYNC");
  const std::size_t picture = find(real, "NOTIFY_CMD", destroy);
  REQUIRE(picture == 14);
  REQUIRE(ours.size() > picture);
  CHECK(Lines(ours.begin(), ours.begin() + static_cast<std::ptrdiff_t>(picture) + 1) ==
        Lines(real.begin(), real.begin() + static_cast<std::ptrdiff_t>(picture) + 1));
}

TEST_CASE("while it draws, it writes to no other ports than Linux does", "[qxl][profiles]") {
  const Lines real = traced(), ours = written();
  for (const Lines& lines : {real, ours}) {
    const std::size_t first = find(lines, "DESTROY_PRIMARY_ASYNC");
    const std::size_t begin = find(lines, "NOTIFY_CMD", first);
    const std::size_t end = find(lines, "DESTROY_PRIMARY_ASYNC", begin);
    CHECK(end > begin + 3);
    for (std::size_t i = begin; i < end; ++i) {
      INFO(lines[i]);
      CHECK((is_drawing(lines[i]) || lines[i] == "UPDATE_IRQ"));
    }
  }
}

TEST_CASE("a mode is changed as Linux does", "[qxl][profiles]") {
  const Lines real = traced(), ours = written();
  const std::size_t real_change = [&real] {
    // The third: the first ends the small screen, the second comes with the X server.
    std::size_t at = find(real, "DESTROY_PRIMARY_ASYNC");
    at = find(real, "DESTROY_PRIMARY_ASYNC", at + 1);
    return find(real, "DESTROY_PRIMARY_ASYNC", at + 1);
  }();
  const std::size_t smaller = find(ours, "CREATE_PRIMARY_ASYNC width=640");
  std::size_t our_change = smaller;
  while (!ours[our_change].starts_with("DESTROY_PRIMARY_ASYNC")) --our_change;
  const Lines expected = mode_change(real, real_change);
  CHECK(expected.size() == 6);
  CHECK(mode_change(ours, our_change) == expected);
}

// There is no trace of it: the order of qxl-device.md §21.2.
TEST_CASE("suspend and resume go as Linux's are described", "[qxl][profiles]") {
  const Lines ours = written();
  const std::size_t first = find(ours, "DESTROY_PRIMARY_ASYNC");
  const std::size_t destroy = find(ours, "DESTROY_PRIMARY_ASYNC", first + 1);
  const std::size_t evicted = find(ours, "UPDATE_AREA_ASYNC surface=1", destroy);
  const std::size_t asked = find(ours, "NOTIFY_OOM", evicted);
  const std::size_t reset = find(ours, "RESET", asked);
  const Lines resumed = from_to(ours, reset, "MONITORS_CONFIG_ASYNC");
  REQUIRE(resumed.size() == 9);
  CHECK(Lines(resumed.begin(), resumed.begin() + 5) ==
        Lines(ours.begin(), ours.begin() + 5));  // as from power on
  CHECK(resumed[5].starts_with("CREATE_PRIMARY_ASYNC width=1024 height=768"));
  CHECK(Lines(resumed.begin() + 6, resumed.end()) ==
        Lines{"UPDATE_IRQ", "NOTIFY_CMD", "MONITORS_CONFIG_ASYNC"});
}

}  // namespace spicebench::qxl::test
