// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "core/world/link.hpp"
#include "core/world/peer.hpp"
#include "core/world/scheduler.hpp"
#include "core/world/tap.hpp"

namespace spicebench {

// Any number of peers on a virtual clock: moves their inputs and outputs in the order (time, class,
// sequence) and knows nothing of SPICE. Peers and taps are the caller's and outlive the world.
class World {
 public:
  explicit World(std::uint64_t seed);
  ~World();

  // When a peer has taken the bytes that it received: with the input, or when it says so (Taken).
  enum class Taking : std::uint8_t { at_once, later };
  // A peer, by the order of addition. Before start().
  PeerNumber add(Peer& peer, Taking taking = Taking::at_once);
  // Who accepts connections to an address, and how the links behave. One listener an address.
  void listen(Address address, PeerNumber peer, LinkKind kind, LinkProfile profile = {});
  void add_tap(Tap& tap) { taps_.push_back(&tap); }

  // Calls start() of each peer, in order; of those that are held back, when they are let go.
  void start();
  void hold_back(PeerNumber peer) { members_[peer].held_back = true; }  // before start()
  void let_go(PeerNumber peer);
  // Handles the next event. False when nothing will ever happen again.
  bool step();
  Instant now() const { return scheduler_.now(); }
  // For a peer that stands for something outside of the world, such as sockets: what happens there.
  void act(PeerNumber by, Outputs outputs) { perform(by, std::move(outputs)); }
  // Lets time pass in which nothing happens. Precondition: nothing is due before `to`.
  void pass_time(Instant to) { scheduler_.pass_time(to); }
  // Precondition: something is to come (step() would return true).
  Instant next_due() const { return scheduler_.next_due(); }
  bool finished() const { return scheduler_.empty(); }
  // Nothing is under way on any link, and no credit either: what each peer knows of the others is
  // all that there is to know. Timers may be armed.
  bool quiet() const { return under_way_ == 0; }

 private:
  struct Link;
  struct Listener {
    PeerNumber peer;
    LinkKind kind;
    LinkProfile profile;
  };
  struct Member {
    Peer* peer;
    Taking taking;
    bool held_back = false;
    std::map<LinkId, std::pair<Link*, Side>> links{};
    LinkId next_accepted = first_accepted;
    std::map<TimerId, std::uint64_t> timers{};  // generation of the armed one
  };

  void deliver(PeerNumber to, LinkNumber link, const Input& input);
  void perform(PeerNumber by, Outputs outputs);
  void connect(PeerNumber by, const Connect& request);
  void send(PeerNumber by, Send request);
  void hand(PeerNumber by, const Hand& request);
  void took(PeerNumber by, const Taken& taken);
  void grant(Link& link, Side sender, std::size_t taken);
  void shut(PeerNumber by, LinkId id, bool forget);
  void reset(Link& link);
  void arm(PeerNumber by, TimerId timer, Instant due);
  // Schedules an input for one side of a link; dropped if that side has closed or the link was
  // reset.
  void schedule(Link& link, Side to, Instant due, Input input);
  void arrive(Link& link, Side to, Input input);
  PeerNumber peer_of(const Link& link, Side side) const;
  Link* find(PeerNumber peer, LinkId id, Side& side);

  Scheduler scheduler_;
  Random random_;
  std::vector<Member> members_;
  std::map<Address, Listener> listeners_;
  std::vector<std::unique_ptr<Link>> links_;
  std::vector<Tap*> taps_;
  std::uint64_t under_way_ = 0;
  std::uint64_t timer_generation_ = 0;
};

}  // namespace spicebench
