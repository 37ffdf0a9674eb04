// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/qxl_commands.hpp"

#include <fmt/format.h>

#include "recorder/import/qxl_fields.hpp"

namespace spicebench::recorder {

namespace cursor = wire::cursor;
namespace device = wire::device;

namespace {

enum CommandType : std::uint32_t { draw = 1, update = 2, cursor_command = 3, message = 4, surface };

Result<cursor::Set> read_shape(QxlFields& in) {
  cursor::Set set{.position = TRY(in.text.point16())};
  set.visible = TRY(in.number<std::uint8_t>("u.set.visible")) != 0;
  cursor::CursorHeader header;
  header.unique = TRY(in.number<std::uint64_t>("header.unique"));
  header.type = TRY(in.fitting<std::uint8_t>("header.type"));
  header.width = TRY(in.number<std::uint16_t>("header.width"));
  header.height = TRY(in.number<std::uint16_t>("header.height"));
  header.hot_spot_x = TRY(in.number<std::uint16_t>("header.hot_spot_x"));
  header.hot_spot_y = TRY(in.number<std::uint16_t>("header.hot_spot_y"));
  const auto size = TRY(in.number<std::uint32_t>("data_size"));
  const SharedBytes data = TRY(in.text.chunks("cursor"));
  set.cursor = {.flags = 0,
                .header = header,
                .data = data.slice(0, std::min<std::size_t>(size, data.size()))};
  return set;
}

Result<device::CursorCommand> read_cursor(QxlFields& in) {
  CHECKED(in.text.word("cursor_cmd"));
  device::CursorCommand out{.action = TRY(in.number<std::uint8_t>("type"))};
  switch (static_cast<device::CursorAction>(out.action)) {
    case device::CursorAction::set:
      out.body = TRY(read_shape(in));
      return out;
    case device::CursorAction::move:
      out.body = cursor::Move{TRY(in.text.point16())};
      return out;
    case device::CursorAction::hide:
      out.body = cursor::Hide{};
      return out;
    case device::CursorAction::trail: {
      cursor::Trail trail{.length = TRY(in.number<std::uint16_t>("u.trail.length"))};
      trail.frequency = TRY(in.number<std::uint16_t>("u.trail.frequency"));
      out.body = trail;
      return out;
    }
  }
  in.refuse({ErrorCode::out_of_range, 0, "type", fmt::format("{}", out.action)});
  return out;
}

Result<decltype(device::GuestAction::what)> read_surface(QxlFields& in) {
  CHECKED(in.text.word("surface_cmd"));
  const auto id = TRY(in.number<std::uint32_t>("surface_id"));
  const auto type = TRY(in.number<std::uint8_t>("type"));
  const auto flags = TRY(in.number<std::uint32_t>("flags"));
  constexpr std::uint8_t create = 0, destroy = 1;
  if (id == 0 || id > wire::display::most_surface_id)
    in.refuse({ErrorCode::out_of_range, 0, "surface_id", fmt::format("{}", id)});
  if (type > destroy) in.refuse({ErrorCode::out_of_range, 0, "type", fmt::format("{}", type)});
  if (type != create) return device::SurfaceDestroy{id};
  device::GuestSurface out{.surface = {.surface_id = id}};
  out.surface.format = TRY(in.number<std::uint32_t>("u.surface_create.format"));
  out.surface.width = TRY(in.number<std::uint32_t>("u.surface_create.width"));
  out.surface.height = TRY(in.number<std::uint32_t>("u.surface_create.height"));
  out.surface.stride = TRY(in.number<std::int32_t>("u.surface_create.stride"));
  if ((flags & keep_data) != 0) {
    out.content = TRY(in.text.binary("data"));
    CHECKED(check_content(out, in.text));
  }
  return out;
}

// Both are of no consequence: the first is answered inside the host, the second is thrown away.
Result<void> skip_update(QxlFields& in) {
  CHECKED(in.text.word("update"));
  CHECKED(in.text.rect("area"));
  CHECKED(in.number<std::uint32_t>("update_id"));
  CHECKED(in.number<std::uint32_t>("surface_id"));
  return {};
}
Result<void> skip_message(QxlFields& in) {
  CHECKED(in.text.binary("message"));
  return {};
}

}  // namespace

Result<void> check_content(const device::GuestSurface& made, const QxlText& text) {
  if (made.content.size() == block_bytes(made.surface)) return {};
  return fail(ErrorCode::malformed,
              fmt::format("{} bytes of {} rows, stride {}", made.content.size(),
                          made.surface.height, made.surface.stride),
              text.last_offset(), "data");
}

Result<QxlCommand> read_qxl_command(QxlText& text, std::uint32_t type) {
  QxlFields in{text};
  QxlCommand out;
  switch (type) {
    case draw:
      out.action = TRY(read_qxl_drawable(in));
      break;
    case cursor_command:
      out.action = TRY(read_cursor(in));
      break;
    case surface:
      out.action = TRY(read_surface(in));
      break;
    case update:
      CHECKED(skip_update(in));
      break;
    case message:
      CHECKED(skip_message(in));
      break;
    default:
      in.refuse({ErrorCode::out_of_range, 0, "type", fmt::format("{}", type)});
  }
  out.refused = std::move(in.refused);
  if (out.refused) out.action.reset();
  return out;
}

}  // namespace spicebench::recorder
