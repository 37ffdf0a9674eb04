// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/driver.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "qxl-model/device/ram_header.hpp"
#include "qxl-model/device/rom.hpp"

// The numbers are the device's contract with its drivers (qxl-device.md §3, §4, §7).
namespace spicebench::qxl {

namespace {

constexpr std::uint16_t vendor_id = 0x1b36, device_id = 0x0100;
constexpr std::uint8_t port_notify_cmd = 0, port_notify_cursor = 1, port_update_irq = 3,
                       port_notify_oom = 4, port_reset = 5, port_set_mode = 6,
                       port_update_area_async = 16, port_memslot_add_async = 17,
                       port_create_primary_async = 18, port_destroy_primary_async = 19,
                       port_destroy_all_async = 21, port_flush_surfaces_async = 22,
                       port_flush_release = 23, port_monitors_config_async = 24;
constexpr std::uint32_t display = 1, io_cmd = 4;
constexpr std::uint32_t interrupt_mask = 0x27;  // display, cursor, io_cmd, client monitors
constexpr std::uint8_t ram_slot = 1, vram_slot = 2;
constexpr std::uint64_t page = 4096;
constexpr std::uint32_t keep_data = 1;  // flag of a new surface
constexpr Cycle millisecond = 1'000'000;

}  // namespace

std::uint64_t Driver::encoded_pool_address(std::uint64_t offset) const {
  return compat_ ? pool_address(offset) : std::uint64_t{ram_slot} << 56 | (pool_ + offset);
}
std::uint64_t Driver::encoded_video_address(std::uint64_t offset) const {
  return std::uint64_t{vram_slot} << 56 | offset;
}
Driver::CommandRing Driver::ring(Which which) {
  return CommandRing(
      {&bus_, header(which == Which::command ? ram::command_ring : ram::cursor_ring)});
}
Driver::ReleaseRing Driver::release_ring() {
  return ReleaseRing({&bus_, header(ram::release_ring)});
}
Task<> Driver::port(std::uint8_t number, std::uint8_t value) {
  co_await bus_.out(static_cast<std::uint16_t>(ports_ + number), value);
  if (pace_.settle != 0) co_await bus_.sleep_until(bus_.now() + pace_.settle);
}

// Coming up

Task<Result<void>> Driver::bring_up(std::uint32_t width, std::uint32_t height) {
  auto done = co_await set_up();
  if (!done) co_return done;
  const wire::device::SurfaceCreate screen = screen_of(width, height);
  done = co_await create_primary(screen, {});
  if (!done) co_return done;
  const wire::display::Head head[] = {{.width = width, .height = height}};
  co_return co_await configure_monitors(head);
}

Task<Result<void>> Driver::set_up() {
  const auto function = co_await place_pci_function(bus_, vendor_id, device_id);
  if (!function) co_return fail(ErrorCode::not_found, "no QXL device on the bus");
  pci_ = *function;
  if (pci_.revision < 4)
    co_return fail(ErrorCode::unsupported, fmt::format("revision {}, at least 4", pci_.revision));
  compat_ = false;
  ports_ = static_cast<std::uint16_t>(pci_.bars[3].base);
  ram_base_ = pci_.bars[0].base;
  auto done = co_await read_rom();
  if (!done) co_return done;
  co_await port(port_reset, 0);
  bus_.write32(header(ram::int_mask), interrupt_mask);
  done = co_await add_slot(ram_slot, ram_base_, header_);
  if (!done) co_return done;
  video_memory_ = MemoryPool(pci_.bars[1].size);
  co_return co_await add_slot(vram_slot, pci_.bars[1].base, pci_.bars[1].base + pci_.bars[1].size);
}

Task<Result<void>> Driver::read_rom() {
  rom_base_ = pci_.bars[2].base;
  const std::uint32_t magic = bus_.read32(rom_base_ + rom::magic);
  if (magic != rom::magic_value)
    co_return fail(ErrorCode::malformed, fmt::format("ROM magic {:#x}", magic));
  header_ = ram_base_ + bus_.read32(rom_base_ + rom::ram_header_offset);
  if (bus_.read32(header(ram::magic)) != ram::magic_value)
    co_return fail(ErrorCode::malformed, "no RAM header where the ROM says");
  pool_ = bus_.read32(rom_base_ + rom::pages_offset);
  memory_ = MemoryPool(bus_.read32(rom_base_ + rom::num_pages) * page);
  co_return Result<void>{};
}

Task<Result<void>> Driver::add_slot(std::uint8_t slot, std::uint64_t start, std::uint64_t end) {
  bus_.write64(header(ram::mem_slot), start);
  bus_.write64(header(ram::mem_slot + 8), end);
  co_return co_await asynchronous(port_memslot_add_async, slot);
}

Task<Result<void>> Driver::create_primary(const wire::device::SurfaceCreate& surface,
                                          BytesView content) {
  if (primary_) {
    auto gone = co_await destroy_primary();
    if (!gone) co_return gone;
  }
  if (!content.empty()) bus_.write(ram_base_, content);
  bus_.write32(header(ram::create_width), surface.width);
  bus_.write32(header(ram::create_height), surface.height);
  bus_.write32(header(ram::create_stride), static_cast<std::uint32_t>(surface.stride));
  bus_.write32(header(ram::create_format), surface.format);
  bus_.write32(header(ram::create_flags), content.empty() ? 0 : keep_data);
  bus_.write32(header(ram::create_type), 0);
  bus_.write64(header(ram::create_mem), std::uint64_t{ram_slot} << 56);
  primary_ = surface;
  co_return co_await asynchronous(port_create_primary_async, 0);
}

Task<Result<void>> Driver::set_compat_mode(std::uint8_t place) {
  constexpr std::uint64_t count_bytes = 4, row_bytes = 32;
  const std::uint64_t row = rom_base_ + rom::modes + count_bytes + place * row_bytes;
  primary_ = screen_of(bus_.read32(row + 4), bus_.read32(row + 8));
  primary_->stride = -primary_->stride;
  co_await port(port_set_mode, place);
  // It resets the device.
  bus_.write32(header(ram::int_mask), interrupt_mask);
  compat_ = true;
  monitors_.reset();
  co_return Result<void>{};
}

Task<Result<void>> Driver::destroy_primary() {
  primary_.reset();
  co_return co_await asynchronous(port_destroy_primary_async, 0, patience);
}
Task<Result<void>> Driver::destroy_all_surfaces() {
  primary_.reset();
  surfaces_.clear();
  co_return co_await asynchronous(port_destroy_all_async, 0, patience);
}

Task<Result<void>> Driver::configure_monitors(std::span<const wire::display::Head> heads) {
  if (!monitors_) monitors_ = memory_.allocate(4 + 28 * most_heads);
  if (!monitors_) co_return fail(ErrorCode::out_of_range, "no command memory at all");
  const std::uint64_t at = pool_address(monitors_->offset);
  const auto count = static_cast<std::uint32_t>(heads.size());
  bus_.write32(at, count | count << 16);  // count, max_allowed
  std::uint64_t to = at + 4;
  for (const auto& head : heads) {
    for (const std::uint32_t field :
         {head.monitor_id, head.surface_id, head.width, head.height, head.x, head.y, head.flags}) {
      bus_.write32(to, field);
      to += 4;
    }
  }
  bus_.write64(header(ram::monitors_config), encoded_pool_address(monitors_->offset));
  co_return co_await asynchronous(port_monitors_config_async, 0);
}

Task<Result<void>> Driver::asynchronous(std::uint8_t number, std::uint8_t value, Cycle timeout) {
  io_done_ = false;
  co_await port(number, value);
  const Cycle deadline = bus_.now() + timeout;
  while (!io_done_) {
    if (bus_.now() >= deadline)
      co_return fail(ErrorCode::io, fmt::format("port {} does not complete", number));
    co_await wait_until(std::min(deadline, bus_.now() + 100 * millisecond));
  }
  co_return Result<void>{};
}

Task<Result<void>> Driver::update_area(wire::display::Rect area, std::uint32_t surface) {
  std::uint32_t offset = ram::update_area;
  for (const std::int32_t field : {area.top, area.left, area.bottom, area.right}) {
    bus_.write32(header(offset), static_cast<std::uint32_t>(field));
    offset += 4;
  }
  bus_.write32(header(ram::update_surface), surface);
  co_return co_await asynchronous(port_update_area_async, 0, patience);
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
  auto place = memory.allocate(bytes);
  while (!place) {
    ++counters_.memory_full_waits;
    co_await port(port_notify_oom, 0);
    co_await wait_until(bus_.now() + 10 * millisecond);
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
  while (target.wait_for_room()) {
    ++counters_.ring_full_waits;
    co_await wait_until(never);
  }
  const auto wake = target.push({encoded, static_cast<std::uint32_t>(type)});
  bus_.spend(push_cost_);
  if (type == CommandType::draw) ++counters_.draws_pushed;
  if (type == CommandType::cursor) ++counters_.cursors_pushed;
  if (wake == CommandRing::Wake::yes)
    co_await port(which == Which::command ? port_notify_cmd : port_notify_cursor, 0);
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
  const std::uint32_t pending = bus_.read32(header(ram::int_pending));
  bus_.write32(header(ram::int_pending), 0);
  if (pending & io_cmd) io_done_ = true;
  if ((pending & display) && pace_.commands_between_rests == 0) collect();
  bus_.write32(header(ram::int_mask), interrupt_mask);
  co_await port(port_update_irq, 0);
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
  auto flushed = co_await asynchronous(port_flush_surfaces_async, 0, patience);
  if (!flushed) co_return flushed;
  co_await port(port_flush_release, 0);
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
    co_await port(port_flush_release, 0);
    collect();
    const Cycle next_look = bus_.now() + pause;
    while (outstanding_ > keep && bus_.now() < next_look) co_await wait_until(next_look);
    pause = std::min(pause + pause / 2, longest_pause);
  }
  co_return true;
}

}  // namespace spicebench::qxl
