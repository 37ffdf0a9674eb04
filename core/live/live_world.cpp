// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live/live_world.hpp"

#include <sys/resource.h>

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <chrono>

#include "core/live/sockets.hpp"

namespace spicebench::live {

using Clock = std::chrono::steady_clock;

struct LiveWorld::Parts {
  explicit Parts(World& w)
      : world(w),
        sockets(context, [this](Outputs outputs) { act(std::move(outputs)); }),
        number(world.add(sockets, World::Taking::later)) {}

  Instant real_now() const { return Instant{Clock::now() - began}; }

  // What happened outside happens after all that was due before.
  void act(Outputs outputs) {
    catch_up();
    world.act(number, std::move(outputs));
  }
  void catch_up() {
    const Instant now = std::max(real_now(), world.now());
    while (!world.finished() && world.next_due() <= now) world.step();
    world.pass_time(now);
  }

  World& world;
  asio::io_context context{1};
  Sockets sockets;
  PeerNumber number;
  Clock::time_point began = Clock::now();
};

LiveWorld::LiveWorld(World& world) : parts_(std::make_unique<Parts>(world)) {}
LiveWorld::~LiveWorld() = default;

PeerNumber LiveWorld::sockets() const {
  return parts_->number;
}

Result<SocketAddress> LiveWorld::listen(const SocketAddress& at, Address address,
                                        std::optional<layers::TlsContext> tls) {
  return parts_->sockets.listen(at, std::move(address), std::move(tls));
}

void LiveWorld::run(const Limits& limits) {
  constexpr Duration moment = std::chrono::milliseconds(100);
  Parts& parts = *parts_;
  bool told_to_end = false;
  asio::signal_set signals(parts.context, SIGINT, SIGTERM);
  signals.async_wait([&told_to_end](const asio::error_code& error, int) { told_to_end = !error; });
  parts.began = Clock::now();
  parts.world.start();
  Instant next_moment = instant(0) + moment;
  while (!told_to_end) {
    parts.catch_up();
    if (limits.every_turn) limits.every_turn();
    if (limits.longest && parts.world.now() >= instant(0) + *limits.longest) break;
    if (limits.until && limits.until()) break;
    if (parts.world.now() >= next_moment) {
      if (limits.every_moment) limits.every_moment();
      next_moment = parts.world.now() + moment;
    }
    Instant wake = next_moment;
    if (limits.longest) wake = std::min(wake, instant(0) + *limits.longest);
    if (!parts.world.finished()) wake = std::min(wake, parts.world.next_due());
    parts.context.run_one_until(parts.began + std::chrono::nanoseconds(nanoseconds(wake)));
    parts.context.poll();
  }
  parts.sockets.close();
  signals.cancel();
  parts.context.poll();
}

double LiveWorld::processor_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

SocketCounters LiveWorld::counters() const {
  return parts_->sockets.counters();
}

}  // namespace spicebench::live
