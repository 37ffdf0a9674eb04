// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/quic_header.hpp"

#include <fmt/format.h>

#include "core/image/pixel.hpp"
#include "core/image/pixel_buffer.hpp"

namespace spicebench::image {
namespace {

using namespace quic;

constexpr std::uint32_t magic = 0x43495551;  // "QUIC"
constexpr std::uint32_t version = 0;
constexpr std::size_t least_bytes = header_bytes + 4;  // no stream is without codes

}  // namespace

void quic::write_header(const QuicHeader& header, std::byte* to) {
  const std::uint32_t words[] = {magic, version, static_cast<std::uint32_t>(header.type),
                                 header.width, header.height};
  static_assert(sizeof words == header_bytes);
  std::memcpy(to, words, sizeof words);
}

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
  if (auto size = check_image_size(header.width, header.height); !size)
    return fail(size.error().code, std::move(size.error().detail), width_at, "width");
  return header;
}

}  // namespace spicebench::image
