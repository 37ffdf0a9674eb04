// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "qxl-model/sound/sound_device.hpp"
#include "server/server_counters.hpp"

namespace spicebench::cli {

// What became of the sound of a machine that has any: one line of a verb's report, and its JSON.
std::string sound_text(const qxl::SoundCounters& machine, const server::ServerCounters& server);
nlohmann::json sound_json(const qxl::SoundCounters& machine, const server::ServerCounters& server);

}  // namespace spicebench::cli
