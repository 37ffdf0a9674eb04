// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/host_update.hpp"

namespace spicebench::qxl {

using namespace wire::display;

wire::device::Drawable drawable_of(const HostUpdate& update) {
  constexpr std::uint64_t host_group = 1;  // of image ids
  const auto width = static_cast<std::uint32_t>(update.box.right - update.box.left);
  const auto height = static_cast<std::uint32_t>(update.box.bottom - update.box.top);
  Bitmap bitmap{.format = format_32bit,
                .flags = top_down,
                .x = width,
                .y = height,
                .stride = 4 * width,
                .data = update.pixels};
  DrawCopy copy;
  copy.base.box = update.box;
  copy.src_bitmap = Image{.id = std::uint64_t{update.image} << 32 | host_group,
                          .type = static_cast<std::uint8_t>(ImageType::bitmap),
                          .width = width,
                          .height = height,
                          .payload = std::move(bitmap)};
  copy.src_area = {0, 0, static_cast<std::int32_t>(height), static_cast<std::int32_t>(width)};
  return {.effect = static_cast<std::uint8_t>(wire::device::DrawEffect::opaque),
          .type = static_cast<std::uint8_t>(wire::device::DrawType::copy),
          .body = std::move(copy)};
}

}  // namespace spicebench::qxl
