// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/tap/connection_recorder.hpp"

#include <fmt/format.h>

namespace spicebench::recorder {

ConnectionRecorder::ConnectionRecorder(Writer& writer, ConnectionRow row, Arrival arrival)
    : writer_(writer), row_(std::move(row)), arrival_(arrival) {
  row_.id = writer_.put_connection(row_);
}

void ConnectionRecorder::sent(Side by, BytesView bytes, Instant now) {
  row_.side(by).bytes += bytes.size();
  if (direction(by).opaque) return store_bytes(by, direction(by).opaque_kind, bytes, now);
  framer_.feed(by, bytes);
  // A word of one side can be what the other's bytes waited for.
  while (take_units(by, now) || take_units(other(by), now)) {
  }
  if (framer_.link().encrypted && row_.transport != Transport::sasl) update_row();
}

bool ConnectionRecorder::take_units(Side by, Instant now) {
  bool any = false;
  while (!direction(by).opaque) {
    auto unit = framer_.next(by);
    if (!unit && framer_.link().encrypted) {
      make_opaque(by, StreamBytesKind::encrypted, now);
      return any;
    }
    if (!unit) {
      troubles_.push_back(
          fmt::format("connection {}, {} stream: {}; the rest of this stream is kept unframed",
                      row_.id, name_of(by), unit.error().text()));
      writer_.add_notice({now, row_.id, troubles_.back()});
      make_opaque(by, StreamBytesKind::unframed, now);
      return any;
    }
    if (!*unit) return any;
    any = true;
    store_unit(by, **unit, now);
  }
  return any;
}

void ConnectionRecorder::store_unit(Side by, const wire::Unit& unit, Instant now) {
  if (unit.kind != wire::UnitKind::message) {
    store_bytes(by, static_cast<StreamBytesKind>(unit.kind), unit.bytes, now);
    return update_row();
  }
  if (row_.header_bytes == 0) {
    row_.header_bytes = unit.header_bytes;
    writer_.put_connection(row_);
  }
  Direction& stream = direction(by);
  stream.position += unit.bytes.size();
  const bool there = arrival_ == Arrival::at_once || stream.delivered >= stream.position;
  const MessageId id = writer_.add_message({.sent = now,
                                            .arrived = there ? std::optional(now) : std::nullopt,
                                            .connection = row_.id,
                                            .by = by,
                                            .serial = unit.serial,
                                            .type = unit.type,
                                            .sub_list = unit.sub_list},
                                           unit.bytes.view().subspan(unit.header_bytes));
  if (!there) stream.flying.push_back({id, stream.position});
}

void ConnectionRecorder::store_bytes(Side by, StreamBytesKind kind, BytesView bytes, Instant now) {
  if (bytes.empty()) return;
  writer_.add_stream_bytes({.connection = row_.id,
                            .by = by,
                            .offset = direction(by).position,
                            .kind = kind,
                            .sent = now,
                            .bytes = Bytes(bytes.begin(), bytes.end())});
  direction(by).position += bytes.size();
}

void ConnectionRecorder::make_opaque(Side by, StreamBytesKind kind, Instant now) {
  Direction& stream = direction(by);
  if (stream.opaque) return;
  stream.opaque = true;
  stream.opaque_kind = kind;
  store_bytes(by, kind, framer_.unframed(by), now);
}

void ConnectionRecorder::update_row() {
  const wire::LinkState& link = framer_.link();
  row_.transport = link.encrypted ? Transport::sasl : Transport::spice;
  row_.channel = link.channel();
  row_.channel_id = link.channel_id();
  if (link.mess) {
    row_.session_id = link.mess->connection_id;
    row_.client.common_caps = link.mess->common_caps;
    row_.client.channel_caps = link.mess->channel_caps;
  }
  if (link.reply) {
    row_.link_error = link.reply->error;
    row_.server.common_caps = link.reply->common_caps;
    row_.server.channel_caps = link.reply->channel_caps;
  }
  row_.link_result = link.result;
  row_.auth = link.mechanism;
  writer_.put_connection(row_);
}

void ConnectionRecorder::arrived(Side by, std::size_t bytes, Instant now) {
  Direction& stream = direction(by);
  stream.delivered += bytes;
  while (!stream.flying.empty() && stream.flying.front().end <= stream.delivered) {
    writer_.set_arrived(stream.flying.front().message, now);
    stream.flying.pop_front();
  }
}

void ConnectionRecorder::ended(Side by, Ending ending, Instant now) {
  row_.side(by).ending = ending;
  row_.side(by).ended = now;
  writer_.put_connection(row_);
}

void ConnectionRecorder::finish(Instant now) {
  for (const Side by : {Side::client, Side::server}) make_opaque(by, StreamBytesKind::torn, now);
  writer_.put_connection(row_);
}

}  // namespace spicebench::recorder
