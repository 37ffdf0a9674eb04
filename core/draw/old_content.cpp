// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/old_content.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

namespace spicebench::draw {
namespace {

std::pair<const std::byte*, const std::byte*> memory_of(const PixelView& view) {
  const std::byte *first = view.row(0), *last = view.row(view.height - 1);
  return {std::min(first, last, std::less<>{}),
          std::max(first, last, std::less<>{}) + image::row_bytes(view.format, view.width)};
}

}  // namespace

OldContent::OldContent(const PixelView& picture, const Surface& surface) : view_(picture) {
  if (picture.width == 0 || picture.height == 0) return;
  const std::less<const std::byte*> before;
  const auto [from, to] = memory_of(picture);
  const auto [surface_from, surface_to] = memory_of(surface.view());
  if (!before(from, surface_to) || !before(surface_from, to)) return;
  const std::size_t stride = image::row_bytes(picture.format, picture.width);
  copy_.resize(stride * picture.height);
  for (std::uint32_t y = 0; y < picture.height; ++y)
    std::memcpy(copy_.data() + stride * y, picture.row(y), stride);
  view_.top = copy_.data();
  view_.stride = static_cast<std::ptrdiff_t>(stride);
}

PixelView part_of(const PixelView& picture, const wire::display::Rect& part) {
  PixelView result = picture;
  result.width = static_cast<std::uint32_t>(part.right - part.left);
  result.height = static_cast<std::uint32_t>(part.bottom - part.top);
  result.top = picture.row(static_cast<std::uint32_t>(part.top)) +
               image::row_bytes(picture.format, static_cast<std::uint32_t>(part.left));
  return result;
}

}  // namespace spicebench::draw
