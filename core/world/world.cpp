// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/world/world.hpp"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <stdexcept>
#include <utility>

#include "core/world/address.hpp"

namespace spicebench {

struct World::Link {
  LinkDescription description;
  LinkProfile profile;
  std::array<LinkDirection, 2> directions;  // by the sending side
  std::array<bool, 2> sending{true, true};  // the side may still send
  std::array<bool, 2> present{true, true};  // the side has not closed
  bool broken = false;                      // reset: nothing arrives any more
  std::uint64_t bytes = 0;

  Link(LinkDescription d, const LinkProfile& p, const Random& random)
      : description(std::move(d)),
        profile(p),
        directions{LinkDirection(p, random.fork("client")),
                   LinkDirection(p, random.fork("server"))} {}
  LinkDirection& from(Side side) { return directions[static_cast<std::size_t>(side)]; }
  bool& may_send(Side side) { return sending[static_cast<std::size_t>(side)]; }
  bool& is_there(Side side) { return present[static_cast<std::size_t>(side)]; }
  LinkId id_at(Side side) const {
    return side == Side::client ? description.client_link : description.server_link;
  }
};

World::World(std::uint64_t seed) : random_(Random(seed).fork("links")) {}
World::~World() = default;

PeerNumber World::add(Peer& peer, Taking taking) {
  members_.push_back({.peer = &peer, .taking = taking});
  return static_cast<PeerNumber>(members_.size() - 1);
}

void World::listen(Address address, PeerNumber peer, LinkKind kind, LinkProfile profile) {
  assert(profile.window > 0);
  const bool fresh = listeners_.emplace(std::move(address), Listener{peer, kind, profile}).second;
  assert(fresh);
  (void)fresh;
}

void World::start() {
  for (PeerNumber peer = 0; peer < members_.size(); ++peer)
    if (!members_[peer].held_back) perform(peer, members_[peer].peer->start(now()));
}

void World::let_go(PeerNumber peer) {
  if (std::exchange(members_[peer].held_back, false))
    perform(peer, members_[peer].peer->start(now()));
}

bool World::step() {
  return scheduler_.step();
}

PeerNumber World::peer_of(const Link& link, Side side) const {
  return side == Side::client ? link.description.client : link.description.server;
}

World::Link* World::find(PeerNumber peer, LinkId id, Side& side) {
  const auto found = members_[peer].links.find(id);
  if (found == members_[peer].links.end()) return nullptr;
  side = found->second.second;
  return found->second.first;
}

void World::deliver(PeerNumber to, LinkNumber link, const Input& input) {
  for (Tap* tap : taps_) tap->delivered(to, link, input, now());
  perform(to, members_[to].peer->handle(input, now()));
}

void World::perform(PeerNumber by, Outputs outputs) {
  for (Output& output : outputs) {
    if (auto* send_request = std::get_if<Send>(&output))
      send(by, std::move(*send_request));
    else if (const auto* hand_request = std::get_if<Hand>(&output))
      hand(by, *hand_request);
    else if (const auto* connect_request = std::get_if<Connect>(&output))
      connect(by, *connect_request);
    else if (const auto* shutdown = std::get_if<Shutdown>(&output))
      shut(by, shutdown->link, false);
    else if (const auto* close = std::get_if<Close>(&output))
      shut(by, close->link, true);
    else if (const auto* timer = std::get_if<Arm>(&output))
      arm(by, timer->timer, timer->due);
    else if (const auto* taken = std::get_if<Taken>(&output))
      took(by, *taken);
    else
      members_[by].timers.erase(std::get<Disarm>(output).timer);
  }
}

void World::arm(PeerNumber by, TimerId timer, Instant due) {
  const std::uint64_t generation = ++timer_generation_;
  members_[by].timers[timer] = generation;
  scheduler_.at(std::max(due, now()), EventClass::timer, [this, by, timer, generation] {
    auto& timers = members_[by].timers;
    const auto armed = timers.find(timer);
    if (armed == timers.end() || armed->second != generation) return;  // replaced or disarmed
    timers.erase(armed);
    deliver(by, absent_link, Fired{timer});
  });
}

void World::connect(PeerNumber by, const Connect& request) {
  const auto listener = listeners_.find(Address(listener_of(request.to)));
  LinkDescription description;
  description.number = static_cast<LinkNumber>(links_.size());
  description.address = request.to;
  description.client = by;
  description.client_link = request.link;
  if (listener == listeners_.end()) {
    ++under_way_;
    scheduler_.at(now(), EventClass::network, [this, by, link = request.link] {
      --under_way_;
      deliver(by, absent_link, Closed{link, Ending::refused});
    });
    return;
  }
  Member& accepting = members_[listener->second.peer];
  description.kind = listener->second.kind;
  description.server = listener->second.peer;
  description.server_link = accepting.next_accepted++;
  const Random random = random_.fork(fmt::format("{} {}", request.to, description.number));
  links_.push_back(std::make_unique<Link>(description, listener->second.profile, random));
  Link& link = *links_.back();
  const bool fresh =
      members_[by].links.emplace(request.link, std::pair{&link, Side::client}).second;
  assert(fresh);
  (void)fresh;
  accepting.links.emplace(description.server_link, std::pair{&link, Side::server});
  for (Tap* tap : taps_) tap->opened(description, now());
  const Duration latency = link.profile.latency;
  schedule(link, Side::server, now() + latency, Opened{description.server_link, request.to});
  schedule(link, Side::client, now() + 2 * latency, Opened{request.link, request.to});
  if (description.kind == LinkKind::stream) {
    schedule(link, Side::server, now() + latency,
             Writable{description.server_link, link.profile.window});
    schedule(link, Side::client, now() + 2 * latency, Writable{request.link, link.profile.window});
  }
}

void World::schedule(Link& link, Side to, Instant due, Input input) {
  ++under_way_;
  const auto event_class =
      link.description.kind == LinkKind::value ? EventClass::value : EventClass::network;
  // Shared, since a task is copyable and bytes are not to be copied with it.
  auto shared = std::make_shared<Input>(std::move(input));
  scheduler_.at(due, event_class, [this, &link, to, shared] {
    --under_way_;
    arrive(link, to, std::move(*shared));
  });
}

void World::arrive(Link& link, Side to, Input input) {
  const PeerNumber peer = peer_of(link, to);
  const auto* closed = std::get_if<Closed>(&input);
  if (!link.is_there(to)) {  // bytes for a side that has closed are answered by a reset, as in TCP
    if (std::holds_alternative<Received>(input)) reset(link);
    return;
  }
  if (link.broken && !(closed && closed->ending == Ending::reset)) return;
  if (closed && closed->ending == Ending::reset) {
    link.is_there(to) = false;
    members_[peer].links.erase(link.id_at(to));
  }
  const auto* received = std::get_if<Received>(&input);
  const std::size_t taken = received ? received->bytes.size() : 0;
  deliver(peer, link.description.number, input);
  if (taken > 0 && members_[peer].taking == Taking::at_once) grant(link, other(to), taken);
}

void World::grant(Link& link, Side sender, std::size_t taken) {
  if (const std::size_t credit = link.from(sender).consume(taken); credit > 0)
    schedule(link, sender, now() + link.profile.latency, Writable{link.id_at(sender), credit});
}
void World::took(PeerNumber by, const Taken& taken) {
  Side side{};
  Link* link = find(by, taken.link, side);
  if (link && taken.bytes > 0) grant(*link, other(side), taken.bytes);
}

void World::send(PeerNumber by, Send request) {
  Side side{};
  Link* link = find(by, request.link, side);
  if (!link || request.bytes.empty()) return;  // closed or reset in the meantime, as with a socket
  if (!link->may_send(side)) throw std::logic_error("bytes sent after the end of the stream");
  if (request.bytes.size() > link->from(side).credit())
    throw std::logic_error("more bytes sent than were granted");
  if (link->broken) return;
  for (Tap* tap : taps_) tap->sent(link->description.number, side, request.bytes, now());
  link->bytes += request.bytes.size();
  for (auto& segment : link->from(side).send(std::move(request.bytes), now()))
    schedule(*link, other(side), segment.arrives,
             Received{link->id_at(other(side)), std::move(segment.bytes)});
  if (link->profile.reset_after_bytes > 0 && link->bytes >= link->profile.reset_after_bytes)
    reset(*link);
}

void World::hand(PeerNumber by, const Hand& request) {
  Side side{};
  Link* link = find(by, request.link, side);
  if (!link) return;
  const Instant arrives = now() + link->profile.latency;
  for (Tap* tap : taps_)
    tap->handed(link->description.number, side, *request.value, now(), arrives);
  schedule(*link, other(side), arrives, Handed{link->id_at(other(side)), request.value});
}

void World::shut(PeerNumber by, LinkId id, bool forget) {
  Side side{};
  Link* link = find(by, id, side);
  if (!link) return;
  if (link->may_send(side)) {
    link->may_send(side) = false;
    for (Tap* tap : taps_) tap->ended(link->description.number, side, Ending::end, now());
    schedule(*link, other(side), link->from(side).arrival_after_all(now()),
             Closed{link->id_at(other(side)), Ending::end});
  }
  if (forget) {
    link->is_there(side) = false;
    members_[by].links.erase(id);
  }
}

void World::reset(Link& link) {
  if (link.broken) return;
  link.broken = true;
  for (const Side side : {Side::client, Side::server}) {
    for (Tap* tap : taps_) tap->ended(link.description.number, side, Ending::reset, now());
    schedule(link, side, now() + link.profile.latency, Closed{link.id_at(side), Ending::reset});
  }
}

}  // namespace spicebench
