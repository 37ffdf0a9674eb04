// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <utility>

#include "qxl-model/device/ram_header.hpp"
#include "qxl-model/device/rom.hpp"
#include "qxl-model/guest/driver.hpp"

// Coming up: the device, its memory slots, primary surface and monitors (qxl-device.md §3, §4, §7,
// §21).
namespace spicebench::qxl {

namespace {
constexpr std::uint16_t vendor_id = 0x1b36, device_id = 0x0100;
constexpr std::uint64_t page = 4096;
constexpr std::uint32_t keep_data = 1;  // flag of a new surface
}  // namespace

Task<Result<void>> Driver::bring_up(std::uint32_t width, std::uint32_t height) {
  auto done = co_await set_up();
  if (!done) co_return done;
  if (!profile_.transient_primary) co_return co_await show(width, height);
  const wire::display::Head head[] = {{.width = width, .height = height}};
  done = co_await show_transient_primary(head);
  if (!done) co_return done;
  const wire::device::SurfaceCreate wanted = screen(width, height);
  co_return co_await create_primary(wanted, {});
}

wire::device::SurfaceCreate Driver::screen(std::uint32_t width, std::uint32_t height) const {
  auto out = surface_of(0, width, height, wire::display::surface_32_xrgb);
  if (profile_.primary_bottom_up) out.stride = -out.stride;
  return out;
}

Task<Result<void>> Driver::show(std::uint32_t width, std::uint32_t height) {
  const wire::device::SurfaceCreate wanted = screen(width, height);
  auto created = co_await create_primary(wanted, {});
  if (!created) co_return created;
  if (profile_.pictures_whole_screen) co_await draw_nothing(width, height);
  const wire::display::Head head[] = {{.width = width, .height = height}};
  co_return co_await configure_monitors(head);
}

// The surface that is there before the size of the real one is known, and a picture on it.
Task<Result<void>> Driver::show_transient_primary(std::span<const wire::display::Head> heads) {
  constexpr std::uint32_t side = 64;
  const wire::device::SurfaceCreate small = screen(side, side);
  auto done = co_await create_primary(small, {});
  if (!done) co_return done;
  co_await draw_nothing(side, side);
  co_return co_await configure_monitors(heads);
}

// All of the screen, black.
Task<> Driver::draw_nothing(std::uint32_t width, std::uint32_t height) {
  const Picture nothing{width, height, std::vector<std::uint32_t>(std::size_t{width} * height)};
  const wire::display::Rect all{0, 0, static_cast<std::int32_t>(height),
                                static_cast<std::int32_t>(width)};
  CommandBlock block =
      CommandBlock::copy(all, std::span(&all, 1), nothing, {}, wire::display::ropd_put, {});
  co_await draw(std::move(block));
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
  co_return co_await restart();
}

Task<Result<void>> Driver::restart() {
  co_await port(Port::reset, 0);
  forget();
  bus_.write32(header(ram::int_mask), profile_.polls ? 0 : profile_.interrupt_mask);
  auto done = co_await add_slot(ram_slot, ram_base_, header_);
  if (!done) co_return done;
  co_return co_await add_video_slot();
}
Task<Result<void>> Driver::add_video_slot() {
  co_return co_await add_slot(vram_slot, pci_.bars[1].base, pci_.bars[1].base + pci_.bars[1].size);
}

// What was with the device does not come back after a reset.
void Driver::forget() {
  memory_ = MemoryPool(pool_bytes_);
  video_memory_ = MemoryPool(pci_.bars[1].size);
  monitors_.reset();
  objects_.clear();
  free_ids_.clear();
  outstanding_ = 0;
  surfaces_.clear();
  primary_.reset();
  primary_block_.reset();
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
  pool_bytes_ = bus_.read32(rom_base_ + rom::num_pages) * page;
  if (profile_.monitors_below_header) pool_bytes_ -= page;
  co_return Result<void>{};
}

Task<Result<void>> Driver::add_slot(std::uint8_t slot, std::uint64_t start, std::uint64_t end) {
  bus_.write64(header(ram::mem_slot), start);
  bus_.write64(header(ram::mem_slot + 8), end);
  co_return co_await operation(Port::memslot_add, Port::memslot_add_async, slot);
}

Task<Result<void>> Driver::create_primary(const wire::device::SurfaceCreate& surface,
                                          BytesView content, std::optional<bool> keep) {
  if (primary_) {
    auto gone = co_await destroy_primary();
    if (!gone) co_return gone;
  }
  const std::uint64_t bytes = wire::device::block_bytes(surface);
  std::uint64_t encoded = std::uint64_t{ram_slot} << slot_shift;
  primary_address_ = ram_base_;
  if (profile_.primary_in_video_memory) {
    primary_block_ = video_memory_.allocate(bytes);
    if (!primary_block_) co_return fail(ErrorCode::out_of_range, "no video memory for a screen");
    primary_address_ = video_address(primary_block_->offset);
    encoded = encoded_video_address(primary_block_->offset);
  }
  if (!content.empty()) bus_.write(primary_address_, content);
  const bool keeps = keep.value_or(!content.empty() || profile_.primary_keeps_data);
  if (content.empty() && keeps) bus_.write(primary_address_, Bytes(bytes));
  bus_.write32(header(ram::create_width), surface.width);
  bus_.write32(header(ram::create_height), surface.height);
  bus_.write32(header(ram::create_stride), static_cast<std::uint32_t>(surface.stride));
  bus_.write32(header(ram::create_format), surface.format);
  bus_.write32(header(ram::create_flags), keeps ? keep_data : 0);
  bus_.write32(header(ram::create_type), 0);
  bus_.write64(header(ram::create_mem), encoded);
  primary_ = surface;
  co_return co_await operation(Port::create_primary, Port::create_primary_async, 0);
}

Task<Result<void>> Driver::set_compat_mode(std::uint8_t place) {
  constexpr std::uint64_t count_bytes = 4, row_bytes = 32;
  const std::uint64_t row = rom_base_ + rom::modes + count_bytes + place * row_bytes;
  primary_ =
      surface_of(0, bus_.read32(row + 4), bus_.read32(row + 8), wire::display::surface_32_xrgb);
  primary_->stride = -primary_->stride;
  co_await port(Port::set_mode, place);
  // It resets the device.
  bus_.write32(header(ram::int_mask), profile_.interrupt_mask);
  primary_address_ = ram_base_;
  compat_ = true;
  monitors_.reset();
  co_return Result<void>{};
}

Task<Result<void>> Driver::destroy_primary() {
  primary_.reset();
  auto done = co_await operation(Port::destroy_primary, Port::destroy_primary_async, 0, patience);
  if (primary_block_) video_memory_.release(*std::exchange(primary_block_, std::nullopt));
  co_return done;
}
Task<Result<void>> Driver::destroy_all_surfaces() {
  primary_.reset();
  surfaces_.clear();
  auto done = co_await asynchronous(Port::destroy_all_surfaces_async, 0, patience);
  if (primary_block_) video_memory_.release(*std::exchange(primary_block_, std::nullopt));
  co_return done;
}

// What does not agree with its checksum is still being written: the device rings again.
std::optional<std::vector<wire::display::Head>> Driver::take_client_monitors() {
  if (!std::exchange(monitors_news_, false)) return std::nullopt;
  constexpr std::size_t first_head = 4, head_bytes = 16;
  Bytes block;
  for (std::uint32_t at = 0; at < rom::monitors_bytes; at += 4)
    append_little_endian(block, bus_.read32(rom_base_ + rom::monitors + at), 4);
  if (monitors_crc(block) != bus_.read32(rom_base_ + rom::monitors_crc)) return std::nullopt;
  std::vector<wire::display::Head> heads;
  const std::size_t count = std::min(most_heads, load_little_endian(block.data(), 2));
  for (std::size_t i = 0; i < count; ++i) {
    const auto side = [&](std::size_t n) {  // top, left, bottom, right
      return static_cast<std::uint32_t>(
          load_little_endian(&block[first_head + i * head_bytes + 4 * n], 4));
    };
    heads.push_back({.monitor_id = static_cast<std::uint32_t>(i),
                     .width = side(3) - side(1),
                     .height = side(2) - side(0),
                     .x = side(1),
                     .y = side(0)});
  }
  return heads;
}

Task<Result<void>> Driver::configure_monitors(std::span<const wire::display::Head> heads) {
  constexpr std::uint64_t head_bytes = 28, heads_below_header = 16;
  std::uint64_t at = 0, encoded = 0;
  if (profile_.monitors_below_header) {
    at = header_ - (4 + head_bytes * heads_below_header);
    encoded = std::uint64_t{ram_slot} << slot_shift | (at - ram_base_);
  } else {
    if (!monitors_) monitors_ = memory_.allocate(4 + head_bytes * most_heads);
    if (!monitors_) co_return fail(ErrorCode::out_of_range, "no command memory at all");
    at = pool_address(monitors_->offset);
    encoded = encoded_pool_address(monitors_->offset);
  }
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
  bus_.write64(header(ram::monitors_config), encoded);
  co_return co_await asynchronous(Port::monitors_config_async, 0);
}

}  // namespace spicebench::qxl
