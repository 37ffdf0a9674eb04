// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/guest_shapes.hpp"

#include <fmt/format.h>

namespace spicebench::wire::device {

using namespace display;

namespace {

constexpr std::size_t segment_header = 8, point_bytes = 8, glyph_header = 20;

std::int32_t i32(const std::byte* from) {
  return static_cast<std::int32_t>(load_little_endian(from, 4));
}
Point point(const std::byte* from) {
  return {i32(from), i32(from + 4)};
}
void append_pair(Bytes& out, std::int32_t x, std::int32_t y) {
  append_little_endian(out, static_cast<std::uint32_t>(x), 4);
  append_little_endian(out, static_cast<std::uint32_t>(y), 4);
}

}  // namespace

Result<Path> read_guest_path(BytesView bytes) {
  Path path;
  std::size_t at = 0;
  while (bytes.size() - at > segment_header) {
    const std::uint64_t flags = load_little_endian(&bytes[at], 4);
    const std::uint64_t count = load_little_endian(&bytes[at + 4], 4);
    if (flags > UINT8_MAX)
      return fail(ErrorCode::malformed, fmt::format("flags {:#x} of a segment", flags), at, "path");
    at += segment_header;
    if (count > (bytes.size() - at) / point_bytes)
      return fail(ErrorCode::malformed,
                  fmt::format("{} points in {} bytes", count, bytes.size() - at), at, "path");
    PathSegment& segment = path.segments.emplace_back();
    segment.flags = static_cast<std::uint8_t>(flags);
    segment.points.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i, at += point_bytes)
      segment.points.push_back({i32(&bytes[at]), i32(&bytes[at + 4])});
  }
  return path;
}

void append_guest_path(Bytes& out, const Path& path) {
  for (const PathSegment& segment : path.segments) {
    append_little_endian(out, segment.flags, 4);
    append_little_endian(out, segment.points.size(), 4);
    for (const PointFix& p : segment.points) append_pair(out, p.x, p.y);
  }
}

Result<String> read_guest_string(SharedBytes bytes, std::uint16_t length, std::uint16_t flags) {
  const unsigned bits = flags > UINT8_MAX ? 0 : glyph_bits(static_cast<std::uint8_t>(flags));
  if (bits == 0)
    return fail(ErrorCode::malformed, fmt::format("flags {:#x}: no raster", flags), 0, "str.flags");
  String string{.flags = static_cast<std::uint8_t>(flags)};
  std::size_t at = 0;
  for (std::uint16_t i = 0; i < length; ++i) {
    const auto cut_off = [&] {
      return fail(ErrorCode::malformed, fmt::format("{} bytes end in glyph {}", bytes.size(), i),
                  at, "str.glyphs");
    };
    if (bytes.size() - at < glyph_header) return cut_off();
    const std::byte* from = bytes.data() + at;
    RasterGlyph glyph{.render_pos = point(from), .glyph_origin = point(from + 8)};
    glyph.width = static_cast<std::uint16_t>(load_little_endian(from + 16, 2));
    glyph.height = static_cast<std::uint16_t>(load_little_endian(from + 18, 2));
    at += glyph_header;
    const std::size_t size = (std::size_t{glyph.width} * bits + 7) / 8 * glyph.height;
    if (bytes.size() - at < size) return cut_off();
    glyph.data = bytes.slice(at, size);
    at += size;
    string.glyphs.push_back(std::move(glyph));
  }
  if (at != bytes.size())
    return fail(ErrorCode::malformed,
                fmt::format("{} bytes behind {} glyphs", bytes.size() - at, length), at,
                "str.glyphs");
  return string;
}

void append_guest_string(Bytes& out, const String& string) {
  for (const RasterGlyph& glyph : string.glyphs) {
    append_pair(out, glyph.render_pos.x, glyph.render_pos.y);
    append_pair(out, glyph.glyph_origin.x, glyph.glyph_origin.y);
    append_little_endian(out, glyph.width, 2);
    append_little_endian(out, glyph.height, 2);
    append(out, glyph.data);
  }
}

}  // namespace spicebench::wire::device
