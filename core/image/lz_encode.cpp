// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>

#include "core/image/lz.hpp"
#include "core/image/lz_format.hpp"
#include "core/image/lz_parse.hpp"
#include "core/image/pixel_buffer.hpp"
#include "core/image/stored_rows.hpp"

namespace spicebench::image {
namespace {

using namespace wire::display;

constexpr std::uint32_t nearest_far = 8192;  // units back, image-codecs.md §5.2
constexpr std::uint32_t farthest = nearest_far + 65535;

// Where units of one pass were last seen.
template <class Unit>
class Places {
 public:
  explicit Places(const std::byte* units) : units_(units) {}

  LzCandidate look_up(std::uint64_t hash, std::uint32_t position) {
    std::uint32_t& slot = table_[hash >> (64 - table_bits)];
    const std::uint32_t seen = slot;
    slot = position;
    // A slot that was never used holds 0, the first unit: a place like any other.
    if (seen == position || position - seen > farthest) return {};
    return {
        .at = units_ + std::size_t{seen} * Unit::size, .before = seen, .after = ~std::uint32_t{0}};
  }
  void remember(std::uint64_t hash, std::uint32_t position) {
    table_[hash >> (64 - table_bits)] = position;
  }
  std::size_t cost(std::uint32_t position, const LzCandidate& candidate) const {
    return distance(position, candidate) < nearest_far ? 2 : 4;
  }
  std::byte* match(std::byte* out, std::uint32_t position, const LzCandidate& candidate,
                   std::uint32_t length) const {
    const std::uint32_t back = distance(position, candidate) - 1;
    const std::uint32_t n = length - (Unit::shortest - 1);
    const std::uint32_t near = std::min(back, nearest_far - 1);
    const std::uint32_t top = std::min(n, long_length);
    *out++ = static_cast<std::byte>(top << 5 | near >> 8);
    if (top == long_length) out = write_length(out, n - long_length);
    *out++ = static_cast<std::byte>(near);
    if (near == nearest_far - 1) {
      store_big_endian(out, back - near, 2);
      out += 2;
    }
    return out;
  }

 private:
  static constexpr unsigned table_bits = 13;

  std::uint32_t distance(std::uint32_t position, const LzCandidate& candidate) const {
    return position - candidate.before;
  }

  const std::byte* units_;
  std::array<std::uint32_t, std::size_t{1} << table_bits> table_{};
};

template <class Unit>
std::byte* encode_pass(const std::byte* units, std::size_t count, std::byte* out) {
  Places<Unit> places(units);
  return lz_parse<Unit>(units, static_cast<std::uint32_t>(count), places, out);
}

std::byte* write_header(std::byte* out, LzType type, std::uint32_t width, std::uint32_t height,
                        std::size_t stride, bool top_down) {
  const std::uint64_t words[] = {
      lz_magic, lz_version,        static_cast<std::uint64_t>(type), width, height,
      stride,   top_down ? 1u : 0u};
  for (const std::uint64_t word : words) {
    store_big_endian(out, word, 4);
    out += 4;
  }
  return out;
}

LzType type_of(BitmapFormat format) {
  switch (format) {
    case format_1bit_le:
      return LzType::plt1_le;
    case format_1bit_be:
      return LzType::plt1_be;
    case format_4bit_le:
      return LzType::plt4_le;
    case format_4bit_be:
      return LzType::plt4_be;
    case format_8bit:
      return LzType::plt8;
    case format_16bit:
      return LzType::rgb16;
    case format_24bit:
      return LzType::rgb24;
    case format_32bit:
      return LzType::rgb32;
    case format_rgba:
      return LzType::rgba;
    case format_8bit_a:
      return LzType::a8;
  }
  return LzType::rgb32;
}

// Alpha of all pixels.
Bytes alpha_of(const std::byte* pixels, std::size_t count) {
  Bytes alpha(count);
  for (std::size_t i = 0; i < count; ++i) alpha[i] = pixels[4 * i + 3];
  return alpha;
}

}  // namespace

SharedBytes encode_lz(const BitmapView& picture) {
  const StoredRows rows = stored_rows(picture);
  const std::size_t pixels = std::size_t{picture.width} * picture.height;
  // No format needs more than its own bytes and one for each 32 units.
  PixelBuffer stream(lz_header_bytes + most_coded<ByteInput>(rows.size) + 2);
  std::byte* out = write_header(stream.data(), type_of(picture.format), picture.width,
                                picture.height, picture.row_bytes(), rows.top_down);
  switch (picture.format) {
    case format_16bit:
      out = encode_pass<WordInput>(rows.data, pixels, out);
      break;
    case format_24bit:
      out = encode_pass<TripleInput>(rows.data, pixels, out);
      break;
    case format_32bit:
      out = encode_pass<ColourInput>(rows.data, pixels, out);
      break;
    case format_rgba:
      out = encode_pass<ColourInput>(rows.data, pixels, out);
      out = encode_pass<ByteInput>(alpha_of(rows.data, pixels).data(), pixels, out);
      break;
    default:
      out = encode_pass<ByteInput>(rows.data, rows.size, out);
  }
  return std::move(stream).take(static_cast<std::size_t>(out - stream.data()));
}

SharedBytes encode_lz_alpha(const BitmapView& picture) {
  const std::size_t pixels = std::size_t{picture.width} * picture.height;
  Bytes alpha(pixels);
  for (std::uint32_t y = 0; y < picture.height; ++y) {
    const std::byte* row = picture.row(y);
    std::byte* to = alpha.data() + std::size_t{picture.width} * y;
    for (std::uint32_t x = 0; x < picture.width; ++x) to[x] = row[std::size_t{4} * x + 3];
  }
  PixelBuffer stream(lz_header_bytes + most_coded<ByteInput>(pixels));
  std::byte* out = write_header(stream.data(), LzType::xxxa, picture.width, picture.height,
                                std::size_t{4} * picture.width, true);
  out = encode_pass<ByteInput>(alpha.data(), pixels, out);
  return std::move(stream).take(static_cast<std::size_t>(out - stream.data()));
}

}  // namespace spicebench::image
