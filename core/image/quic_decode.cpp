// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <tuple>

#include "core/image/pixel_buffer.hpp"
#include "core/image/quic.hpp"
#include "core/image/quic_bits.hpp"
#include "core/image/quic_header.hpp"
#include "core/image/quic_plane.hpp"

namespace spicebench::image {
namespace {

using namespace quic;

enum class Fault : std::uint8_t { none, end, symbol, run };

template <unsigned Components, unsigned Bits>
class PlaneDecoder {
 public:
  // `end`: of the codes.
  PlaneDecoder(std::uint32_t width, const std::uint32_t* end)
      : plane_(width), above_(width), row_(width), end_(end) {}

  // Bits that a picture cannot do without: one for each component of a pixel outside runs, which do
  // not reach into the first columns nor the first row.
  static std::uint64_t least_bits(std::uint64_t width, std::uint64_t height) {
    return Components * (width + (height - 1) * std::min<std::uint64_t>(width, first_run));
  }
  Fault decode(Reader& in, bool first) {
    std::swap(above_, row_);
    return first ? decode_row<true>(in) : decode_row<false>(in);
  }
  const Lanes* row() const { return row_.data(); }

 private:
  template <bool first>
  Fault decode_row(Reader& in) {
    const std::size_t width = row_.width();
    const Lanes* above = above_.data();
    Lanes* row = row_.data();
    for (std::size_t x = 0; x < width;) {
      const std::size_t pixels = plane_.schedule.segment(width - x), end = x + pixels;
      std::size_t guard = 0;
      while (x < end) {
        if (!first && x != guard && x >= first_run &&
            runs_meet(above, row, static_cast<std::ptrdiff_t>(x))) {
          guard = x;
          const std::uint64_t length = plane_.run.read(in, end - x);
          if (in.passed(end_)) return Fault::end;
          if (length > end - x) return Fault::run;
          repeat(row + x, length);
          x += length;
        } else {
          const Fault fault = decode_pixels<first>(in, x, end);
          if (fault != Fault::none) return fault;
        }
      }
      plane_.schedule.end_segment(pixels);
    }
    return Fault::none;
  }

  // The pixel before `row` once more, `length` times. Eight are written at once, up to seven too
  // many, which are decoded later or lie in the margin of the row: runs are mostly short.
  static void repeat(Lanes* row, std::uint64_t length) {
    static_assert(block >= 8);
    const Lanes repeated = row[-1];
    for (std::uint64_t x = 0; x < length; x += 8)
      for (std::size_t i = 0; i < 8; ++i) row[x + i] = repeated;
  }

  // Pixels from `from` on until a run may begin, or the end; moves `from` there. Never inlined,
  // since its loop needs all registers.
  template <bool first>
  [[gnu::noinline]] Fault decode_pixels(Reader& shared, std::size_t& from, std::size_t end) {
    const Lanes* above = above_.data();
    Lanes *row = row_.data(), *symbols = plane_.symbols.data();
    std::size_t x = from;
    Lanes pixel = x > 0 ? row[x - 1] : first ? 0 : above[0];
    Lanes context = plane_.context(x);
    const auto run_may_begin = [&] {
      return !first && x >= first_run && runs_meet(above, row, static_cast<std::ptrdiff_t>(x));
    };
    Reader in = shared;  // nobody has its address: it stays in registers
    bool valid = true;
    do {  // what lies between two lessons
      const std::size_t begin = x, stop = std::min(end, x + plane_.schedule.until_learning());
      // Where each component's code is looked up: this waits for none of the others.
      const Prefix* families[Components];
      const auto prepare = [&](unsigned which, std::uint32_t symbol) {
        families[which] = prefixes<Bits>.data() + plane_.models[which].best(symbol);
      };
      plane_.each_component(
          [&](unsigned which) { prepare(which, plane_.component(context, which)); });
      do {
        // Most codes are short: they are looked up one after the other, and only then is it asked
        // whether that was right. The window always has enough bits for one code more, so that it
        // can be filled while the first is looked up.
        std::uint64_t window = in.window();
        unsigned bits = 0;
        Lanes found = 0;
        plane_.each_component([&](unsigned which) {
          const unsigned prefix = families[which][window >> (64 - peeked_bits)];
          if (which == 0) {
            in.fill();
            window = in.window();
          }
          window <<= prefix & 63;
          bits += prefix & 255;
          found |= prefix >> 8 << plane_.shift(which);
          prepare(which, prefix >> 8);
        });
        if (bits < code_not_seen) [[likely]] {
          in.take(bits, window);
        } else {
          shared = in;
          found = read_long_symbols(shared, x == begin ? context : symbols[x - 1], valid);
          in = shared;
          plane_.each_component(
              [&](unsigned which) { prepare(which, plane_.component(found, which)); });
        }
        symbols[x] = found;
        pixel = unfold<Bits>(found, first ? pixel : average(pixel, above[x]));
        row[x] = pixel;
        ++x;
      } while (x < stop && !run_may_begin());
      if (in.passed(end_) || !valid) break;
      plane_.coded(begin, x, context);
      context = symbols[x - 1];
    } while (x < end && !run_may_begin());
    shared = in;
    from = x;
    return in.passed(end_) ? Fault::end : valid ? Fault::none : Fault::symbol;
  }

