// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/hostile_guest.hpp"

#include <algorithm>
#include <array>

#include "core/wire/device_link.hpp"
#include "core/wire/message.hpp"
#include "qxl-model/device/memory_slots.hpp"
#include "qxl-model/device/pci_config.hpp"
#include "qxl-model/device/port.hpp"
#include "qxl-model/device/ram_header.hpp"
#include "qxl-model/device/rom.hpp"
#include "qxl-model/guest/driver.hpp"
#include "qxl-model/guest/paint.hpp"
#include "qxl-model/guest/pictures.hpp"

namespace spicebench::qxl {

namespace {

constexpr std::uint64_t cell = 0x10000;  // of command memory, one command each
constexpr std::uint8_t ram_slot = 1, vram_slot = 2;
constexpr std::uint32_t all_interrupts = 0x3f;
constexpr Cycle microsecond = 1000;
constexpr std::uint32_t least_side = 240;  // of a primary surface

constexpr std::uint32_t formats[] = {wire::display::surface_32_xrgb, wire::display::surface_32_argb,
                                     wire::display::surface_16_555,  wire::display::surface_16_565,
                                     wire::display::surface_8_a,     wire::display::surface_1_a,
                                     wire::display::surface_32_xrgb, 0};

}  // namespace

// What goes deep comes more often.
const HostileGuest::Step HostileGuest::steps[16] = {
    &HostileGuest::push_damaged, &HostileGuest::push_damaged,      &HostileGuest::push_damaged,
    &HostileGuest::push_value,   &HostileGuest::write_port,        &HostileGuest::come_up,
    &HostileGuest::pause,        &HostileGuest::collect,           &HostileGuest::come_up,
    &HostileGuest::write_header, &HostileGuest::write_legacy_port, &HostileGuest::write_pci,
    &HostileGuest::write_pool,   &HostileGuest::write_anywhere,    &HostileGuest::push_anything,
    &HostileGuest::pause};

Task<> HostileGuest::run(Cycle until) {
  co_await find_device();
  while (!script_.empty() && bus_.now() < until) {
    const Step step = steps[script_.u8() % std::size(steps)];
    co_await (this->*step)();
  }
  // Drivers look for the RAM header before they reset; it may be gone.
  co_await find_device();
  co_await port(static_cast<std::uint8_t>(Port::reset), 0);
}

Task<> HostileGuest::find_device() {
  const auto function = co_await place_pci_function(bus_, PciConfig::vendor, PciConfig::device);
  if (!function) co_return;
  pci_ = *function;
  header_ = pci_.bars[0].base + bus_.read32(pci_.bars[2].base + rom::ram_header_offset);
  pool_ = bus_.read32(pci_.bars[2].base + rom::pages_offset);
}

Task<> HostileGuest::port(std::uint8_t number, std::uint8_t value) {
  co_await bus_.out(static_cast<std::uint16_t>(pci_.bars[3].base + number), value);
}

// What a driver does first, so that the rest meets a device that works.
Task<> HostileGuest::come_up() {
  co_await find_device();
  co_await port(static_cast<std::uint8_t>(Port::reset), 0);
  bus_.write32(header_ + ram::int_mask, all_interrupts);
  for (const std::uint8_t slot : {ram_slot, vram_slot}) {
    const PciFunction::Bar& bar = pci_.bars[slot - ram_slot];
    bus_.write64(header_ + ram::mem_slot, bar.base);
    bus_.write64(header_ + ram::mem_slot + 8, bar.base + bar.size);
    co_await port(static_cast<std::uint8_t>(Port::memslot_add), slot);
  }
  // Most commands fit, so that more of them is looked at than their box.
  const std::uint32_t width = least_side + script_.u8();
  const std::uint32_t height = least_side + script_.u8();
  const std::uint8_t shape = script_.u8();
  const std::uint32_t stride = 4 * width;
  bus_.write32(header_ + ram::create_width, width);
  bus_.write32(header_ + ram::create_height, height);
  bus_.write32(header_ + ram::create_stride, shape & 1 ? 0 - stride : stride);
  bus_.write32(header_ + ram::create_format, formats[shape / 2 % std::size(formats)]);
  bus_.write32(header_ + ram::create_flags, shape >> 7);
  bus_.write64(header_ + ram::create_mem,
               encode_address(shape & 16 ? vram_slot : ram_slot, 0, shape & 32 ? 8 : 0));
  co_await port(
      static_cast<std::uint8_t>(shape & 64 ? Port::create_primary_async : Port::create_primary), 0);
}

Task<> HostileGuest::write_port() {
  constexpr std::uint8_t numbers = 32;
  const std::uint8_t number = script_.u8() % numbers;
  const std::uint8_t value = script_.u8();
  co_await port(number, value);
}

Task<> HostileGuest::write_legacy_port() {
  constexpr std::uint16_t first = 0x3b0, count = 0x30, dispi = 0x1ce;
  const std::uint8_t choice = script_.u8();
  const bool to_dispi = choice >= 0xf0;
  const auto number =
      static_cast<std::uint16_t>(to_dispi ? dispi + choice % 2 : first + choice % count);
  const std::uint16_t value = script_.u16();
  const std::uint8_t width = to_dispi ? 2 : 1;
  co_await bus_.out(number, width == 1 ? value & 0xff : value, width);
}

Task<> HostileGuest::write_pci() {
  constexpr std::uint16_t address_port = 0xcf8, data_port = 0xcfc;
  constexpr std::uint32_t enable = 0x8000'0000;
  const std::uint32_t offset = script_.u8() & 0xfc;
  const std::uint32_t value = script_.u32();
  co_await bus_.out(address_port, enable | std::uint32_t{pci_.slot} << 11 | offset, 4);
  co_await bus_.out(data_port, value, 4);
}

Task<> HostileGuest::write_header() {
  const std::uint16_t offset = script_.u16() % ram::header_bytes;
  const std::size_t size = 1 + script_.u8() % 8;
  const BytesView bytes = script_.take(size);
  bus_.write(header_ + offset, bytes);
  co_return;
}
Task<> HostileGuest::write_pool() {
  const std::uint64_t offset = script_.u8() % 16 * cell + script_.u16() % 512;
  const std::size_t size = script_.u8();
  const BytesView bytes = script_.take(size);
  bus_.write(pci_.bars[0].base + pool_ + offset, bytes);
  co_return;
}
Task<> HostileGuest::write_anywhere() {
  // The BARs, and the window of the VGA adapter.
  constexpr PciFunction::Bar window{0xa0000, 0x20000};
  const std::size_t which = script_.u8() % (pci_.bars.size() + 1);
  const auto& bar = which < pci_.bars.size() ? pci_.bars[which] : window;
  const std::uint64_t offset = bar.size == 0 ? 0 : script_.u32() % bar.size;
  const std::size_t size = script_.u8();
  const BytesView bytes = script_.take(size);
  bus_.write(bar.base + offset, bytes);
  co_return;
}

CommandBlock HostileGuest::block(std::uint8_t kind) {
  using wire::display::Rect;
  const auto side = [this] { return static_cast<std::int32_t>(script_.u8()); };
  const std::int32_t top = side();
  const std::int32_t left = side();
  const std::int32_t bottom = top + side() / 2, right = left + side() / 2;
  const Rect box{top, left, bottom, right};
  const std::uint32_t color = script_.u32();
  const std::array<Rect, 2> clip{{{0, 0, 64, 64}, {64, 16, 200, 100}}};
  const std::span<const Rect> clips(clip.data(), kind / 8 % 3);
  switch (kind % 8) {
    case 0:
      return CommandBlock::fill(box, clips, color, wire::display::ropd_put);
    case 1: {
      const Picture picture = gradient(256, 256, color, ~color);
      return CommandBlock::copy(box, clips, picture, {}, wire::display::ropd_put,
                                {kind & 128 ? Rows::bottom_up : Rows::top_down, kind / 16 % 8u});
    }
    case 2:
      return CommandBlock::copy_bits(box, clips, {left / 2, top / 2});
    case 3: {
      const CursorShape shape = kind & 128 ? beam_cursor(16, 24, color) : arrow_cursor(32, color);
      return CommandBlock::set_cursor({static_cast<std::int16_t>(left), 0}, shape.header,
                                      shape.data);
    }
    case 4:
      return CommandBlock::move_cursor(
          {static_cast<std::int16_t>(left), static_cast<std::int16_t>(top)});
    case 5: {
      const auto width = static_cast<std::uint32_t>(1 + left);
      const wire::device::SurfaceCreate surface{.surface_id = color % 8,
                                                .width = width,
                                                .height = static_cast<std::uint32_t>(1 + top),
                                                .stride = static_cast<std::int32_t>(4 * width),
                                                .format = formats[kind / 8 % std::size(formats)]};
      return CommandBlock::create_surface(
          surface, encode_address(vram_slot, 0, color % 8 * 4 * cell), (kind & 128) != 0);
    }
    case 6:
      return CommandBlock::destroy_surface(color % 8);
    default:
      return CommandBlock::hide_cursor();
  }
}

// Any drawing operation; what it reads lies within the command.
CommandBlock HostileGuest::painting() {
  constexpr Canvas primary{.id = 0, .width = least_side, .height = least_side};
  Paint paint(Random(script_.u16()), {primary});
  return CommandBlock::of(paint.next());
}

Task<> HostileGuest::push_damaged() {
  constexpr CommandType types[] = {CommandType::draw,    CommandType::draw,   CommandType::draw,
                                   CommandType::cursor,  CommandType::cursor, CommandType::surface,
                                   CommandType::surface, CommandType::cursor};
  const std::uint8_t kind = script_.u8();
  const bool painted = (kind & 64) != 0;
  CommandBlock command = painted ? painting() : block(kind);
  const std::uint64_t offset = pool_ + script_.u8() % 16 * cell;
  const std::uint64_t address = encode_address(ram_slot, 0, offset);
  const BytesView right = command.place(address, script_.u16());
  Bytes bytes(right.begin(), right.end());
  for (unsigned damages = script_.u8() % 4; damages > 0; --damages) {
    const std::size_t at = script_.u16() % bytes.size();
    bytes[at] ^= static_cast<std::byte>(script_.u8());
  }
  bus_.write(pci_.bars[0].base + offset, bytes);
  const CommandType type = painted ? CommandType::draw : types[kind % std::size(types)];
  co_await push(type == CommandType::cursor, address, static_cast<std::uint32_t>(type));
}

// A drawable in the form in which the device link has it, if the bytes are one. By chance they
// hardly ever are; seeds of a fuzzer are, and what it makes of them.
Task<> HostileGuest::push_value() {
  constexpr std::size_t longest = 1024;
  const BytesView body = script_.take(script_.u16() % longest);
  const auto message = wire::decode<wire::device::DrawCommand>(SharedBytes::copy_of(body));
  if (!message) co_return;
  const std::uint64_t offset = pool_ + script_.u8() % 16 * cell;
  const std::uint64_t address = encode_address(ram_slot, 0, offset);
  CommandBlock command = CommandBlock::of(message->drawable);
  const BytesView bytes = command.place(address, 1);
  bus_.write(pci_.bars[0].base + offset, bytes);
  co_await push(false, address, static_cast<std::uint32_t>(CommandType::draw));
}

Task<> HostileGuest::push_anything() {
  const std::uint8_t slot = script_.u8(), generation = script_.u8();
  const std::uint32_t offset = script_.u32();
  const std::uint8_t type = script_.u8();
  co_await push((type & 128) != 0, encode_address(slot % 10, generation % 2, offset), type & 7);
}

// Over what the device has not read yet, too, if the ring is full.
Task<> HostileGuest::push(bool cursor_ring, std::uint64_t address, std::uint32_t type) {
  Ring<BusMemory, RingCommand, command_ring_items> ring(
      {&bus_, header_ + (cursor_ring ? ram::cursor_ring : ram::command_ring)});
  const auto wake = ring.push({address, type});
  if (wake == decltype(ring)::Wake::yes)
    co_await port(static_cast<std::uint8_t>(cursor_ring ? Port::notify_cursor : Port::notify_cmd),
                  0);
}

Task<> HostileGuest::collect() {
  Ring<BusMemory, ReleaseEntry, release_ring_items> ring({&bus_, header_ + ram::release_ring});
  ring.pop();
  bus_.write32(header_ + ram::int_pending, 0);
  co_await port(static_cast<std::uint8_t>(Port::update_irq), 0);
}

Task<> HostileGuest::pause() {
  constexpr std::uint8_t longest = 0xf0;  // more: long enough for a look at the VGA screen
  const std::uint8_t length = script_.u8();
  const Cycle until = bus_.now() + (length < longest ? length * 10 : 40'000) * microsecond;
  co_await bus_.sleep_until(until);
}

}  // namespace spicebench::qxl
