// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/layers/tls.hpp"
#include "core/live/socket_address.hpp"
#include "core/world/world.hpp"

namespace spicebench::live {

struct SocketCounters {
  std::uint64_t accepted = 0, open = 0;  // connections
  std::uint64_t received = 0, sent = 0;  // bytes
};

// A world on the real clock, one of whose peers is the system's sockets: what connects to an
// address that they listen at is a link in the world, with its back-pressure in both directions. An
// instant of the world is the time since run() began.
class LiveWorld {
 public:
  // Adds the sockets to the world as a peer. Before start(); the world outlives this.
  explicit LiveWorld(World& world);
  ~LiveWorld();
  PeerNumber sockets() const;

  // Listens at `at` from now on. Each connection becomes a link to `address` of the world.
  // Behind the address stands '@' and the host that connected (TCP).
  //   tls     whoever connects must speak it; the link has the bytes inside
  //   result  the address, with the port that was found for port 0
  //   errors  io, with the system's word; a UNIX socket that nobody listens at any more is replaced
  Result<SocketAddress> listen(const SocketAddress& at, Address address,
                               std::optional<layers::TlsContext> tls = {});

  struct Limits {
    std::optional<Duration> longest;     // of the run
    std::function<bool()> until;         // asked now and then
    std::function<void()> every_moment;  // about ten times a second
    std::function<void()> every_turn;    // after all that was due, each time
  };
  // Starts the world, and runs it until a limit is reached, or the process is told to end (SIGINT,
  // SIGTERM).
  void run(const Limits& limits);
  SocketCounters counters() const;
  // Seconds of a processor that this process has used.
  static double processor_seconds();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace spicebench::live
