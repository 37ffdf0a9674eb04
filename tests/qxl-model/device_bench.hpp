// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <vector>

#include "core/wire/device_link.hpp"
#include "core/wire/message_value.hpp"
#include "qxl-model/device/device.hpp"

namespace spicebench::qxl::test {

// A device alone on a bench: memory is poked, ports are written and the server's messages are given
// by hand.
struct DeviceBench : DeviceHost {
  static constexpr std::uint64_t ram_base = 0xe000'0000, vram_base = 0xe800'0000,
                                 rom_base = 0xf000'0000, io_base = 0xc000;

  explicit DeviceBench(Properties properties = {}, std::string_view profile = "fast-test")
      : costs(*cost_profile(profile)), device(properties, costs, timeline, *this) {
    auto& pci = device.memory().pci();
    pci.write(0x10, 4, ram_base);
    pci.write(0x14, 4, vram_base);
    pci.write(0x18, 4, rom_base);
    pci.write(0x1c, 4, io_base);
    pci.write(0x04, 2, 7);
    device.connected();
  }

  void hand(ValuePtr message) override { messages.push_back(std::move(message)); }
  void display_line(bool level) override { line_changes.push_back(level); }
  void port_completed() override { ++ports_completed; }
  void found(Error finding) override { findings.push_back(std::move(finding)); }
  void logged(std::string text) override { log.push_back(std::move(text)); }

  void run(Cycle cycles = 100'000) { timeline.run_until(timeline.now() + cycles); }
  // Writes a port and lets everything that follows happen. True: the processor is blocked for good.
  bool port(Port number, std::uint8_t value = 0) {
    return port_number(static_cast<std::uint8_t>(number), value);
  }
  bool port_number(std::uint8_t number, std::uint8_t value = 0) {
    const int before = ports_completed;
    const bool blocked = !device.write_port(number, value).has_value();
    run();
    return blocked && ports_completed == before;
  }

  std::span<std::byte> ram() { return device.memory().ram(); }
  std::size_t header() { return device.memory().sizes().ram_header(); }
  std::uint32_t get32(std::uint32_t field) {
    return static_cast<std::uint32_t>(load_little_endian(&ram()[header() + field], 4));
  }
  std::uint64_t get64(std::uint32_t field) {
    return load_little_endian(&ram()[header() + field], 8);
  }
  void set(std::uint32_t field, std::uint64_t value, std::size_t width = 4) {
    store_little_endian(&ram()[header() + field], value, width);
  }
  std::uint32_t pending() { return get32(ram::int_pending); }

  void add_slot(std::uint8_t slot, std::uint64_t start, std::uint64_t end) {
    set(ram::mem_slot, start, 8);
    set(ram::mem_slot + 8, end, 8);
    port(Port::memslot_add, slot);
  }
  void request_primary(std::uint32_t width, std::uint32_t height, std::int32_t stride,
                       std::uint64_t address = std::uint64_t{1} << 56) {
    set(ram::create_width, width);
    set(ram::create_height, height);
    set(ram::create_stride, static_cast<std::uint32_t>(stride));
    set(ram::create_format, 32);
    set(ram::create_flags, 0);
    set(ram::create_mem, address, 8);
  }
  // Reset, slot 1 over all of BAR 0 below the header, a primary surface.
  void come_up(std::uint32_t width = 1024, std::uint32_t height = 768, std::int32_t stride = 4096) {
    port(Port::reset);
    add_slot(1, ram_base, ram_base + header());
    request_primary(width, height, stride);
    port(Port::create_primary);
    set(ram::int_pending, 0);
  }

  // Command memory starts here, as an offset in BAR 0 and in slot 1.
  static constexpr std::uint64_t pool = 0x0100'0000;
  static constexpr std::uint64_t slot1(std::uint64_t offset) {
    return std::uint64_t{1} << 56 | offset;
  }
  void poke(std::uint64_t offset, BytesView bytes) {
    std::ranges::copy(bytes, ram().subspan(offset).begin());
  }
  bool push(std::uint64_t encoded, CommandType type = CommandType::draw) {
    return push(DeviceBench::ring(type), {encoded, static_cast<std::uint32_t>(type)});
  }
  DeviceCommandRing ring(CommandType type) {
    RamHeader fields(ram().subspan(header(), ram::header_bytes));
    return type == CommandType::cursor ? fields.cursor_ring() : fields.command_ring();
  }
  static bool push(DeviceCommandRing target, const RingCommand& command) {
    return target.push(command) == DeviceCommandRing::Wake::yes;
  }

  template <wire::Message T>
  void send(T message) {
    device.handle(wire::AnyMessage::of(std::move(message)));
    run();
  }
  template <wire::Message T>
  std::vector<const T*> all() const {
    std::vector<const T*> out;
    for (const ValuePtr& value : messages)
      if (const auto* message = wire::message_in(*value).as<T>()) out.push_back(message);
    return out;
  }
  template <wire::Message T>
  const T* last() const {
    const auto list = all<T>();
    return list.empty() ? nullptr : list.back();
  }
  // Null: the answer was "nothing".
  const wire::device::DrawCommand* fetch() {
    messages.clear();
    send(wire::device::FetchCommand{++fetch_id});
    return last<wire::device::DrawCommand>();
  }
  const wire::device::CursorCommand* fetch_cursor() {
    messages.clear();
    send(wire::device::FetchCursor{++fetch_id});
    return last<wire::device::CursorCommand>();
  }

  const CostModel& costs;
  Timeline timeline;
  Device device;
  std::vector<ValuePtr> messages;
  std::vector<bool> line_changes;
  std::vector<Error> findings;
  std::vector<std::string> log;
  int ports_completed = 0;
  std::uint32_t fetch_id = 0;
};

}  // namespace spicebench::qxl::test
