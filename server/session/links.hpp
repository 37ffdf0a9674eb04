// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "core/auth/ticket.hpp"
#include "core/base/random.hpp"
#include "server/channels/main_channel.hpp"
#include "server/session/connection.hpp"
#include "server/session/guest.hpp"

namespace spicebench::server {

// All stream links of a server, and the sessions whose channels they are, one for each client.
//
// Source: protocol.md §1.5, channels.md §2.12, §2.15, §5.6. A channel's error ends that channel;
// one of the main channel ends its session; a new main link, once there are as many sessions as may
// be, ends the oldest.
class Links final : private LinkHost {
 public:
  Links(Services& services, Guest& guest, Random random);
  ~Links() override;  // channels before what they use

  void opened(LinkId link);
  void received(LinkId link, BytesView bytes);
  void writable(LinkId link, std::size_t bytes);
  void closed(LinkId link, Ending ending);
  // The deadline of a link: of its link stage, or one that its channel set.
  void deadline(LinkId link);
  // Clients kept the guest waiting for too long: those whose pipe is full are ended.
  void guest_stalled();
  // Sends what waits, link by link in the order of acceptance.
  void pump();

  bool knows(LinkId link) const { return connections_.contains(link); }
  bool has_session() const { return !sessions_.empty(); }
  nlohmann::json describe() const;

 private:
  using ChannelKey = std::pair<wire::ChannelType, std::uint8_t>;
  struct Session {
    std::uint32_t id;
    std::map<ChannelKey, LinkId> channels;
  };

  std::optional<std::vector<std::uint32_t>> channel_caps(wire::ChannelType type,
                                                         std::uint8_t id) const override;
  Result<void> check_ticket(BytesView ticket) const override;
  wire::LinkError may_attach(const wire::link::LinkMess& request) const override;
  const auth::PublicKey& public_key() const override { return key_.public_key(); }

  static ChannelKey key_of(const wire::link::LinkMess& mess);
  void make_channel(Connection& connection);
  // Null: there is no such session.
  Session* find_session(std::uint32_t id);
  const Session* find_session(std::uint32_t id) const;
  Session& begin_session();
  MainChannel& main_channel(const Session& session);
  std::uint32_t ack_window(const Session& session);
  // Of an option that is auto (for clients on a slow link), always or never.
  bool wanted(const Session& session, const std::string& when);
  // Ends what the connection carries and reports why; with a main channel, its whole session.
  void fail_connection(Connection& connection, Error error);
  void end(LinkId link);
  void end_session(std::uint32_t id);
  void flush(Connection& connection);
  void report(const Connection& connection, Error error, bool fatal);

  Services& services_;
  Guest& guest_;
  Random random_;
  const auth::TicketKey& key_;
  std::map<LinkId, std::unique_ptr<Connection>> connections_;
  std::vector<Session> sessions_;  // oldest first
};

}  // namespace spicebench::server
