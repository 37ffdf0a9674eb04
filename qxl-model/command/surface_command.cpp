// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/command/surface_command.hpp"

#include <fmt/format.h>

#include "qxl-model/device/surfaces.hpp"

namespace spicebench::qxl {

using wire::device::SurfaceAction;
using wire::device::SurfaceCommand;

Parsed<SurfaceCommand> read_surface_command(Reader& reader, BytesView in, std::uint32_t most) {
  const Fields fields{in};
  reader.charge_bytes(surface_command_bytes);
  SurfaceCommand out{.action = fields.u8(12)};
  auto& surface = out.surface;
  surface.surface_id = fields.u32(8);
  if (surface.surface_id >= most)
    return refuse_fatally({ErrorCode::out_of_range, 0, "surface_id",
                           fmt::format("{}, at most {}", surface.surface_id, most - 1)});
  switch (static_cast<SurfaceAction>(out.action)) {
    case SurfaceAction::create:
      break;
    case SurfaceAction::destroy:
      return out;
    default:
      return refuse(ErrorCode::out_of_range, fmt::format("{}", out.action), "type");
  }
  surface.flags = fields.u32(13) & wire::device::guest_surface_keep_data;
  surface.format = fields.u32(17);
  surface.width = fields.u32(21);
  surface.height = fields.u32(25);
  surface.stride = fields.i32(29);
  if (surface.stride % 4 != 0)
    return refuse_fatally(
        {ErrorCode::out_of_range, 0, "surface.stride", fmt::format("{}", surface.stride)});
  const auto bytes =
      surface_bytes({surface.width, surface.height, surface.stride, surface.format, {}});
  if (!bytes) return std::unexpected(Refusal{Error(bytes.error()).within("surface"), false});
  const std::uint64_t address = fields.u64(33);
  surface.memory.pixels = TRY(reader.at(address, *bytes, "surface.data"));
  surface.memory.owner = reader.owner(address);
  return out;
}

}  // namespace spicebench::qxl
