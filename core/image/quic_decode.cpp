// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <memory>

#include "core/image/quic.hpp"
#include "core/image/quic_bits.hpp"
#include "core/image/quic_header.hpp"
#include "core/image/quic_plane.hpp"

namespace spicebench::image {
namespace {

using namespace quic;

enum class Fault : std::uint8_t { none, symbol, run };

template <unsigned Components, unsigned Bits>
class PlaneDecoder {
 public:
  explicit PlaneDecoder(std::uint32_t width) : plane_(width), above_(width), row_(width) {}

  Fault decode(Reader& in, bool first) {
    above_.swap(row_);
    return first ? decode_row<true>(in) : decode_row<false>(in);
  }
  const Lanes* row() const { return row_.data(); }

 private:
  template <bool first>
  Fault decode_row(Reader& shared) {
    Reader in = shared;
    const Fault fault = decode_segments<first>(in);
    shared = in;
    return fault;
  }

  template <bool first>
  Fault decode_segments(Reader& in) {
    const std::uint32_t width = static_cast<std::uint32_t>(row_.size());
    const Lanes* above = above_.data();
    Lanes* row = row_.data();
    for (std::uint32_t x = 0; x < width;) {
      const std::uint32_t pixels = plane_.schedule.segment(width - x), end = x + pixels;
      std::uint32_t guard = 0;
      while (x < end) {
        if (!first && may_run(above, row, x) && x != guard) {
          guard = x;
          const std::uint64_t length = plane_.run.read(in, end - x);
          if (length > end - x) return Fault::run;
          std::fill_n(row + x, length, row[x - 1]);
          x += static_cast<std::uint32_t>(length);
          continue;
        }
        const std::uint32_t begin = x, stop = std::min(end, x + plane_.schedule.until_learning());
        bool valid = true;
        Lanes context, symbols = plane_.context(x);
        Lanes pixel = x > 0 ? row[x - 1] : first ? 0 : above[0];
        do {
          context = symbols;
          symbols = read_symbols(in, context, valid);
          plane_.symbols[x] = symbols;
          pixel = unfold<Bits>(symbols, first ? pixel : average(pixel, above[x]));
          row[x] = pixel;
          ++x;
        } while (x < stop && (first || !may_run(above, row, x)));
        if (!valid) return Fault::symbol;
        plane_.coded(x - begin, context, symbols);
      }
      plane_.schedule.end_segment(pixels);
    }
    return Fault::none;
  }

  // Most codes are short: three are looked up one after the other, and only then is it asked
  // whether that was right.
  Lanes read_symbols(Reader& in, Lanes context, bool& valid) const {
    in.fill();
    Reader ahead = in;
    Lanes symbols = 0;
    unsigned all = 0;
    plane_.each_component([&](unsigned which) {
      const unsigned prefix =
          prefixes<Bits>[plane_.best(which, context)][ahead.window() >> (64 - peeked_bits)];
      ahead.take(prefix & 63);
      symbols |= prefix >> 8 << plane_.shift(which);
      all |= prefix;
    });
    if ((all & code_not_seen) != 0) [[unlikely]]
      return read_long_symbols(in, context, valid);
    in = ahead;
    return symbols;
  }

  Lanes read_long_symbols(Reader& in, Lanes context, bool& valid) const {
    Lanes symbols = 0;
    plane_.each_component([&](unsigned which) {
      const CodeFamily& family = families<Bits>[plane_.best(which, context)];
      in.fill();
      const auto zeros = static_cast<std::uint32_t>(std::countl_zero(in.window()));
      std::uint32_t symbol;
      if (zeros < family.most_zeros) {
        in.take(zeros + 1);
        symbol = zeros << family.k | in.number(family.k);
      } else {
        in.take(family.most_zeros);
        symbol = family.plain + in.number(family.escape_bits);
      }
      valid &= symbol < symbols_of<Bits>;
      symbols |= (symbol & (symbols_of<Bits> - 1)) << plane_.shift(which);
    });
    return symbols;
  }

