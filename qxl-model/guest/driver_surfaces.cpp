// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/driver.hpp"

// Off-screen surfaces of the driver (qxl-device.md §15, §21.2).
namespace spicebench::qxl {

namespace device = wire::device;

namespace {
wire::display::Rect all_of(const device::SurfaceCreate& surface) {
  return {0, 0, static_cast<std::int32_t>(surface.height),
          static_cast<std::int32_t>(surface.width)};
}
}  // namespace

Task<> Driver::create_surface(device::SurfaceCreate surface, BytesView content) {
  const auto place = co_await take(video_memory_, device::block_bytes(surface));
  if (!content.empty()) bus_.write(video_address(place.offset), content);
  surfaces_.insert_or_assign(surface.surface_id, OffScreen{surface, place});
  const std::uint64_t pixels = encoded_video_address(place.offset);
  CommandBlock block = CommandBlock::create_surface(surface, pixels, !content.empty());
  co_await push(CommandType::surface, std::move(block), place);
}

Task<> Driver::destroy_surface(std::uint32_t id) {
  surfaces_.erase(id);
  CommandBlock block = CommandBlock::destroy_surface(id);
  co_await push(CommandType::surface, std::move(block));
}

Task<Result<void>> Driver::evict_surface(std::uint32_t id) {
  const OffScreen living = surfaces_.at(id);
  auto current = co_await update_area(all_of(living.surface), id);
  if (!current) co_return current;
  Bytes pixels(device::block_bytes(living.surface));
  bus_.read(video_address(living.pixels.offset), pixels);
  evicted_.insert_or_assign(id, std::pair(living.surface, std::move(pixels)));
  co_await destroy_surface(id);
  co_return Result<void>{};
}

Task<> Driver::restore_surface(std::uint32_t id) {
  const auto kept = evicted_.extract(id);
  co_await create_surface(kept.mapped().first, kept.mapped().second);
}

}  // namespace spicebench::qxl
