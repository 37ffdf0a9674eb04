// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/replay/compare.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/diff.hpp"

namespace spicebench::replayer {

using recorder::ConnectionRow;
using recorder::MessageRow;

std::map<recorder::ConnectionId, std::string> labels_of(const recorder::Reader& recording) {
  std::map<recorder::ConnectionId, std::string> labels;
  std::map<std::string, int> seen;
  for (const ConnectionRow& connection : recording.connections()) {
    std::string label;
    if (connection.kind == LinkKind::value)
      label = connection.address;
    else if (connection.transport == recorder::Transport::unknown)
      label = fmt::format("stream {}", connection.id);
    else
      label = fmt::format("{}/{}", wire::name_of(connection.channel), connection.channel_id);
    if (const int count = ++seen[label]; count > 1) label += fmt::format("#{}", count);
    labels.emplace(connection.id, std::move(label));
  }
  return labels;
}

wire::Context context_of(const ConnectionRow& connection) {
  return {.client_common_caps = connection.client.common_caps,
          .client_channel_caps = connection.client.channel_caps,
          .server_common_caps = connection.server.common_caps,
          .server_channel_caps = connection.server.channel_caps};
}

std::string message_name(wire::ChannelType channel, Side by, std::uint16_t type) {
  const auto* info = wire::find_message(channel, by, type);
  return info ? std::string(info->name) : fmt::format("type_{}", type);
}

std::optional<Divergence> compare_bytes(BytesView a, BytesView b) {
  const auto differing = std::ranges::mismatch(a, b);
  if (differing.in1 == a.end() && differing.in2 == b.end()) return std::nullopt;
  const auto at = static_cast<std::size_t>(differing.in1 - a.begin());
  const auto text = [at](BytesView bytes) {
    if (at == bytes.size()) return std::string("the end");
    return fmt::format("{:#04x}", std::to_integer<unsigned>(bytes[at]));
  };
  Divergence divergence;
  divergence.field = fmt::format("byte {}", at);
  divergence.expected = text(a);
  divergence.found = text(b);
  return divergence;
}

namespace {

std::optional<Divergence> differing(std::string field, std::string expected, std::string found) {
  Divergence divergence;
  divergence.field = std::move(field);
  divergence.expected = std::move(expected);
  divergence.found = std::move(found);
  return divergence;
}

std::optional<Divergence> compare_bodies(const ConnectionRow& connection, const MessageRow& a,
                                         const MessageRow& b) {
  if (a.body == b.body) return std::nullopt;
  const auto* info = wire::find_message(connection.channel, a.by, a.type);
  if (info && info->layout) {
    const wire::Context context = context_of(connection);
    const auto decoded_a = wire::decode_any(*info, a.body, context);
    const auto decoded_b = wire::decode_any(*info, b.body, context);
    if (decoded_a && decoded_b) {
      auto fields = wire::diff(decoded_a->message, decoded_b->message, context, 1);
      if (!fields.empty())
        return differing(std::move(fields[0].path), std::move(fields[0].expected),
                         std::move(fields[0].found));
    }
    if (decoded_a.has_value() != decoded_b.has_value()) {
      const auto text = [](const auto& decoded) {
        return decoded ? std::string("a valid body") : decoded.error().text();
      };
      return differing("", text(decoded_a), text(decoded_b));
    }
  }
  return compare_bytes(a.body, b.body);
}

}  // namespace

std::optional<Divergence> compare(const ConnectionRow& connection, const MessageRow& a,
                                  const MessageRow& b, bool headers_on_wire) {
  std::optional<Divergence> result;
  if (a.type != b.type)
    result = differing("message", message_name(connection.channel, a.by, a.type),
                       message_name(connection.channel, b.by, b.type));
  else if (headers_on_wire && a.serial != b.serial)
    result = differing("header.serial", std::to_string(a.serial), std::to_string(b.serial));
  else if (headers_on_wire && a.sub_list != b.sub_list)
    result = differing("header.sub_list", std::to_string(a.sub_list), std::to_string(b.sub_list));
  else
    result = compare_bodies(connection, a, b);
  if (result && a.type == b.type) result->name = message_name(connection.channel, a.by, a.type);
  return result;
}

}  // namespace spicebench::replayer
