// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "client/sound/sound_status.hpp"
#include "core/base/result.hpp"
#include "core/image/pixmap.hpp"
#include "qxl-model/machine.hpp"
#include "recorder/store/writer.hpp"
#include "replayer/replay/divergence.hpp"
#include "replayer/scenario/scenario.hpp"
#include "server/server_counters.hpp"

namespace spicebench::replayer {

struct SimulationOptions {
  recorder::Writer* writer = nullptr;  // records everything; the caller finishes it
  std::vector<Tap*> taps;              // listen too
  bool check_every_quiet_moment = false;
  bool trace_device = false;  // into the recording: precondition, there is a writer
  std::function<void(Instant now, Instant end)> progress;  // now and then
};
struct SimulationReport {
  // The first thing that went wrong: an error that a peer noted, or a client that does not show
  // what the guest drew.
  std::optional<Divergence> finding;
  std::vector<std::string> guest_log;  // Machine::guest_log
  std::vector<std::string> agent_log;  // Machine::agent_log
  std::vector<std::string> user_log;   // what the client's user got of the agent
  // What the device and the server refused of a guest that breaks rules on purpose.
  std::vector<Error> refusals;
  Instant ended{};
  std::uint64_t steps = 0;                   // events handled
  std::uint64_t screens_compared = 0;        // client against guest
  std::uint32_t width = 0, height = 0;       // of the client's last screen; 0: it had none
  Hash128 screen;                            // of it
  std::optional<image::Pixmap> framebuffer;  // the guest's primary surface at the end
  qxl::MachineCounters machine;
  server::ServerCounters server;
  qxl::SoundCounters sound;
  std::optional<client::PlaybackStatus> heard;  // by the client; nothing: it has no such channel
  std::optional<client::RecordStatus> microphone;
};

// Runs machine ⇄ server ⇄ client ⇄ user on virtual time for the scenario's seconds, and then until
// nothing is under way any more (at most settle_seconds).
SimulationReport simulate(const Scenario& scenario, const SimulationOptions& options = {});
constexpr std::uint32_t settle_seconds = 600;

}  // namespace spicebench::replayer
