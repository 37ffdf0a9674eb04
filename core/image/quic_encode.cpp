// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include "core/image/quic.hpp"
#include "core/image/quic_bits.hpp"
#include "core/image/quic_header.hpp"
#include "core/image/quic_plane.hpp"

namespace spicebench::image {
namespace {

using namespace quic;

template <unsigned Components, unsigned Bits>
class PlaneEncoder {
 public:
  explicit PlaneEncoder(std::uint32_t width)
      : plane_(width), above_(padded(width)), row_(padded(width)), fresh_(padded(width)) {}

  // Where the next row has to be put before it is encoded.
  Lanes* row() { return row_.data(); }
  // Bytes that no row exceeds: every pixel could be an empty run and a code for each component, and
  // the writer stores a word ahead.
  static std::size_t most_bytes(std::uint32_t width) {
    return std::size_t{width} * (Components * longest_code + 17) / 8 + 4 * word_bytes;
  }
  void encode(Writer& out, bool first) {
    if (first)
      encode_row<true>(out);
    else
      encode_row<false>(out);
    above_.swap(row_);
  }

 private:
  // Rows are worked on in blocks of this many pixels, whose last may reach beyond the width.
  static constexpr std::size_t block = 16;
  static std::size_t padded(std::uint32_t width) { return (width + block - 1) / block * block; }

  // The symbol of every pixel, whether it will be coded or not: without branches this takes less
  // time than to do it when one is needed.
  template <bool first>
  void predict() {
    const Lanes *row = row_.data(), *above = first ? row - 1 : above_.data();
    Lanes* to = fresh_.data();
    const Lanes start = fold<Bits>(row[0], first ? 0 : above[0]);
    for (std::size_t from = 0; from < fresh_.size(); from += block) {
      const std::size_t begin = from == 0 ? 1 : from;
      for (std::size_t x = begin; x < from + block; ++x)
        to[x] = fold<Bits>(row[x], average(row[x - 1], above[x]));
    }
    to[0] = start;
  }

  template <bool first>
  void encode_row(Writer& shared) {
    predict<first>();
    Writer out = shared;
    const std::size_t width = plane_.symbols.size();
    const Lanes *above = above_.data(), *row = row_.data(), *fresh = fresh_.data();
    for (std::size_t x = 0; x < width;) {
      const std::size_t pixels = plane_.schedule.segment(width - x), end = x + pixels;
      std::size_t guard = 0;
      while (x < end) {
        if (!first && may_run(above, row, x) && x != guard) {
          guard = x;
          const Lanes repeated = row[x - 1];
          while (x < end && row[x] == repeated) ++x;
          plane_.run.write(out, static_cast<std::uint32_t>(x - guard));
          continue;
        }
        const std::size_t begin = x, stop = std::min(end, x + plane_.schedule.until_learning());
        Lanes context, symbols = plane_.context(x);
        do {
          context = symbols;
          symbols = fresh[x];
          plane_.symbols[x] = symbols;
          put(out, context, symbols);
          ++x;
        } while (x < stop && (first || !may_run(above, row, x)));
        plane_.coded(static_cast<std::uint32_t>(x - begin), context, symbols);
      }
      plane_.schedule.end_segment(pixels);
    }
    shared = out;
  }

  void put(Writer& out, Lanes context, Lanes symbols) const {
    Code code[Components];
    std::uint64_t joined = 0;
    unsigned bits = 0;
    plane_.each_component([&](unsigned which) {
      code[which] = codes<Bits>[plane_.best(which, context)][plane_.component(symbols, which)];
      joined = joined << code[which].length | code[which].value;
      bits += code[which].length;
    });
    if (Components == 1 || bits <= 32) [[likely]]
      return out.put(static_cast<std::uint32_t>(joined), bits);
    plane_.each_component([&](unsigned which) { out.put(code[which].value, code[which].length); });
  }

