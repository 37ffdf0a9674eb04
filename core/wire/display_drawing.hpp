// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>

#include "core/wire/display_shapes.hpp"
#include "core/wire/display_types.hpp"
#include "core/wire/ids.hpp"

// The drawing commands of the display channel (protocol.md §4.3.2; what they do: canvas.md §7…§11).
// A source image is a pointer; where it is absent the command is invalid, but can be encoded.
namespace spicebench::wire::display {

struct CopyBits {
  static constexpr MessageKey message{ChannelType::display, Side::server, 104};
  DisplayBase base;
  Point src_pos;
  bool operator==(const CopyBits&) const = default;
};
struct DrawFill {
  static constexpr MessageKey message{ChannelType::display, Side::server, 302};
  DisplayBase base;
  Brush brush;
  std::uint16_t rop_descriptor = ropd_put;
  QMask mask;
  bool operator==(const DrawFill&) const = default;
};
struct DrawOpaque {
  static constexpr MessageKey message{ChannelType::display, Side::server, 303};
  DisplayBase base;
  std::optional<Image> src_bitmap;
  Rect src_area;
  Brush brush;
  std::uint16_t rop_descriptor = ropd_put;
  std::uint8_t scale_mode = 0;
  QMask mask;
  bool operator==(const DrawOpaque&) const = default;
};
// Two messages of the same fields.
template <std::uint16_t id>
struct CopyDrawing {
  static constexpr MessageKey message{ChannelType::display, Side::server, id};
  DisplayBase base;
  std::optional<Image> src_bitmap;
  Rect src_area;
  std::uint16_t rop_descriptor = ropd_put;
  std::uint8_t scale_mode = 0;
  QMask mask;
  bool operator==(const CopyDrawing&) const = default;
};
using DrawCopy = CopyDrawing<304>;
using DrawBlend = CopyDrawing<305>;
// Three messages of the same fields.
template <std::uint16_t id>
struct MaskDrawing {
  static constexpr MessageKey message{ChannelType::display, Side::server, id};
  DisplayBase base;
  QMask mask;
  bool operator==(const MaskDrawing&) const = default;
};
using DrawBlackness = MaskDrawing<306>;
using DrawWhiteness = MaskDrawing<307>;
using DrawInvers = MaskDrawing<308>;
struct DrawRop3 {
  static constexpr MessageKey message{ChannelType::display, Side::server, 309};
  DisplayBase base;
  std::optional<Image> src_bitmap;
  Rect src_area;
  Brush brush;
  std::uint8_t rop3 = 0xcc;  // a ternary operation; 0xcc: the source
  std::uint8_t scale_mode = 0;
  QMask mask;
  bool operator==(const DrawRop3&) const = default;
};
struct DrawStroke {
  static constexpr MessageKey message{ChannelType::display, Side::server, 310};
  DisplayBase base;
  Path path;  // pointer, non-null
  LineAttr attr;
  Brush brush;
  std::uint16_t fore_mode = ropd_put, back_mode = ropd_put;  // Ropd
  bool operator==(const DrawStroke&) const = default;
};
struct DrawText {
  static constexpr MessageKey message{ChannelType::display, Side::server, 311};
  DisplayBase base;
  String str;  // pointer, non-null
  Rect back_area;
  Brush fore_brush, back_brush;
  std::uint16_t fore_mode = ropd_put, back_mode = ropd_put;  // Ropd
  bool operator==(const DrawText&) const = default;
};
struct DrawTransparent {
  static constexpr MessageKey message{ChannelType::display, Side::server, 312};
  DisplayBase base;
  std::optional<Image> src_bitmap;
  Rect src_area;
  std::uint32_t src_color = 0, true_color = 0;
  bool operator==(const DrawTransparent&) const = default;
};
enum AlphaFlags : std::uint8_t { alpha_dest_has_alpha = 1, alpha_src_surface_has_alpha = 2 };
struct DrawAlphaBlend {
  static constexpr MessageKey message{ChannelType::display, Side::server, 313};
  DisplayBase base;
  std::uint8_t alpha_flags = 0;  // AlphaFlags
  std::uint8_t alpha = 255;
  std::optional<Image> src_bitmap;
  Rect src_area;
  bool operator==(const DrawAlphaBlend&) const = default;
};
struct DrawComposite {
  static constexpr MessageKey message{ChannelType::display, Side::server, 318};
  DisplayBase base;
  std::uint32_t flags = 0;  // CompositeFlags and the numbers beside them
  std::optional<Image> src_bitmap;
  std::optional<Image> mask_bitmap;         // pointer, only with composite_has_mask
  std::optional<Transform> src_transform;   // exactly with composite_has_source_transform
  std::optional<Transform> mask_transform;  // exactly with composite_has_mask_transform
  Point16 src_origin, mask_origin;
  bool operator==(const DrawComposite&) const = default;
};

}  // namespace spicebench::wire::display
