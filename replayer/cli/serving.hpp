// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "core/image/pixmap.hpp"
#include "core/live/live_world.hpp"
#include "qxl-model/machine.hpp"
#include "recorder/store/writer.hpp"
#include "replayer/scenario/scenario.hpp"
#include "server/server.hpp"

namespace spicebench::cli {

struct ServingOptions {
  std::vector<live::SocketAddress> listen;
  std::vector<live::SocketAddress> tls_listen;  // then there is a context
  std::optional<layers::TlsContext> tls;
  recorder::Writer* writer = nullptr;  // records everything; the caller finishes it
  bool once = false;                   // until whoever connected has gone again
  bool wait = false;                   // the guest begins when a client can see it
  std::optional<Duration> longest;
  // Before anybody is served: where it listens, plain and with TLS.
  std::function<void(const std::vector<live::SocketAddress>& plain,
                     const std::vector<live::SocketAddress>& tls)>
      ready;
};
struct ServingReport {
  Instant ended{};
  // When the server took the guest's first and last drawing command.
  Instant first_draw{}, last_draw{};
  double processor_seconds = 0;  // of the whole process, from where it listens on
  live::SocketCounters sockets;
  qxl::MachineCounters machine;
  server::ServerCounters server;
  std::optional<qxl::SoundCounters> sound;   // of a machine that has any
  std::vector<server::Finding> errors;       // of clients and of the device
  std::vector<Error> findings;               // of the machine
  std::vector<std::string> agent_log;        // Machine::agent_log
  std::optional<image::Pixmap> framebuffer;  // the guest's screen at the end
};

// The scenario's machine and server in real time, before clients that connect to sockets.
//   errors  io: it cannot listen
Result<ServingReport> serve(const replayer::Scenario& scenario, const ServingOptions& options);

}  // namespace spicebench::cli
