// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/wire/framer.hpp"
#include "server/session/link_origin.hpp"
#include "server/session/outbox.hpp"

namespace spicebench::server {

// What the link stage asks the server.
class LinkHost {
 public:
  virtual ~LinkHost() = default;
  // Whether a channel may come that way: ok, need_secured or need_unsecured.
  virtual wire::LinkError may_come(wire::ChannelType type, const LinkOrigin& origin) const = 0;
  // The server's capability words of a channel; nothing: there is no such channel.
  virtual std::optional<std::vector<std::uint32_t>> channel_caps(wire::ChannelType type,
                                                                 std::uint8_t id) const = 0;
  // Errors: denied.
  virtual Result<void> check_ticket(BytesView ticket) const = 0;
  // Whether a client that proved who it is may have the channel: ok, bad_connection_id, or error
  // for one that it already has.
  virtual wire::LinkError may_attach(const wire::link::LinkMess& request) const = 0;
  virtual const std::array<std::uint8_t, wire::link::public_key_bytes>& public_key() const = 0;
  // How long the answer to a ticket from there is held back.
  virtual Duration answer_delay(const LinkOrigin& origin) const = 0;
  // What was answered to a ticket from there.
  virtual void answered(const LinkOrigin& origin, wire::LinkError result) = 0;
};

// The link stage of one connection, server side: from the first byte to the link result.
//
// Source: protocol.md §1.5, §9.1, channels.md §2.3. DIFFERS: an unknown channel gets a reply, which
// the reference leaves out; only the mechanism that was offered is taken; the answer to a ticket
// may be held back, and is then decided on by what holds at its time.
class LinkStage {
 public:
  enum class State : std::uint8_t { header, mess, mechanism, ticket, held, up, refused };

  LinkStage(wire::ConnectionFramer& framer, Outbox& outbox, LinkHost& host, LinkOrigin origin)
      : framer_(framer), outbox_(outbox), host_(host), origin_(std::move(origin)) {}

  // Goes as far as the bytes in the framer reach. Errors: why the link was refused; what the client
  // is to hear of it has been queued, and nothing more will be taken.
  Result<void> advance();
  // In state held: for how long the answer waits. Then release() and advance() again.
  Duration held_for() const { return held_for_; }
  void release() { released_ = true; }
  State state() const { return state_; }
  const LinkOrigin& origin() const { return origin_; }
  std::string_view state_name() const;

 private:
  Result<State> step();  // the same state: more bytes are needed
  Result<State> read_header();
  Result<State> read_mess();
  Result<State> read_mechanism();
  Result<State> read_ticket();
  Result<State> judge();
  Result<std::optional<wire::Unit>> next_unit(wire::LinkError answer);
  std::unexpected<Error> refuse_by_reply(wire::LinkError code, ErrorCode kind, std::string detail);
  void say(Bytes bytes);
  void say_result(wire::LinkError code);

  wire::ConnectionFramer& framer_;
  Outbox& outbox_;
  LinkHost& host_;
  LinkOrigin origin_;
  State state_ = State::header;
  SharedBytes ticket_;
  Duration held_for_{};
  bool released_ = false;
};

}  // namespace spicebench::server
