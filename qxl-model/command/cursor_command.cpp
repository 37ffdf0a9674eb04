// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/command/cursor_command.hpp"

#include <fmt/format.h>

namespace spicebench::qxl {

namespace cursor = wire::cursor;
using wire::device::CursorAction;
using wire::device::CursorCommand;

namespace {

constexpr std::uint64_t shape_bytes = 42;
constexpr std::uint16_t max_side = 1024;

// Bytes that a shape of this type needs, palettes not counted.
std::uint64_t least_bytes(const cursor::CursorHeader& header) {
  const std::uint64_t width = header.width, height = header.height,
                      plane = (width + 7) / 8 * height;
  switch (static_cast<cursor::CursorType>(header.type)) {
    case cursor::CursorType::alpha:
      return 4 * width * height;
    case cursor::CursorType::mono:
      return 2 * plane;
    case cursor::CursorType::color4:
      return (width + 1) / 2 * height + plane;
    case cursor::CursorType::color8:
      return width * height + plane;
    case cursor::CursorType::color16:
      return 2 * width * height + plane;
    case cursor::CursorType::color24:
      return 3 * width * height + plane;
    case cursor::CursorType::color32:
      return 4 * width * height + plane;
  }
  return 0;
}

Parsed<cursor::Cursor> read_shape(Reader& reader, std::uint64_t address) {
  const Fields in{TRY(reader.at(address, shape_bytes, "cursor.shape"))};
  reader.charge_object();
  cursor::CursorHeader header;
  header.unique = in.u64(0);
  const std::uint16_t type = in.u16(8);
  header.width = in.u16(10);
  header.height = in.u16(12);
  header.hot_spot_x = in.u16(14);
  header.hot_spot_y = in.u16(16);
  if (type > static_cast<std::uint16_t>(cursor::CursorType::color32))
    return refuse(ErrorCode::out_of_range, fmt::format("{}", type), "cursor.shape.type");
  header.type = static_cast<std::uint8_t>(type);
  if (header.width > max_side || header.height > max_side)
    return refuse(ErrorCode::out_of_range,
                  fmt::format("{} x {}, at most {} each", header.width, header.height, max_side),
                  "cursor.shape.size");
  const std::uint64_t least = least_bytes(header), palettes = 4 * 256;
  const std::uint64_t wanted = in.u32(18);
  if (wanted < least || wanted > least + palettes)
    return refuse(
        ErrorCode::out_of_range,
        fmt::format("{} bytes for {} x {} of type {}", wanted, header.width, header.height, type),
        "cursor.shape.data_size");
  auto data = TRY(reader.chunks_up_to(address + 22, wanted, "cursor.shape.data"));
  if (data.size() < least)
    return refuse(ErrorCode::truncated, fmt::format("{} bytes of {}", data.size(), least),
                  "cursor.shape.data");
  reader.charge_bytes(shape_bytes + data.size());
  return cursor::Cursor{.flags = 0, .header = header, .data = SharedBytes(std::move(data))};
}

}  // namespace

Parsed<CursorCommand> read_cursor_command(Reader& reader, BytesView bytes) {
  const Fields in{bytes};
  reader.charge_bytes(cursor_command_bytes);
  CursorCommand out;
  out.action = in.u8(8);
  switch (static_cast<CursorAction>(out.action)) {
    case CursorAction::set: {
      cursor::Set set{.position = in.point16(9)};
      set.visible = in.u8(13) != 0;
      set.cursor = TRY(read_shape(reader, in.u64(14)));
      out.body = std::move(set);
      return out;
    }
    case CursorAction::move:
      out.body = cursor::Move{in.point16(9)};
      return out;
    case CursorAction::hide:
      out.body = cursor::Hide{};
      return out;
    case CursorAction::trail:
      out.body = cursor::Trail{.length = in.u16(9), .frequency = in.u16(11)};
      return out;
  }
  return refuse(ErrorCode::out_of_range, fmt::format("{}", out.action), "cursor.type");
}

}  // namespace spicebench::qxl
