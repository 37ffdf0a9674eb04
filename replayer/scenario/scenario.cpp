// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/scenario/scenario.hpp"

#include <fmt/format.h>

#include <chrono>

#include "core/base/json_fields.hpp"
#include "qxl-model/guest/workload.hpp"
#include "replayer/scenario/link_profile_json.hpp"
#include "replayer/scenario/toml_reader.hpp"

namespace spicebench::replayer {

using nlohmann::json;

namespace {

// Reads one table of the scenario by its own function, if it is there.
template <class Options>
Result<void> read_table(JsonFields& fields, std::string_view key, Options& options,
                        Result<Options> (*read)(const json&)) {
  const json* table = fields.take(key);
  if (!table) return {};
  auto result = read(*table);
  if (!result) return std::unexpected(std::move(result.error()).within(key));
  options = *std::move(result);
  return {};
}

}  // namespace

json to_json(const Scenario& scenario) {
  return {{"name", scenario.name},
          {"seed", scenario.seed},
          {"seconds", scenario.seconds},
          {"guest", to_json(scenario.guest)},
          {"server", to_json(scenario.server)},
          {"client", to_json(scenario.client)},
          {"user", to_json(scenario.user)},
          {"admin", to_json(scenario.admin)},
          {"network", to_json(scenario.network)},
          {"witness", scenario.witness}};
}

Result<Scenario> scenario_from_json(const json& object) {
  Scenario scenario;
  JsonFields fields(object);
  fields.read("name", scenario.name);
  fields.read("seed", scenario.seed);
  fields.read("seconds", scenario.seconds, 1u, 24u * 3600);
  scenario.guest.seconds = scenario.seconds;
  if (const json* guest = fields.take("guest")) {
    json with_default = *guest;
    if (guest->is_object() && !guest->contains("seconds"))
      with_default["seconds"] = scenario.seconds;
    auto options = qxl::machine_options_from_json(with_default);
    if (!options) return std::unexpected(std::move(options.error()).within("guest"));
    scenario.guest = *std::move(options);
  }
  CHECKED(read_table(fields, "server", scenario.server, server::server_options_from_json));
  CHECKED(read_table(fields, "client", scenario.client, client::client_options_from_json));
  CHECKED(read_table(fields, "user", scenario.user, user_options_from_json));
  CHECKED(read_table(fields, "admin", scenario.admin, admin_options_from_json));
  CHECKED(read_table(fields, "network", scenario.network, link_profile_from_json));
  fields.read("witness", scenario.witness);
  CHECKED(fields.finish());
  return scenario;
}

Result<Scenario> load_scenario(const std::filesystem::path& file) {
  const auto document = read_toml(file);
  if (!document) return std::unexpected(document.error());
  auto scenario = scenario_from_json(document->tree);
  if (!scenario) {
    const Error& error = scenario.error();
    const std::uint32_t line = document->line_of(error.path);
    return fail(error.code,
                fmt::format("{}: {}: {} (line {})", file.string(), error.path, error.detail, line));
  }
  if (scenario->guest.workload == qxl::recording_workload)
    return fail(
        ErrorCode::unsupported,
        fmt::format("{}: guest.workload: \"{}\" is for `run --qxl` (line {})", file.string(),
                    qxl::recording_workload, document->line_of("guest.workload")));
  if (scenario->name.empty()) scenario->name = file.stem().string();
  return scenario;
}

}  // namespace spicebench::replayer
