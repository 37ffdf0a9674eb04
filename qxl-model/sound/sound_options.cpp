// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/sound/sound_options.hpp"

#include <fmt/format.h>

#include "core/base/json_fields.hpp"

namespace spicebench::qxl {

using nlohmann::json;

namespace {

constexpr std::uint32_t most_ms = 86'400'000, least_rate = 8000, most_rate = 192'000;
constexpr std::uint32_t most_hertz = least_rate / 16 - 1;  // what a Tone takes at any rate
constexpr std::size_t most_volumes = 256;

json voice_json(const VoiceOptions& voice) {
  json out{{"rate", voice.rate},
           {"from_ms", voice.from_ms},
           {"on_ms", voice.on_ms},
           {"pause_ms", voice.pause_ms}};
  if (!voice.volumes.empty()) out["volumes"] = voice.volumes;
  return out;
}

Result<std::vector<std::uint16_t>> volumes_from_json(const json& list) {
  if (!list.is_array() || list.size() > most_volumes)
    return fail(ErrorCode::malformed, fmt::format("a list of at most {} is wanted", most_volumes),
                0, "volumes");
  std::vector<std::uint16_t> volumes;
  for (const json& volume : list) {
    const bool fits = volume.is_number_integer() && volume >= 0 && volume <= 65535;
    if (!fits)
      return fail(ErrorCode::out_of_range, fmt::format("{}, allowed 0 to 65535", volume.dump()), 0,
                  fmt::format("volumes[{}]", volumes.size()));
    volumes.push_back(volume.get<std::uint16_t>());
  }
  return volumes;
}

Result<VoiceOptions> voice_from_json(const json& object) {
  VoiceOptions voice;
  JsonFields fields(object);
  fields.read("rate", voice.rate, least_rate, most_rate);
  fields.read("from_ms", voice.from_ms, 0u, most_ms);
  fields.read("on_ms", voice.on_ms, 1u, most_ms);
  fields.read("pause_ms", voice.pause_ms, 0u, most_ms);
  if (const json* volumes = fields.take("volumes"))
    voice.volumes = TRY(volumes_from_json(*volumes));
  CHECKED(fields.finish());
  return voice;
}

Result<void> read_voice(JsonFields& fields, std::string_view key, VoiceOptions& voice) {
  voice.present = false;
  const json* table = fields.take(key);
  if (!table) return {};
  auto read = voice_from_json(*table);
  if (!read) return std::unexpected(std::move(read).error().within(key));
  voice = *std::move(read);
  return {};
}

}  // namespace

json to_json(const SoundOptions& options) {
  json out{{"plays", audio::name_of(options.plays)},
           {"tone_hz", options.tone_hz},
           {"flip_compression_ms", options.flip_compression_ms}};
  if (options.playback.present) out["playback"] = voice_json(options.playback);
  if (options.record.present) out["record"] = voice_json(options.record);
  return out;
}

Result<SoundOptions> sound_options_from_json(const json& object) {
  SoundOptions options;
  std::string plays(audio::name_of(options.plays));
  JsonFields fields(object);
  CHECKED(read_voice(fields, "playback", options.playback));
  CHECKED(read_voice(fields, "record", options.record));
  fields.read("plays", plays);
  fields.read("tone_hz", options.tone_hz, 1u, most_hertz);
  fields.read("flip_compression_ms", options.flip_compression_ms, 0u, most_ms);
  const auto kind = audio::tone_kind_named(plays);
  if (!kind)
    fields.set_error({ErrorCode::malformed, 0, "plays",
                      fmt::format("\"{}\", known are silence, tone and sweep", plays)});
  CHECKED(fields.finish());
  options.plays = *kind;
  return options;
}

}  // namespace spicebench::qxl
