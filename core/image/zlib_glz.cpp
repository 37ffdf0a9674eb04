// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>
#include <zlib.h>

#include "core/image/glz.hpp"
#include "core/image/lz_format.hpp"
#include "core/image/pixel_buffer.hpp"

namespace spicebench::image {
namespace {

constexpr std::size_t not_worth_it =
    100;                  // bytes of GLZ below which the reference does not deflate
constexpr int level = 3;  // of the reference
constexpr std::uint64_t most_inflated = 1032;  // bytes that one byte of deflate can become

const Bytef* bytef(const std::byte* bytes) {
  return reinterpret_cast<const Bytef*>(bytes);
}
Bytef* bytef(std::byte* bytes) {
  return reinterpret_cast<Bytef*>(bytes);
}

}  // namespace

Result<Pixmap> decode_zlib_glz(BytesView data, std::uint32_t glz_data_size, std::uint32_t width,
                               std::uint32_t height, GlzWindow& window) {
  CHECKED(check_image_size(width, height));
  const std::uint64_t pixels = std::uint64_t{width} * height;
  // Literals only are four bytes a pixel and one for each 32 units (image-codecs.md §14).
  const std::uint64_t most = glz_header_bytes + pixels * 21 / 5 + 64;
  if (glz_data_size > most || glz_data_size > most_inflated * data.size())
    return fail(ErrorCode::out_of_range,
                fmt::format("{} bytes of GLZ for {} x {}, at most {} and {} a byte of {}",
                            glz_data_size, width, height, most, most_inflated, data.size()),
                0, "glz_data_size");
  PixelBuffer inflated(glz_data_size);
  uLongf size = glz_data_size;
  uLong read = static_cast<uLong>(data.size());
  const int result = uncompress2(bytef(inflated.data()), &size, bytef(data.data()), &read);
  if (result != Z_OK || size != glz_data_size)
    return fail(ErrorCode::malformed,
                fmt::format("zlib gives {} bytes of {} and says {}", size, glz_data_size, result),
                read, "data");
  return decode_glz({inflated.data(), inflated.size()}, width, height, window);
}

SharedBytes deflate_glz(BytesView stream) {
  if (stream.size() < not_worth_it) return {};
  PixelBuffer deflated(stream.size() - 1);
  uLongf size = static_cast<uLongf>(deflated.size());
  if (compress2(bytef(deflated.data()), &size, bytef(stream.data()),
                static_cast<uLong>(stream.size()), level) != Z_OK)
    return {};
  return std::move(deflated).take(size);
}

}  // namespace spicebench::image
