// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/channel.hpp"

#include <fmt/format.h>

namespace spicebench::server {

Result<void> Channel::receive(const wire::Unit& message) {
  ++received_;
  const wire::MessageInfo* info = wire::find_message(type_, Side::client, message.type);
  if (!info)
    return fail(ErrorCode::unsupported, fmt::format("unknown message type {}", message.type));
  if (!info->layout)
    return fail(ErrorCode::unsupported, fmt::format("{} was not offered", info->name));
  const auto decoded = wire::decode_any(*info, message.body());
  if (!decoded) return std::unexpected(Error(decoded.error()).within(info->name));
  return dispatch(*info, decoded->message.object());
}

Result<void> Channel::ack_sync(const wire::common::AckSync& message) {
  outbox().window().sync(message.generation);
  return {};
}

// Channels without a window take acknowledgements without effect.
Result<void> Channel::ack(const wire::common::Ack&) {
  AckWindow& window = outbox().window();
  if (window.is_open() && window.acknowledge() == AckWindow::Effect::excess)
    return fail(ErrorCode::out_of_range, "more messages acknowledged than were sent");
  return {};
}

Result<void> Channel::pong(const wire::common::Pong&) {
  return {};
}

Result<void> Channel::disconnecting(const wire::common::ClientDisconnecting&) {
  return {};
}

Result<void> Channel::migrate_data_unasked(const wire::common::ClientMigrateData&) {
  return {};
}

void Channel::warn(ErrorCode code, std::string detail) {
  services().report({.connection = link_.connection,
                     .channel = type_,
                     .message = received_,
                     .error = {code, 0, {}, std::move(detail)}});
}

nlohmann::json Channel::describe_outbox() const {
  const Outbox& box = outbox();
  nlohmann::json json{{"received", received_},
                      {"sent", box.last_serial()},
                      {"queued_bytes", box.queue().queued()},
                      {"credit", box.queue().credit()}};
  if (box.window().is_open())
    json["ack"] = {{"window", box.window().window()},
                   {"generation", box.window().generation()},
                   {"outstanding", box.window().outstanding()},
                   {"blocked", box.window().blocked()}};
  return json;
}

}  // namespace spicebench::server
