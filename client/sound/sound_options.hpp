// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "core/audio/tone.hpp"
#include "core/base/result.hpp"

namespace spicebench::client {

struct SoundOptions {
  bool playback = true, record = true;              // link these channels where they are offered
  bool volume = true, latency = true, opus = true;  // announced
  audio::ToneKind microphone = audio::ToneKind::tone;
  std::uint32_t microphone_hz = 330;
  std::uint32_t microphone_block = 480;  // frames that the microphone gives at a time

  bool operator==(const SoundOptions&) const = default;
};

nlohmann::json to_json(const SoundOptions& options);
// Errors: as of client_options_from_json.
Result<SoundOptions> sound_options_from_json(const nlohmann::json& json);

}  // namespace spicebench::client
