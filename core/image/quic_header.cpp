// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/quic_header.hpp"

#include <fmt/format.h>

#include "core/image/pixel.hpp"

namespace spicebench::image {
namespace {

// image-codecs.md §4.1: the words of a header, and the one word of codes that every stream has.
constexpr std::uint32_t magic = 0x43495551;  // "QUIC"
constexpr std::uint32_t version = 0;
constexpr std::size_t type_at = 8, width_at = 12, height_at = 16;
constexpr std::size_t least_bytes = quic::header_bytes + 4;
constexpr std::uint32_t longest_side = 65535;  // §14

}  // namespace

namespace quic {

Result<void> check_size(const QuicHeader& header) {
  const auto check_side = [](std::uint32_t side, std::size_t at, const char* name) -> Result<void> {
    if (side == 0 || side > longest_side)
      return fail(ErrorCode::out_of_range, fmt::format("{}, allowed 1 to {}", side, longest_side),
                  at, name);
    return {};
  };
  CHECKED(check_side(header.width, width_at, "width"));
  CHECKED(check_side(header.height, height_at, "height"));
  const std::uint64_t pixels = std::uint64_t{header.width} * header.height;
  if (pixels > quic_most_pixels)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} x {} pixels, at most {} together", header.width, header.height,
                            quic_most_pixels),
                width_at, "width");
  return {};
}

void write_header(const QuicHeader& header, std::byte* to) {
  const std::uint32_t words[] = {magic, version, static_cast<std::uint32_t>(header.type),
                                 header.width, header.height};
  static_assert(sizeof words == header_bytes);
  std::memcpy(to, words, sizeof words);
}

}  // namespace quic

Result<QuicHeader> read_quic_header(BytesView stream) {
  if (stream.size() < least_bytes)
    return fail(ErrorCode::truncated,
                fmt::format("{} bytes, a stream has at least {}", stream.size(), least_bytes),
                stream.size());
  const auto word = [&](std::size_t at) { return load_word<std::uint32_t>(stream.data() + at); };
  if (word(0) != magic)
    return fail(ErrorCode::malformed, fmt::format("magic {:#x}, must be {:#x}", word(0), magic), 0,
                "magic");
  if (word(4) != version)
    return fail(ErrorCode::malformed, fmt::format("version {:#x}, must be {}", word(4), version), 4,
                "version");
  if (word(type_at) < static_cast<std::uint32_t>(QuicType::gray) ||
      word(type_at) > static_cast<std::uint32_t>(QuicType::rgba))
    return fail(ErrorCode::malformed, fmt::format("type {}, known: 1 to 5", word(type_at)), type_at,
                "type");
  const QuicHeader header{static_cast<QuicType>(word(type_at)), word(width_at), word(height_at)};
  CHECKED(quic::check_size(header));
  return header;
}

}  // namespace spicebench::image
