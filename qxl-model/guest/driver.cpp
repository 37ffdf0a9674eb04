// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/driver.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "qxl-model/device/ram_header.hpp"

// Ports, commands, interrupts and what comes back (qxl-device.md §4, §5, §7, §14).
namespace spicebench::qxl {

namespace {
constexpr std::uint32_t display = 1, io_cmd = 4, error = 8, monitors = 32;  // of int_pending
constexpr Cycle microsecond = 1'000, millisecond = 1'000'000;
}  // namespace

std::uint64_t Driver::encoded_pool_address(std::uint64_t offset) const {
  return compat_ ? pool_address(offset) : std::uint64_t{ram_slot} << slot_shift | (pool_ + offset);
}
std::uint64_t Driver::encoded_video_address(std::uint64_t offset) const {
  return std::uint64_t{vram_slot} << slot_shift | offset;
}
Driver::CommandRing Driver::ring(Which which) {
  return CommandRing(
      {&bus_, header(which == Which::command ? ram::command_ring : ram::cursor_ring)});
}
Driver::ReleaseRing Driver::release_ring() {
  return ReleaseRing({&bus_, header(ram::release_ring)});
}
Task<> Driver::port(Port number, std::uint8_t value) {
  co_await bus_.out(static_cast<std::uint16_t>(ports_ + static_cast<std::uint8_t>(number)), value);
  if (pace_.settle != 0) co_await bus_.sleep_until(bus_.now() + pace_.settle);
}

Task<Result<void>> Driver::asynchronous(Port number, std::uint8_t value, Cycle timeout) {
  io_done_ = false;
  co_await port(number, value);
  const Cycle deadline = bus_.now() + timeout;
  Cycle pause = 0;
  while (!io_done_) {
    if (bus_.now() >= deadline)
      co_return fail(ErrorCode::io,
                     fmt::format("port {} does not complete", static_cast<unsigned>(number)));
    if (profile_.polls) {
      look_for_completion();
      if (!io_done_) co_await pause_between_looks(pause);
    } else {
      co_await wait_until(std::min(deadline, bus_.now() + 100 * millisecond));
    }
  }
  co_return Result<void>{};
}

Task<Result<void>> Driver::operation(Port synchronous, Port asynchronous_twin, std::uint8_t value,
                                     Cycle timeout) {
  if (!profile_.synchronous_ports)
    co_return co_await asynchronous(asynchronous_twin, value, timeout);
  co_await port(synchronous, value);
  co_return Result<void>{};
}

// What a driver without interrupts does meanwhile: it takes the one bit it looks for.
void Driver::look_for_completion() {
  const std::uint32_t pending = bus_.read32(header(ram::int_pending));
  if ((pending & error) != 0)
    found_({ErrorCode::io, 0, "int_pending", "the device says that the driver erred"});
  if ((pending & (io_cmd | error)) == 0) return;
  bus_.write32(header(ram::int_pending), pending & ~(io_cmd | error));
  io_done_ = true;
}
Task<> Driver::pause_between_looks(Cycle& pause) {
  pause = std::clamp<Cycle>(2 * pause, microsecond, millisecond);
  co_await bus_.sleep_until(bus_.now() + pause);
}

Task<Result<void>> Driver::update_area(wire::display::Rect area, std::uint32_t surface) {
  std::uint32_t offset = ram::update_area;
  for (const std::int32_t field : {area.top, area.left, area.bottom, area.right}) {
    bus_.write32(header(offset), static_cast<std::uint32_t>(field));
    offset += 4;
  }
  bus_.write32(header(ram::update_surface), surface);
  co_return co_await asynchronous(Port::update_area_async, 0, patience);
}

// Commands

std::uint64_t Driver::take_id(const Object& object) {
  ++outstanding_;
  if (free_ids_.empty()) {
    objects_.push_back(object);
    return objects_.size();
  }
  const std::uint64_t id = free_ids_.back();
  free_ids_.pop_back();
  objects_[id - 1] = object;
  return id;
}

Task<MemoryPool::Block> Driver::take(MemoryPool& memory, std::uint64_t bytes) {
  // Without interrupts, this is when it learns what came back.
  if (profile_.polls && pace_.commands_between_rests == 0) collect();
  auto place = memory.allocate(bytes);
  while (!place) {
    ++counters_.memory_full_waits;
    co_await ask_for_memory();
    place = memory.allocate(bytes);
  }
  co_return *place;
}

Task<> Driver::push(CommandType type, CommandBlock block, std::optional<MemoryPool::Block> pixels) {
  if (compat_ && type == CommandType::draw) block.make_compat();
  const auto place = co_await take(memory_, block.size());
  const std::uint64_t id = take_id({place, true, pixels});
  const std::uint64_t encoded = encoded_pool_address(place.offset);
  const BytesView bytes = block.place(encoded, id);
  bus_.write(pool_address(place.offset), bytes);

  const Which which = type == CommandType::cursor ? Which::cursor : Which::command;
  CommandRing target = ring(which);
  Cycle pause = 0;
  while (target.wait_for_room()) {
    ++counters_.ring_full_waits;
    if (profile_.polls) {
      co_await pause_between_looks(pause);
    } else {
      co_await wait_until(never);
    }
  }
  const auto wake = target.push({encoded, static_cast<std::uint32_t>(type)});
  bus_.spend(push_cost_);
  if (type == CommandType::draw) ++counters_.draws_pushed;
  if (type == CommandType::cursor) ++counters_.cursors_pushed;
  if (wake == CommandRing::Wake::yes)
    co_await port(which == Which::command ? Port::notify_cmd : Port::notify_cursor, 0);
  if (pace_.commands_between_rests == 0 || ++commands_since_rest_ < pace_.commands_between_rests)
    co_return;
  if (auto rested = co_await come_to_rest(); !rested) found_(std::move(rested).error());
}

// Interrupts and the way back

Task<> Driver::wait_until(Cycle deadline) {
  const std::uint32_t result = co_await bus_.wait_until(deadline);
  const auto lines = static_cast<std::uint8_t>(result);
  if (lines & line_display) {
    if (pace_.settle != 0) co_await bus_.sleep_until(bus_.now() + pace_.settle);
    co_await serve_display();
  }
  co_await inputs_.service(lines);
}

// The exchange of the pending word is two accesses; nothing comes between them.
Task<> Driver::serve_display() {
  if (profile_.handler == Profile::Handler::in_two_halves) {
    bus_.write32(header(ram::int_mask), 0);
    co_await port(Port::update_irq, 0);
  }
  const std::uint32_t pending = bus_.read32(header(ram::int_pending));
  if (profile_.handler == Profile::Handler::takes_its_own &&
      (pending & profile_.interrupt_mask) == 0)
    co_return;
  bus_.write32(header(ram::int_pending), 0);
  if (pending & io_cmd) io_done_ = true;
  if (pending & monitors) monitors_news_ = true;
  if ((pending & display) && pace_.commands_between_rests == 0) collect();
  if (profile_.handler != Profile::Handler::takes_its_own)
    bus_.write32(header(ram::int_mask), profile_.interrupt_mask);
  co_await port(Port::update_irq, 0);
}

void Driver::collect() {
  ReleaseRing source = release_ring();
  do {
    while (const auto entry = source.pop()) follow(entry->item.head);
  } while (!source.wait_for_item());
}

void Driver::follow(std::uint64_t head) {
  for (std::uint64_t id = head; id != 0;) {
    if (id > objects_.size() || !objects_[id - 1].out)
      return found_({ErrorCode::out_of_order, 0, "release_ring",
                     fmt::format("resource {}, which is not with the device", id)});
    Object& object = objects_[id - 1];
    const std::uint64_t next = bus_.read64(pool_address(object.block.offset));
    object.out = false;
    memory_.release(object.block);
    if (object.pixels) video_memory_.release(*object.pixels);
    free_ids_.push_back(id);
    --outstanding_;
    ++counters_.collected;
    id = next;
  }
}

Task<Result<void>> Driver::come_to_rest() {
  commands_since_rest_ = 0;
  auto flushed = co_await asynchronous(Port::flush_surfaces_async, 0, patience);
  if (!flushed) co_return flushed;
  co_await port(Port::flush_release, 0);
  collect();
  bus_.at_rest();
  co_return Result<void>{};
}

Task<bool> Driver::collect_all(std::size_t keep) {
  constexpr Cycle first_pause = 10 * millisecond, longest_pause = 1000 * millisecond;
  if (pace_.commands_between_rests != 0) {
    const Result<void> rested = co_await come_to_rest();
    co_return rested&& outstanding_ <= keep + surfaces_.size();
  }
  Cycle pause = first_pause;
  const Cycle give_up = bus_.now() + patience;
  keep += surfaces_.size();
  while (outstanding_ > keep) {
    if (bus_.now() >= give_up) co_return false;
    co_await port(Port::flush_release, 0);
    collect();
    const Cycle next_look = bus_.now() + pause;
    while (outstanding_ > keep && bus_.now() < next_look) co_await wait_until(next_look);
    pause = std::min(pause + pause / 2, longest_pause);
  }
  co_return true;
}

}  // namespace spicebench::qxl
