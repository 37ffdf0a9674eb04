// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/spice_streams.hpp"

#include <fmt/format.h>

#include "core/base/bytes.hpp"

namespace spicebench::recorder {

namespace {

constexpr std::size_t most_held = 64u << 10;  // of a server that speaks first: not SPICE

std::string_view about(bool one) {
  return one ? "stream" : "streams";
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
  return streams_[stream.number];
}

void SpiceStreams::data(const TcpStream& stream, Side by, BytesView bytes, Instant now) {
  Stream& state = at(stream);
  if (state.recorder) return state.recorder->sent(by, bytes, now);
  if (state.kind != Kind::undecided) return;
  Bytes& held = state.held[static_cast<std::size_t>(by)];
  append(held, bytes);
  const Bytes& client = state.held[0];
  state.kind = client.empty() ? Kind::undecided : kind_of(client);
  if (state.kind == Kind::undecided && held.size() > most_held) state.kind = Kind::foreign;
  if (state.kind != Kind::undecided) decide(state, stream, now);
}

void SpiceStreams::decide(Stream& state, const TcpStream& stream, Instant now) {
  if (state.kind == Kind::spice) {
    ConnectionRow row;
    row.link = static_cast<LinkNumber>(connections_++);
    row.address = "spice";
    row.opened = stream.opened;
    row.client.endpoint = stream.client.text();
    row.server.endpoint = stream.server.text();
    row.server.peer = 1;
    state.recorder.emplace(writer_, std::move(row), ConnectionRecorder::Arrival::at_once);
    for (const Side side : {Side::client, Side::server})
      if (const Bytes& held = state.held[static_cast<std::size_t>(side)]; !held.empty())
        state.recorder->sent(side, held, now);
  } else if (state.kind == Kind::foreign && !stream.from_start) {
    ++begun_before_;
  } else {
    ++left_out_[{state.kind, stream.server}];
  }
  for (Bytes& held : state.held) held = Bytes();
}

void SpiceStreams::ended(const TcpStream& stream, Side by, Ending ending, Instant now) {
  Stream& state = at(stream);
  if (!state.recorder) return;
  state.recorder->ended(by, ending, now);
  if (ending == Ending::reset && by == Side::client)
    writer_.add_fault({now, state.recorder->id(), by, "reset"});
}

void SpiceStreams::gap(const TcpStream& stream, Side by, std::size_t kept_back) {
  const Stream& state = at(stream);
  if (!state.recorder) return;
  const ConnectionRow& row = state.recorder->row();
  note(fmt::format("connection {} ({} to {}): the capture lacks bytes of the {} stream from byte "
                   "{} on; {} bytes after the gap are left out",
                   row.id, row.client.endpoint, row.server.endpoint, name_of(by),
                   row.side(by).bytes, kept_back),
       stream.opened, row.id);
}

void SpiceStreams::note(std::string text, Instant now, ConnectionId connection) {
  writer_.add_notice({now, connection, text});
  notices_.push_back(std::move(text));
}

void SpiceStreams::finish(Instant now) {
  for (Stream& state : streams_) {
    if (!state.recorder) continue;
    state.recorder->finish(now);
    const ConnectionRow& row = state.recorder->row();
    if (row.transport == Transport::sasl)
      note(fmt::format("connection {} ({} to {}): SASL encrypts its messages (cannot look inside "
                       "SASL yet)",
                       row.id, row.client.endpoint, row.server.endpoint),
           now, row.id);
    for (const std::string& trouble : state.recorder->troubles()) notices_.push_back(trouble);
  }
  std::size_t foreign = 0;
  for (const auto& [what, count] : left_out_) {
    const auto& [kind, server] = what;
    if (kind == Kind::foreign)
      foreign += count;
    else if (kind == Kind::tls)
      note(fmt::format("{} TLS {} to {} left out (cannot look inside TLS yet)", count,
                       about(count == 1), server.text()),
           now);
    else
      note(fmt::format("{} WebSocket or HTTP {} to {} left out (cannot look inside WebSocket yet)",
                       count, about(count == 1), server.text()),
           now);
  }
  if (foreign != 0)
    note(fmt::format("{} TCP {} left out: not SPICE", foreign, about(foreign == 1)), now);
  if (begun_before_ != 0)
    note(fmt::format("{} TCP {} left out: begun before the capture", begun_before_,
                     about(begun_before_ == 1)),
         now);
}

}  // namespace spicebench::recorder
