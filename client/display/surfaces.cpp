// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/display/surfaces.hpp"

#include <fmt/format.h>

namespace spicebench::client {

using wire::display::SurfaceCreate;

Result<Surfaces::Created> Surfaces::create(const SurfaceCreate& wanted) {
  const bool primary = (wanted.flags & wire::display::surface_primary) != 0;
  if (!image::is_known(wanted.format))
    return fail(ErrorCode::out_of_range, fmt::format("surface format {}", wanted.format), 0,
                "format");
  if (wanted.width == 0 || wanted.height == 0 || wanted.width > 32768 || wanted.height > 32768 ||
      std::uint64_t{wanted.width} * wanted.height * 4 >= std::uint64_t{1} << 31)
    return fail(ErrorCode::out_of_range,
                fmt::format("surface of {} x {}: sides must be 1 to 32768, 4 bytes a pixel below "
                            "2^31",
                            wanted.width, wanted.height),
                0, "width");
  if (primary && primary_ && *primary_ != wanted.surface_id)
    return fail(
        ErrorCode::out_of_order,
        fmt::format("surface {} as primary while surface {} is", wanted.surface_id, *primary_), 0,
        "surface_id");
  if (const draw::Surface* old = find(wanted.surface_id)) {
    if (!primary || primary_ != wanted.surface_id)
      return fail(ErrorCode::out_of_order,
                  fmt::format("surface {} exists already", wanted.surface_id), 0, "surface_id");
    if (old->width() == wanted.width && old->height() == wanted.height &&
        old->format() == wanted.format)
      return Created::reused;
    destroy(wanted.surface_id);
  }
  // Rows at multiples of four bytes, for the sake of whole words.
  const std::size_t stride =
      (image::row_bytes(static_cast<image::Format>(wanted.format), wanted.width) + 3) / 4 * 4;
  const std::uint64_t bytes = std::uint64_t{stride} * wanted.height;
  if (bytes_ + bytes > most_bytes)
    return fail(
        ErrorCode::out_of_range,
        fmt::format("{} bytes of surfaces and {} more, at most {}", bytes_, bytes, most_bytes), 0,
        "width");
  Owned owned;
  owned.pixels.resize(bytes);
  owned.view = TRY(draw::Surface::over(owned.pixels, wanted.width, wanted.height,
                                       static_cast<std::int64_t>(stride), wanted.format));
  surfaces_.emplace(wanted.surface_id, std::move(owned));
  bytes_ += bytes;
  if (primary) primary_ = wanted.surface_id;
  return Created::fresh;
}

bool Surfaces::destroy(std::uint32_t id) {
  const auto found = surfaces_.find(id);
  if (found == surfaces_.end()) return false;
  bytes_ -= found->second.pixels.size();
  surfaces_.erase(found);
  if (primary_ == id) primary_.reset();
  return true;
}

}  // namespace spicebench::client
