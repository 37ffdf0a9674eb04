// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <span>

#include "core/wire/display_types.hpp"
#include "core/wire/layout.hpp"

// The tables that several files share, and the rows that each channel gives to the catalogue.
namespace spicebench::wire {

extern const Names channel_type_names;  // of the protocol's channels

namespace common {
extern const Layout channel_wait_layout;
extern const Names link_error_names;
}  // namespace common
namespace link {
extern const Layout mess_layout, reply_layout;
}
namespace agent {
extern const Layout header_layout;
extern const Names cap_names;  // capabilities.cpp
}  // namespace agent
namespace usb {
extern const Layout header_layout, short_header_layout;
}
namespace display {
extern const Layout point_layout, point16_layout, rect_layout, clip_layout, base_layout;
extern const Layout palette_layout, bitmap_layout, image_layout, brush_layout, mask_layout;
extern const Layout path_layout, line_attr_layout, string_layout, transform_layout;
extern const Layout head_layout, copy_bits_layout, draw_fill_layout, draw_opaque_layout;
extern const Layout draw_copy_layout, draw_blend_layout, draw_blackness_layout;
extern const Layout draw_whiteness_layout, draw_invers_layout, draw_rop3_layout;
extern const Layout draw_stroke_layout, draw_text_layout, draw_transparent_layout;
extern const Layout draw_alpha_blend_layout, draw_composite_layout;
extern const Names rop_names, scale_mode_names, surface_format_names, composite_names;
// What is wrong with a ROP descriptor; empty if nothing.
std::string check_rop(std::uint16_t rop);
std::uint16_t settled_rop(std::uint16_t rop, Choices& choices);
// What is wrong with the part of an image that is drawn; empty if nothing.
std::string check_source(const std::optional<Image>& image, const Rect& area);
Rect settled_source(const Image& image, Choices& choices);
}  // namespace display
namespace cursor {
extern const Layout set_layout, move_layout, hide_layout, trail_layout;
}
namespace inputs {
extern const Names modifier_names, button_names, button_mask_names;
}

std::span<const MessageInfo> common_messages();
std::span<const MessageInfo> main_messages();
std::span<const MessageInfo> display_messages();
std::span<const MessageInfo> display_drawing_messages();
std::span<const MessageInfo> display_stream_messages();
std::span<const MessageInfo> migration_messages();
std::span<const MessageInfo> cursor_messages();
std::span<const MessageInfo> inputs_messages();
std::span<const MessageInfo> playback_messages();
std::span<const MessageInfo> record_messages();
std::span<const MessageInfo> smartcard_messages();
std::span<const MessageInfo> spicevmc_messages();  // usbredir, port, webdav and its frames
std::span<const MessageInfo> link_messages();
std::span<const MessageInfo> agent_messages();
std::span<const MessageInfo> usb_messages();
std::span<const MessageInfo> device_messages();
std::span<const MessageInfo> char_device_messages();
std::span<const MessageInfo> sound_messages();
std::span<const MessageInfo> user_messages();
std::span<const MessageInfo> admin_messages();
std::span<const MessageInfo> user_agent_messages();

}  // namespace spicebench::wire
