// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/conform/mirror.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/draw/picture_hash.hpp"
#include "qxl-model/device/field_names.hpp"
#include "qxl-model/device/memory_map.hpp"
#include "qxl-model/device/ram_header.hpp"
#include "qxl-model/qtest/pc_interrupts.hpp"
#include "qxl-model/vga/vga_core.hpp"
#include "replayer/conform/tolerated.hpp"

namespace spicebench::replayer {

using Access = qxl::BusAccess;

namespace {

constexpr std::uint16_t pci_address_port = 0xcf8, pci_data_port = 0xcfc;
constexpr std::uint32_t function_mask = 0x80ff'ff00, our_function = 0x8000'0000 | 2u << 11;
constexpr unsigned ram_bar = 0, rom_bar = 2, io_bar = 3;
constexpr std::uint64_t release_items = qxl::ram::release_ring + 20;
constexpr std::size_t trail_length = 24;

// Which of an access's bytes are shown.
std::string text_of(BytesView bytes) {
  constexpr std::size_t shown = 32;
  std::string out;
  for (const std::byte byte : bytes.first(std::min(bytes.size(), shown)))
    out += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return bytes.size() > shown ? fmt::format("{}… ({} bytes)", out, bytes.size()) : out;
}

// Where pixels differ that can be seen, in whole words; a rest of a word counts in full.
std::optional<std::size_t> first_visible_difference(BytesView real, BytesView model,
                                                    std::uint32_t format) {
  const std::uint32_t visible = draw::visible_bits(static_cast<image::Format>(format));
  for (std::size_t at = 0;;) {
    const auto rest = real.subspan(at);
    at +=
        static_cast<std::size_t>(std::ranges::mismatch(rest, model.subspan(at)).in1 - rest.begin());
    if (at == real.size()) return std::nullopt;
    at &= ~std::size_t{3};
    if (real.size() - at < 4) return at;
    const std::uint64_t difference =
        load_little_endian(&real[at], 4) ^ load_little_endian(&model[at], 4);
    if ((difference & visible) != 0) return at;
    at += 4;
  }
}

}  // namespace

std::string Nonconformity::text() const {
  return fmt::format("after access {}: {}: the real device has {}, the model {}", access, what,
                     expected, found);
}

void Mirror::differs(std::string what, std::string expected, std::string found) {
  if (nonconformity_) return;
  nonconformity_ = {std::move(what),
                    std::move(expected),
                    std::move(found),
                    counters_.accesses,
                    {trail_.begin(), trail_.end()}};
}

void Mirror::remember(const Access& access) {
  const auto base = model_.device_memory().pci().base(ram_bar);
  const std::uint64_t header = base.value_or(0) + model_.device_memory().sizes().ram_header();
  std::string place = fmt::format("{:#x}", access.where);
  if (base && access.where >= header && access.where - header < qxl::ram::header_bytes)
    place = qxl::ram_field_at(static_cast<std::uint32_t>(access.where - header));
  std::string line;
  switch (access.kind) {
    case Access::Kind::read:
      line = fmt::format("read {} {}", place, text_of(access.bytes));
      break;
    case Access::Kind::write:
      line = fmt::format("write {} {}", place, text_of(access.bytes));
      break;
    case Access::Kind::in:
      line = fmt::format("in {:#x} {:#x}", access.where, access.value);
      break;
    case Access::Kind::out:
      line = fmt::format("out {:#x} {:#x}", access.where, access.value);
      break;
    case Access::Kind::wait:
      line = fmt::format("wait, lines {:#x}", access.value);
      break;
    case Access::Kind::sleep:
      line = "sleep";
      break;
  }
  if (trail_.size() == trail_length) trail_.pop_front();
  trail_.push_back(fmt::format("{} at cycle {}: {}", counters_.accesses, access.at, line));
}

void Mirror::accessed(const Access& access) {
  if (stopped()) return;
  ++counters_.accesses;
  remember(access);
  if (auto done = mirror(access); !done) failure_ = std::move(done.error());
}

void Mirror::at_rest() {
  if (stopped()) return;
  const auto compare = [this]() -> Result<void> {
    CHECKED(compare_releases());
    CHECKED(compare_rest(true));
    return compare_pixels();
  };
  if (auto done = compare(); !done) failure_ = std::move(done.error());
}

bool Mirror::is_ours(std::uint16_t port) const {
  const auto base = model_.device_memory().pci().base(io_bar);
  return base && port >= *base && port - *base < model_.device_memory().sizes().io;
}

Result<void> Mirror::mirror(const Access& access) {
  switch (access.kind) {
    case Access::Kind::in:
    case Access::Kind::out:
      return mirror_port(access);
    case Access::Kind::write:
      ++counters_.mirrored;
      return real_.write(access.where, access.bytes);
    case Access::Kind::read:
      return mirror_read(access);
    case Access::Kind::wait:
      return {};
    case Access::Kind::sleep:
      // The model had all the time it needs.
      return compare_rest(false);
  }
  return {};
}

Result<void> Mirror::mirror_port(const Access& access) {
  const auto port = static_cast<std::uint16_t>(access.where);
  const bool is_out = access.kind == Access::Kind::out;
  const bool is_data = port >= pci_data_port && port < pci_data_port + 4;
  if (port == pci_address_port && is_out) pci_address_ = access.value;
  // The machine around the device is another one: its other functions are not compared.
  if (is_data && (pci_address_ & function_mask) != our_function) return {};
  if (port != pci_address_port && !is_data && !is_ours(port) && !qxl::VgaCore::has_port(port))
    return {};
  ++counters_.mirrored;
  if (is_out) return real_.out(port, access.value, access.width);
  const std::uint32_t real = TRY(real_.in(port, access.width));
  ++counters_.reads_compared;
  if (real != access.value)
    differs(is_data ? fmt::format("PCI register {:#04x}", pci_address_ & 0xff)
                    : fmt::format("port {:#x}", port),
            fmt::format("{:#x}", real), fmt::format("{:#x}", access.value));
  return {};
}

// What a list of released resources says is compared when the guest is at rest, without its order.
Result<void> Mirror::mirror_read(const Access& access) {
  ++counters_.mirrored;
  Bytes real(access.bytes.size());
  const auto base = model_.device_memory().pci().base(ram_bar);
  const std::uint64_t header = base.value_or(0) + model_.device_memory().sizes().ram_header();
  const bool is_head = base && access.bytes.size() == 8 && access.where >= header + release_items &&
                       access.where < header + qxl::ram::update_area;
  if (is_head) {
    CHECKED(real_.read(access.where, real));
    real_heads_.push_back(load_little_endian(real.data(), 8));
    next_resource_ = load_little_endian(access.bytes.data(), 8);
    return {};
  }
  if (next_resource_ != 0 && access.bytes.size() == 8) {
    places_[next_resource_] = access.where;
    next_resource_ = load_little_endian(access.bytes.data(), 8);
    return {};
  }
  ++counters_.reads_compared;
  for (unsigned attempt = 0;; ++attempt) {
    CHECKED(real_.read(access.where, real));
    if (std::ranges::equal(real, access.bytes) || shows_the_same(access, real)) return {};
    if (!patience_(attempt)) break;
  }
  const std::string where =
      base && access.where >= header && access.where - header < qxl::ram::header_bytes
          ? qxl::ram_field_at(static_cast<std::uint32_t>(access.where - header))
          : fmt::format("memory at {:#x}", access.where);
  differs(where, text_of(real), text_of(access.bytes));
  return {};
}

// Both gave back the same resources since it was at rest last; in which order is tolerated.
Result<void> Mirror::compare_releases() {
  std::vector<std::uint64_t> real, model;
  for (const auto& [resource, place] : places_) model.push_back(resource);
  for (const std::uint64_t head : real_heads_) {
    for (std::uint64_t resource = head; resource != 0;) {
      real.push_back(resource);
      const auto place = places_.find(resource);
      if (place == places_.end() || real.size() > places_.size()) break;
      Bytes next(8);
      CHECKED(real_.read(place->second, next));
      resource = load_little_endian(next.data(), 8);
    }
  }
  std::ranges::sort(real);
  if (real != model)
    differs("released resources", fmt::format("{}", fmt::join(real, " ")),
            fmt::format("{}", fmt::join(model, " ")));
  counters_.resources += model.size();
  real_heads_.clear();
  places_.clear();
  return {};
}

// Everything that the device shows.
//   flushed  all that was pushed is rendered and given back; before, the real device holds
//            resources that the model has given back already
Result<void> Mirror::compare_rest(bool flushed) {
  if (nonconformity_) return {};
  const qxl::MemoryMap& memory = model_.device_memory();
  const auto ram = memory.pci().base(ram_bar), rom = memory.pci().base(rom_bar);
  if (!ram || !rom) return {};
  ++counters_.states_compared;
  const std::uint64_t header = *ram + memory.sizes().ram_header();
  Bytes bytes(qxl::ram::header_bytes);
  memory.read(header, bytes);
  CHECKED(compare_memory(
      header, bytes, "RAM header",
      [flushed](std::uint32_t offset) { return !is_tolerated_in_header(offset, flushed); },
      &qxl::ram_field_at));
  CHECKED(compare_memory(
      *rom, memory.rom(), "ROM", [](std::uint32_t) { return true; }, &qxl::rom_field_at));
  return compare_line();
}

Result<void> Mirror::compare_memory(std::uint64_t base, BytesView model, std::string_view area,
                                    std::function<bool(std::uint32_t offset)> counts,
                                    std::string (*name_of)(std::uint32_t offset)) {
  Bytes real(model.size());
  const auto first_difference = [&]() -> std::optional<std::uint32_t> {
    for (std::uint32_t i = 0; i < model.size(); ++i)
      if (real[i] != model[i] && counts(i)) return i;
    return std::nullopt;
  };
  for (unsigned attempt = 0;; ++attempt) {
    CHECKED(real_.read(base, real));
    if (!first_difference()) return {};
    if (!patience_(attempt)) break;
  }
  // Whole words around it: the fields are words.
  const std::uint32_t at = *first_difference() & ~3u;
  const auto word = [at](BytesView bytes) {
    return fmt::format("{:#x}", load_little_endian(bytes.data() + at, 4));
  };
  differs(fmt::format("{}: {}", area, name_of(at)), word(real), word(model));
  return {};
}

Result<void> Mirror::compare_line() {
  const bool model = model_.display_line();
  for (unsigned attempt = 0;; ++attempt) {
    // Any answer brings the news about the line.
    std::byte byte[1];
    CHECKED(real_.read(0, byte));
    if (real_.is_raised(qxl::display_input) == model) break;
    if (patience_(attempt)) continue;
    differs("interrupt line", model ? "low" : "high", model ? "high" : "low");
    return {};
  }
  if (model && !line_was_high_) ++counters_.interrupts;
  line_was_high_ = model;
  return {};
}

Result<void> Mirror::compare_pixels() {
  for (const auto& [id, surface] : model_.surfaces()) {
    if (nonconformity_) return {};
    const auto address = model_.device_memory().address_of(surface.block);
    if (!address) {
      CHECKED(compare_screen(surface));
      continue;
    }
    Bytes real(surface.block.size());
    CHECKED(real_.read(*address, real));
    counters_.pixels += std::uint64_t{surface.width} * surface.height;
    const auto at = first_visible_difference(real, surface.block, surface.format);
    if (!at) continue;
    const auto row_bytes = static_cast<std::uint64_t>(std::abs(std::int64_t{surface.stride}));
    const std::uint64_t row = *at / row_bytes;
    const auto word = [&](BytesView bytes) {
      return fmt::format("{:#010x}", load_little_endian(bytes.data() + *at, 4));
    };
    differs(fmt::format("pixels of surface {}, {} bytes into row {}", id, *at % row_bytes,
                        surface.stride < 0 ? surface.height - 1 - row : row),
            word(real), word(surface.block));
  }
  return {};
}

Result<void> Mirror::compare_screen(const qxl::GuestMemoryView& surface) {
  const auto real = TRY(screen_());
  if (real.width != surface.width || real.height != surface.height) {
    differs("size of the screen", fmt::format("{} x {}", real.width, real.height),
            fmt::format("{} x {}", surface.width, surface.height));
    return {};
  }
  counters_.pixels += real.pixels.size();
  constexpr std::uint64_t visible = 0xff'ffff;
  for (std::uint32_t y = 0; y < real.height; ++y)
    for (std::uint32_t x = 0; x < real.width; ++x) {
      const std::uint32_t expected = real.pixels[std::size_t{y} * real.width + x];
      const std::uint64_t found =
          load_little_endian(&surface.row(y)[std::size_t{4} * x], 4) & visible;
      if (expected == found) continue;
      differs(fmt::format("pixel {}, {} of the screen", x, y), fmt::format("{:#08x}", expected),
              fmt::format("{:#08x}", found));
      return {};
    }
  return {};
}

// Whether what the guest read is pixels of a surface, and the same to whoever looks at them.
bool Mirror::shows_the_same(const Access& access, BytesView real) const {
  return std::ranges::any_of(model_.surfaces(), [&](const auto& entry) {
    const qxl::GuestMemoryView& surface = entry.second;
    const auto base = model_.device_memory().address_of(surface.block);
    return base && access.where >= *base && (access.where - *base) % 4 == 0 &&
           access.where - *base + real.size() <= surface.block.size() &&
           !first_visible_difference(real, access.bytes, surface.format);
  });
}

}  // namespace spicebench::replayer