  Plane<Components, Bits> plane_;
  std::vector<Lanes> above_, row_, fresh_;
};

// Room for rows, which grows as they come.
class Output {
 public:
  Output(const QuicHeader& header, std::size_t guess)
      : bytes_(header_bytes + guess), writer_(begin()) {
    write_header(header, bytes_.data());
  }
  Writer& room_for(std::size_t more) {
    const auto used = static_cast<std::size_t>(writer_.at() - bytes_.data());
    if (bytes_.size() - used < more) {
      bytes_.resize(std::max(2 * bytes_.size(), used + more));
      writer_.move_to(bytes_.data() + used);
    }
    return writer_;
  }
  Bytes end() && {
    room_for(2 * word_bytes).end();
    store_word(writer_.at(), std::uint32_t{0});  // decoders read a word ahead
    bytes_.resize(static_cast<std::size_t>(writer_.at() - bytes_.data()) + word_bytes);
    return std::move(bytes_);
  }

 private:
  std::byte* begin() { return bytes_.data() + header_bytes; }
  Bytes bytes_;
  Writer writer_;
};

// Rows of `picture` are taken apart by load(pixels, planes' rows …, width).
template <class Load, class... Planes>
Bytes encode_rows(const QuicHeader& header, const BitmapView& picture, Load load,
                  Planes... planes) {
  Output output(header, picture.row_bytes() * picture.height / 8);
  for (std::uint32_t y = 0; y < picture.height; ++y) {
    load(picture.row(y), picture.width, planes.row()...);
    (planes.encode(output.room_for(planes.most_bytes(picture.width)), y == 0), ...);
  }
  return std::move(output).end();
}

void load_gray(const std::byte* from, std::uint32_t width, Lanes* to) {
  for (std::uint32_t x = 0; x < width; ++x) to[x] = std::to_integer<Lanes>(from[x]);
}
void load_rgb16(const std::byte* from, std::uint32_t width, Lanes* to) {
  for (std::uint32_t x = 0; x < width; ++x) {
    const Lanes word = load_word<std::uint16_t>(from + std::size_t{2} * x);
    to[x] = (word >> 10 & 31) << 16 | (word >> 5 & 31) << 8 | (word & 31);
  }
}
void load_rgb24(const std::byte* from, std::uint32_t width, Lanes* to) {
  for (std::uint32_t x = 0; x < width; ++x, from += 3)
    to[x] = std::to_integer<Lanes>(from[0]) | std::to_integer<Lanes>(from[1]) << 8 |
            std::to_integer<Lanes>(from[2]) << 16;
}
void load_rgb32(const std::byte* from, std::uint32_t width, Lanes* to) {
  for (std::uint32_t x = 0; x < width; ++x)
    to[x] = load_word<Lanes>(from + std::size_t{4} * x) & 0xffffff;
}
void load_rgba(const std::byte* from, std::uint32_t width, Lanes* colour, Lanes* alpha) {
  for (std::uint32_t x = 0; x < width; ++x) {
    const auto pixel = load_word<Lanes>(from + std::size_t{4} * x);
    colour[x] = pixel & 0xffffff;
    alpha[x] = pixel >> 24;
  }
}

}  // namespace

Result<Bytes> encode_quic(const BitmapView& picture) {
  QuicHeader header{.width = picture.width, .height = picture.height};
  CHECKED(check_size(header));
  const std::uint32_t width = picture.width;
  switch (picture.format) {
    case wire::display::format_8bit_a:
      header.type = QuicType::gray;
      return encode_rows(header, picture, load_gray, PlaneEncoder<1, 8>(width));
    case wire::display::format_16bit:
      header.type = QuicType::rgb16;
      return encode_rows(header, picture, load_rgb16, PlaneEncoder<3, 5>(width));
    case wire::display::format_24bit:
      header.type = QuicType::rgb24;
      return encode_rows(header, picture, load_rgb24, PlaneEncoder<3, 8>(width));
    case wire::display::format_32bit:
      header.type = QuicType::rgb32;
      return encode_rows(header, picture, load_rgb32, PlaneEncoder<3, 8>(width));
    case wire::display::format_rgba:
      header.type = QuicType::rgba;
      return encode_rows(header, picture, load_rgba, PlaneEncoder<3, 8>(width),
                         PlaneEncoder<1, 8>(width));
    default:
      return fail(ErrorCode::unsupported,
                  fmt::format("a {} bitmap as QUIC, which has colours only",
                              wire::display::bitmap_format_name(picture.format)),
                  0, "format");
  }
}

}  // namespace spicebench::image
