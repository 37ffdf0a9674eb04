// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/device_link.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace device {
namespace {

// Device to server
constexpr Field slot_add_fields[] = {
    scalar(MEMBER(SlotAdd, slot_id)),
    scalar(MEMBER(SlotAdd, generation)),
    scalar(MEMBER(SlotAdd, size)),
};
constexpr Layout slot_add_layout = describes<SlotAdd>("slot_add", slot_add_fields);

constexpr Field slot_del_fields[] = {scalar(MEMBER(SlotDel, slot_id))};
constexpr Layout slot_del_layout = describes<SlotDel>("slot_del", slot_del_fields);

constexpr Name surface_flag_entries[] = {{guest_surface_keep_data, "keep_data"}};
constexpr Names surface_flag_names{true, surface_flag_entries};
constexpr Field surface_create_fields[] = {
    scalar(MEMBER(SurfaceCreate, surface_id)),
    scalar(MEMBER(SurfaceCreate, width)),
    scalar(MEMBER(SurfaceCreate, height)),
    scalar(MEMBER(SurfaceCreate, stride)),
    scalar(MEMBER(SurfaceCreate, format)).named(display::surface_format_names),
    scalar(MEMBER(SurfaceCreate, flags)).named(surface_flag_names),
    scalar(MEMBER(SurfaceCreate, mouse_mode)),
};
constexpr Layout surface_create_layout =
    describes<SurfaceCreate>("surface_create", surface_create_fields);

constexpr Field surface_destroy_fields[] = {scalar(MEMBER(SurfaceDestroy, surface_id))};
constexpr Layout surface_destroy_layout =
    describes<SurfaceDestroy>("surface_destroy", surface_destroy_fields);

constexpr Layout wakeup_layout = describes<Wakeup>("wakeup", {});

constexpr Name effect_entries[] = {
    {0, "blend"},
    {1, "opaque"},
    {2, "revert_on_dup"},
    {3, "blackness_on_dup"},
    {4, "whiteness_on_dup"},
    {5, "nop_on_dup"},
    {6, "nop"},
    {7, "opaque_brush"},
};
constexpr Names effect_names{false, effect_entries};
constexpr Name draw_type_entries[] = {
    {0, "nop"},     {1, "fill"},      {2, "opaque"},       {3, "copy"},         {4, "copy_bits"},
    {5, "blend"},   {6, "blackness"}, {7, "whiteness"},    {8, "invers"},       {9, "rop3"},
    {10, "stroke"}, {11, "text"},     {12, "transparent"}, {13, "alpha_blend"}, {14, "composite"}};
constexpr Names draw_type_names{false, draw_type_entries};
constexpr Case draw_case(DrawType type, std::uint8_t alternative, const Layout& layout) {
  return {.value = static_cast<std::uint64_t>(type), .alternative = alternative, .layout = &layout};
}
constexpr Case draw_cases[] = {
    draw_case(DrawType::fill, 1, display::draw_fill_layout),
    draw_case(DrawType::copy, 2, display::draw_copy_layout),
    draw_case(DrawType::copy_bits, 3, display::copy_bits_layout),
    draw_case(DrawType::opaque, 4, display::draw_opaque_layout),
    draw_case(DrawType::blend, 5, display::draw_blend_layout),
    draw_case(DrawType::blackness, 6, display::draw_blackness_layout),
    draw_case(DrawType::whiteness, 7, display::draw_whiteness_layout),
    draw_case(DrawType::invers, 8, display::draw_invers_layout),
    draw_case(DrawType::rop3, 9, display::draw_rop3_layout),
    draw_case(DrawType::stroke, 10, display::draw_stroke_layout),
    draw_case(DrawType::text, 11, display::draw_text_layout),
    draw_case(DrawType::transparent, 12, display::draw_transparent_layout),
    draw_case(DrawType::alpha_blend, 13, display::draw_alpha_blend_layout),
    draw_case(DrawType::composite, 14, display::draw_composite_layout),
};
constexpr Field drawable_fields[] = {
    scalar(MEMBER(Drawable, release_id)),
    scalar(MEMBER(Drawable, effect)).named(effect_names),
    scalar(MEMBER(Drawable, mm_time)),
    scalar(MEMBER(Drawable, type)).named(draw_type_names),
    choice(MEMBER(Drawable, body), MEMBER(Drawable, type), draw_cases),
};
constexpr Layout drawable_layout = describes<Drawable>("drawable", drawable_fields);

constexpr Field draw_command_fields[] = {
    scalar(MEMBER(DrawCommand, fetch_id)),
    structure(MEMBER(DrawCommand, drawable), drawable_layout),
};
constexpr Layout draw_command_layout = describes<DrawCommand>("draw_command", draw_command_fields);

constexpr Name surface_action_entries[] = {{0, "create"}, {1, "destroy"}};
constexpr Names surface_action_names{false, surface_action_entries};
constexpr Field surface_command_fields[] = {
    scalar(MEMBER(SurfaceCommand, fetch_id)),
    scalar(MEMBER(SurfaceCommand, release_id)),
    scalar(MEMBER(SurfaceCommand, action)).named(surface_action_names),
    structure(MEMBER(SurfaceCommand, surface), surface_create_layout),
};
constexpr Layout surface_command_layout =
    describes<SurfaceCommand>("surface_command", surface_command_fields);

constexpr Field no_command_fields[] = {scalar(MEMBER(NoCommand, fetch_id))};
constexpr Layout no_command_layout = describes<NoCommand>("no_command", no_command_fields);

constexpr Name action_entries[] = {{0, "set"}, {1, "move"}, {2, "hide"}, {3, "trail"}};
constexpr Names action_names{false, action_entries};
constexpr Case cursor_cases[] = {
    {.value = 0, .alternative = 1, .layout = &cursor::set_layout},
    {.value = 1, .alternative = 2, .layout = &cursor::move_layout},
    {.value = 2, .alternative = 3, .layout = &cursor::hide_layout},
    {.value = 3, .alternative = 4, .layout = &cursor::trail_layout},
};
constexpr Field cursor_command_fields[] = {
    scalar(MEMBER(CursorCommand, fetch_id)),
    scalar(MEMBER(CursorCommand, release_id)),
    scalar(MEMBER(CursorCommand, action)).named(action_names),
    choice(MEMBER(CursorCommand, body), MEMBER(CursorCommand, action), cursor_cases),
};
constexpr Layout cursor_command_layout =
    describes<CursorCommand>("cursor_command", cursor_command_fields);

constexpr Field no_cursor_fields[] = {scalar(MEMBER(NoCursor, fetch_id))};
constexpr Layout no_cursor_layout = describes<NoCursor>("no_cursor", no_cursor_fields);

constexpr Field update_area_fields[] = {
    scalar(MEMBER(UpdateArea, request_id)),
    scalar(MEMBER(UpdateArea, surface_id)),
    structure(MEMBER(UpdateArea, area), display::rect_layout),
    scalar(MEMBER(UpdateArea, clear_dirty)),
};
constexpr Layout update_area_layout = describes<UpdateArea>("update_area", update_area_fields);

constexpr Field monitors_config_fields[] = {
    count("count", 2, 0).limited(0, 256),
    scalar(MEMBER(MonitorsConfig, max_allowed)),
    list(MEMBER(MonitorsConfig, heads), display::head_layout).counted(0),
};
constexpr Layout monitors_config_layout =
    describes<MonitorsConfig>("monitors_config", monitors_config_fields);

constexpr Layout reset_layout = describes<Reset>("reset", {});
constexpr Layout stop_layout = describes<Stop>("stop", {});
constexpr Layout start_layout = describes<Start>("start", {});

constexpr Field pointer_device_fields[] = {scalar(MEMBER(PointerDevice, absolute))};
constexpr Layout pointer_device_layout =
    describes<PointerDevice>("pointer_device", pointer_device_fields);

constexpr Field keyboard_leds_fields[] = {
    scalar(MEMBER(KeyboardLeds, modifiers)).named(inputs::modifier_names),
};
constexpr Layout keyboard_leds_layout =
    describes<KeyboardLeds>("keyboard_leds", keyboard_leds_fields);

// Server to device
constexpr Field fetch_command_fields[] = {scalar(MEMBER(FetchCommand, fetch_id))};
constexpr Layout fetch_command_layout =
    describes<FetchCommand>("fetch_command", fetch_command_fields);

constexpr Field fetch_cursor_fields[] = {scalar(MEMBER(FetchCursor, fetch_id))};
constexpr Layout fetch_cursor_layout = describes<FetchCursor>("fetch_cursor", fetch_cursor_fields);

constexpr Field release_fields[] = {scalar(MEMBER(Release, release_id))};
constexpr Layout release_layout = describes<Release>("release", release_fields);

constexpr Field area_updated_fields[] = {
    scalar(MEMBER(AreaUpdated, request_id)),
    count("num_dirty", 4, 0),
    list(MEMBER(AreaUpdated, dirty), display::rect_layout).counted(0),
};
constexpr Layout area_updated_layout = describes<AreaUpdated>("area_updated", area_updated_fields);

constexpr Field client_capabilities_fields[] = {
    scalar(MEMBER(ClientCapabilities, client_present)),
    array(MEMBER(ClientCapabilities, capabilities)),
};
constexpr Layout client_capabilities_layout =
    describes<ClientCapabilities>("client_capabilities", client_capabilities_fields);

constexpr Field client_monitors_answer_fields[] = {
    scalar(MEMBER(ClientMonitorsAnswer, request_id)),
    scalar(MEMBER(ClientMonitorsAnswer, accepted)),
};
constexpr Layout client_monitors_answer_layout =
    describes<ClientMonitorsAnswer>("client_monitors_answer", client_monitors_answer_fields);

constexpr Field client_monitor_fields[] = {
    scalar(MEMBER(ClientMonitors::Monitor, x)),
    scalar(MEMBER(ClientMonitors::Monitor, y)),
    scalar(MEMBER(ClientMonitors::Monitor, width)),
    scalar(MEMBER(ClientMonitors::Monitor, height)),
};
constexpr Layout client_monitor_layout =
    describes<ClientMonitors::Monitor>("client_monitor", client_monitor_fields);
constexpr Field client_monitors_fields[] = {
    scalar(MEMBER(ClientMonitors, request_id)),
    scalar(MEMBER(ClientMonitors, query)),
    count("num_monitors", 4, 0),
    list(MEMBER(ClientMonitors, monitors), client_monitor_layout).counted(0),
};
constexpr Layout client_monitors_layout =
    describes<ClientMonitors>("client_monitors", client_monitors_fields);

constexpr Field key_fields[] = {
    count("num_scancodes", 4, 0),
    bytes(MEMBER(Key, scancodes)).counted(0),
};
constexpr Layout key_layout = describes<Key>("key", key_fields);

constexpr Field mouse_motion_fields[] = {
    scalar(MEMBER(MouseMotion, dx)),
    scalar(MEMBER(MouseMotion, dy)),
    scalar(MEMBER(MouseMotion, dz)),
    scalar(MEMBER(MouseMotion, buttons_state)).named(inputs::button_mask_names),
};
constexpr Layout mouse_motion_layout = describes<MouseMotion>("mouse_motion", mouse_motion_fields);

constexpr Field mouse_position_fields[] = {
    scalar(MEMBER(MousePosition, x)),
    scalar(MEMBER(MousePosition, y)),
    scalar(MEMBER(MousePosition, buttons_state)).named(inputs::button_mask_names),
    scalar(MEMBER(MousePosition, display_id)),
};
constexpr Layout mouse_position_layout =
    describes<MousePosition>("mouse_position", mouse_position_fields);

constexpr Field mouse_buttons_fields[] = {
    scalar(MEMBER(MouseButtons, dz)),
    scalar(MEMBER(MouseButtons, buttons_state)).named(inputs::button_mask_names),
};
constexpr Layout mouse_buttons_layout =
    describes<MouseButtons>("mouse_buttons", mouse_buttons_fields);

constexpr MessageInfo rows[] = {
    row<SlotAdd>(slot_add_layout),
    row<SlotDel>(slot_del_layout),
    row<SurfaceCreate>(surface_create_layout),
    row<SurfaceDestroy>(surface_destroy_layout),
    row<Wakeup>(wakeup_layout),
    row<DrawCommand>(draw_command_layout),
    row<NoCommand>(no_command_layout),
    row<CursorCommand>(cursor_command_layout),
    row<NoCursor>(no_cursor_layout),
    row<UpdateArea>(update_area_layout),
    row<MonitorsConfig>(monitors_config_layout),
    row<Reset>(reset_layout),
    row<Stop>(stop_layout),
    row<Start>(start_layout),
    row<PointerDevice>(pointer_device_layout),
    row<KeyboardLeds>(keyboard_leds_layout),
    row<SurfaceCommand>(surface_command_layout),
    row<ClientMonitorsAnswer>(client_monitors_answer_layout),
    row<FetchCommand>(fetch_command_layout),
    row<FetchCursor>(fetch_cursor_layout),
    row<Release>(release_layout),
    row<AreaUpdated>(area_updated_layout),
    row<ClientCapabilities>(client_capabilities_layout),
    row<Key>(key_layout),
    row<MouseMotion>(mouse_motion_layout),
    row<MousePosition>(mouse_position_layout),
    row<MouseButtons>(mouse_buttons_layout),
    row<ClientMonitors>(client_monitors_layout),
};

}  // namespace
}  // namespace device

std::span<const MessageInfo> device_messages() {
  return device::rows;
}

}  // namespace spicebench::wire
