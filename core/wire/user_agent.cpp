// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/user_agent.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace user {
namespace {

constexpr std::int64_t most_name_bytes = 4096;

// User to client
constexpr Field copy_fields[] = {bytes(MEMBER(CopyText, text)).to_end().text()};
constexpr Layout copy_layout = describes<CopyText>("copy_text", copy_fields);
constexpr Layout release_layout = describes<ReleaseText>("release_text", {});
constexpr Layout paste_layout = describes<PasteText>("paste_text", {});
constexpr Field send_file_fields[] = {
    count("name_size", 4, 0).limited(0, most_name_bytes),
    bytes(MEMBER(SendFile, name)).counted(0).text(),
    bytes(MEMBER(SendFile, data)).to_end(),
};
constexpr Layout send_file_layout = describes<SendFile>("send_file", send_file_fields);
constexpr Field cancel_file_fields[] = {scalar(MEMBER(CancelFile, id))};
constexpr Layout cancel_file_layout = describes<CancelFile>("cancel_file", cancel_file_fields);
constexpr Field resize_fields[] = {
    scalar(MEMBER(Resize, display_id)),
    scalar(MEMBER(Resize, width)),
    scalar(MEMBER(Resize, height)),
};
constexpr Layout resize_layout = describes<Resize>("resize", resize_fields);
constexpr Field port_write_fields[] = {
    scalar(MEMBER(PortWrite, channel_id)),
    bytes(MEMBER(PortWrite, data)).to_end(),
};
constexpr Layout port_write_layout = describes<PortWrite>("port_write", port_write_fields);

// Client to user
constexpr Field agent_is_fields[] = {scalar(MEMBER(AgentIs, connected))};
constexpr Layout agent_is_layout = describes<AgentIs>("agent_is", agent_is_fields);
constexpr Field offers_fields[] = {scalar(MEMBER(GuestOffers, text))};
constexpr Layout offers_layout = describes<GuestOffers>("guest_offers", offers_fields);
constexpr Field pasted_fields[] = {
    scalar(MEMBER(Pasted, given)),
    bytes(MEMBER(Pasted, text)).to_end().text(),
};
constexpr Layout pasted_layout = describes<Pasted>("pasted", pasted_fields);
constexpr Field file_sent_fields[] = {
    scalar(MEMBER(FileSent, id)),
    scalar(MEMBER(FileSent, result)),
};
constexpr Layout file_sent_layout = describes<FileSent>("file_sent", file_sent_fields);
constexpr Field port_is_fields[] = {
    scalar(MEMBER(PortIs, channel_id)),
    scalar(MEMBER(PortIs, opened)),
    bytes(MEMBER(PortIs, name)).to_end().text(),
};
constexpr Layout port_is_layout = describes<PortIs>("port_is", port_is_fields);
constexpr Field port_read_fields[] = {
    scalar(MEMBER(PortRead, channel_id)),
    bytes(MEMBER(PortRead, data)).to_end(),
};
constexpr Layout port_read_layout = describes<PortRead>("port_read", port_read_fields);

constexpr MessageInfo rows[] = {
    row<CopyText>(copy_layout),          row<ReleaseText>(release_layout),
    row<PasteText>(paste_layout),        row<SendFile>(send_file_layout),
    row<CancelFile>(cancel_file_layout), row<Resize>(resize_layout),
    row<PortWrite>(port_write_layout),   row<AgentIs>(agent_is_layout),
    row<GuestOffers>(offers_layout),     row<Pasted>(pasted_layout),
    row<FileSent>(file_sent_layout),     row<PortIs>(port_is_layout),
    row<PortRead>(port_read_layout),
};

}  // namespace
}  // namespace user

std::span<const MessageInfo> user_agent_messages() {
  return user::rows;
}

}  // namespace spicebench::wire
