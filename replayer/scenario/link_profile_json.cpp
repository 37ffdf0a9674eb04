// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/scenario/link_profile_json.hpp"

#include <chrono>

#include "core/base/json_fields.hpp"

namespace spicebench::replayer {
namespace {

using nlohmann::json;

std::int64_t microseconds(Duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

void read_duration(JsonFields& fields, std::string_view key, Duration& duration) {
  constexpr std::int64_t most = 3'600'000'000;  // an hour
  std::int64_t us = microseconds(duration);
  fields.read(key, us, std::int64_t{0}, most);
  duration = std::chrono::microseconds(us);
}

}  // namespace

json to_json(const LinkProfile& profile) {
  return {{"latency_us", microseconds(profile.latency)},
          {"jitter_us", microseconds(profile.jitter)},
          {"bits_per_second", profile.bits_per_second},
          {"window", profile.window},
          {"segment_min", profile.segment_min},
          {"segment_max", profile.segment_max},
          {"stall_per_million", profile.stall_per_million},
          {"stall_us", microseconds(profile.stall)},
          {"reset_after_bytes", profile.reset_after_bytes}};
}

Result<LinkProfile> link_profile_from_json(const json& object) {
  constexpr std::size_t largest_window = std::size_t{1} << 30;
  LinkProfile profile;
  JsonFields fields(object);
  read_duration(fields, "latency_us", profile.latency);
  read_duration(fields, "jitter_us", profile.jitter);
  fields.read("bits_per_second", profile.bits_per_second);
  fields.read("window", profile.window, std::size_t{1}, largest_window);
  fields.read("segment_min", profile.segment_min, std::size_t{0}, largest_window);
  fields.read("segment_max", profile.segment_max, std::size_t{0}, largest_window);
  fields.read("stall_per_million", profile.stall_per_million, 0u, 1'000'000u);
  read_duration(fields, "stall_us", profile.stall);
  fields.read("reset_after_bytes", profile.reset_after_bytes);
  if (profile.segment_min > profile.segment_max)
    fields.set_error({ErrorCode::out_of_range, 0, "segment_min", "more than segment_max"});
  CHECKED(fields.finish());
  return profile;
}

}  // namespace spicebench::replayer
