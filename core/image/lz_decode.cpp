// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>

#include "core/image/lz.hpp"
#include "core/image/lz_format.hpp"
#include "core/image/lz_output.hpp"
#include "core/image/pixel_buffer.hpp"

namespace spicebench::image {
namespace {

using namespace wire::display;

constexpr std::uint32_t largest_near = 8191;  // in a match of two bytes; the escape to longer ones

struct Header {
  LzType type = LzType::rgb32;
  bool top_down = true;
};

std::uint32_t pixels_per_byte(LzType type) {
  switch (type) {
    case LzType::plt1_le:
    case LzType::plt1_be:
      return 8;
    case LzType::plt4_le:
    case LzType::plt4_be:
      return 2;
    default:
      return 1;
  }
}
// Bytes of a row of the source; the only stride that a stream may have.
std::uint64_t stride_of(LzType type, std::uint32_t width) {
  switch (type) {
    case LzType::rgb16:
      return std::uint64_t{width} * 2;
    case LzType::rgb24:
      return std::uint64_t{width} * 3;
    case LzType::rgb32:
    case LzType::rgba:
    case LzType::xxxa:
      return std::uint64_t{width} * 4;
    default: {
      const std::uint32_t per_byte = pixels_per_byte(type);
      return (width + per_byte - 1) / per_byte;
    }
  }
}

// The header, checked against the descriptor.
//   allowed  whether this kind of image may carry the type
Result<Header> read_header(BytesView data, std::uint32_t width, std::uint32_t height,
                           bool (*allowed)(LzType)) {
  CHECKED(check_image_size(width, height));
  if (data.size() < lz_header_bytes)
    return fail(ErrorCode::truncated,
                fmt::format("{} bytes, an LZ header has {}", data.size(), lz_header_bytes),
                data.size(), "header");
  const auto word = [&](std::size_t at) { return load_big_endian(data.data() + at, 4); };
  if (word(0) != lz_magic)
    return fail(ErrorCode::malformed, fmt::format("magic {:#010x}", word(0)), 0, "magic");
  if (word(4) != lz_version)
    return fail(ErrorCode::malformed,
                fmt::format("version {:#x}, known {:#x}", word(4), lz_version), 4, "version");
  const auto type = static_cast<LzType>(word(8));
  if (word(8) > static_cast<std::uint64_t>(LzType::a8) || !allowed(type))
    return fail(ErrorCode::malformed, fmt::format("LZ type {} in this kind of image", word(8)), 8,
                "type");
  if (word(12) != width || word(16) != height)
    return fail(
        ErrorCode::out_of_range,
        fmt::format("stream of {} x {} in an image of {} x {}", word(12), word(16), width, height),
        12, "width");
  if (word(20) != stride_of(type, width))
    return fail(
        ErrorCode::malformed,
        fmt::format("stride {}, {} pixels have {}", word(20), width, stride_of(type, width)), 20,
        "stride");
  return Header{type, word(24) != 0};
}

std::unexpected<Error> input_ends(BytesView data, std::uint64_t missing) {
  return fail(ErrorCode::truncated, fmt::format("the stream ends {} units early", missing),
              data.size(), "data");
}

// Asked before anything is allocated: can the stream be long enough for its picture?
Result<void> check_length(BytesView data, std::uint64_t units) {
  if (units > most_units_per_byte * (data.size() - lz_header_bytes)) return input_ends(data, units);
  return {};
}

// The items of one pass, from `at` on, into `units` units at `out`. Returns the offset behind them.
template <class Units>
Result<std::size_t> decode_pass(BytesView data, std::size_t at, std::byte* out,
                                std::uint64_t units) {
  const std::byte* const begin = data.data();
  const std::byte* const end = begin + data.size();
  const std::byte* in = begin + at;
  const auto offset = [&] { return static_cast<std::size_t>(in - begin); };
  std::uint64_t done = 0;
  while (done < units) {
    const std::uint64_t rest = units - done;
    if (in == end) return input_ends(data, rest);
    const auto first = std::to_integer<std::uint32_t>(*in);
    std::byte* const to = out + done * Units::size;
    if (first < most_literals) {
      const std::size_t count = first + 1;
      if (count > rest)
        return fail(ErrorCode::out_of_range,
                    fmt::format("{} literals, {} units are left", count, rest), offset(), "data");
      ++in;
      if (static_cast<std::size_t>(end - in) < count * Units::coded) return input_ends(data, rest);
      Units::literals(to, in, count);
      in += count * Units::coded;
      done += count;
      continue;
    }
    const std::size_t item = offset();
    ++in;
    std::uint64_t length = first >> 5;
    if (length == long_length) {
      std::uint32_t more = 255;
      while (more == 255 && length <= rest) {
        if (in == end) return input_ends(data, rest);
        more = std::to_integer<std::uint32_t>(*in++);
        length += more;
      }
    }
    length += Units::shortest - 1;
    if (length > rest)
      return fail(ErrorCode::out_of_range,
                  fmt::format("a match of {} units or more, {} are left", length, rest), item,
                  "data");
    if (in == end) return input_ends(data, rest);
    std::uint32_t distance = (first & 31u) << 8 | std::to_integer<std::uint32_t>(*in++);
    if (distance == largest_near) {
      if (end - in < 2) return input_ends(data, rest);
      distance += static_cast<std::uint32_t>(load_big_endian(in, 2));
      in += 2;
    }
    ++distance;
    if (distance > done)
      return fail(ErrorCode::out_of_range,
                  fmt::format("a match {} units back, {} are there", distance, done), item, "data");
    Units::match(to, distance, length);
    done += length;
  }
  return offset();
}

Result<Pixmap> decode_words(BytesView data, std::uint32_t width, std::uint32_t height,
                            Header header) {
  const std::uint64_t units = std::uint64_t{width} * height;
  switch (header.type) {
    case LzType::rgb16: {
      PixelBuffer pixels(units * 2);
      CHECKED(decode_pass<WordUnits>(data, lz_header_bytes, pixels.data(), units));
      return pixmap_of_rows(width, height, surface_16_555, std::move(pixels).take(),
                            header.top_down);
    }
    case LzType::a8: {
      PixelBuffer pixels(units);
      CHECKED(decode_pass<ByteUnits>(data, lz_header_bytes, pixels.data(), units));
      return pixmap_of_rows(width, height, surface_8_a, std::move(pixels).take(), header.top_down);
    }
    default: {
      PixelBuffer pixels(units * 4);
      const std::size_t behind =
          TRY(decode_pass<ColourUnits>(data, lz_header_bytes, pixels.data(), units));
      if (header.type == LzType::rgba)
        CHECKED(decode_pass<AlphaUnits>(data, behind, pixels.data(), units));
      return pixmap_of_rows(width, height,
                            header.type == LzType::rgba ? surface_32_argb : surface_32_xrgb,
                            std::move(pixels).take(), header.top_down);
    }
  }
}

// Colours of the entries: pad 0; on a 16-bit surface they are 16-bit words.
std::uint32_t colour_of(std::uint32_t entry, Format surface) {
  return (surface == surface_16_555 ? argb_of_word(surface_16_555, entry) : entry) & 0x00ff'ffffu;
}

}  // namespace

Result<Pixmap> decode_lz_rgb(BytesView data, std::uint32_t width, std::uint32_t height) {
  const Header header = TRY(read_header(data, width, height, [](LzType type) {
    return type >= LzType::rgb16 && type != LzType::xxxa;
  }));
  CHECKED(check_length(data, std::uint64_t{width} * height));
  return decode_words(data, width, height, header);
}

Result<Pixmap> decode_lz_palette(BytesView data, std::uint32_t width, std::uint32_t height,
                                 const Palette& palette, Format surface) {
  const Header header = TRY(read_header(data, width, height, [](LzType type) {
    return type >= LzType::plt1_le && type <= LzType::plt8;
  }));
  if (surface != surface_32_xrgb && surface != surface_32_argb && surface != surface_16_555)
    return fail(ErrorCode::unsupported,
                fmt::format("a palette image on a surface of format {}",
                            static_cast<std::uint32_t>(surface)),
                0, "type");
  const std::size_t entries = palette.entries.size();
  if (entries == 0) return fail(ErrorCode::out_of_range, "a palette without entries", 0, "palette");
  const auto stride = static_cast<std::size_t>(stride_of(header.type, width));
  const std::uint64_t units = std::uint64_t{stride} * height;
  CHECKED(check_length(data, units));
  PixelBuffer indices(units);
  CHECKED(decode_pass<ByteUnits>(data, lz_header_bytes, indices.data(), units));

  const std::uint32_t per_byte = pixels_per_byte(header.type), bits = 8 / per_byte;
  const std::uint32_t mask = (1u << bits) - 1;
  const bool low_first = header.type == LzType::plt1_le || header.type == LzType::plt4_le;
  std::uint32_t colours[256] = {};
  for (std::size_t i = 0; i < std::size(colours); ++i) {
    if (per_byte == 2)
      colours[i] = colour_of(palette.entries[i % entries], surface);
    else if (i < entries)
      colours[i] = colour_of(palette.entries[i], surface);
  }
  std::uint32_t largest = 0;
  PixelBuffer pixels(std::size_t{width} * height * 4);
  for (std::uint32_t y = 0; y < height; ++y) {
    const std::byte* from = indices.data() + stride * (header.top_down ? y : height - 1 - y);
    std::byte* to = pixels.data() + std::size_t{width} * 4 * y;
    for (std::uint32_t x = 0; x < width; ++x) {
      const std::uint32_t in_byte = x % per_byte;
      const std::uint32_t shift = (low_first ? in_byte : per_byte - 1 - in_byte) * bits;
      const std::uint32_t index =
          std::to_integer<std::uint32_t>(from[x / per_byte]) >> shift & mask;
      largest = std::max(largest, index);
      store_word(to + std::size_t{4} * x, colours[index]);
    }
  }
  if (per_byte != 2 && largest >= entries)
    return fail(ErrorCode::out_of_range,
                fmt::format("palette index {}, the palette has {} entries", largest, entries),
                lz_header_bytes, "data");
  return pixmap_of_rows(width, height, surface_32_xrgb, std::move(pixels).take(), true);
}

Result<void> decode_lz_alpha(BytesView data, std::uint32_t width, std::uint32_t height,
                             bool top_down, std::span<std::byte> pixels) {
  const Header header =
      TRY(read_header(data, width, height, [](LzType type) { return type == LzType::xxxa; }));
  if (header.top_down != top_down)
    return fail(
        ErrorCode::malformed,
        fmt::format("top_down {}, the image's descriptor says {}", header.top_down, top_down), 24,
        "top_down");
  const std::uint64_t units = std::uint64_t{width} * height;
  if (pixels.size() != units * 4)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} bytes of pixels for {} x {}", pixels.size(), width, height), 0,
                "width");
  CHECKED(check_length(data, units));
  PixelBuffer alpha(units);
  CHECKED(decode_pass<ByteUnits>(data, lz_header_bytes, alpha.data(), units));
  for (std::uint32_t y = 0; y < height; ++y) {
    const std::byte* from = alpha.data() + std::size_t{width} * (top_down ? y : height - 1 - y);
    AlphaUnits::literals(pixels.data() + std::size_t{width} * 4 * y, from, width);
  }
  return {};
}

}  // namespace spicebench::image
