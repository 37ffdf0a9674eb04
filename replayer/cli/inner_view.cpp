// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/inner_view.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/wire/layout.hpp"
#include "core/wire/print.hpp"

namespace spicebench::cli {

using nlohmann::ordered_json;
using recorder::ConnectionRow;
using recorder::MessageRow;

std::vector<wire::InnerMessage> InnerViews::next(const ConnectionRow& connection,
                                                 const MessageRow& row) {
  const auto [at, is_new] = readers_.try_emplace(connection.id);
  if (is_new) at->second = wire::inner_reader(connection.channel);
  std::vector<wire::InnerMessage> found;
  if (at->second && !at->second->read(row.by, row.type, row.body, found)) found.clear();
  return found;
}

Result<std::optional<InnerView>> inner_view(const recorder::Reader& recording,
                                            const ConnectionRow& connection,
                                            const MessageRow& row) {
  const auto reader = wire::inner_reader(connection.channel);
  if (!reader) return std::nullopt;
  InnerView view;
  bool taken = false;
  auto messages = recording.messages({.connection = connection.id});
  while (const auto one = TRY(messages.next())) {
    const bool is_it = one->id == row.id;
    view.messages.clear();
    auto read = reader->read(one->by, one->type, one->body, view.messages);
    if (is_it) {
      if (!read)
        view.error = std::move(read).error();
      else
        taken = *read;
      if (!taken) break;
    }
    if (one->id < row.id || one->by != row.by) continue;
    view.unfinished = reader->unfinished(row.by);
    // Done if this completes one, or if what it began was given up.
    if (!view.messages.empty() || view.unfinished.bytes == 0) {
      view.completed_by = view.messages.empty() ? 0 : one->id;
      break;
    }
  }
  if (!taken && !view.error) return std::nullopt;
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
