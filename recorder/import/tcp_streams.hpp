// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <tins/tcp_ip/data_tracker.h>

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "core/base/side.hpp"
#include "core/base/time.hpp"
#include "core/world/peer.hpp"
#include "recorder/import/segments.hpp"

namespace spicebench::recorder {

// A TCP connection of a capture. `number` counts from 0 in the order of their first segments.
struct TcpStream {
  std::size_t number = 0;
  Endpoint client, server;  // client: who sent SYN; without one, who sent first
  Instant opened{};
  bool from_start = false;  // the capture has its SYN
};
// What is heard of the connections of a capture.
class TcpListener {
 public:
  virtual ~TcpListener() = default;
  virtual void data(const TcpStream& stream, Side by, BytesView bytes, Instant now) = 0;
  virtual void ended(const TcpStream& stream, Side by, Ending ending, Instant now) = 0;
  // The capture lacks bytes of this side; `kept_back` bytes that come after them are in it.
  virtual void gap(const TcpStream& stream, Side by, std::size_t kept_back) = 0;
};

// Segments in capture order → the bytes of each direction in order.
//
// Bytes are put in order by libtins' DataTracker. Its StreamFollower, which does the rest, is not
// used: libtins 4.0 drops a connection when it has seen FIN from both sides, even if segments
// before them come later (reordered or sent again); drops one that was idle for five minutes, as an
// inputs channel easily is; does not know a SYN with ECN flags, nor the reuse of a port pair whose
// end is not in the capture; and does not tell at the end what is missing.
class TcpStreams {
 public:
  explicit TcpStreams(TcpListener& listener) : listener_(listener) {}
  void handle(Segment segment, Instant now);
  void finish();  // no more segments: tells of gaps

 private:
  struct Flow {
    std::optional<Tins::TCPIP::DataTracker> tracker;  // nothing: first sequence number not known
    std::optional<std::uint32_t> fin;                 // the sequence number of FIN
    bool ended = false;
  };
  struct Connection {
    TcpStream stream;
    std::optional<std::uint32_t> syn;  // sequence number of the client's
    std::array<Flow, 2> flows;         // by sending side
    Flow& flow(Side side) { return flows[static_cast<std::size_t>(side)]; }
    bool over() const { return flows[0].ended && flows[1].ended; }
  };
  using Key = std::pair<Endpoint, Endpoint>;  // smaller one first

  Connection* find_or_open(const Segment& segment, Instant now);
  void end(Connection& connection, Side by, Ending ending, Instant now);
  void tell_gaps(Connection& connection);

  TcpListener& listener_;
  std::deque<Connection> connections_;
  std::map<Key, Connection*> current_;
};

}  // namespace spicebench::recorder
