// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/admin_link.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace admin {
namespace {

constexpr Name connected_entries[] = {{0, "keep"}, {1, "disconnect"}, {2, "fail"}};
constexpr Names connected_names{false, connected_entries};

// Admin to server
constexpr Field set_password_fields[] = {
    scalar(MEMBER(SetPassword, connected)).named(connected_names),
    scalar(MEMBER(SetPassword, lifetime_s)),
    scalar(MEMBER(SetPassword, none)),
    bytes(MEMBER(SetPassword, password)).to_end().text(),
};
constexpr Layout set_password_layout = describes<SetPassword>("set_password", set_password_fields);
constexpr Field expire_password_fields[] = {
    scalar(MEMBER(ExpirePassword, never)),
    scalar(MEMBER(ExpirePassword, after_s)),
};
constexpr Layout expire_password_layout =
    describes<ExpirePassword>("expire_password", expire_password_fields);
constexpr Layout set_noauth_layout = describes<SetNoauth>("set_noauth", {});

// Server to admin
constexpr Layout done_layout = describes<Done>("done", {});
constexpr Field refused_fields[] = {bytes(MEMBER(Refused, reason)).to_end().text()};
constexpr Layout refused_layout = describes<Refused>("refused", refused_fields);
constexpr Field connected_fields[] = {
    scalar(MEMBER(LinkConnected, link)),
    scalar(MEMBER(LinkConnected, tls)),
    bytes(MEMBER(LinkConnected, peer)).to_end().text(),
};
constexpr Layout connected_layout = describes<LinkConnected>("link_connected", connected_fields);
constexpr Field initialized_fields[] = {
    scalar(MEMBER(LinkInitialized, link)),         scalar(MEMBER(LinkInitialized, session_id)),
    scalar(MEMBER(LinkInitialized, channel_type)), scalar(MEMBER(LinkInitialized, channel_id)),
    scalar(MEMBER(LinkInitialized, tls)),
};
constexpr Layout initialized_layout =
    describes<LinkInitialized>("link_initialized", initialized_fields);
constexpr Field disconnected_fields[] = {scalar(MEMBER(LinkDisconnected, link))};
constexpr Layout disconnected_layout =
    describes<LinkDisconnected>("link_disconnected", disconnected_fields);

constexpr MessageInfo rows[] = {
    row<SetPassword>(set_password_layout),
    row<ExpirePassword>(expire_password_layout),
    row<SetNoauth>(set_noauth_layout),
    row<Done>(done_layout),
    row<Refused>(refused_layout),
    row<LinkConnected>(connected_layout),
    row<LinkInitialized>(initialized_layout),
    row<LinkDisconnected>(disconnected_layout),
};

}  // namespace
}  // namespace admin

std::span<const MessageInfo> admin_messages() {
  return admin::rows;
}

}  // namespace spicebench::wire
