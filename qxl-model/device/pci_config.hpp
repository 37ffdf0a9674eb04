// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "qxl-model/device/properties.hpp"

namespace spicebench::qxl {

// The 256 bytes of PCI configuration of a QXL device (qxl-device.md §2.1, §2.2). The option
// ROM is not modelled: its BAR reads 0.
class PciConfig {
 public:
  static constexpr std::uint16_t vendor = 0x1b36, device = 0x0100;
  enum Offset : std::uint8_t {
    command = 0x04,
    status = 0x06,
    revision = 0x08,
    class_code = 0x09,
    bars = 0x10,
    subsystem_vendor = 0x2c,
    subsystem_device = 0x2e,
    interrupt_line = 0x3c,
    interrupt_pin = 0x3d,
  };
  enum CommandBit : std::uint16_t { io_enable = 1, memory_enable = 2 };

  PciConfig(const Properties& properties, const Sizes& sizes);

  // Precondition: offset + width <= 256, width 1, 2 or 4.
  std::uint32_t read(std::uint8_t offset, std::uint8_t width) const;
  void write(std::uint8_t offset, std::uint8_t width, std::uint32_t value);

  // Where a BAR answers: nothing while it is not there, not placed, or its kind not enabled. BAR 5
  // is the high half of BAR 4.
  std::optional<std::uint64_t> base(unsigned bar) const;
  template <class Archive>
  void transfer(Archive& archive) {
    for (std::uint8_t& byte : bytes_) archive.value("register", byte);
  }

 private:
  void store(std::uint8_t offset, std::uint8_t width, std::uint32_t value);

  std::array<std::uint8_t, 256> bytes_{};
  std::array<std::uint8_t, 256> writable_{};  // bits that the guest can change
  std::array<std::uint64_t, 6> sizes_{};      // of the BARs; 0: not there
};

}  // namespace spicebench::qxl