  Plane<Components, Bits> plane_;
  std::vector<Lanes> above_, row_;
};

// The rows' planes are put together by store(planes' rows …, width, pixels).
template <class Store, class... Planes>
Result<Pixmap> decode_rows(BytesView stream, const QuicHeader& header, Format format, Store store,
                           Planes... planes) {
  const Words words(stream.subspan(header_bytes));
  Reader in(words);
  const std::size_t stride = row_bytes(format, header.width), bytes = stride * header.height;
  const auto pixels = std::make_shared_for_overwrite<std::byte[]>(bytes);
  for (std::uint32_t y = 0; y < header.height; ++y) {
    Fault fault = Fault::none;
    ((fault == Fault::none ? void(fault = planes.decode(in, y == 0)) : void()), ...);
    // The last word belongs to no code: it has to be there for decoders that read a word ahead.
    if (in.consumed() + 32 > words.bits())
      return fail(ErrorCode::truncated,
                  fmt::format("{} bytes end in row {} of {}", stream.size(), y, header.height),
                  stream.size());
    if (fault != Fault::none)
      return fail(fault == Fault::run ? ErrorCode::out_of_range : ErrorCode::malformed,
                  fmt::format("{} in row {}",
                              fault == Fault::run ? "a run that is longer than its segment"
                                                  : "a symbol that no component can have",
                              y),
                  header_bytes + in.consumed() / 8);
    store(planes.row()..., header.width, pixels.get() + stride * y);
  }
  return Pixmap{header.width, header.height, format, static_cast<std::uint32_t>(stride),
                SharedBytes(pixels, {pixels.get(), bytes})};
}

void store_gray(const Lanes* row, std::uint32_t width, std::byte* to) {
  for (std::uint32_t x = 0; x < width; ++x) to[x] = static_cast<std::byte>(row[x]);
}
void store_rgb16(const Lanes* row, std::uint32_t width, std::byte* to) {
  for (std::uint32_t x = 0; x < width; ++x)
    store_word(to + std::size_t{2} * x,
               static_cast<std::uint16_t>((row[x] >> 6 & 31 << 10) | (row[x] >> 3 & 31 << 5) |
                                          (row[x] & 31)));
}
void store_rgb32(const Lanes* row, std::uint32_t width, std::byte* to) {
  std::memcpy(to, row, width * sizeof *row);
}
void store_rgba(const Lanes* colour, const Lanes* alpha, std::uint32_t width, std::byte* to) {
  for (std::uint32_t x = 0; x < width; ++x)
    store_word(to + std::size_t{4} * x, colour[x] | alpha[x] << 24);
}

}  // namespace

Result<Pixmap> decode_quic(BytesView stream, std::uint32_t width, std::uint32_t height,
                           QuicGray gray) {
  const QuicHeader header = TRY(read_quic_header(stream));
  if (header.width != width || header.height != height)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} x {} pixels in an image of {} x {}", header.width, header.height,
                            width, height),
                0, "width");
  switch (header.type) {
    case QuicType::gray:
      if (gray == QuicGray::refused)
        return fail(ErrorCode::malformed, "gray, which no image has", 0, "type");
      return decode_rows(stream, header, wire::display::surface_8_a, store_gray,
                         PlaneDecoder<1, 8>(width));
    case QuicType::rgb16:
      return decode_rows(stream, header, wire::display::surface_16_555, store_rgb16,
                         PlaneDecoder<3, 5>(width));
    case QuicType::rgba:
      return decode_rows(stream, header, wire::display::surface_32_argb, store_rgba,
                         PlaneDecoder<3, 8>(width), PlaneDecoder<1, 8>(width));
    default:
      return decode_rows(stream, header, wire::display::surface_32_xrgb, store_rgb32,
                         PlaneDecoder<3, 8>(width));
  }
}

}  // namespace spicebench::image
