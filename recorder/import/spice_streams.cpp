// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/spice_streams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/bytes.hpp"
#include "recorder/import/tls_layer.hpp"
#include "recorder/import/websocket_layer.hpp"

namespace spicebench::recorder {

namespace {

constexpr std::size_t most_held = 64u << 10;  // of a server that speaks first: not SPICE

std::string_view streams_text(std::size_t count) {
  return count == 1 ? "stream" : "streams";
}

std::string ends_text(const ConnectionRow& row) {
  return fmt::format("connection {} ({} to {})", row.id, row.client.endpoint, row.server.endpoint);
}

}  // namespace

SpiceStreams::Kind SpiceStreams::kind_of(BytesView bytes) {
  // What the first bytes can become; undecided only while they are a beginning of one of these.
  const auto begins = [&](std::string_view magic) {
    return as_text(bytes.first(std::min(bytes.size(), magic.size()))) ==
           magic.substr(0, std::min(bytes.size(), magic.size()));
  };
  const auto is = [&](std::string_view magic) {
    return bytes.size() >= magic.size() && begins(magic);
  };
  constexpr std::string_view spice = "REDQ", client_hello = "\x16\x03", request = "GET ";
  if (is(spice)) return Kind::spice;
  if (is(client_hello)) return Kind::tls;
  if (is(request)) return Kind::websocket;
  return begins(spice) || begins(client_hello) || begins(request) ? Kind::undecided : Kind::foreign;
}

SpiceStreams::Stream& SpiceStreams::at(const TcpStream& stream) {
  while (streams_.size() <= stream.number) streams_.emplace_back();
  streams_[stream.number].tcp = stream;
  return streams_[stream.number];
}

void SpiceStreams::data(const TcpStream& tcp, Side by, BytesView bytes, Instant now) {
  Stream& stream = at(tcp);
  if (stream.over)
    stream.passed_over += bytes.size();
  else
    rise(stream, 0, by, bytes, now);
}

// Bytes on their way up, at the foot of a layer or above the topmost one.
void SpiceStreams::rise(Stream& stream, std::size_t level, Side by, BytesView bytes, Instant now) {
  if (stream.over) return;
  if (level < stream.layers.size()) {
    const auto inner = [&](Side side, BytesView carried) {
      rise(stream, level + 1, side, carried, now);
    };
    if (auto sent = stream.layers[level]->sent(by, bytes, inner); !sent)
      drop(stream, sent.error(), now);
    return;
  }
  if (stream.recorder) return stream.recorder->sent(by, bytes, now);
  append(stream.held[static_cast<std::size_t>(by)], bytes);
  decide(stream, now);
}

void SpiceStreams::decide(Stream& stream, Instant now) {
  const Bytes& client = stream.held[0];
  Kind kind = client.empty() ? Kind::undecided : kind_of(client);
  const bool in_websocket =
      stream.carrier == Carrier::websocket || stream.carrier == Carrier::tls_websocket;
  const bool in_tls = stream.carrier == Carrier::tls;
  if (kind == Kind::tls && (in_tls || in_websocket)) kind = Kind::foreign;
  if (kind == Kind::websocket && in_websocket) kind = Kind::foreign;
  if (kind == Kind::undecided && std::max(client.size(), stream.held[1].size()) > most_held)
    kind = Kind::foreign;
  if (kind == Kind::undecided) return;
  if (kind == Kind::foreign) return drop_foreign(stream);
  if (kind == Kind::spice)
    record(stream);
  else
    add_layer(stream, kind);
  const std::size_t level = stream.layers.size() - (kind == Kind::spice ? 0 : 1);
  for (const Side side : {Side::client, Side::server})
    if (const Bytes held = std::exchange(stream.held[static_cast<std::size_t>(side)], {});
        !held.empty())
      rise(stream, level, side, held, now);
}

void SpiceStreams::record(Stream& stream) {
  ConnectionRow row;
  row.link = static_cast<LinkNumber>(connections_++);
  row.address = "spice";
  row.opened = stream.tcp.opened;
  row.carrier = stream.carrier;
  row.client.endpoint = stream.tcp.client.text();
  row.server.endpoint = stream.tcp.server.text();
  row.server.peer = 1;
  stream.recorder.emplace(writer_, std::move(row), ConnectionRecorder::Arrival::at_once);
}

void SpiceStreams::add_layer(Stream& stream, Kind kind) {
  if (kind == Kind::tls) {
    stream.carrier = Carrier::tls;
    stream.layers.push_back(std::make_unique<TlsLayer>(keys_));
  } else {
    stream.carrier = stream.carrier == Carrier::tls ? Carrier::tls_websocket : Carrier::websocket;
    stream.layers.push_back(std::make_unique<WebSocketLayer>());
  }
}

void SpiceStreams::drop_foreign(Stream& stream) {
  stream.over = true;
  for (Bytes& held : stream.held) held = Bytes();
  if (!stream.layers.empty())
    leave_out(stream, stream.layers.back()->name(), "what it carries is not SPICE");
  else
    ++(stream.tcp.from_start ? foreign_ : begun_before_);
}

// A layer cannot go on: that ends the connection, and no other one.
void SpiceStreams::drop(Stream& stream, const Error& why, Instant now) {
  if (std::exchange(stream.over, true)) return;
  for (Bytes& held : stream.held) held = Bytes();
  if (!stream.recorder) return leave_out(stream, stream.layers.back()->name(), why.text());
  const ConnectionRow& row = stream.recorder->row();
  note(fmt::format("{}: {}; what follows is left out", ends_text(row), why.text()), now, row.id);
}

void SpiceStreams::leave_out(const Stream& stream, std::string_view what, std::string why) {
  ++left_out_[{std::string(what), stream.tcp.server, std::move(why)}];
}

void SpiceStreams::ended(const TcpStream& tcp, Side by, Ending ending, Instant now) {
  Stream& stream = at(tcp);
  if (!stream.recorder) return;
  stream.recorder->ended(by, ending, now);
  if (ending == Ending::reset && by == Side::client)
    writer_.add_fault({now, stream.recorder->id(), by, "reset"});
}

void SpiceStreams::gap(const TcpStream& tcp, Side by, std::size_t kept_back) {
  const Stream& stream = at(tcp);
  if (!stream.recorder) return;
  const ConnectionRow& row = stream.recorder->row();
  note(fmt::format("{}: the capture lacks bytes of the {} stream from byte {} on; {} bytes after "
                   "the gap are left out",
                   ends_text(row), name_of(by), row.side(by).bytes, kept_back),
       tcp.opened, row.id);
}

void SpiceStreams::note(std::string text, Instant now, ConnectionId connection) {
  writer_.add_notice({now, connection, text});
  notices_.push_back(std::move(text));
}

void SpiceStreams::finish_stream(Stream& stream, Instant now) {
  if (!stream.recorder) {
    if (!stream.over && !stream.layers.empty())
      leave_out(stream, stream.layers.back()->name(), "it ends before it carries anything");
    return;
  }
  stream.recorder->finish(now);
  const ConnectionRow& row = stream.recorder->row();
  for (const std::string& trouble : stream.recorder->troubles()) notices_.push_back(trouble);
  if (stream.over) {
    if (stream.passed_over != 0)
      note(fmt::format("{}: {} more bytes were captured", ends_text(row), stream.passed_over), now,
           row.id);
    return;
  }
  for (const auto& layer : stream.layers)
    for (const Side by : {Side::client, Side::server})
      if (const std::uint64_t bytes = layer->unfinished(by); bytes != 0)
        note(fmt::format("{}: the {} stream ends inside a unit of {}: {} bytes left out",
                         ends_text(row), name_of(by), layer->name(), bytes),
             now, row.id);
  if (row.transport == Transport::sasl)
    note(
        fmt::format("{}: a SASL security layer encrypts its messages; they are kept as they passed",
                    ends_text(row)),
        now, row.id);
}

void SpiceStreams::finish(Instant now) {
  for (Stream& stream : streams_) finish_stream(stream, now);
  for (const auto& [left, count] : left_out_) {
    const auto& [what, server, why] = left;
    note(fmt::format("{} {} {} to {} left out: {}", count, what, streams_text(count), server.text(),
                     why),
         now);
  }
  if (foreign_ != 0)
    note(fmt::format("{} TCP {} left out: not SPICE", foreign_, streams_text(foreign_)), now);
  if (begun_before_ != 0)
    note(fmt::format("{} TCP {} left out: begun before the capture", begun_before_,
                     streams_text(begun_before_)),
         now);
}

}  // namespace spicebench::recorder
