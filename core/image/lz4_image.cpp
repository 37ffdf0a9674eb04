// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/lz4_image.hpp"

#include <fmt/format.h>
#include <lz4.h>

#include <algorithm>
#include <cstring>

#include "core/image/lz_format.hpp"
#include "core/image/lz_output.hpp"
#include "core/image/pixel_buffer.hpp"
#include "core/image/stored_rows.hpp"

namespace spicebench::image {
namespace {

using namespace wire::display;

constexpr std::size_t header_bytes = 2, size_bytes = 4;
constexpr std::size_t most_back = 65536;  // bytes that a block may look back into earlier ones

const char* chars(const std::byte* bytes) {
  return reinterpret_cast<const char*>(bytes);
}
char* chars(std::byte* bytes) {
  return reinterpret_cast<char*>(bytes);
}

// All blocks, into `out`, which they must fill.
Result<void> decode_blocks(BytesView data, std::byte* out, std::size_t size) {
  std::size_t at = header_bytes, done = 0;
  while (at < data.size()) {
    if (data.size() - at < size_bytes)
      return fail(ErrorCode::truncated, "the size of a block is cut", at, "block");
    const std::uint64_t coded = load_big_endian(data.data() + at, size_bytes);
    if (coded > data.size() - at - size_bytes)
      return fail(
          ErrorCode::truncated,
          fmt::format("block of {} bytes, {} are left", coded, data.size() - at - size_bytes), at,
          "block");
    // What earlier blocks gave lies right before: the library then needs no state of its own.
    const std::size_t before = std::min(done, most_back);
    const int got = LZ4_decompress_safe_usingDict(
        chars(data.data() + at + size_bytes), chars(out + done), static_cast<int>(coded),
        static_cast<int>(size - done), chars(out + done - before), static_cast<int>(before));
    if (got <= 0)
      return fail(
          ErrorCode::malformed,
          fmt::format("a block that is refused or empty, {} bytes are missing", size - done),
          at + size_bytes, "block");
    done += static_cast<std::size_t>(got);
    at += size_bytes + coded;
  }
  if (done != size)
    return fail(ErrorCode::malformed, fmt::format("blocks give {} bytes of {}", done, size), at,
                "block");
  return {};
}

}  // namespace

Result<Pixmap> decode_lz4(BytesView data, std::uint32_t width, std::uint32_t height) {
  CHECKED(check_image_size(width, height));
  if (data.size() < header_bytes)
    return fail(ErrorCode::truncated, "no header", data.size(), "header");
  const bool from_top = data[0] != std::byte{};
  const auto format = static_cast<BitmapFormat>(data[1]);
  if (!lz4_takes(format))
    return fail(ErrorCode::malformed,
                fmt::format("bitmap format {}, known: 6 to 9", std::to_integer<int>(data[1])), 1,
                "format");
  const std::size_t size = std::size_t{width} * height * bitmap_bits(format) / 8;
  // No byte of a block gives more than 255, so that this is checked before allocating.
  if (size > most_units_per_byte * data.size())
    return fail(ErrorCode::truncated, fmt::format("{} bytes cannot give {}", data.size(), size),
                data.size(), "data");
  PixelBuffer rows(size);
  CHECKED(decode_blocks(data, rows.data(), size));
  if (format == format_24bit) {
    const std::size_t pixels = std::size_t{width} * height;
    PixelBuffer widened(pixels * 4);
    ColourUnits::literals(widened.data(), rows.data(), pixels);
    return pixmap_of_rows(width, height, surface_32_xrgb, std::move(widened).take(), from_top);
  }
  const Format decoded = format == format_16bit   ? surface_16_555
                         : format == format_32bit ? surface_32_xrgb
                                                  : surface_32_argb;
  return pixmap_of_rows(width, height, decoded, std::move(rows).take(), from_top);
}

SharedBytes encode_lz4(const BitmapView& picture) {
  const StoredRows rows = stored_rows(picture);
  // One block has the best ratio and costs no copy; check_image_size keeps it below LZ4's limit
  // but for a last few bytes, which go into a second.
  constexpr std::size_t most = LZ4_MAX_INPUT_SIZE;
  const std::size_t first = std::min(rows.size, most);
  const auto bound = [](std::size_t size) {
    return size_bytes + static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(size)));
  };
  PixelBuffer stream(header_bytes + bound(first) + bound(rows.size - first));
  std::byte* const begin = stream.data();
  begin[0] = std::byte{rows.top_down ? std::uint8_t{1} : std::uint8_t{0}};
  begin[1] = std::byte{picture.format};
  // A stream, even for one block: for small inputs the plain call looks for shorter repetitions,
  // which pixels of four bytes do not reward.
  LZ4_stream_t state;
  LZ4_initStream(&state, sizeof state);
  std::size_t used = header_bytes;
  for (std::size_t done = 0; done < rows.size;) {
    const std::size_t size = std::min(rows.size - done, most);
    const int coded = LZ4_compress_fast_continue(
        &state, chars(rows.data + done), chars(begin + used + size_bytes), static_cast<int>(size),
        LZ4_compressBound(static_cast<int>(size)), 1);
    store_big_endian(begin + used, static_cast<std::uint64_t>(coded), size_bytes);
    used += size_bytes + static_cast<std::size_t>(coded);
    done += size;
  }
  return std::move(stream).take(used);
}

}  // namespace spicebench::image
