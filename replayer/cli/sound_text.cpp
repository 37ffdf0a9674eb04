// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/sound_text.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace spicebench::cli {

std::string sound_text(const qxl::SoundCounters& machine, const server::ServerCounters& server) {
  return fmt::format(
      "sound      {} frames played: {} packets sent, {} replaced, {} unheard; {} frames recorded\n",
      machine.frames_played, server.sound_sent, server.sound_replaced, server.sound_unheard,
      machine.frames_recorded);
}

nlohmann::json sound_json(const qxl::SoundCounters& machine, const server::ServerCounters& server) {
  return {{"frames_played", machine.frames_played},     {"packets_sent", server.sound_sent},
          {"packets_replaced", server.sound_replaced},  {"packets_unheard", server.sound_unheard},
          {"frames_recorded", machine.frames_recorded}, {"recorded_hash", machine.recorded.hex()}};
}

}  // namespace spicebench::cli
