// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "core/base/bytes.hpp"
#include "qxl-model/vga/dirty_pages.hpp"

namespace spicebench::qxl {

// The registers and the planar memory of a VGA adapter with VBE extensions (qxl-device.md §2.2).
// Byte p of the 4-byte group n of its memory is byte n of plane p. Registers that the Bochs VBE
// interface sets stay set after it is disabled, as in the reference.
class VgaCore {
 public:
  static constexpr std::uint64_t window = 0xa0000, window_bytes = 0x20000;
  enum Vbe : std::size_t { id, xres, yres, bpp, enable, bank, virt_width, virt_height, x, y };

  // Precondition: memory is whole 64 KiB banks, a power of two of them, and outlives this;
  // picture_bytes is the same of its beginning, which pictures may take.
  VgaCore(std::span<std::byte> memory, std::size_t picture_bytes)
      : memory_(memory), picture_bytes_(picture_bytes) {}

  // Is there a legacy register? Any, or one of VBE, too?
  static bool is_legacy(std::uint16_t port);
  static bool has_port(std::uint16_t port) {
    return is_legacy(port) || (port >= 0x1ce && port <= 0x1d1);
  }
  // Width 1, 2 or 4: wider accesses to legacy ports are bytes, lowest first; the VBE ports take 2.
  // In: nothing, out: false when no register is there. A monochrome or colour register that
  // the miscellaneous output register turns off is there, reads as ones and takes nothing.
  std::optional<std::uint32_t> in(std::uint16_t port, std::uint8_t width);
  bool out(std::uint16_t port, std::uint32_t value, std::uint8_t width);

  // A byte of the window. Precondition: offset < window_bytes.
  std::uint8_t read(std::uint32_t offset);
  void write(std::uint32_t offset, std::uint8_t value);
  // Does memory answer in the window without help, byte for byte?
  bool is_flat() const { return chain4() && (sequencer(2) & 0x0f) == 0x0f; }

  // What the picture is made of.
  BytesView memory() const { return memory_; }
  std::size_t picture_bytes() const { return picture_bytes_; }
  std::uint8_t sequencer(std::size_t index) const {
    return vbe_enabled() ? vbe_sequencer_[index] : sequencer_.value[index];
  }
  std::uint8_t graphics(std::size_t index) const { return graphics_.value[index]; }
  std::uint8_t crtc(std::size_t index) const { return crtc_.value[index]; }
  std::uint8_t attribute(std::size_t index) const { return attributes_.value[index]; }
  bool screen_is_on() const { return (attributes_.index & 0x20) != 0; }
  // 0x00RRGGBB. Palettes of 16 colours have six bits a part, others may have eight.
  std::uint32_t color(std::uint8_t index, bool may_be_8bit) const;
  bool vbe_enabled() const { return (vbe_[enable] & 1) != 0; }
  std::uint16_t vbe(Vbe index) const { return vbe_[index]; }
  std::uint32_t line_bytes() const;    // from one row of the picture to the next
  std::uint32_t start_group() const;   // where it begins
  std::uint32_t line_compare() const;  // the last row before memory begins anew
  // Was plane 2, where fonts are, open to writes since this was asked last?
  bool take_fonts_touched() { return std::exchange(fonts_touched_, false); }

  // Bytes of memory that the guest wrote, here or past the window.
  DirtyPages& dirty() { return dirty_; }

  template <class Archive>
  void transfer(Archive& archive);

 private:
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

  std::uint16_t read_vbe() const;
  void write_vbe(std::uint16_t value);
  void enable_vbe(std::uint16_t value);
  std::uint32_t vbe_line_bytes() const;
  std::uint32_t vbe_start_bytes() const;
  void fix_vbe();
  void set_registers_from_vbe();

  std::optional<std::uint32_t> address_of(std::uint32_t offset) const;
  bool chain4() const { return (sequencer(4) & 8) != 0; }
  std::uint32_t group(std::uint32_t number) const;
  std::uint32_t combined(std::uint8_t value) const;

  std::span<std::byte> memory_;
  std::size_t picture_bytes_;
  DirtyPages dirty_{picture_bytes_};
  Indexed sequencer_, graphics_, crtc_, attributes_;
  std::array<std::uint8_t, 8> vbe_sequencer_{};  // in force while VBE is enabled
  bool attribute_data_next_ = false;
  std::uint8_t misc_ = 0, feature_ = 0, status_ = 0;
  std::uint8_t dac_read_ = 0, dac_write_ = 0, dac_state_ = 0, dac_part_ = 0;
  bool dac_8bit_ = false;
  std::array<std::uint8_t, 3> dac_pending_{};
  std::array<std::array<std::uint8_t, 3>, 256> palette_{};
  std::uint16_t vbe_index_ = 0;
  std::array<std::uint16_t, 10> vbe_{0xb0c5};  // the id: the newest version
  std::uint32_t bank_offset_ = 0;
  std::uint32_t latch_ = 0;
  bool fonts_touched_ = false;
};

template <class Archive>
void VgaCore::transfer(Archive& archive) {
  for (Indexed* registers : {&sequencer_, &graphics_, &crtc_, &attributes_}) {
    archive.value("index", registers->index);
    for (std::uint8_t& value : registers->value) archive.value("value", value);
  }
  // What indexes a smaller table is bounded like the registers that it comes from.
  if constexpr (Archive::loads) {
    sequencer_.index &= 7;
    graphics_.index &= 15;
    attributes_.index &= 63;
  }
  for (std::uint8_t& value : vbe_sequencer_) archive.value("vbe_sequencer", value);
  archive.value("attribute_data_next", attribute_data_next_);
  for (std::uint8_t* value : {&misc_, &feature_, &status_, &dac_read_, &dac_write_, &dac_state_})
    archive.value("register", *value);
  archive.value("dac_part", dac_part_, std::uint8_t{0}, std::uint8_t{2});
  archive.value("dac_8bit", dac_8bit_);
  for (std::uint8_t& part : dac_pending_) archive.value("dac_pending", part);
  for (auto& color : palette_)
    for (std::uint8_t& part : color) archive.value("palette", part);
  archive.value("vbe_index", vbe_index_);
  for (std::uint16_t& value : vbe_) archive.value("vbe", value);
  archive.value("bank_offset", bank_offset_);
  archive.value("latch", latch_);
  archive.value("fonts_touched", fonts_touched_);
  archive.part("dirty", [&] { dirty_.transfer(archive); });
}

}  // namespace spicebench::qxl
