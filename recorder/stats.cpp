// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/stats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/wire/message.hpp"
#include "recorder/digest.hpp"

namespace spicebench::recorder {

namespace {

using nlohmann::json;

struct Counts {
  std::map<std::pair<Side, std::uint16_t>, std::uint64_t> messages;
  std::uint64_t undecoded_bytes = 0, identical = 0, different = 0;
  json errors = json::array();
};

json error_entry(MessageId message, std::uint64_t offset, std::string field, std::string text) {
  return {{"message", message},
          {"offset", offset},
          {"field", std::move(field)},
          {"text", std::move(text)}};
}

wire::Context context_of(const ConnectionRow& connection) {
  return {connection.client.common_caps, connection.client.channel_caps,
          connection.server.common_caps, connection.server.channel_caps};
}

void count(const ConnectionRow& connection, const MessageRow& row, Counts& counts, Bytes& scratch) {
  ++counts.messages[{row.by, row.type}];
  const auto* info = wire::find_message(connection.channel, row.by, row.type);
  if (!info || !info->layout) {
    counts.undecoded_bytes += row.size;
    return;
  }
  const wire::Context context = context_of(connection);
  const auto decoded = wire::decode_any(*info, row.body, context);
  if (!decoded) {
    const Error& error = decoded.error();
    counts.undecoded_bytes += row.size;
    counts.errors.push_back(error_entry(row.id, error.offset, error.path,
                                        fmt::format("{}: {}", info->name, error.detail)));
    return;
  }
  counts.undecoded_bytes += row.size - decoded->used;
  scratch.clear();
  wire::encode(*info->layout, decoded->message.object(), scratch, context);
  const bool same = std::ranges::equal(scratch, row.body.view().first(decoded->used));
  ++(same ? counts.identical : counts.different);
}

// Streams that could not be framed to their end.
Result<void> add_framing_errors(const Reader& recording, const ConnectionRow& connection,
                                const std::vector<NoticeRow>& notices, json& errors) {
  if (connection.kind != LinkKind::stream) return {};
  for (const Side by : {Side::client, Side::server}) {
    const auto pieces = TRY(recording.stream_bytes(connection.id));
    const auto unframed = std::ranges::find_if(pieces, [&](const StreamBytesRow& piece) {
      return piece.by == by && piece.kind == StreamBytesKind::unframed;
    });
    if (unframed == pieces.end()) continue;
    std::string text = "bytes that could not be framed";
    for (const auto& notice : notices)
      if (notice.connection == connection.id &&
          notice.text.find(fmt::format("{} stream", name_of(by))) != std::string::npos)
        text = notice.text;
    errors.push_back(error_entry(0, unframed->offset, fmt::format("{} stream", name_of(by)), text));
  }
  return {};
}

json names_of(const ConnectionRow& connection, const Counts& counts) {
  json names = {{"client", json::object()}, {"server", json::object()}};
  for (const auto& [key, number] : counts.messages) {
    const auto& [by, type] = key;
    const auto* info = wire::find_message(connection.channel, by, type);
    names[name_of(by)][info ? std::string(info->name) : fmt::format("type_{}", type)] = number;
  }
  return names;
}

}  // namespace

Result<json> stats_of(const Reader& recording) {
  const auto& connections = recording.connections();
  std::vector<Counts> counts(connections.size());
  Bytes scratch;
  MessageCursor messages = recording.messages();
  while (const auto row = TRY(messages.next())) {
    const ConnectionRow* connection = recording.connection(row->connection);
    if (!connection)
      return fail(ErrorCode::malformed, fmt::format("no connection {}", row->connection), 0,
                  fmt::format("message {}", row->id));
    count(*connection, *row, counts[row->connection - 1], scratch);
  }
  const auto notices = TRY(recording.notices());
  json list = json::array();
  for (const auto& connection : connections) {
    Counts& of = counts[connection.id - 1];
    CHECKED(add_framing_errors(recording, connection, notices, of.errors));
    list.push_back(
        {{"id", connection.id},
         {"channel", connection.channel == wire::ChannelType::common
                         ? "unknown"
                         : std::string(wire::name_of(connection.channel))},
         {"channel_id", connection.channel_id},
         {"link_error", connection.link_error ? json(*connection.link_error) : json()},
         {"bytes", {{"client", connection.client.bytes}, {"server", connection.server.bytes}}},
         {"messages", names_of(connection, of)},
         {"undecoded_bytes", of.undecoded_bytes},
         {"reencoded_identical", of.identical},
         {"reencoded_different", of.different},
         {"errors", std::move(of.errors)}});
  }
  return json{{"duration_ns", nanoseconds(recording.end())},
              {"digest", TRY(digest_of(recording)).total.hex()},
              {"connections", std::move(list)}};
}

}  // namespace spicebench::recorder
