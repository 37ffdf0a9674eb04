// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/pictures.hpp"

#include <algorithm>

namespace spicebench::qxl {

namespace {

Picture blank(std::uint32_t width, std::uint32_t height, std::uint32_t color) {
  Picture out{.width = width, .height = height};
  out.pixels.assign(std::size_t{width} * height, color);
  return out;
}
std::uint32_t& at(Picture& picture, std::uint32_t x, std::uint32_t y) {
  return picture.pixels[std::size_t{y} * picture.width + x];
}
std::uint32_t mix(std::uint32_t from, std::uint32_t to, std::uint32_t part, std::uint32_t whole) {
  std::uint32_t out = 0;
  for (unsigned shift = 0; shift < 24; shift += 8) {
    const std::uint32_t a = (from >> shift) & 255, b = (to >> shift) & 255;
    out |= (a * (whole - part) + b * part) / whole << shift;
  }
  return out;
}

}  // namespace

Picture gradient(std::uint32_t width, std::uint32_t height, std::uint32_t from, std::uint32_t to) {
  Picture out = blank(width, height, from);
  const std::uint32_t whole = std::max(1u, width + height - 2);
  std::vector<std::uint32_t> steps(whole + 1);
  for (std::uint32_t i = 0; i <= whole; ++i) steps[i] = mix(from, to, i, whole);
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) at(out, x, y) = steps[x + y];
  return out;
}

Picture text_line(std::uint32_t width, std::uint32_t height, std::uint32_t paper, Random random) {
  Picture out = blank(width, height, paper);
  const std::uint32_t ink = static_cast<std::uint32_t>(random.below(0x50)) * 0x01'01'01u;
  constexpr std::uint32_t glyph = 5, gap = 2, margin = 2;
  for (std::uint32_t left = margin; left + glyph <= width; left += glyph + gap) {
    if (random.chance(1, 6)) continue;  // between two words
    for (std::uint32_t y = margin; y + margin < height; ++y) {
      const std::uint64_t strokes = random.below(1u << glyph);
      for (std::uint32_t x = 0; x < glyph; ++x)
        if (strokes >> x & 1) at(out, left + x, y) = ink;
    }
  }
  return out;
}

Picture icon(std::uint32_t side, Random random) {
  std::uint32_t palette[3];
  for (auto& color : palette) color = static_cast<std::uint32_t>(random.below(0x100'0000));
  Picture out = blank(side, side, palette[0]);
  constexpr std::uint32_t cell = 4;
  for (std::uint32_t cy = 1; cy + 1 < side / cell; ++cy) {
    for (std::uint32_t cx = 1; cx < (side / cell + 1) / 2; ++cx) {
      const std::uint32_t color = palette[random.below(3)];
      for (std::uint32_t y = cy * cell; y < (cy + 1) * cell; ++y) {
        for (std::uint32_t x = cx * cell; x < (cx + 1) * cell; ++x) {
          at(out, x, y) = color;
          at(out, side - 1 - x, y) = color;
        }
      }
    }
  }
  return out;
}

Picture tile(std::uint32_t side, std::uint32_t base, Random random) {
  Picture out = blank(side, side, base);
  for (auto& pixel : out.pixels) {
    const auto step = static_cast<std::uint32_t>(random.below(6));
    pixel = base + step * 0x01'01'01u;
  }
  return out;
}

Picture photo(std::uint32_t width, std::uint32_t height, std::uint32_t moment, Random& random) {
  Picture out = blank(width, height, 0);
  Random scene = random.fork("scene");
  const auto hue = static_cast<std::uint32_t>(scene.below(256));
  const auto edge = static_cast<std::uint32_t>(scene.below(height));
  std::uint64_t noise = 0;
  for (std::uint32_t y = 0; y < height; ++y) {
    for (std::uint32_t x = 0; x < width; ++x) {
      if (x % 16 == 0) noise = random.next();
      const auto grain = static_cast<std::uint32_t>(noise >> 4 * (x % 16) & 3);
      const std::uint32_t red = (x / 2 + moment + hue) % 256;
      const std::uint32_t green = y < edge ? (y + 2 * moment) % 192 : 40 + (x + y) / 8 % 128;
      const std::uint32_t blue = (x + y + hue) / 3 % 224;
      at(out, x, y) = std::min(red + grain, 255u) << 16 | (green + grain) << 8 | (blue + grain);
    }
  }
  return out;
}

CursorShape arrow_cursor(std::uint16_t side, std::uint64_t unique) {
  CursorShape out;
  out.header = {.unique = unique,
                .type = static_cast<std::uint8_t>(wire::cursor::CursorType::alpha),
                .width = side,
                .height = side};
  out.data.resize(4 * std::size_t{side} * side);
  for (std::uint32_t y = 0; y < side; ++y) {
    for (std::uint32_t x = 0; x < side; ++x) {
      // Inside the triangle below the diagonal, cut off at the bottom: white, its edge half black.
      const bool inside = x <= y && x + y < side + side / 3;
      const bool edge = inside && (x == 0 || x + 1 >= y || x + y + 2 >= side + side / 3);
      const std::uint32_t pixel = !inside ? 0 : edge ? 0x8000'0000u : 0xffff'ffffu;
      store_little_endian(&out.data[4 * (std::size_t{y} * side + x)], pixel, 4);
    }
  }
  return out;
}

CursorShape beam_cursor(std::uint16_t width, std::uint16_t height, std::uint64_t unique) {
  CursorShape out;
  out.header = {.unique = unique,
                .type = static_cast<std::uint8_t>(wire::cursor::CursorType::mono),
                .width = width,
                .height = height,
                .hot_spot_x = static_cast<std::uint16_t>(width / 2),
                .hot_spot_y = static_cast<std::uint16_t>(height / 2)};
  const std::size_t row = (width + 7u) / 8u, plane = row * height;
  out.data.assign(2 * plane, std::byte{0});
  std::fill_n(out.data.begin(), plane, std::byte{0xff});
  const auto invert = [&](std::uint32_t x, std::uint32_t y) {
    out.data[plane + y * row + x / 8] |= static_cast<std::byte>(0x80 >> x % 8);
  };
  for (std::uint32_t y = 0; y < height; ++y) invert(width / 2, y);
  for (std::uint32_t x = width / 4; x < width - width / 4u; ++x) {
    invert(x, 0);
    invert(x, height - 1);
  }
  return out;
}

}  // namespace spicebench::qxl
