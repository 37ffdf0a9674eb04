// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/stats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/wire/message.hpp"
#include "recorder/digest.hpp"
#include "recorder/inner_messages.hpp"
#include "recorder/message_counts.hpp"

namespace spicebench::recorder {

namespace {

using nlohmann::json;

// Streams that could not be framed to their end.
void add_framing_errors(const ConnectionRow& connection, const std::vector<StreamBytesRow>& pieces,
                        const std::vector<NoticeRow>& notices, json& errors) {
  for (const Side by : {Side::client, Side::server}) {
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
}

json encrypted_bytes(const std::vector<StreamBytesRow>& pieces) {
  std::uint64_t bytes[2] = {};
  for (const StreamBytesRow& piece : pieces)
    if (piece.kind == StreamBytesKind::encrypted)
      bytes[static_cast<std::size_t>(piece.by)] += piece.bytes.size();
  return {{"client", bytes[0]}, {"server", bytes[1]}};
}

}  // namespace

Result<json> stats_of(const Reader& recording) {
  const auto& connections = recording.connections();
  std::vector<ConnectionCounts> counts(connections.size());
  InnerMessages inside;
  std::vector<wire::InnerMessage> found;
  MessageCursor messages = recording.messages();
  while (const auto row = TRY(messages.next())) {
    const ConnectionRow* connection = recording.connection(row->connection);
    if (!connection)
      return fail(ErrorCode::malformed, fmt::format("no connection {}", row->connection), 0,
                  fmt::format("message {}", row->id));
    found.clear();
    const auto taken = inside.read(*connection, *row, found);
    counts[row->connection - 1].add(*connection, *row, taken, found);
  }
  const auto notices = TRY(recording.notices());
  json list = json::array();
  for (const auto& connection : connections) {
    ConnectionCounts& of = counts[connection.id - 1];
    const auto pieces = TRY(recording.stream_bytes(connection.id));
    add_framing_errors(connection, pieces, notices, of.errors);
    json one = {
        {"id", connection.id},
        {"channel", connection.channel == wire::ChannelType::common
                        ? "unknown"
                        : std::string(wire::name_of(connection.channel))},
        {"channel_id", connection.channel_id},
        {"transport", name_of(connection.transport)},
        {"carrier", name_of(connection.carrier)},
        {"link_error", connection.link_error ? json(*connection.link_error) : json()},
        {"bytes", {{"client", connection.client.bytes}, {"server", connection.server.bytes}}},
        {"encrypted_bytes", encrypted_bytes(pieces)}};
    one.update(of.to_json(connection));
    if (!one["inner"].is_null())
      for (const Side by : {Side::client, Side::server})
        one["inner"]["unfinished_bytes"][name_of(by)] = inside.unfinished(connection.id, by).bytes;
    one["errors"] = std::move(of.errors);
    list.push_back(std::move(one));
  }
  return json{{"duration_ns", nanoseconds(recording.end())},
              {"digest", TRY(digest_of(recording)).total.hex()},
              {"connections", std::move(list)}};
}

}  // namespace spicebench::recorder
