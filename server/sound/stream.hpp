// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

namespace spicebench::server {

// One run of the device's playing or recording, from its start to its stop.
struct SoundStream {
  std::uint64_t number = 0;  // from 1; no two are the same
  std::uint32_t time = 0;    // media time of the start
};

// What both halves of a sound device have.
struct VoiceState {
  std::uint32_t rate = 48000;         // Hz; changes only while there is no stream
  std::optional<SoundStream> stream;  // nothing: not started
  // As the device set them; none and nothing: it has not said.
  std::vector<std::uint16_t> volume;
  std::optional<bool> mute;
};

}  // namespace spicebench::server