  Lanes read_long_symbols(Reader& in, Lanes context, bool& valid) const {
    Lanes symbols = 0;
    plane_.each_component([&](unsigned which) {
      const CodeFamily& family =
          quic::families<Bits>[plane_.models[which].best(plane_.component(context, which)) / peeks];
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

  Plane<Components, Bits, peeks> plane_;
  Row above_, row_;
  const std::uint32_t* end_;
};

// What a reader may take before it is asked whether it passed the end: the codes of the pixels
// between two lessons, or the length of a run.
constexpr std::size_t most_bits_unasked = 64 * 3 * longest_code;

const char* text_of(Fault fault) {
  switch (fault) {
    case Fault::end:
      // The last word belongs to no code; decoders that read a word ahead want it.
      return "codes and a closing word are missing";
    case Fault::symbol:
      return "a symbol that no component can have";
    case Fault::run:
      return "a run that is longer than its segment";
    case Fault::none:
      break;
  }
  return "";
}

// The rows of the planes are put together by store(rows …, width, pixels).
template <class... Planes, class Store>
Result<Pixmap> decode_rows(BytesView stream, const QuicHeader& header, Format format, Store store) {
  const std::size_t stride = row_bytes(format, header.width), bytes = stride * header.height;
  const std::uint64_t least_bits = (Planes::least_bits(header.width, header.height) + ...);
  if (least_bits / 8 > stream.size())
    return fail(ErrorCode::truncated,
                fmt::format("{} bytes, {} x {} pixels have at least {}", stream.size(),
                            header.width, header.height, least_bits / 8),
                stream.size());
  const Words words(stream.subspan(header_bytes), most_bits_unasked);
  Reader in(words);
  std::tuple<Planes...> planes{Planes(header.width, words.end() - 1)...};
  PixelBuffer pixels(bytes);
  for (std::uint32_t y = 0; y < header.height; ++y) {
    Fault fault = Fault::none;
    std::apply(
        [&](Planes&... plane) {
          ((fault = fault != Fault::none ? fault : plane.decode(in, y == 0)), ...);
          store(plane.row()..., header.width, pixels.data() + stride * y);
        },
        planes);
    if (fault != Fault::none)
      return fail(
          fault == Fault::end   ? ErrorCode::truncated
          : fault == Fault::run ? ErrorCode::out_of_range
                                : ErrorCode::malformed,
          fmt::format("{} in row {} of {}", text_of(fault), y, header.height),
          fault == Fault::end ? stream.size() : header_bytes + in.bits_taken(words.begin()) / 8);
  }
  return Pixmap{header.width, header.height, format, static_cast<std::uint32_t>(stride),
                std::move(pixels).take()};
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
                width_at, "width");
  switch (header.type) {
    case QuicType::gray:
      if (gray == QuicGray::refused)
        return fail(ErrorCode::malformed, "gray, which no image has", type_at, "type");
      return decode_rows<PlaneDecoder<1, 8>>(stream, header, wire::display::surface_8_a,
                                             store_gray);
    case QuicType::rgb16:
      return decode_rows<PlaneDecoder<3, 5>>(stream, header, wire::display::surface_16_555,
                                             store_rgb16);
    case QuicType::rgba:
      return decode_rows<PlaneDecoder<3, 8>, PlaneDecoder<1, 8>>(
          stream, header, wire::display::surface_32_argb, store_rgba);
    default:
      return decode_rows<PlaneDecoder<3, 8>>(stream, header, wire::display::surface_32_xrgb,
                                             store_rgb32);
  }
}

}  // namespace spicebench::image
