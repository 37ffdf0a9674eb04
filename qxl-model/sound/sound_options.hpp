// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "core/audio/tone.hpp"
#include "core/base/result.hpp"

namespace spicebench::qxl {

// Half of a sound device: on from some time on, off after a while, on again after a pause, to the
// end of the run.
struct VoiceOptions {
  bool present = true;
  std::uint32_t rate = 48000;                                 // Hz
  std::uint32_t from_ms = 500, on_ms = 1500, pause_ms = 500;  // virtual time
  std::vector<std::uint16_t> volumes{};  // of each time that it is on, in turn; 0: muted
  bool operator==(const VoiceOptions&) const = default;
};

// The guest's sound device.
struct SoundOptions {
  VoiceOptions playback, record{.present = false};
  audio::ToneKind plays = audio::ToneKind::tone;
  std::uint32_t tone_hz = 440;
  std::uint32_t flip_compression_ms = 0;  // every so often the other one; 0: never
  bool operator==(const SoundOptions&) const = default;
};

nlohmann::json to_json(const SoundOptions& options);
// Missing keys keep their defaults, a missing table is a missing half. Errors: as of
// machine_options_from_json.
Result<SoundOptions> sound_options_from_json(const nlohmann::json& json);

}  // namespace spicebench::qxl
