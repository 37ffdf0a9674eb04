// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/cursor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/image/pixel.hpp"

namespace spicebench::image {
namespace {

using wire::cursor::CursorType;

struct Picture {
  std::uint32_t width, height;
  Bytes pixels;
  Picture(std::uint32_t w, std::uint32_t h) : width(w), height(h), pixels(std::size_t{w} * h * 4) {}
  void set(std::uint32_t x, std::uint32_t y, std::uint32_t word) {
    store_word(pixels.data() + (std::size_t{y} * width + x) * 4, word);
  }
};

// Bit 7 first.
bool bit_from_top(const std::byte* bits, std::size_t index) {
  return (std::to_integer<unsigned>(bits[index / 8]) >> (7 - index % 8) & 1u) != 0;
}

struct MaskedColour {
  std::uint32_t word;
  bool white;
};
// A shape of colours with a mask behind them; `colour(i)` is pixel i. A masked white pixel inverts
// the screen.
template <class Colour>
void masked(Picture& picture, const std::byte* mask, Colour colour) {
  for (std::uint32_t y = 0; y < picture.height; ++y)
    for (std::uint32_t x = 0; x < picture.width; ++x) {
      const std::size_t i = std::size_t{y} * picture.width + x;
      const MaskedColour pixel = colour(i);
      if (!bit_from_top(mask, i))
        picture.set(x, y, pixel.word | 0xff00'0000u);
      else if (pixel.white)  // inverts the screen: shown as a checkerboard
        picture.set(x, y, ((x ^ y) & 1) != 0 ? 0xc030'3030u : 0x3050'5050u);
      else
        picture.set(x, y, pixel.word);
    }
}

std::uint32_t word_of_555(std::uint32_t word) {  // without replication of the high bits
  return (word >> 10 & 31) << 19 | (word >> 5 & 31) << 11 | (word & 31) << 3;
}

void mono(Picture& picture, const std::byte* data) {
  const std::size_t row = (picture.width + 7) / 8, plane = row * picture.height;
  const auto and_bit = [&](std::uint32_t x, std::uint32_t y) {
    return bit_from_top(data + row * y, x);
  };
  const auto xor_bit = [&](std::uint32_t x, std::uint32_t y) {
    return bit_from_top(data + plane + row * y, x);
  };
  // A shape that only inverts gets an outline, to be seen on white.
  const bool outlined =
      std::all_of(data, data + plane, [](std::byte byte) { return byte == std::byte{0xff}; });
  const auto touches_inverting = [&](std::uint32_t x, std::uint32_t y) {
    for (std::uint32_t j = y - 1; j <= y + 1; ++j)
      for (std::uint32_t i = x - 1; i <= x + 1; ++i)
        if ((i != x || j != y) && xor_bit(i, j)) return true;
    return false;
  };
  for (std::uint32_t y = 0; y < picture.height; ++y)
    for (std::uint32_t x = 0; x < picture.width; ++x) {
      const bool inner = x > 0 && y > 0 && x + 1 < picture.width && y + 1 < picture.height;
      if (xor_bit(x, y))
        picture.set(x, y, 0xffff'ffffu);
      else if (!and_bit(x, y) || (outlined && inner && touches_inverting(x, y)))
        picture.set(x, y, 0xff00'0000u);
    }
}

// False: a known type that has no decoder.
bool paint(Picture& picture, CursorType type, const std::byte* data) {
  const std::size_t pixels = std::size_t{picture.width} * picture.height;
  switch (type) {
    case CursorType::alpha:
      std::copy_n(data, pixels * 4, picture.pixels.begin());
      return true;
    case CursorType::mono:
      mono(picture, data);
      return true;
    case CursorType::color32:
      masked(picture, data + pixels * 4, [data](std::size_t i) {
        const auto word = load_word<std::uint32_t>(data + i * 4);
        return MaskedColour{word, (word & 0x00ff'ffffu) == 0x00ff'ffffu};
      });
      return true;
    case CursorType::color16:
      masked(picture, data + pixels * 2, [data](std::size_t i) {
        const auto word = load_word<std::uint16_t>(data + i * 2);
        return MaskedColour{word_of_555(word), (word & 0x7fff) == 0x7fff};
      });
      return true;
    case CursorType::color4: {
      const std::byte* palette =
          data + (std::size_t{picture.width} + 1) / 2 * std::size_t{picture.height};
      masked(picture, palette + 64, [data, palette](std::size_t i) {  // nibbles are not padded
        const unsigned both = std::to_integer<unsigned>(data[i / 2]);
        const auto word =
            load_word<std::uint32_t>(palette + (i % 2 == 0 ? both >> 4 : both & 15) * 4);
        return MaskedColour{word, (word & 0x00ff'ffffu) == 0x00ff'ffffu};
      });
      return true;
    }
    case CursorType::color8:
    case CursorType::color24:
      return false;
  }
  return false;
}

}  // namespace

Result<CursorShape> decode_cursor(const wire::cursor::CursorHeader& header, BytesView data) {
  constexpr std::uint16_t longest_side = 1024;  // protocol.md §10.7
  if (header.width == 0 || header.height == 0 || header.width > longest_side ||
      header.height > longest_side)
    return fail(ErrorCode::out_of_range,
                fmt::format("cursor of {} x {}: sides must be 1 to {}", header.width, header.height,
                            longest_side),
                0, "width");
  const auto type = static_cast<CursorType>(header.type);
  const auto needed = wire::cursor::shape_bytes(header);
  if (!needed)
    return fail(ErrorCode::malformed, fmt::format("cursor type {}, known: 0 to 6", header.type), 0,
                "type");
  if (data.size() < *needed)
    return fail(ErrorCode::truncated,
                fmt::format("{} bytes, this cursor needs {}", data.size(), *needed), 0, "data");
  CursorShape shape{header.unique,
                    std::min<std::uint32_t>(header.hot_spot_x, header.width),
                    std::min<std::uint32_t>(header.hot_spot_y, header.height),
                    header.width,
                    header.height,
                    std::nullopt};
  Picture picture(header.width, header.height);
  if (paint(picture, type, data.data()))
    shape.picture = Pixmap{picture.width, picture.height, wire::display::surface_32_argb,
                           picture.width * 4, std::move(picture.pixels)};
  return shape;
}

}  // namespace spicebench::image
