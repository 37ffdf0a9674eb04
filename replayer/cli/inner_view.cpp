// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/inner_view.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/wire/layout.hpp"
#include "core/wire/print.hpp"
#include "recorder/inner_messages.hpp"

namespace spicebench::cli {

using nlohmann::ordered_json;
using recorder::ConnectionRow;
using recorder::MessageRow;

Result<std::optional<InnerView>> inner_view(const recorder::Reader& recording,
                                            const ConnectionRow& connection,
                                            const MessageRow& row) {
  if (!wire::inner_protocol(connection.channel)) return std::nullopt;
  InnerView view;
  recorder::InnerMessages inside;
  std::vector<wire::InnerMessage> found;
  auto messages = recording.messages();
  while (const auto one = TRY(messages.next())) {
    const ConnectionRow* of = recording.connection(one->connection);
    if (!of || of->channel != connection.channel || of->channel_id != connection.channel_id)
      continue;
    found.clear();
    auto taken = inside.read(*of, *one, found);
    if (one->id < row.id) continue;
    if (one->id == row.id) {
      if (!taken) view.error = std::move(taken).error();
      if (!taken.value_or(true)) return std::nullopt;
    }
    // Later messages are of interest as long as they go on with what this one began: on this
    // connection, or on the one that a migration leads to.
    view.unfinished = inside.unfinished(connection.id, row.by);
    const bool elsewhere = one->connection != connection.id;
    if (elsewhere && view.unfinished.bytes > 0) continue;
    if (elsewhere) view.unfinished = inside.unfinished(one->connection, row.by);
    if (one->by == row.by && !found.empty()) {
      view.messages = std::move(found);
      view.completed_by = one->id;
      return view;
    }
    if (view.unfinished.bytes == 0) return view;  // given up
  }
  return view;
}

std::string name_of(const wire::InnerMessage& message) {
  return message.info ? std::string(message.info->name) : fmt::format("type_{}", message.type);
}

std::string text_of(const wire::InnerMessage& message) {
  if (!message.info) return fmt::format("{}{{{} bytes}}", name_of(message), message.body.size());
  const wire::Context context = message.context();
  const auto decoded = wire::decode_any(*message.info, message.body, context);
  return fmt::format("{}{{{}}}", name_of(message),
                     decoded ? wire::to_text(decoded->message, context) : decoded.error().text());
}

ordered_json json_of(const wire::InnerMessage& message, wire::ChannelType protocol) {
  ordered_json json = {{"protocol", wire::name_of(protocol)},
                       {"name", name_of(message)},
                       {"type", message.type},
                       {"size", message.body.size()}};
  if (message.header_layout) {
    const std::shared_ptr<void> header = message.header_layout->make();
    if (wire::decode(*message.header_layout, header.get(), message.header))
      json["header"] = wire::to_json(*message.header_layout, header.get());
  }
  if (!message.info) return json;
  const wire::Context context = message.context();
  const auto decoded = wire::decode_any(*message.info, message.body, context);
  if (decoded)
    json["fields"] = wire::to_json(decoded->message, context);
  else
    json["error"] = decoded.error().text();
  return json;
}

}  // namespace spicebench::cli
