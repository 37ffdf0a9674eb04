// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/tcp_streams.hpp"

#include <algorithm>

namespace spicebench::recorder {

void TcpStreams::handle(Segment segment, Instant now) {
  Connection* connection = find_or_open(segment, now);
  if (!connection) return;
  const Side by = segment.from == connection->stream.client ? Side::client : Side::server;
  if (segment.reset) {  // its sequence number says nothing: it may come from a closed socket
    for (const Side side : {by, other(by)}) end(*connection, side, Ending::reset, now);
    return;
  }
  Flow& flow = connection->flow(by);
  const std::uint32_t first = segment.sequence + (segment.syn ? 1 : 0);
  if (!flow.tracker && (segment.syn || !segment.payload.empty() || segment.fin))
    flow.tracker.emplace(first);
  if (!flow.tracker) return;
  if (segment.fin) flow.fin = first + static_cast<std::uint32_t>(segment.payload.size());
  if (!segment.payload.empty() &&
      flow.tracker->process_payload(first, std::move(segment.payload))) {
    auto& bytes = flow.tracker->payload();
    listener_.data(connection->stream, by,
                   {reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()}, now);
    bytes.clear();
  }
  if (flow.fin && flow.tracker->sequence_number() == *flow.fin)
    end(*connection, by, Ending::end, now);
}

TcpStreams::Connection* TcpStreams::find_or_open(const Segment& segment, Instant now) {
  const Key key = std::minmax(segment.from, segment.to);
  Connection*& current = current_[key];
  const bool opens = segment.syn && !segment.ack;
  if (current && opens && current->syn != segment.sequence) {  // the ports are used again
    tell_gaps(*current);
    current = nullptr;
  }
  if (current) return current;
  // What is left of a connection from before the capture: its end says nothing.
  if (!segment.syn && segment.payload.empty()) return nullptr;
  Connection& connection = connections_.emplace_back();
  connection.stream.number = connections_.size() - 1;
  const bool from_client = !segment.syn || !segment.ack;  // SYN+ACK comes from the server
  connection.stream.client = from_client ? segment.from : segment.to;
  connection.stream.server = from_client ? segment.to : segment.from;
  connection.stream.opened = now;
  connection.stream.from_start = segment.syn;
  if (opens) connection.syn = segment.sequence;
  return current = &connection;
}

void TcpStreams::end(Connection& connection, Side by, Ending ending, Instant now) {
  Flow& flow = connection.flow(by);
  if (flow.ended) return;
  flow.ended = true;
  listener_.ended(connection.stream, by, ending, now);
}

void TcpStreams::tell_gaps(Connection& connection) {
  for (const Side by : {Side::client, Side::server}) {
    const auto& tracker = connection.flow(by).tracker;
    if (!tracker || tracker->buffered_payload().empty()) continue;
    std::size_t bytes = 0;
    for (const auto& chunk : tracker->buffered_payload()) bytes += chunk.second.size();
    listener_.gap(connection.stream, by, bytes);
  }
}

void TcpStreams::finish() {
  for (const auto& [key, connection] : current_)
    if (connection) tell_gaps(*connection);
}

}  // namespace spicebench::recorder
