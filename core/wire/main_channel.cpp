// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/main_channel.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace main_channel {
namespace {

constexpr std::int64_t most_agent_bytes = 2048, most_string_bytes = 4096;

constexpr wire::Name mouse_mode_entries[] = {{1, "server"}, {2, "client"}};
constexpr Names mouse_mode_names{false, mouse_mode_entries};
constexpr Names mouse_modes_names{true, mouse_mode_entries};

bool ends_in_nul(const std::optional<SharedBytes>& text) {
  return !text || (!text->empty() && text->view().back() == std::byte{0});
}
std::string check_destination(const Scope& scope) {
  const auto& destination = scope.as<Destination>();
  if (destination.port == 0 && destination.sport == 0) return "port and sport are both 0";
  if (!ends_in_nul(destination.host)) return "host_data does not end in NUL";
  if (!ends_in_nul(destination.cert_subject)) return "cert_subject_data does not end in NUL";
  return {};
}
void settle_destination(void* object, const Scope*, Choices&) {
  auto& destination = *static_cast<Destination*>(object);
  if (destination.port == 0 && destination.sport == 0) destination.port = 5900;
}
constexpr Rules destination_rules{check_destination, settle_destination};

constexpr Field port = scalar(MEMBER(Destination, port));
constexpr Field sport = scalar(MEMBER(Destination, sport));
constexpr Field host_size = count("host_size", 4, 0).limited(0, most_string_bytes);
constexpr Field host = bytes(MEMBER(Destination, host))
                           .called("host_data")
                           .counted(0)
                           .limited(1, most_string_bytes)
                           .text();
constexpr Field subject_size = count("cert_subject_size", 4, 1).limited(0, most_string_bytes);
constexpr Field subject = bytes(MEMBER(Destination, cert_subject))
                              .called("cert_subject_data")
                              .counted(1)
                              .limited(1, most_string_bytes)
                              .text()
                              .by_pointer();
constexpr Field destination_fields[] = {
    port, sport, host_size, host.by_pointer(Place::required_pointer), subject_size, subject,
};
constexpr Layout destination_layout =
    describes<Destination>("destination", destination_fields, destination_rules);
constexpr Field switch_destination_fields[] = {
    port, sport, host_size, host.by_pointer(), subject_size, subject,
};
constexpr Layout switch_destination_layout =
    describes<Destination>("destination", switch_destination_fields, destination_rules);

constexpr Field channel_id_fields[] = {
    scalar(MEMBER(ChannelId, type)),
    scalar(MEMBER(ChannelId, id)),
};
constexpr Layout channel_id_layout = describes<ChannelId>("channel_id", channel_id_fields);

// Server to client
constexpr Field migrate_begin_fields[] = {
    structure(MEMBER(MigrateBegin, destination), destination_layout),
};
constexpr Layout migrate_begin_layout =
    describes<MigrateBegin>("migrate_begin", migrate_begin_fields);

constexpr Layout migrate_cancel_layout = describes<MigrateCancel>("migrate_cancel", {});

constexpr Field init_fields[] = {
    scalar(MEMBER(Init, session_id)).limited(1, UINT32_MAX, Enforced::validate),
    scalar(MEMBER(Init, display_channels_hint)),
    scalar(MEMBER(Init, supported_mouse_modes)).named(mouse_modes_names),
    scalar(MEMBER(Init, current_mouse_mode)).named(mouse_mode_names),
    scalar(MEMBER(Init, agent_connected)),
    scalar(MEMBER(Init, agent_tokens)),
    scalar(MEMBER(Init, multi_media_time)),
    scalar(MEMBER(Init, ram_hint)),
};
constexpr Layout init_layout = describes<Init>("init", init_fields);

constexpr Field channels_list_fields[] = {
    count("num_of_channels", 4, 0).limited(0, 256),
    list(MEMBER(ChannelsList, channels), channel_id_layout).counted(0),
};
constexpr Layout channels_list_layout =
    describes<ChannelsList>("channels_list", channels_list_fields);

constexpr Field mouse_mode_fields[] = {
    scalar(MEMBER(MouseModeChanged, supported_modes)).named(mouse_modes_names),
    scalar(MEMBER(MouseModeChanged, current_mode)).named(mouse_mode_names),
};
constexpr Layout mouse_mode_layout = describes<MouseModeChanged>("mouse_mode", mouse_mode_fields);

constexpr Field multi_media_time_fields[] = {scalar(MEMBER(MultiMediaTime, time))};
constexpr Layout multi_media_time_layout =
    describes<MultiMediaTime>("multi_media_time", multi_media_time_fields);

constexpr Layout agent_connected_layout = describes<AgentConnected>("agent_connected", {});

constexpr Field agent_disconnected_fields[] = {
    scalar(MEMBER(AgentDisconnected, error_code)).named(common::link_error_names),
};
constexpr Layout agent_disconnected_layout =
    describes<AgentDisconnected>("agent_disconnected", agent_disconnected_fields);

constexpr Field agent_data_to_client_fields[] = {
    bytes(MEMBER(AgentDataToClient, data)).to_end().limited(1, most_agent_bytes),
};
constexpr Layout agent_data_to_client_layout =
    describes<AgentDataToClient>("agent_data", agent_data_to_client_fields);

constexpr Field agent_token_to_client_fields[] = {scalar(MEMBER(AgentTokenToClient, num_tokens))};
constexpr Layout agent_token_to_client_layout =
    describes<AgentTokenToClient>("agent_token", agent_token_to_client_fields);

constexpr Field migrate_switch_host_fields[] = {
    structure(MEMBER(MigrateSwitchHost, destination), switch_destination_layout),
};
constexpr Layout migrate_switch_host_layout =
    describes<MigrateSwitchHost>("migrate_switch_host", migrate_switch_host_fields);

constexpr Layout migrate_end_layout = describes<MigrateEnd>("migrate_end", {});

constexpr Field name_fields[] = {
    count("name_len", 4, 0).limited(0, most_string_bytes),
    bytes(MEMBER(Name, name)).counted(0).text(),
};
constexpr Layout name_layout = describes<Name>("name", name_fields);

constexpr Field uuid_fields[] = {array(MEMBER(Uuid, uuid))};
constexpr Layout uuid_layout = describes<Uuid>("uuid", uuid_fields);

constexpr Field agent_connected_tokens_fields[] = {
    scalar(MEMBER(AgentConnectedTokens, num_tokens)),
};
constexpr Layout agent_connected_tokens_layout =
    describes<AgentConnectedTokens>("agent_connected_tokens", agent_connected_tokens_fields);

constexpr Field migrate_begin_seamless_fields[] = {
    structure(MEMBER(MigrateBeginSeamless, destination), destination_layout),
    scalar(MEMBER(MigrateBeginSeamless, src_mig_version)),
};
constexpr Layout migrate_begin_seamless_layout =
    describes<MigrateBeginSeamless>("migrate_begin_seamless", migrate_begin_seamless_fields);

constexpr Layout migrate_dst_seamless_ack_layout =
    describes<MigrateDstSeamlessAck>("migrate_dst_seamless_ack", {});
constexpr Layout migrate_dst_seamless_nack_layout =
    describes<MigrateDstSeamlessNack>("migrate_dst_seamless_nack", {});

// Client to server
constexpr Field client_info_fields[] = {scalar(MEMBER(ClientInfo, cache_size))};
constexpr Layout client_info_layout = describes<ClientInfo>("client_info", client_info_fields);

constexpr Layout migrate_connected_layout = describes<MigrateConnected>("migrate_connected", {});
constexpr Layout migrate_connect_error_layout =
    describes<MigrateConnectError>("migrate_connect_error", {});
constexpr Layout attach_channels_layout = describes<AttachChannels>("attach_channels", {});

constexpr Field mouse_mode_request_fields[] = {
    scalar(MEMBER(MouseModeRequest, mode)).named(mouse_mode_names),
};
constexpr Layout mouse_mode_request_layout =
    describes<MouseModeRequest>("mouse_mode_request", mouse_mode_request_fields);

constexpr Field agent_start_fields[] = {scalar(MEMBER(AgentStart, num_tokens))};
constexpr Layout agent_start_layout = describes<AgentStart>("agent_start", agent_start_fields);

constexpr Field agent_data_to_server_fields[] = {
    bytes(MEMBER(AgentDataToServer, data)).to_end().limited(1, most_agent_bytes),
};
constexpr Layout agent_data_to_server_layout =
    describes<AgentDataToServer>("agent_data", agent_data_to_server_fields);

constexpr Field agent_token_to_server_fields[] = {scalar(MEMBER(AgentTokenToServer, num_tokens))};
constexpr Layout agent_token_to_server_layout =
    describes<AgentTokenToServer>("agent_token", agent_token_to_server_fields);

constexpr Layout client_migrate_end_layout = describes<ClientMigrateEnd>("migrate_end", {});

constexpr Field do_seamless_fields[] = {scalar(MEMBER(MigrateDstDoSeamless, src_version))};
constexpr Layout do_seamless_layout =
    describes<MigrateDstDoSeamless>("migrate_dst_do_seamless", do_seamless_fields);

constexpr Layout connected_seamless_layout =
    describes<MigrateConnectedSeamless>("migrate_connected_seamless", {});

constexpr Field quality_indicator_fields[] = {bytes(MEMBER(QualityIndicator, data)).to_end()};
constexpr Layout quality_indicator_layout =
    describes<QualityIndicator>("quality_indicator", quality_indicator_fields);

constexpr MessageInfo rows[] = {
    row<MigrateBegin>(migrate_begin_layout),
    row<MigrateCancel>(migrate_cancel_layout),
    row<Init>(init_layout),
    row<ChannelsList>(channels_list_layout),
    row<MouseModeChanged>(mouse_mode_layout),
    row<MultiMediaTime>(multi_media_time_layout),
    row<AgentConnected>(agent_connected_layout),
    row<AgentDisconnected>(agent_disconnected_layout),
    row<AgentDataToClient>(agent_data_to_client_layout),
    row<AgentTokenToClient>(agent_token_to_client_layout),
    row<MigrateSwitchHost>(migrate_switch_host_layout),
    row<MigrateEnd>(migrate_end_layout),
    row<Name>(name_layout),
    row<Uuid>(uuid_layout),
    row<AgentConnectedTokens>(agent_connected_tokens_layout),
    row<MigrateBeginSeamless>(migrate_begin_seamless_layout),
    row<MigrateDstSeamlessAck>(migrate_dst_seamless_ack_layout),
    row<MigrateDstSeamlessNack>(migrate_dst_seamless_nack_layout),
    row<ClientInfo>(client_info_layout),
    row<MigrateConnected>(migrate_connected_layout),
    row<MigrateConnectError>(migrate_connect_error_layout),
    row<AttachChannels>(attach_channels_layout),
    row<MouseModeRequest>(mouse_mode_request_layout),
    row<AgentStart>(agent_start_layout),
    row<AgentDataToServer>(agent_data_to_server_layout),
    row<AgentTokenToServer>(agent_token_to_server_layout),
    row<ClientMigrateEnd>(client_migrate_end_layout),
    row<MigrateDstDoSeamless>(do_seamless_layout),
    row<MigrateConnectedSeamless>(connected_seamless_layout),
    row<QualityIndicator>(quality_indicator_layout),
};

}  // namespace
}  // namespace main_channel

std::span<const MessageInfo> main_messages() {
  return main_channel::rows;
}

}  // namespace spicebench::wire
