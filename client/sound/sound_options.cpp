// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/sound/sound_options.hpp"

#include <fmt/format.h>

#include "core/base/json_fields.hpp"

namespace spicebench::client {

namespace {
constexpr std::uint32_t most_hertz = 499;  // what a Tone takes at any rate
constexpr std::uint32_t most_block = 48'000;
}  // namespace

nlohmann::json to_json(const SoundOptions& options) {
  return {{"playback", options.playback},
          {"record", options.record},
          {"volume", options.volume},
          {"latency", options.latency},
          {"opus", options.opus},
          {"microphone", audio::name_of(options.microphone)},
          {"microphone_hz", options.microphone_hz},
          {"microphone_block", options.microphone_block}};
}

Result<SoundOptions> sound_options_from_json(const nlohmann::json& json) {
  SoundOptions options;
  std::string microphone(audio::name_of(options.microphone));
  JsonFields fields(json);
  fields.read("playback", options.playback);
  fields.read("record", options.record);
  fields.read("volume", options.volume);
  fields.read("latency", options.latency);
  fields.read("opus", options.opus);
  fields.read("microphone", microphone);
  fields.read("microphone_hz", options.microphone_hz, 1u, most_hertz);
  fields.read("microphone_block", options.microphone_block, 1u, most_block);
  const auto kind = audio::tone_kind_named(microphone);
  if (!kind)
    fields.set_error({ErrorCode::malformed, 0, "microphone",
                      fmt::format("\"{}\", known are silence, tone and sweep", microphone)});
  CHECKED(fields.finish());
  options.microphone = *kind;
  return options;
}

}  // namespace spicebench::client
