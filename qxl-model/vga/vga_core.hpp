// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace spicebench::qxl {

// The registers and the planar memory of a VGA adapter with VBE extensions (qxl-device.md §2.2).
// Byte p of the 4-byte group n of its memory is byte n of plane p. Registers that the Bochs VBE
// interface sets stay set after it is disabled, as in the reference.
class VgaCore {
 public:
  static constexpr std::uint64_t window = 0xa0000, window_bytes = 0x20000;

  // Precondition: memory is whole 64 KiB banks, a power of two of them, and outlives this.
  explicit VgaCore(std::span<std::byte> memory) : memory_(memory) {}
  void reset() { *this = VgaCore(memory_); }

  // Width 1, 2 or 4: wider accesses to legacy ports are bytes, lowest first; the VBE ports take 2.
  // In: nothing, out: false when no register is there. A monochrome or colour register that
  // the miscellaneous output register turns off is there, reads as ones and takes nothing.
  std::optional<std::uint32_t> in(std::uint16_t port, std::uint8_t width);
  bool out(std::uint16_t port, std::uint32_t value, std::uint8_t width);

  // A byte of the window. Precondition: offset < window_bytes.
  std::uint8_t read(std::uint32_t offset);
  void write(std::uint32_t offset, std::uint8_t value);

 private:
  enum Vbe : std::size_t { id, xres, yres, bpp, enable, bank, virt_width, virt_height, x, y };
  struct Indexed {
    std::uint8_t index = 0;
    std::array<std::uint8_t, 256> value{};
  };

  std::uint8_t in_byte(std::uint16_t port);
  void out_byte(std::uint16_t port, std::uint8_t value);
  bool turned_off(std::uint16_t port) const;
  void write_attribute(std::uint8_t value);
  void write_crtc(std::uint8_t value);
  std::uint8_t read_dac();
  void write_dac(std::uint8_t value);

  bool vbe_enabled() const { return (vbe_[enable] & 1) != 0; }
  std::uint16_t read_vbe() const;
  void write_vbe(std::uint16_t value);
  void enable_vbe(std::uint16_t value);
  std::uint32_t line_bytes() const;
  void fix_vbe();
  void set_registers_from_vbe();

  std::optional<std::uint32_t> address_of(std::uint32_t offset) const;
  std::uint8_t sequencer(std::size_t index) const;
  bool chain4() const { return (sequencer(4) & 8) != 0; }
  std::uint32_t group(std::uint32_t number) const;
  std::uint32_t combined(std::uint8_t value) const;

  std::span<std::byte> memory_;
  Indexed sequencer_, graphics_, crtc_, attributes_;
  bool attribute_data_next_ = false;
  std::uint8_t misc_ = 0, feature_ = 0, status_ = 0;
  std::uint8_t dac_read_ = 0, dac_write_ = 0, dac_state_ = 0;
  std::size_t dac_part_ = 0;
  std::array<std::uint8_t, 3> dac_pending_{};
  std::array<std::array<std::uint8_t, 3>, 256> palette_{};
  std::uint16_t vbe_index_ = 0;
  std::array<std::uint16_t, 10> vbe_{0xb0c5};  // the id: the newest version
  std::uint32_t latch_ = 0;
};

}  // namespace spicebench::qxl
