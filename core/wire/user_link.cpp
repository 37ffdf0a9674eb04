// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/user_link.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace user {
namespace {

// User to client
constexpr Field key_down_fields[] = {scalar(MEMBER(KeyDown, code))};
constexpr Layout key_down_layout = describes<KeyDown>("key_down", key_down_fields);
constexpr Field key_up_fields[] = {scalar(MEMBER(KeyUp, code))};
constexpr Layout key_up_layout = describes<KeyUp>("key_up", key_up_fields);
constexpr Field pointer_to_fields[] = {
    scalar(MEMBER(PointerTo, x)),
    scalar(MEMBER(PointerTo, y)),
    scalar(MEMBER(PointerTo, display_id)),
};
constexpr Layout pointer_to_layout = describes<PointerTo>("pointer_to", pointer_to_fields);
constexpr Field pointer_by_fields[] = {scalar(MEMBER(PointerBy, dx)),
                                       scalar(MEMBER(PointerBy, dy))};
constexpr Layout pointer_by_layout = describes<PointerBy>("pointer_by", pointer_by_fields);
constexpr Field button_down_fields[] = {
    scalar(MEMBER(ButtonDown, button)).named(inputs::button_names),
};
constexpr Layout button_down_layout = describes<ButtonDown>("button_down", button_down_fields);
constexpr Field button_up_fields[] = {scalar(MEMBER(ButtonUp, button)).named(inputs::button_names)};
constexpr Layout button_up_layout = describes<ButtonUp>("button_up", button_up_fields);
constexpr Field locks_fields[] = {scalar(MEMBER(Locks, modifiers)).named(inputs::modifier_names)};
constexpr Layout locks_layout = describes<Locks>("locks", locks_fields);
constexpr Layout disconnect_layout = describes<Disconnect>("disconnect", {});

// Client to user
constexpr Field channel_up_fields[] = {
    scalar(MEMBER(ChannelUp, channel_type)),
    scalar(MEMBER(ChannelUp, channel_id)),
};
constexpr Layout channel_up_layout = describes<ChannelUp>("channel_up", channel_up_fields);
constexpr Field screen_ready_fields[] = {
    scalar(MEMBER(ScreenReady, width)),
    scalar(MEMBER(ScreenReady, height)),
};
constexpr Layout screen_ready_layout = describes<ScreenReady>("screen_ready", screen_ready_fields);
constexpr Field mouse_mode_is_fields[] = {scalar(MEMBER(MouseModeIs, mode))};
constexpr Layout mouse_mode_is_layout =
    describes<MouseModeIs>("mouse_mode_is", mouse_mode_is_fields);
constexpr Field disconnected_fields[] = {
    scalar(MEMBER(Disconnected, link_error)),
    bytes(MEMBER(Disconnected, reason)).to_end().text(),
};
constexpr Layout disconnected_layout = describes<Disconnected>("disconnected", disconnected_fields);

constexpr MessageInfo rows[] = {
    row<KeyDown>(key_down_layout),
    row<KeyUp>(key_up_layout),
    row<PointerTo>(pointer_to_layout),
    row<PointerBy>(pointer_by_layout),
    row<ButtonDown>(button_down_layout),
    row<ButtonUp>(button_up_layout),
    row<Locks>(locks_layout),
    row<Disconnect>(disconnect_layout),
    row<ChannelUp>(channel_up_layout),
    row<ScreenReady>(screen_ready_layout),
    row<MouseModeIs>(mouse_mode_is_layout),
    row<Disconnected>(disconnected_layout),
};

}  // namespace
}  // namespace user

std::span<const MessageInfo> user_messages() {
  return user::rows;
}

}  // namespace spicebench::wire
