// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/cursor_channel.hpp"
#include "core/wire/display_channel.hpp"
#include "core/wire/ids.hpp"

// The device link: everything that passes between the QXL device with its machine (client end) and
// the SPICE server (server end). Values in process; encoded only by a tap, with the same tables as
// any channel. It is pull: the server asks for commands, the device answers with one or none.
namespace spicebench::wire::device {

// Pixels of a surface in guest memory, into which the server renders. In process only: not part of
// the value and not on the wire; who decodes a create message from a recording supplies memory.
struct SurfaceMemory {
  std::shared_ptr<const void> owner;
  std::span<std::byte> pixels;  // height rows of |stride| bytes
  bool operator==(const SurfaceMemory&) const { return true; }
};

// Device to server
// A memory slot became valid; informational, the device resolves addresses itself.
struct SlotAdd {
  static constexpr MessageKey message{ChannelType::device, Side::client, 1};
  std::uint32_t slot_id = 0, generation = 0;
  std::uint64_t size = 0;
  bool operator==(const SlotAdd&) const = default;
};
struct SlotDel {
  static constexpr MessageKey message{ChannelType::device, Side::client, 2};
  std::uint32_t slot_id = 0;
  bool operator==(const SlotDel&) const = default;
};
// KEEP_DATA: the surface begins with what is in its memory, instead of zeros.
enum GuestSurfaceFlags : std::uint32_t { guest_surface_keep_data = 1 };
// The primary surface (id 0), by port.
struct SurfaceCreate {
  static constexpr MessageKey message{ChannelType::device, Side::client, 3};
  std::uint32_t surface_id = 0, width = 0, height = 0;
  std::int32_t stride = 0;   // bytes; negative: bottom row first in memory
  std::uint32_t format = 0;  // SurfaceFormat
  std::uint32_t flags = 0;   // GuestSurfaceFlags
  std::uint8_t mouse_mode = 0;
  SurfaceMemory memory;
  bool operator==(const SurfaceCreate&) const = default;
};
struct SurfaceDestroy {
  static constexpr MessageKey message{ChannelType::device, Side::client, 4};
  std::uint32_t surface_id = 0;
  bool operator==(const SurfaceDestroy&) const = default;
};
// The command or cursor ring has work.
struct Wakeup {
  static constexpr MessageKey message{ChannelType::device, Side::client, 5};
  bool operator==(const Wakeup&) const = default;
};
enum class DrawEffect : std::uint8_t {
  blend = 0,
  opaque = 1,
  revert_on_dup = 2,
  blackness_on_dup = 3,
  whiteness_on_dup = 4,
  nop_on_dup = 5,
  nop = 6,
  opaque_brush = 7,
};
// Numbers of the QXL operations (qxl-device.md §12.3).
enum class DrawType : std::uint8_t {
  nop = 0,
  fill = 1,
  opaque = 2,
  copy = 3,
  copy_bits = 4,
  blend = 5,
  blackness = 6,
  whiteness = 7,
  invers = 8,
  rop3 = 9,
  stroke = 10,
  text = 11,
  transparent = 12,
  alpha_blend = 13,
  composite = 14,
};
// A drawable fetched from the command ring, its addresses resolved. The body's alternative follows
// `type`; its base repeats surface, bbox and clip of the drawable.
struct Drawable {
  std::uint64_t release_id = 0;  // resource to release when the server is done with the command
  std::uint8_t effect = 0;       // DrawEffect
  std::uint32_t mm_time = 0;     // ms, stamped by the device on arrival
  std::uint8_t type = 0;         // DrawType
  std::variant<std::monostate, display::DrawFill, display::DrawCopy, display::CopyBits,
               display::DrawOpaque, display::DrawBlend, display::DrawBlackness,
               display::DrawWhiteness, display::DrawInvers, display::DrawRop3, display::DrawStroke,
               display::DrawText, display::DrawTransparent, display::DrawAlphaBlend,
               display::DrawComposite>
      body;
  bool operator==(const Drawable&) const = default;
};
// Answers to FetchCommand: a drawable, a surface that comes or goes, or nothing.
struct DrawCommand {
  static constexpr MessageKey message{ChannelType::device, Side::client, 6};
  std::uint32_t fetch_id = 0;
  Drawable drawable;
  bool operator==(const DrawCommand&) const = default;
};
enum class SurfaceAction : std::uint8_t { create = 0, destroy = 1 };
// The resource of a create is released when the surface is gone, before that of its destroy.
struct SurfaceCommand {
  static constexpr MessageKey message{ChannelType::device, Side::client, 15};
  std::uint32_t fetch_id = 0;
  std::uint64_t release_id = 0;
  std::uint8_t action = 0;  // SurfaceAction
  SurfaceCreate surface;    // a destroy has its id alone
  bool operator==(const SurfaceCommand&) const = default;
};
struct NoCommand {
  static constexpr MessageKey message{ChannelType::device, Side::client, 7};
  std::uint32_t fetch_id = 0;
  bool operator==(const NoCommand&) const = default;
};
enum class CursorAction : std::uint8_t { set = 0, move = 1, hide = 2, trail = 3 };
// Answers to FetchCursor. Cursor data is last: a tail.
struct CursorCommand {
  static constexpr MessageKey message{ChannelType::device, Side::client, 8};
  std::uint32_t fetch_id = 0;
  std::uint64_t release_id = 0;
  std::uint8_t action =
      0;  // CursorAction; set → cursor::Set, move → Move, hide → Hide, trail → Trail
  std::variant<std::monostate, cursor::Set, cursor::Move, cursor::Hide, cursor::Trail> body;
  bool operator==(const CursorCommand&) const = default;
};
struct NoCursor {
  static constexpr MessageKey message{ChannelType::device, Side::client, 9};
  std::uint32_t fetch_id = 0;
  bool operator==(const NoCursor&) const = default;
};
// Render everything pending in this area into the surface's memory, then answer AreaUpdated.
struct UpdateArea {
  static constexpr MessageKey message{ChannelType::device, Side::client, 10};
  std::uint32_t request_id = 0, surface_id = 0;
  display::Rect area;
  std::uint8_t clear_dirty = 0;
  bool operator==(const UpdateArea&) const = default;
};
struct MonitorsConfig {
  static constexpr MessageKey message{ChannelType::device, Side::client, 11};
  std::uint16_t max_allowed = 0;
  std::vector<display::Head> heads;  // u16 count
  bool operator==(const MonitorsConfig&) const = default;
};
// The guest reset the device: all surfaces and pending commands are gone.
struct Reset {
  static constexpr MessageKey message{ChannelType::device, Side::client, 12};
  bool operator==(const Reset&) const = default;
};
// 1: the guest has an absolute pointer (tablet).
struct PointerDevice {
  static constexpr MessageKey message{ChannelType::device, Side::client, 13};
  std::uint8_t absolute = 0;
  bool operator==(const PointerDevice&) const = default;
};
struct KeyboardLeds {
  static constexpr MessageKey message{ChannelType::device, Side::client, 14};
  std::uint16_t modifiers = 0;  // inputs::KeyboardModifiers
  bool operator==(const KeyboardLeds&) const = default;
};

// The machine stops: no command comes, and nothing may be changed in its memory, until it starts.
struct Stop {
  static constexpr MessageKey message{ChannelType::device, Side::client, 16};
  bool operator==(const Stop&) const = default;
};
// … goes on. The server tells again what its clients can.
struct Start {
  static constexpr MessageKey message{ChannelType::device, Side::client, 17};
  bool operator==(const Start&) const = default;
};

// Whether the guest's driver wants to hear of the client's monitors.
struct ClientMonitorsAnswer {
  static constexpr MessageKey message{ChannelType::device, Side::client, 18};
  std::uint32_t request_id = 0;
  std::uint8_t accepted = 0;
  bool operator==(const ClientMonitorsAnswer&) const = default;
};

// Server to device
struct FetchCommand {
  static constexpr MessageKey message{ChannelType::device, Side::server, 1};
  std::uint32_t fetch_id = 0;
  bool operator==(const FetchCommand&) const = default;
};
struct FetchCursor {
  static constexpr MessageKey message{ChannelType::device, Side::server, 2};
  std::uint32_t fetch_id = 0;
  bool operator==(const FetchCursor&) const = default;
};
struct Release {
  static constexpr MessageKey message{ChannelType::device, Side::server, 3};
  std::uint64_t release_id = 0;
  bool operator==(const Release&) const = default;
};
struct AreaUpdated {
  static constexpr MessageKey message{ChannelType::device, Side::server, 4};
  std::uint32_t request_id = 0;
  std::vector<display::Rect> dirty;  // u32 count
  bool operator==(const AreaUpdated&) const = default;
};
struct ClientCapabilities {
  static constexpr MessageKey message{ChannelType::device, Side::server, 5};
  std::uint8_t client_present = 0;
  std::array<std::uint8_t, 58> capabilities{};
  bool operator==(const ClientCapabilities&) const = default;
};
// Input events for the guest.
struct Key {
  static constexpr MessageKey message{ChannelType::device, Side::server, 6};
  SharedBytes scancodes;  // u32 count; PC-AT set 1, as the keyboard controller gets them
  bool operator==(const Key&) const = default;
};
struct MouseMotion {
  static constexpr MessageKey message{ChannelType::device, Side::server, 7};
  std::int32_t dx = 0, dy = 0, dz = 0;  // dz: wheel steps, up negative
  std::uint16_t buttons_state = 0;      // inputs::ButtonMask
  bool operator==(const MouseMotion&) const = default;
};
struct MousePosition {
  static constexpr MessageKey message{ChannelType::device, Side::server, 8};
  std::uint32_t x = 0, y = 0;
  std::uint16_t buttons_state = 0;
  std::uint8_t display_id = 0;
  bool operator==(const MousePosition&) const = default;
};
struct MouseButtons {
  static constexpr MessageKey message{ChannelType::device, Side::server, 9};
  std::int32_t dz = 0;
  std::uint16_t buttons_state = 0;
  bool operator==(const MouseButtons&) const = default;
};

// The client's monitors, for the guest's driver (qxl-device.md §17.2); answered.
struct ClientMonitors {
  static constexpr MessageKey message{ChannelType::device, Side::server, 10};
  struct Monitor {
    std::uint32_t x = 0, y = 0, width = 0, height = 0;
    bool operator==(const Monitor&) const = default;
  };
  std::uint32_t request_id = 0;
  std::uint8_t query = 0;         // 1: the answer is all that is wanted
  std::vector<Monitor> monitors;  // u32 count, at most 64
  bool operator==(const ClientMonitors&) const = default;
};

}  // namespace spicebench::wire::device
