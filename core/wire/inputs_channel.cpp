// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/inputs_channel.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace inputs {
namespace {

constexpr Name modifier_entries[] = {
    {scroll_lock, "scroll_lock"}, {num_lock, "num_lock"}, {caps_lock, "caps_lock"}};
constexpr Name button_entries[] = {
    {button_left, "left"}, {button_middle, "middle"}, {button_right, "right"}, {button_up, "up"},
    {button_down, "down"}, {button_side, "side"},     {button_extra, "extra"},
};
constexpr Name button_mask_entries[] = {
    {mask_left, "left"}, {mask_middle, "middle"}, {mask_right, "right"}, {mask_up, "up"},
    {mask_down, "down"}, {mask_side, "side"},     {mask_extra, "extra"},
};

}  // namespace

constexpr Names modifier_names{true, modifier_entries};
constexpr Names button_names{false, button_entries};
constexpr Names button_mask_names{true, button_mask_entries};

namespace {

// Server to client
constexpr Field init_fields[] = {scalar(MEMBER(Init, keyboard_modifiers)).named(modifier_names)};
constexpr Layout init_layout = describes<Init>("init", init_fields);

constexpr Field key_modifiers_changed_fields[] = {
    scalar(MEMBER(KeyModifiersChanged, modifiers)).named(modifier_names),
};
constexpr Layout key_modifiers_changed_layout =
    describes<KeyModifiersChanged>("key_modifiers", key_modifiers_changed_fields);

constexpr Layout mouse_motion_ack_layout = describes<MouseMotionAck>("mouse_motion_ack", {});

// Client to server
constexpr Field key_down_fields[] = {scalar(MEMBER(KeyDown, code))};
constexpr Layout key_down_layout = describes<KeyDown>("key_down", key_down_fields);

constexpr Field key_up_fields[] = {scalar(MEMBER(KeyUp, code))};
constexpr Layout key_up_layout = describes<KeyUp>("key_up", key_up_fields);

constexpr Field key_modifiers_fields[] = {
    scalar(MEMBER(KeyModifiers, modifiers)).named(modifier_names),
};
constexpr Layout key_modifiers_layout =
    describes<KeyModifiers>("key_modifiers", key_modifiers_fields);

constexpr Field key_scancode_fields[] = {
    bytes(MEMBER(KeyScancode, data)).to_end().limited(0, 2048),
};
constexpr Layout key_scancode_layout = describes<KeyScancode>("key_scancode", key_scancode_fields);

constexpr Field mouse_motion_fields[] = {
    scalar(MEMBER(MouseMotion, dx)),
    scalar(MEMBER(MouseMotion, dy)),
    scalar(MEMBER(MouseMotion, buttons_state)).named(button_mask_names),
};
constexpr Layout mouse_motion_layout = describes<MouseMotion>("mouse_motion", mouse_motion_fields);

constexpr Field mouse_position_fields[] = {
    scalar(MEMBER(MousePosition, x)),
    scalar(MEMBER(MousePosition, y)),
    scalar(MEMBER(MousePosition, buttons_state)).named(button_mask_names),
    scalar(MEMBER(MousePosition, display_id)),
};
constexpr Layout mouse_position_layout =
    describes<MousePosition>("mouse_position", mouse_position_fields);

constexpr Field mouse_press_fields[] = {
    scalar(MEMBER(MousePress, button)).named(button_names),
    scalar(MEMBER(MousePress, buttons_state)).named(button_mask_names),
};
constexpr Layout mouse_press_layout = describes<MousePress>("mouse_press", mouse_press_fields);

constexpr Field mouse_release_fields[] = {
    scalar(MEMBER(MouseRelease, button)).named(button_names),
    scalar(MEMBER(MouseRelease, buttons_state)).named(button_mask_names),
};
constexpr Layout mouse_release_layout =
    describes<MouseRelease>("mouse_release", mouse_release_fields);

constexpr MessageInfo rows[] = {
    row<Init>(init_layout),
    row<KeyModifiersChanged>(key_modifiers_changed_layout),
    row<MouseMotionAck>(mouse_motion_ack_layout),
    row<KeyDown>(key_down_layout),
    row<KeyUp>(key_up_layout),
    row<KeyModifiers>(key_modifiers_layout),
    row<KeyScancode>(key_scancode_layout),
    row<MouseMotion>(mouse_motion_layout),
    row<MousePosition>(mouse_position_layout),
    row<MousePress>(mouse_press_layout),
    row<MouseRelease>(mouse_release_layout),
};

}  // namespace
}  // namespace inputs

std::span<const MessageInfo> inputs_messages() {
  return inputs::rows;
}

}  // namespace spicebench::wire
