// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/pci.hpp"

namespace spicebench::qxl {

namespace {

constexpr std::uint16_t address_port = 0xcf8, data_port = 0xcfc;
constexpr std::uint32_t enable = 0x8000'0000;
constexpr std::uint64_t memory_window = 0xe000'0000;
constexpr std::uint64_t port_window = 0xc000;

Task<std::uint32_t> read_config(Bus& bus, std::uint32_t slot, std::uint32_t offset) {
  co_await bus.out(address_port, enable | slot << 11 | offset, 4);
  const std::uint32_t value = co_await bus.in(data_port, 4);
  co_return value;
}
Task<> write_config(Bus& bus, std::uint32_t slot, std::uint32_t offset, std::uint32_t value) {
  co_await bus.out(address_port, enable | slot << 11 | offset, 4);
  co_await bus.out(data_port, value, 4);
}

// Largest first would pack better; in order is enough for one device.
Task<> place_bars(Bus& bus, std::uint32_t slot, PciFunction& function) {
  std::uint64_t memory = memory_window, ports = port_window;
  for (unsigned i = 0; i < function.bars.size(); ++i) {
    const std::uint32_t at = 0x10 + 4 * i;
    co_await write_config(bus, slot, at, UINT32_MAX);
    const std::uint32_t low = co_await read_config(bus, slot, at);
    if (low == 0) continue;
    const bool is_io = (low & 1) != 0, is_64_bit = !is_io && (low & 6) == 4;
    std::uint64_t mask = low & (is_io ? ~3u : ~15u);
    if (is_64_bit) {
      co_await write_config(bus, slot, at + 4, UINT32_MAX);
      const std::uint32_t high = co_await read_config(bus, slot, at + 4);
      mask |= std::uint64_t{high} << 32;
    } else {
      mask |= UINT64_C(0xffff'ffff'0000'0000);
    }
    auto& bar = function.bars[i];
    bar.size = ~mask + 1;
    auto& next = is_io ? ports : memory;
    next = (next + bar.size - 1) & ~(bar.size - 1);
    bar.base = next;
    next += bar.size;
    co_await write_config(bus, slot, at, static_cast<std::uint32_t>(bar.base));
    if (is_64_bit) {
      co_await write_config(bus, slot, at + 4, static_cast<std::uint32_t>(bar.base >> 32));
      ++i;
    }
  }
}

}  // namespace

Task<std::optional<PciFunction>> place_pci_function(Bus& bus, std::uint16_t vendor,
                                                    std::uint16_t device) {
  constexpr std::uint32_t slots = 32, command = 0x04, revision = 0x08;
  constexpr std::uint32_t ports_memory_master = 7;
  for (std::uint32_t slot = 0; slot < slots; ++slot) {
    const std::uint32_t ids = co_await read_config(bus, slot, 0);
    if (ids != (std::uint32_t{device} << 16 | vendor)) continue;
    PciFunction function;
    const std::uint32_t class_and_revision = co_await read_config(bus, slot, revision);
    function.slot = static_cast<std::uint8_t>(slot);
    function.revision = static_cast<std::uint8_t>(class_and_revision);
    co_await place_bars(bus, slot, function);
    co_await write_config(bus, slot, command, ports_memory_master);
    co_return function;
  }
  co_return std::nullopt;
}

}  // namespace spicebench::qxl
