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
#include "server/session/failed_attempts.hpp"
#include "server/session/guest.hpp"
#include "server/session/tickets.hpp"
#include "server/session/transport_policy.hpp"

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

  void opened(LinkId link, LinkOrigin origin);
  void received(LinkId link, BytesView bytes);
  void writable(LinkId link, std::size_t bytes);
  void closed(LinkId link, Ending ending);
  // The deadline of a link: of its link stage, of an answer that is held back, or one that its
  // channel set.
  void deadline(LinkId link);
  // What the admin asks for: answered with Done or Refused. Errors: what it may not say.
  Result<void> administer(const wire::AnyMessage& request);
  // Clients kept the guest waiting for too long: those whose pipe is full are ended.
  void guest_stalled();
  // Sends what waits, link by link in the order of acceptance, and reads what had to wait.
  void pump();
  // Lets links send as many bytes as they have sent, but where a channel has no room for more.
  void take();

  // The time for which the watch over a client asked, whose timer is watch_timer() of its link.
  void watch(TimerId timer);
  static bool is_watch_timer(TimerId timer) {
    return (timer & watch_bit) != 0 && timer < first_accepted;
  }

  bool knows(LinkId link) const { return connections_.contains(link); }
  bool has_session() const { return !sessions_.empty(); }
  nlohmann::json describe() const;

 private:
  using ChannelKey = std::pair<wire::ChannelType, std::uint8_t>;
  struct Session {
    std::uint32_t id;
    std::map<ChannelKey, LinkId> channels;
  };

  // What a client may link beside main now, newest first, as the reference lists them.
  // Ports are for the session that came first (channels.md §5.6).
  std::vector<ChannelKey> offered(bool to_first = true) const;
  // Sessions hear of what came after them.
  void tell_of_new_channels();
  // Of channels that one client at a time may have: ends another's.
  void end_elsewhere(const ChannelKey& key);
  wire::LinkError may_come(wire::ChannelType type, const LinkOrigin& origin) const override;
  std::optional<std::vector<std::uint32_t>> channel_caps(wire::ChannelType type,
                                                         std::uint8_t id) const override;
  Result<void> check_ticket(BytesView ticket) const override;
  wire::LinkError may_attach(const wire::link::LinkMess& request) const override;
  const auth::PublicKey& public_key() const override { return key_.public_key(); }

  Duration answer_delay(const LinkOrigin& origin) const override;
  void answered(const LinkOrigin& origin, wire::LinkError result) override;

  // Timers of links carry the link's own number, those of the watch this bit instead of the top
  // one.
  static constexpr TimerId watch_bit = 0x4000'0000;
  static TimerId watch_timer(LinkId link) { return (link - first_accepted) | watch_bit; }

  static ChannelKey key_of(const wire::link::LinkMess& mess);
  // Ends the oldest link without authentication (of this peer, if one is named) if there are
  // `most`.
  void make_room(std::uint32_t most, const std::string* peer);
  void advance_link(Connection& connection);
  void read_messages(Connection& connection);
  void make_channel(Connection& connection);
  template <wire::ChannelType type>
  std::unique_ptr<Channel> make_vmc(ChannelLink link, std::uint8_t id);
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
  const TransportPolicy policy_;
  FailedAttempts failed_attempts_;
  Tickets tickets_;
  std::map<LinkId, std::unique_ptr<Connection>> connections_;
  std::vector<Session> sessions_;  // oldest first
  std::size_t channels_told_ = 0;  // as many of the machine's when sessions were last told
};

}  // namespace spicebench::server
