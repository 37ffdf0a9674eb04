// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include "core/image/pixel_buffer.hpp"
#include "core/image/quic.hpp"
#include "core/image/quic_bits.hpp"
#include "core/image/quic_header.hpp"
#include "core/image/quic_plane.hpp"

namespace spicebench::image {
namespace {

using namespace quic;

// In a lane that no component uses.
constexpr Lanes run_may_begin = 1u << 31;

// The symbols of a block of pixels, given those above, and where a run may begin (if there are any
// above).
template <unsigned Bits, bool first>
void predict_block(const Lanes* __restrict row, const Lanes* __restrict above,
                   Lanes* __restrict symbols) {
  // Signed: the pixel before the first one is there, too.
  for (std::ptrdiff_t i = 0; i < std::ptrdiff_t{block}; ++i) {
    symbols[i] = fold<Bits>(row[i], average(row[i - 1], above[i]));
    if (!first) symbols[i] |= runs_meet(above, row, i) ? run_may_begin : 0;
  }
}

template <unsigned Components, unsigned Bits>
class PlaneEncoder {
 public:
  explicit PlaneEncoder(std::uint32_t width)
      : plane_(width), above_(width), row_(width), fresh_(width) {}

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
    std::swap(above_, row_);
  }

 private:
  // Makes sure that what predict_block finds out is known from x to before `end`.
  template <bool first>
  void predict(std::size_t x, std::size_t end) {
    const Lanes *row = row_.data(), *above = first ? row - 1 : above_.data();
    Lanes* fresh = fresh_.data();
    for (predicted_ = std::max(predicted_, x / block * block); predicted_ < end;
         predicted_ += block) {
      predict_block<Bits, first>(row + predicted_, above + predicted_, fresh + predicted_);
      if (predicted_ == 0)
        for (std::size_t i = 0; i < first_run; ++i) fresh[i] &= ~run_may_begin;
    }
  }

  template <bool first>
  void encode_row(Writer& out) {
    row_.data()[-1] = first ? 0 : above_.data()[0];
    predicted_ = 0;
    const Lanes *row = row_.data(), *fresh = fresh_.data();
    const std::size_t width = row_.width();
    for (std::size_t x = 0; x < width;) {
      const std::size_t pixels = plane_.schedule.segment(width - x), end = x + pixels;
      std::size_t guard = 0;
      while (x < end) {
        predict<first>(x, x + 1);
        if (!first && x != guard && (fresh[x] & run_may_begin) != 0) {
          guard = x;
          x = end_of_run(row, x, end);
          plane_.run.write(out, static_cast<std::uint32_t>(x - guard));
        } else {
          x = encode_pixels<first>(out, x, end);
        }
      }
      plane_.schedule.end_segment(pixels);
    }
  }

  // The first pixel from x on that differs from the one before x.
  static std::size_t end_of_run(const Lanes* row, std::size_t x, std::size_t end) {
    const std::uint64_t pair = row[x - 1] | std::uint64_t{row[x - 1]} << 32;
    const auto differs = [&](std::size_t at) {
      std::uint64_t two;
      std::memcpy(&two, row + at, sizeof two);
      return two ^ pair;
    };
    while (x + 8 <= end && (differs(x) | differs(x + 2) | differs(x + 4) | differs(x + 6)) == 0)
      x += 8;
    while (x < end && row[x] == row[x - 1]) ++x;
    return x;
  }

  // Pixels from x on until a run may begin, or the end; returns where.
  template <bool first>
  std::size_t encode_pixels(Writer& shared, std::size_t x, const std::size_t end) {
    const Lanes* fresh = fresh_.data();
    Lanes* symbols = plane_.symbols.data();
    Lanes context = plane_.context(x);
    Lanes next = fresh[x];
    Writer out = shared;  // nobody has its address: it stays in registers
    do {                  // what lies between two lessons
      const std::size_t begin = x, stop = std::min(end, x + plane_.schedule.until_learning());
      predict<first>(x, stop + 1);
      const Code* families[Components];
      const auto prepare = [&](unsigned which, std::uint32_t symbol) {
        families[which] = codes<Bits>.data() + plane_.models[which].best(symbol);
      };
      plane_.each_component(
          [&](unsigned which) { prepare(which, plane_.component(context, which)); });
      do {
        std::uint64_t joined = 0;
        std::uint32_t bits = 0;
        plane_.each_component([&](unsigned which) {
          const std::uint32_t symbol = plane_.component(next, which);
          const Code code = families[which][symbol];
          joined = joined << (code & 63) | value_of(code);
          bits += code;
          prepare(which, symbol);
        });
        bits = length_of(bits);  // what the high bytes add up to means nothing
        if (Components == 1 || bits <= 32) [[likely]] {
          out.put(static_cast<std::uint32_t>(joined), bits);
        } else {
          shared = out;
          put_long(shared, x == begin ? context : symbols[x - 1], next);
          out = shared;
        }
        symbols[x] = next;
        next = fresh[++x];
      } while (x < stop && (next & run_may_begin) == 0);
      plane_.coded(begin, x, context);
      context = symbols[x - 1];
    } while (x < end && (next & run_may_begin) == 0);
    shared = out;
    return x;
  }

  // One code after the other, when they are too long to be put at once.
  void put_long(Writer& out, Lanes context, Lanes symbols) const {
    plane_.each_component([&](unsigned which) {
      const Code code = codes<Bits>[plane_.models[which].best(plane_.component(context, which)) +
                                    plane_.component(symbols, which)];
      out.put(value_of(code), length_of(code));
    });
  }

  Plane<Components, Bits, symbols_of<Bits>> plane_;
  Row above_, row_, fresh_;
  std::size_t predicted_ = 0;  // up to there, as far as it was wanted, `fresh_` is filled
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
  std::memcpy(to, from, width * sizeof *to);
  for (std::size_t x = 0; x < width; x += block)
    for (std::size_t i = 0; i < block; ++i) to[x + i] &= 0xffffff;
}
void load_rgba(const std::byte* from, std::uint32_t width, Lanes* __restrict colour,
               Lanes* __restrict alpha) {
  std::memcpy(colour, from, width * sizeof *colour);
  for (std::size_t x = 0; x < width; x += block)
    for (std::size_t i = 0; i < block; ++i) {
      alpha[x + i] = colour[x + i] >> 24;
      colour[x + i] &= 0xffffff;
    }
}

}  // namespace

Result<Bytes> encode_quic(const BitmapView& picture) {
  QuicHeader header{.width = picture.width, .height = picture.height};
  CHECKED(check_image_size(picture.width, picture.height));
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
