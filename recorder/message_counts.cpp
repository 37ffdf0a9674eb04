// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/message_counts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spicebench::recorder {

using nlohmann::json;

json error_entry(MessageId message, std::uint64_t offset, std::string field, std::string text) {
  return {{"message", message},
          {"offset", offset},
          {"field", std::move(field)},
          {"text", std::move(text)}};
}

void MessageCounts::add(MessageId id, Side by, std::uint32_t type, const wire::MessageInfo* info,
                        const SharedBytes& body, const wire::Context& context, bool opaque_is_read,
                        json& errors) {
  Type& of = types_[{by, type}];
  if (of.messages++ == 0 && info != nullptr) {
    of.info = info;
    if (info->layout) of.opaque = std::make_unique<wire::OpaqueCount>(*info->layout);
  }
  if (!of.opaque) {
    undecoded_ += body.size();
    return;
  }
  const auto decoded = wire::decode_any(*info, body, context);
  if (!decoded) {
    const Error& error = decoded.error();
    undecoded_ += body.size();
    errors.push_back(
        error_entry(id, error.offset, error.path, fmt::format("{}: {}", info->name, error.detail)));
    return;
  }
  undecoded_ += body.size() - decoded->used;
  if (!opaque_is_read) of.opaque->add(decoded->message.object(), context);
  scratch_.clear();
  wire::encode(*info->layout, decoded->message.object(), scratch_, context);
  const bool same = std::ranges::equal(scratch_, body.view().first(decoded->used));
  ++(same ? identical_ : different_);
}

json MessageCounts::to_json() const {
  json names = {{"client", json::object()}, {"server", json::object()}}, opaque = names;
  for (const auto& [key, type] : types_) {
    const std::string name =
        type.info ? std::string(type.info->name) : fmt::format("type_{}", key.second);
    names[name_of(key.first)][name] = type.messages;
    if (!type.opaque) continue;
    for (const wire::OpaqueCount::Entry& entry : type.opaque->entries())
      if (entry.bytes > 0)
        opaque[name_of(key.first)][fmt::format("{}.{}", name, entry.path)] = entry.bytes;
  }
  return {{"messages", std::move(names)},
          {"opaque", std::move(opaque)},
          {"undecoded_bytes", undecoded_},
          {"reencoded_identical", identical_},
          {"reencoded_different", different_}};
}

void ConnectionCounts::add(const ConnectionRow& connection, const MessageRow& row,
                           const Result<bool>& taken,
                           const std::vector<wire::InnerMessage>& inner) {
  const wire::Context context{connection.client.common_caps, connection.client.channel_caps,
                              connection.server.common_caps, connection.server.channel_caps};
  const auto* info = wire::find_message(connection.channel, row.by, row.type);
  outer_.add(row.id, row.by, row.type, info, row.body, context, taken.value_or(false), errors);
  for (const wire::InnerMessage& message : inner)
    inner_.add(row.id, message.by, message.type, message.info, message.body, message.context(),
               false, errors);
  if (taken) return;
  const Error& error = taken.error();
  errors.push_back(
      error_entry(row.id, error.offset, error.path,
                  fmt::format("{}: {}", wire::name_of(*wire::inner_protocol(connection.channel)),
                              error.detail)));
}

json ConnectionCounts::to_json(const ConnectionRow& connection) const {
  json all = outer_.to_json();
  all["inner"] = json();
  if (const auto protocol = wire::inner_protocol(connection.channel)) {
    all["inner"] = inner_.to_json();
    all["inner"]["protocol"] = wire::name_of(*protocol);
  }
  return all;
}

}  // namespace spicebench::recorder
