// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/common_messages.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace common {
namespace {

constexpr Name link_error_entries[] = {
    {0, "ok"},
    {1, "error"},
    {2, "invalid_magic"},
    {3, "invalid_data"},
    {4, "version_mismatch"},
    {5, "need_secured"},
    {6, "need_unsecured"},
    {7, "permission_denied"},
    {8, "bad_connection_id"},
    {9, "channel_not_available"},
};
constexpr Name migrate_flag_entries[] = {{1, "need_flush"}, {2, "need_data_transfer"}};
constexpr Names migrate_flag_names{true, migrate_flag_entries};
constexpr Name severity_entries[] = {{0, "info"}, {1, "warn"}, {2, "error"}};
constexpr Names severity_names{false, severity_entries};
constexpr Name visibility_entries[] = {{0, "low"}, {1, "medium"}, {2, "high"}};
constexpr Names visibility_names{false, visibility_entries};

constexpr Field channel_wait_fields[] = {
    scalar(MEMBER(ChannelWait, channel_type)),
    scalar(MEMBER(ChannelWait, channel_id)),
    scalar(MEMBER(ChannelWait, message_serial)),
};

}  // namespace

constexpr Names link_error_names{false, link_error_entries};
constexpr Layout channel_wait_layout = describes<ChannelWait>("channel_wait", channel_wait_fields);

namespace {

// Server to client
constexpr Field migrate_fields[] = {scalar(MEMBER(Migrate, flags)).named(migrate_flag_names)};
constexpr Layout migrate_layout = describes<Migrate>("migrate", migrate_fields);

constexpr Field migrate_data_fields[] = {bytes(MEMBER(MigrateData, data)).to_end()};
constexpr Layout migrate_data_layout = describes<MigrateData>("migrate_data", migrate_data_fields);

constexpr Field set_ack_fields[] = {
    scalar(MEMBER(SetAck, generation)),
    scalar(MEMBER(SetAck, window)),
};
constexpr Layout set_ack_layout = describes<SetAck>("set_ack", set_ack_fields);

constexpr Field ping_fields[] = {
    scalar(MEMBER(Ping, id)),
    scalar(MEMBER(Ping, timestamp)),
    bytes(MEMBER(Ping, data)).to_end(),
};
constexpr Layout ping_layout = describes<Ping>("ping", ping_fields);

constexpr Field wait_for_channels_fields[] = {
    count("wait_count", 1, 0),
    list(MEMBER(WaitForChannels, wait_list), channel_wait_layout).counted(0),
};
constexpr Layout wait_for_channels_layout =
    describes<WaitForChannels>("wait_for_channels", wait_for_channels_fields);

constexpr Field disconnecting_fields[] = {
    scalar(MEMBER(Disconnecting, time_stamp)),
    scalar(MEMBER(Disconnecting, reason)).named(link_error_names),
};
constexpr Layout disconnecting_layout =
    describes<Disconnecting>("disconnecting", disconnecting_fields);

constexpr Field notify_fields[] = {
    scalar(MEMBER(Notify, time_stamp)),
    scalar(MEMBER(Notify, severity)).named(severity_names),
    scalar(MEMBER(Notify, visibility)).named(visibility_names),
    scalar(MEMBER(Notify, what)),
    count("message_len", 4, 0),
    bytes(MEMBER(Notify, message_text)).called("message").counted(0).text(),
    bytes(MEMBER(Notify, terminator)).to_end().limited(0, 1, Enforced::validate).text(),
};
constexpr Layout notify_layout = describes<Notify>("notify", notify_fields);

constexpr Layout base_last_layout = describes<BaseLast>("base_last", {});

constexpr Field list_fields[] = {bytes(MEMBER(List, data)).to_end()};
constexpr Layout list_layout = describes<List>("list", list_fields);

// Client to server
constexpr Field ack_sync_fields[] = {scalar(MEMBER(AckSync, generation))};
constexpr Layout ack_sync_layout = describes<AckSync>("ack_sync", ack_sync_fields);

constexpr Layout ack_layout = describes<Ack>("ack", {});

constexpr Field pong_fields[] = {scalar(MEMBER(Pong, id)), scalar(MEMBER(Pong, timestamp))};
constexpr Layout pong_layout = describes<Pong>("pong", pong_fields);

constexpr Layout flush_mark_layout = describes<MigrateFlushMark>("migrate_flush_mark", {});

constexpr Field client_migrate_data_fields[] = {bytes(MEMBER(ClientMigrateData, data)).to_end()};
constexpr Layout client_migrate_data_layout =
    describes<ClientMigrateData>("migrate_data", client_migrate_data_fields);

constexpr Field client_disconnecting_fields[] = {
    scalar(MEMBER(ClientDisconnecting, time_stamp)),
    scalar(MEMBER(ClientDisconnecting, reason)).named(link_error_names),
};
constexpr Layout client_disconnecting_layout =
    describes<ClientDisconnecting>("disconnecting", client_disconnecting_fields);

constexpr MessageInfo rows[] = {
    row<Migrate>(migrate_layout),
    row<MigrateData>(migrate_data_layout),
    row<SetAck>(set_ack_layout),
    row<Ping>(ping_layout),
    row<WaitForChannels>(wait_for_channels_layout),
    row<Disconnecting>(disconnecting_layout),
    row<Notify>(notify_layout),
    row<List>(list_layout),
    row<BaseLast>(base_last_layout),
    row<AckSync>(ack_sync_layout),
    row<Ack>(ack_layout),
    row<Pong>(pong_layout),
    row<MigrateFlushMark>(flush_mark_layout),
    row<ClientMigrateData>(client_migrate_data_layout),
    row<ClientDisconnecting>(client_disconnecting_layout),
};

}  // namespace
}  // namespace common

std::span<const MessageInfo> common_messages() {
  return common::rows;
}

}  // namespace spicebench::wire
