// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "client/options.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/world/link.hpp"
#include "qxl-model/machine_options.hpp"
#include "replayer/scenario/admin_script.hpp"
#include "replayer/scenario/user_options.hpp"
#include "server/server_options.hpp"

namespace spicebench::replayer {

// All that decides a simulation. As a file it is TOML, in a recording JSON; the keys are the same:
// name, seed, seconds, witness, and the tables guest, server, client, user, admin, network.
struct Scenario {
  std::string name;
  std::uint64_t seed = 1;
  std::uint32_t seconds = 20;  // virtual; the guest's workload lasts as long unless it says more
  qxl::MachineOptions guest;
  server::ServerOptions server;
  client::ClientOptions client;
  UserOptions user;
  AdminOptions admin;   // who runs the server; without steps there is none
  LinkProfile network;  // of every SPICE connection of the client
  // A second client, on ideal links, whose screen must be the guest's whatever happens to the
  // first.
  bool witness = false;
};

nlohmann::json to_json(const Scenario& scenario);
// Errors: malformed, out_of_range; the path names the key: "client.password".
Result<Scenario> scenario_from_json(const nlohmann::json& json);
// Errors: not_found, io, malformed, out_of_range; the text names file, line and key.
Result<Scenario> load_scenario(const std::filesystem::path& file);

}  // namespace spicebench::replayer
