// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/wiring/screens.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spicebench::replayer {
namespace {

image::PixelView view_of(const qxl::GuestMemoryView& guest) {
  return {guest.width, guest.height, static_cast<image::Format>(guest.format), guest.row(0).data(),
          guest.stride};
}

std::string described(const image::PixelView& picture) {
  return fmt::format("{}x{} pixels of format {}", picture.width, picture.height,
                     static_cast<unsigned>(picture.format));
}

Divergence different(Instant now, std::string expected, std::string found) {
  Divergence divergence;
  divergence.at = now;
  divergence.connection = "display/0";
  divergence.name = "screen";
  divergence.expected = std::move(expected);
  divergence.found = std::move(found);
  return divergence;
}

bool holds(const draw::Region& region, std::int32_t x, std::int32_t y) {
  return std::ranges::any_of(region, [x, y](const wire::display::Rect& rect) {
    return x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;
  });
}

// The smallest box around all pixels that differ. Precondition: same size and format, whole bytes a
// pixel.
wire::display::Rect differing_area(const image::PixelView& a, const image::PixelView& b,
                                   const draw::Region& inexact) {
  constexpr std::int32_t none = INT32_MAX;
  wire::display::Rect area{none, none, 0, 0};
  for (std::uint32_t y = 0; y < a.height; ++y)
    for (std::uint32_t x = 0; x < a.width; ++x) {
      if (draw::same_pixel(a, b, x, y)) continue;
      const auto column = static_cast<std::int32_t>(x), line = static_cast<std::int32_t>(y);
      if (holds(inexact, column, line)) continue;
      area.top = std::min(area.top, line);
      area.left = std::min(area.left, column);
      area.bottom = std::max(area.bottom, line + 1);
      area.right = std::max(area.right, column + 1);
    }
  return area;
}

std::string pixel_text(const image::PixelView& picture, std::uint32_t x, std::uint32_t y) {
  const std::size_t bytes = image::bits_per_pixel(picture.format) / 8;
  return fmt::format("{:#010x} at x {}, y {}",
                     load_little_endian(picture.row(y) + x * bytes, bytes), x, y);
}

}  // namespace

std::optional<Divergence> compare_pictures(const image::PixelView& a, const image::PixelView& b,
                                           Instant now, const draw::Region& inexact) {
  if (described(a) != described(b)) return different(now, described(a), described(b));
  if (draw::same_picture(a, b)) return std::nullopt;
  if (image::bits_per_pixel(a.format) < 8) return different(now, "the same bits", "others");
  const auto area = differing_area(a, b, inexact);
  if (area.right == 0) return std::nullopt;
  const auto y = static_cast<std::uint32_t>(area.top);
  auto x = static_cast<std::uint32_t>(area.left);
  while (draw::same_pixel(a, b, x, y) || holds(inexact, static_cast<std::int32_t>(x), area.top))
    ++x;
  auto divergence = different(now, pixel_text(a, x, y), pixel_text(b, x, y));
  divergence.area = area;
  return divergence;
}

std::optional<Divergence> compare_screens(const qxl::Machine& guest, const client::Client& client,
                                          Instant now, const draw::Region& inexact) {
  const auto primary = guest.primary();
  const draw::Surface* screen = client.screen(display);
  if (primary && screen) return compare_pictures(view_of(*primary), screen->view(), now, inexact);
  if (!primary && !screen) return std::nullopt;
  const std::string none = "no screen";
  return different(now, primary ? described(view_of(*primary)) : none,
                   screen ? described(screen->view()) : none);
}

std::optional<image::Pixmap> framebuffer_of(const qxl::Machine& guest) {
  const auto primary = guest.primary();
  if (!primary) return std::nullopt;
  const image::PixelView view = view_of(*primary);
  const std::size_t stride = image::row_bytes(view.format, view.width);
  Bytes pixels;
  for (std::uint32_t y = 0; y < view.height; ++y) append(pixels, {view.row(y), stride});
  return image::Pixmap{view.width, view.height, view.format, static_cast<std::uint32_t>(stride),
                       SharedBytes(std::move(pixels))};
}

std::optional<recorder::ScreenRow> screen_row(const client::Client& client, Instant now) {
  const draw::Surface* screen = client.screen(display);
  if (!screen) return std::nullopt;
  recorder::ScreenRow row;
  row.at = now;
  row.display = display;
  row.width = screen->width();
  row.height = screen->height();
  row.hash = client.screen_hash(display);
  return row;
}

std::optional<Divergence> compare_screen(const recorder::ScreenRow& expected,
                                         const client::Client& client) {
  const auto text = [](const std::optional<recorder::ScreenRow>& row) {
    return row ? fmt::format("{}x{} {}", row->width, row->height, row->hash.hex())
               : std::string("no screen");
  };
  const auto found = screen_row(client, expected.at);
  if (found && found->width == expected.width && found->height == expected.height &&
      found->hash == expected.hash)
    return std::nullopt;
  auto divergence = different(expected.at, text(expected), text(found));
  divergence.message = expected.message;
  return divergence;
}

}  // namespace spicebench::replayer
