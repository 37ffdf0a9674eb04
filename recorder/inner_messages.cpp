// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/inner_messages.hpp"

namespace spicebench::recorder {

Result<bool> InnerMessages::read(const ConnectionRow& connection, const MessageRow& row,
                                 std::vector<wire::InnerMessage>& out) {
  Of& to = of(connection);
  if (!to.reader) return false;
  if (!to.begun) go_on(connection.id, to);
  auto taken = to.reader->read(row.by, row.type, row.body, out);
  to.begun |= taken.value_or(true);
  return taken;
}

InnerMessages::Of& InnerMessages::of(const ConnectionRow& connection) {
  const auto [at, is_new] = connections_.try_emplace(connection.id);
  if (is_new)
    at->second = {connection.channel, connection.channel_id, wire::inner_reader(connection.channel),
                  false};
  return at->second;
}

// Links to the new server are made while the old one still talks, so what to go on from is known
// only when that one is done: looked for before each message until there is something.
void InnerMessages::go_on(ConnectionId connection, Of& to) {
  for (auto& [id, before] : connections_) {
    if (id == connection || !before.reader || before.channel != to.channel ||
        before.channel_id != to.channel_id || !before.reader->migrated())
      continue;
    to.reader = std::move(before.reader);
    to.reader->go_on();
    before.reader = nullptr;
    to.begun = true;
    return;
  }
}

wire::InnerReader::Unfinished InnerMessages::unfinished(ConnectionId connection, Side by) const {
  const auto at = connections_.find(connection);
  return at == connections_.end() || !at->second.reader ? wire::InnerReader::Unfinished{}
                                                        : at->second.reader->unfinished(by);
}

}  // namespace spicebench::recorder
