// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/machine_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/json_fields.hpp"
#include "qxl-model/cost/cost_model.hpp"
#include "qxl-model/guest/profile.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

nlohmann::json to_json(const MachineOptions& options) {
  nlohmann::json json = {{"width", options.width},
                         {"height", options.height},
                         {"seconds", options.seconds},
                         {"guest", options.guest},
                         {"workload", options.workload},
                         {"cost_profile", options.cost_profile},
                         {"ram_mb", options.ram_mb},
                         {"vram_mb", options.vram_mb},
                         {"vgamem_mb", options.vgamem_mb},
                         {"max_outputs", options.max_outputs},
                         {"absolute_pointer", options.absolute_pointer},
                         {"settle_us", options.settle_us},
                         {"commands_between_rests", options.commands_between_rests}};
  // What hardly anybody changes is said only if it is.
  const MachineOptions usual;
  const auto say = [&](const char* name, auto MachineOptions::*option) {
    if (options.*option != usual.*option) json[name] = options.*option;
  };
  say("vram64_mb", &MachineOptions::vram64_mb);
  say("revision", &MachineOptions::revision);
  say("secondary", &MachineOptions::secondary);
  say("surfaces", &MachineOptions::surfaces);
  say("xres", &MachineOptions::xres);
  say("yres", &MachineOptions::yres);
  say("guestdebug", &MachineOptions::guestdebug);
  if (!options.costs.empty()) json["costs"] = options.costs;
  for (const MachineStop& stop : options.stops)
    json["stops"].push_back(
        {{"at_ms", stop.at_ms}, {"for_ms", stop.for_ms}, {"reload", stop.reload}});
  if (options.agent) json["agent"] = to_json(*options.agent);
  for (const PortOptions& port : options.ports) json["ports"].push_back(to_json(port));
  if (options.sound) json["sound"] = to_json(*options.sound);
  if (options.workload == recording_workload) {
    json["recording"] = options.recording;
    json["longest_pause_ms"] = options.longest_pause_ms;
  }
  return json;
}

static Result<void> check_names(const MachineOptions& options) {
  if (workload_named(options.workload) == nullptr)
    return fail(
        ErrorCode::malformed,
        fmt::format("\"{}\", known: {}", options.workload, fmt::join(workload_names(), ", ")), 0,
        "workload");
  if (profile_named(options.guest) == nullptr)
    return fail(ErrorCode::malformed,
                fmt::format("\"{}\", known: {}", options.guest, fmt::join(profile_names(), ", ")),
                0, "guest");
  if (cost_profile(options.cost_profile) == nullptr)
    return fail(ErrorCode::malformed,
                fmt::format("\"{}\", known: {}", options.cost_profile,
                            fmt::join(cost_profile_names(), ", ")),
                0, "cost_profile");
  const std::uint64_t bytes = std::uint64_t{4} * options.width * options.height;
  if (bytes > std::uint64_t{options.vgamem_mb} << 20)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} MiB hold no {} x {} pixels", options.vgamem_mb, options.width,
                            options.height),
                0, "vgamem_mb");
  return {};
}

static Result<std::map<std::string, std::uint64_t>> costs_from_json(const nlohmann::json& json) {
  std::map<std::string, std::uint64_t> out;
  JsonFields fields(json);
  for (const CostField& field : cost_fields()) {
    if (!json.is_object() || !json.contains(field.name)) continue;
    Cycle value = 0;
    fields.read(field.name, value, Cycle{0}, max_cost);
    out.emplace(field.name, value);
  }
  if (auto done = fields.finish(); !done)
    return std::unexpected(std::move(done).error().within("costs"));
  return out;
}

static Result<std::vector<MachineStop>> stops_from_json(const nlohmann::json& json) {
  if (!json.is_array()) return fail(ErrorCode::malformed, "wanted an array", 0, "stops");
  std::vector<MachineStop> out;
  for (const nlohmann::json& row : json) {
    const auto where = [&out](Error error) {
      return std::move(error).within(fmt::format("stops[{}]", out.size()));
    };
    MachineStop stop;
    JsonFields fields(row);
    fields.read("at_ms", stop.at_ms, 0u, 86'400'000u);
    fields.read("for_ms", stop.for_ms, 0u, 86'400'000u);
    fields.read("reload", stop.reload);
    if (auto done = fields.finish(); !done) return std::unexpected(where(std::move(done).error()));
    if (!out.empty() && stop.at_ms < out.back().at_ms + out.back().for_ms)
      return std::unexpected(
          where({ErrorCode::out_of_order, 0, "at_ms", "before the last is over"}));
    out.push_back(stop);
  }
  return out;
}

Result<MachineOptions> machine_options_from_json(const nlohmann::json& json) {
  MachineOptions out;
  JsonFields fields(json);
  // Smaller screens have no room for the windows of a workload.
  fields.read("width", out.width, 640u, 8192u);
  fields.read("height", out.height, 480u, 8192u);
  fields.read("seconds", out.seconds, 0u, 86'400u);
  fields.read("guest", out.guest);
  fields.read("workload", out.workload);
  fields.read("cost_profile", out.cost_profile);
  if (const nlohmann::json* costs = fields.take("costs")) out.costs = TRY(costs_from_json(*costs));
  if (const nlohmann::json* stops = fields.take("stops")) out.stops = TRY(stops_from_json(*stops));
  if (const nlohmann::json* agent = fields.take("agent")) {
    auto read = agent_options_from_json(*agent);
    if (!read) return std::unexpected(std::move(read).error().within("agent"));
    out.agent = *std::move(read);
  }
  if (const nlohmann::json* ports = fields.take("ports"))
    out.ports = TRY(port_options_from_json(*ports));
  if (const nlohmann::json* sound = fields.take("sound")) {
    auto read = sound_options_from_json(*sound);
    if (!read) return std::unexpected(std::move(read).error().within("sound"));
    out.sound = *std::move(read);
  }
  fields.read("ram_mb", out.ram_mb, 16u, 2048u);
  fields.read("vram_mb", out.vram_mb, 1u, 2048u);
  fields.read("vgamem_mb", out.vgamem_mb, 8u, 256u);
  fields.read("vram64_mb", out.vram64_mb, 0u, 65'536u);
  fields.read("revision", out.revision, std::uint8_t{1}, std::uint8_t{5});
  fields.read("secondary", out.secondary);
  fields.read("surfaces", out.surfaces, 1u, 1024u);
  fields.read("xres", out.xres, 0u, 65'535u);
  fields.read("yres", out.yres, 0u, 65'535u);
  fields.read("guestdebug", out.guestdebug, 0u, 255u);
  fields.read("max_outputs", out.max_outputs, 0u, 16u);
  fields.read("absolute_pointer", out.absolute_pointer);
  fields.read("settle_us", out.settle_us, 0u, 1'000'000u);
  // Beyond that, lists of released resources are published by themselves.
  fields.read("commands_between_rests", out.commands_between_rests, 0u, 31u);
  fields.read("recording", out.recording);
  fields.read("longest_pause_ms", out.longest_pause_ms, 0u, 86'400'000u);
  if (auto done = fields.finish(); !done) return std::unexpected(std::move(done).error());
  if (auto done = check_names(out); !done) return std::unexpected(std::move(done).error());
  return out;
}

}  // namespace spicebench::qxl
