// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/vga/vga_core.hpp"

#include <algorithm>
#include <bit>

#include "core/base/bytes.hpp"

namespace spicebench::qxl {

namespace {

// The bits that each register keeps.
constexpr std::array<std::uint8_t, 8> sequencer_bits{0x03, 0x3d, 0x0f, 0x3f, 0x0e, 0, 0, 0xff};
constexpr std::array<std::uint8_t, 16> graphics_bits{0x0f, 0x0f, 0x0f, 0x1f, 0x03,
                                                     0x7b, 0x0f, 0x0f, 0xff};
constexpr std::array<std::uint8_t, 21> attribute_bits{0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f,
                                                      0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f, 0x3f,
                                                      0x3f, 0x3f, 0xef, 0xff, 0x3f, 0x0f, 0x0f};

constexpr std::uint16_t vbe_index_port = 0x1ce, vbe_data_port = 0x1cf, vbe_data_port_2 = 0x1d0;
constexpr std::uint16_t vbe_oldest = 0xb0c0, vbe_newest = 0xb0c5, vbe_memory_register = 10;
constexpr std::uint16_t vbe_capabilities = 0x02, vbe_8bit_dac = 0x20, vbe_keep_memory = 0x80;
constexpr std::uint16_t max_width = 16000, max_height = 12000, max_depth = 32;

// Bit p of the low four becomes byte p, all zeros or all ones.
std::uint32_t planes_of(std::uint8_t bits) {
  std::uint32_t out = 0;
  for (unsigned plane = 0; plane < 4; ++plane)
    if (bits >> plane & 1) out |= 0xffu << (8 * plane);
  return out;
}
std::uint32_t bits_of(std::uint16_t depth) {
  return depth == 15 ? 16 : depth;
}
std::uint32_t in_all_planes(std::uint8_t value) {
  return value * 0x0101'0101u;
}

}  // namespace

// Ports

bool VgaCore::is_legacy(std::uint16_t port) {
  return (port >= 0x3c0 && port <= 0x3cf) || port == 0x3b4 || port == 0x3b5 || port == 0x3ba ||
         port == 0x3d4 || port == 0x3d5 || port == 0x3da;
}

std::optional<std::uint32_t> VgaCore::in(std::uint16_t port, std::uint8_t width) {
  if (width == 2 && port == vbe_index_port) return vbe_index_;
  if (width == 2 && (port == vbe_data_port || port == vbe_data_port_2)) return read_vbe();
  if (!is_legacy(port)) return std::nullopt;
  std::uint32_t value = 0;
  for (std::uint16_t i = 0; i < width; ++i) {
    const auto part = static_cast<std::uint16_t>(port + i);
    value |= std::uint32_t{is_legacy(part) ? in_byte(part) : std::uint8_t{0xff}} << (8 * i);
  }
  return value;
}

bool VgaCore::out(std::uint16_t port, std::uint32_t value, std::uint8_t width) {
  if (width == 2 && port == vbe_index_port) {
    vbe_index_ = static_cast<std::uint16_t>(value);
    return true;
  }
  if (width == 2 && (port == vbe_data_port || port == vbe_data_port_2)) {
    write_vbe(static_cast<std::uint16_t>(value));
    return true;
  }
  if (!is_legacy(port)) return false;
  for (std::uint16_t i = 0; i < width; ++i) {
    const auto part = static_cast<std::uint16_t>(port + i);
    if (is_legacy(part)) out_byte(part, static_cast<std::uint8_t>(value >> (8 * i)));
  }
  return true;
}

bool VgaCore::turned_off(std::uint16_t port) const {
  return (port & 0xfff0) == ((misc_ & 1) != 0 ? 0x3b0 : 0x3d0);
}

std::uint8_t VgaCore::in_byte(std::uint16_t port) {
  if (turned_off(port)) return 0xff;
  switch (port) {
    case 0x3c0:
      return attribute_data_next_ ? 0 : attributes_.index;
    case 0x3c1:
      return attributes_.value[attributes_.index & 0x1f];
    case 0x3c4:
      return sequencer_.index;
    case 0x3c5:
      return sequencer_.value[sequencer_.index];
    case 0x3c7:
      return dac_state_;
    case 0x3c8:
      return dac_write_;
    case 0x3c9:
      return read_dac();
    case 0x3ca:
      return feature_;
    case 0x3cc:
      return misc_;
    case 0x3ce:
      return graphics_.index;
    case 0x3cf:
      return graphics_.value[graphics_.index];
    case 0x3b4:
    case 0x3d4:
      return crtc_.index;
    case 0x3b5:
    case 0x3d5:
      return crtc_.value[crtc_.index];
    case 0x3ba:
    case 0x3da:
      // Every look finds the retrace begun or ended, so that no guest waits for it.
      status_ ^= 0x09;
      attribute_data_next_ = false;
      return status_;
    default:
      return 0;
  }
}

void VgaCore::out_byte(std::uint16_t port, std::uint8_t value) {
  if (turned_off(port)) return;
  switch (port) {
    case 0x3c0:
      return write_attribute(value);
    case 0x3c2:
      misc_ = value & 0xef;
      return;
    case 0x3c4:
      sequencer_.index = value & 7;
      return;
    case 0x3c5:
      sequencer_.value[sequencer_.index] = value & sequencer_bits[sequencer_.index];
      fonts_touched_ = true;
      return;
    case 0x3c7:
      dac_read_ = value;
      dac_part_ = 0;
      dac_state_ = 3;
      return;
    case 0x3c8:
      dac_write_ = value;
      dac_part_ = 0;
      dac_state_ = 0;
      return;
    case 0x3c9:
      return write_dac(value);
    case 0x3ce:
      graphics_.index = value & 0x0f;
      return;
    case 0x3cf:
      graphics_.value[graphics_.index] = value & graphics_bits[graphics_.index];
      fonts_touched_ = true;
      return set_registers_from_vbe();
    case 0x3b4:
    case 0x3d4:
      crtc_.index = value;
      return;
    case 0x3b5:
    case 0x3d5:
      return write_crtc(value);
    case 0x3ba:
    case 0x3da:
      feature_ = value & 0x10;
      return;
    default:
      return;
  }
}

void VgaCore::write_attribute(std::uint8_t value) {
  const std::size_t index = attributes_.index & 0x1f;
  if (!attribute_data_next_)
    attributes_.index = value & 0x3f;
  else if (index < attribute_bits.size())
    attributes_.value[index] = value & attribute_bits[index];
  attribute_data_next_ = !attribute_data_next_;
}

void VgaCore::write_crtc(std::uint8_t value) {
  auto& crtc = crtc_.value;
  if ((crtc[0x11] & 0x80) != 0 && crtc_.index <= 7) {
    // Protected, but for one bit of the line compare.
    if (crtc_.index != 7) return;
    value = static_cast<std::uint8_t>((crtc[7] & ~0x10) | (value & 0x10));
  }
  crtc[crtc_.index] = value;
  set_registers_from_vbe();
}

std::uint8_t VgaCore::read_dac() {
  const std::uint8_t value = palette_[dac_read_][dac_part_];
  if (++dac_part_ == 3) {
    dac_part_ = 0;
    ++dac_read_;
  }
  return value;
}

void VgaCore::write_dac(std::uint8_t value) {
  dac_pending_[dac_part_] = value;
  if (++dac_part_ < 3) return;
  palette_[dac_write_++] = dac_pending_;
  dac_part_ = 0;
}

// VBE

std::uint16_t VgaCore::read_vbe() const {
  if (vbe_index_ == vbe_memory_register) return static_cast<std::uint16_t>(picture_bytes_ >> 16);
  if (vbe_index_ >= vbe_.size()) return 0;
  if ((vbe_[enable] & vbe_capabilities) != 0) {
    if (vbe_index_ == xres) return max_width;
    if (vbe_index_ == yres) return max_height;
    if (vbe_index_ == bpp) return max_depth;
  }
  return vbe_[vbe_index_];
}

void VgaCore::write_vbe(std::uint16_t value) {
  if (vbe_index_ == id) {
    if (value >= vbe_oldest && value <= vbe_newest) vbe_[id] = value;
  } else if (vbe_index_ == bank) {
    vbe_[bank] = static_cast<std::uint16_t>(value & ((memory_.size() >> 16) - 1));
    bank_offset_ = std::uint32_t{vbe_[bank]} << 16;
    fonts_touched_ = true;
  } else if (vbe_index_ == enable) {
    enable_vbe(value);
  } else if (vbe_index_ < vbe_.size() && vbe_index_ != virt_height) {
    vbe_[vbe_index_] = value;
    fix_vbe();
    set_registers_from_vbe();
  }
}

void VgaCore::enable_vbe(std::uint16_t value) {
  const bool begins = (value & 1) != 0 && !vbe_enabled();
  dac_8bit_ = (value & vbe_8bit_dac) != 0;
  fonts_touched_ = true;
  if (!begins) {
    if ((value & 1) == 0) bank_offset_ = 0;
    vbe_[enable] = value;
    return;
  }
  vbe_[virt_width] = vbe_[x] = vbe_[y] = 0;
  vbe_[enable] |= 1;
  fix_vbe();
  set_registers_from_vbe();
  if ((value & vbe_keep_memory) == 0) {
    const std::size_t cleared = std::size_t{vbe_[yres]} * vbe_line_bytes();
    std::ranges::fill(memory_.first(cleared), std::byte{0});
    dirty_.mark(0, cleared);
  }
  vbe_[enable] = value;
}

std::uint32_t VgaCore::vbe_line_bytes() const {
  return vbe_[virt_width] * bits_of(vbe_[bpp]) / 8;
}
std::uint32_t VgaCore::vbe_start_bytes() const {
  return vbe_[x] * bits_of(vbe_[bpp]) / 8 + vbe_[y] * vbe_line_bytes();
}

// What is asked for becomes what the memory has room for.
void VgaCore::fix_vbe() {
  if (!vbe_enabled()) return;
  constexpr std::array<std::uint16_t, 6> depths{4, 8, 15, 16, 24, 32};
  if (std::ranges::find(depths, vbe_[bpp]) == depths.end()) vbe_[bpp] = 8;
  const auto whole = [](std::uint16_t width) {
    return std::min<std::uint16_t>(width & 0xfff8, max_width);
  };
  vbe_[xres] = std::max<std::uint16_t>(whole(vbe_[xres]), 8);
  vbe_[virt_width] = std::max(whole(vbe_[virt_width]), vbe_[xres]);
  const std::uint32_t line = vbe_line_bytes();
  const auto lines = static_cast<std::uint32_t>(picture_bytes_) / line;
  vbe_[yres] = static_cast<std::uint16_t>(
      std::min({std::max<std::uint32_t>(vbe_[yres], 1), std::uint32_t{max_height}, lines}));
  vbe_[virt_height] = static_cast<std::uint16_t>(lines);
  vbe_[x] = std::min(vbe_[x], max_width);
  vbe_[y] = std::min(vbe_[y], max_height);
  const auto fits = [&] {
    return std::uint64_t{vbe_start_bytes()} + std::uint64_t{vbe_[yres]} * line <= picture_bytes_;
  };
  if (!fits()) vbe_[y] = 0;
  if (!fits()) vbe_[x] = 0;
}

// While VBE is enabled the legacy registers follow it, whoever writes them.
void VgaCore::set_registers_from_vbe() {
  if (!vbe_enabled()) return;
  auto& graphics = graphics_.value;
  auto& crtc = crtc_.value;
  const auto set = [](std::uint8_t& value, unsigned keep, unsigned bits) {
    value = static_cast<std::uint8_t>((value & keep) | bits);
  };
  const unsigned last_line = vbe_[yres] - 1u;
  set(graphics[6], 0xf3, 0x05);
  set(crtc[0x17], 0xff, 0x03);
  set(crtc[0x13], 0, vbe_line_bytes() >> 3);
  set(crtc[0x01], 0, (vbe_[xres] >> 3) - 1u);
  set(crtc[0x12], 0, last_line);
  set(crtc[0x07], 0xbd, (last_line >> 7 & 0x02) | (last_line >> 3 & 0x40));
  set(crtc[0x18], 0, 0xff);
  set(crtc[0x07], 0xff, 0x10);
  set(crtc[0x09], 0xff, 0x40);
  set(graphics[5], 0x9f, vbe_[bpp] == 4 ? 0 : 0x40);
  if (vbe_[bpp] == 4) {
    vbe_sequencer_[1] &= 0xf7;  // no doubled pixels
  } else {
    vbe_sequencer_[4] |= 0x08;  // byte after byte
    vbe_sequencer_[2] |= 0x0f;  // on all planes
  }
  set(crtc[0x09], 0x60, 0);
}

// The picture

std::uint32_t VgaCore::line_bytes() const {
  return vbe_enabled() ? vbe_line_bytes() : crtc_.value[0x13] * 8u;
}
std::uint32_t VgaCore::start_group() const {
  return vbe_enabled() ? vbe_start_bytes() / 4 : crtc_.value[0x0d] | crtc_.value[0x0c] * 256u;
}
std::uint32_t VgaCore::line_compare() const {
  const auto& crtc = crtc_.value;
  if (vbe_enabled()) return 0xffff;
  return crtc[0x18] | (crtc[0x07] & 0x10u) << 4 | (crtc[0x09] & 0x40u) << 3;
}

std::uint32_t VgaCore::color(std::uint8_t index, bool may_be_8bit) const {
  std::uint32_t out = 0;
  for (const std::uint8_t part : palette_[index]) {
    // Six bits; the lowest one fills up.
    const unsigned six = part & 0x3fu;
    out = out << 8 | (may_be_8bit && dac_8bit_ ? part : six << 2 | (six & 1) << 1 | (six & 1));
  }
  return out;
}

// The window

// Where in the addressed memory a byte of the window lies.
std::optional<std::uint32_t> VgaCore::address_of(std::uint32_t offset) const {
  struct Map {
    std::uint32_t first, bytes;
  };
  constexpr std::array<Map, 4> maps{
      {{0, 0x20000}, {0, 0x10000}, {0x10000, 0x8000}, {0x18000, 0x8000}}};
  const unsigned choice = graphics_.value[6] >> 2 & 3;
  const Map& map = maps[choice];
  if (offset < map.first || offset - map.first >= map.bytes) return std::nullopt;
  return offset - map.first + (choice == 1 ? bank_offset_ : 0);
}

std::uint32_t VgaCore::group(std::uint32_t number) const {
  return static_cast<std::uint32_t>(
      load_little_endian(memory_.data() + 4 * std::size_t{number}, 4));
}

std::uint8_t VgaCore::read(std::uint32_t offset) {
  const auto address = address_of(offset);
  if (!address) return 0xff;
  const auto& graphics = graphics_.value;
  if (chain4())
    return *address < memory_.size() ? std::to_integer<std::uint8_t>(memory_[*address]) : 0xff;
  if (graphics[5] & 0x10) {
    const std::size_t at = (std::size_t{*address & ~1u} << 1) | (graphics[4] & 2u) | (*address & 1);
    return at < memory_.size() ? std::to_integer<std::uint8_t>(memory_[at]) : 0xff;
  }
  if (*address >= memory_.size() / 4) return 0xff;
  latch_ = group(*address);
  if ((graphics[5] & 8) == 0) return static_cast<std::uint8_t>(latch_ >> (8 * graphics[4]));
  // Ones where all planes that count have the colour compared with.
  std::uint32_t differs = (latch_ ^ planes_of(graphics[2])) & planes_of(graphics[7]);
  differs |= differs >> 16;
  differs |= differs >> 8;
  return static_cast<std::uint8_t>(~differs);
}

// What a write of `value` makes of all four planes, from the latches.
std::uint32_t VgaCore::combined(std::uint8_t value) const {
  const auto& graphics = graphics_.value;
  const std::uint8_t rotated = std::rotr(value, graphics[3] & 7);
  std::uint32_t colour = 0;
  std::uint8_t bits = graphics[8];
  switch (graphics[5] & 3) {
    case 0: {
      const std::uint32_t chosen = planes_of(graphics[1]);
      colour = (in_all_planes(rotated) & ~chosen) | (planes_of(graphics[0]) & chosen);
      break;
    }
    case 1:
      return latch_;
    case 2:
      colour = planes_of(value);
      break;
    case 3:
      bits &= rotated;
      colour = planes_of(graphics[0]);
      break;
  }
  switch (graphics[3] >> 3) {
    case 1:
      colour &= latch_;
      break;
    case 2:
      colour |= latch_;
      break;
    case 3:
      colour ^= latch_;
      break;
    default:
      break;
  }
  const std::uint32_t mask = in_all_planes(bits);
  return (colour & mask) | (latch_ & ~mask);
}

void VgaCore::write(std::uint32_t offset, std::uint8_t value) {
  const auto address = address_of(offset);
  if (!address) return;
  const auto& graphics = graphics_.value;
  const std::uint8_t planes = sequencer(2);
  const auto put = [&](std::size_t at, unsigned plane) {
    if ((planes >> plane & 1) == 0 || at >= memory_.size()) return;
    memory_[at] = std::byte{value};
    if (plane == 2) fonts_touched_ = true;
    dirty_.mark(at, 1);
  };
  if (chain4()) return put(*address, *address & 3);
  if (graphics[5] & 0x10) {
    const unsigned plane = (graphics[4] & 2u) | (*address & 1);
    return put((std::size_t{*address & ~1u} << 1) | plane, plane);
  }
  if (*address >= memory_.size() / 4) return;
  const std::uint32_t mask = planes_of(planes);
  if ((planes & 4) != 0) fonts_touched_ = true;
  dirty_.mark(4 * std::size_t{*address}, 4);
  store_little_endian(memory_.data() + 4 * std::size_t{*address},
                      (group(*address) & ~mask) | (combined(value) & mask), 4);
}

}  // namespace spicebench::qxl
