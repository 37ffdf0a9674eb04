// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/wire/framer.hpp"
#include "server/session/outbox.hpp"

namespace spicebench::server {

// What the link stage asks the server.
class LinkHost {
 public:
  virtual ~LinkHost() = default;
  // The server's capability words of a channel; nothing: there is no such channel.
  virtual std::optional<std::vector<std::uint32_t>> channel_caps(wire::ChannelType type,
                                                                 std::uint8_t id) const = 0;
  // Errors: denied.
  virtual Result<void> check_ticket(BytesView ticket) const = 0;
  // Whether a client that proved who it is may have the channel: ok, bad_connection_id, or error
  // for one that it already has.
  virtual wire::LinkError may_attach(const wire::link::LinkMess& request) const = 0;
  virtual const std::array<std::uint8_t, wire::link::public_key_bytes>& public_key() const = 0;
};

// The link stage of one connection, server side: from the first byte to the link result.
//
// Source: protocol.md §1.5, §9.1. An unknown channel gets a reply, which the reference leaves out.
class LinkStage {
 public:
  enum class State : std::uint8_t { header, mess, mechanism, ticket, up, refused };

  LinkStage(wire::ConnectionFramer& framer, Outbox& outbox, const LinkHost& host)
      : framer_(framer), outbox_(outbox), host_(host) {}

  // Goes as far as the bytes in the framer reach. Errors: why the link was refused; what the client
  // is to hear of it has been queued, and nothing more will be taken.
  Result<void> advance();
  State state() const { return state_; }
  std::string_view state_name() const;

 private:
  Result<State> step();  // the same state: more bytes are needed
  Result<State> read_header();
  Result<State> read_mess();
  Result<State> read_mechanism();
  Result<State> read_ticket();
  Result<std::optional<wire::Unit>> next_unit(wire::LinkError answer);
  std::unexpected<Error> refuse_by_reply(wire::LinkError code, ErrorCode kind, std::string detail);
  void say(Bytes bytes);
  void say_result(wire::LinkError code);

  wire::ConnectionFramer& framer_;
  Outbox& outbox_;
  const LinkHost& host_;
  State state_ = State::header;
};

}  // namespace spicebench::server
