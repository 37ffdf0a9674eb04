// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/wiring/peers.hpp"

namespace spicebench::replayer {

static Random stream(const Scenario& scenario, std::string_view name) {
  return Random(scenario.seed).fork(name);
}

std::unique_ptr<qxl::Machine> make_machine(const Scenario& scenario) {
  return std::make_unique<qxl::Machine>(scenario.guest, stream(scenario, peer_name::machine));
}
std::unique_ptr<server::Server> make_server(const Scenario& scenario) {
  return std::make_unique<server::Server>(scenario.server, stream(scenario, peer_name::server));
}
std::unique_ptr<client::Client> make_client(const Scenario& scenario) {
  return std::make_unique<client::Client>(scenario.client, stream(scenario, peer_name::client));
}
std::unique_ptr<client::Client> make_witness(const Scenario& scenario) {
  client::ClientOptions options;
  options.server = witness_address;
  options.password = scenario.client.password;
  // One client at a time has these, and it would take them from the one that it is witness to.
  options.sound.playback = options.sound.record = false;
  return std::make_unique<client::Client>(options, stream(scenario, peer_name::witness));
}
std::unique_ptr<UserScript> make_user(const Scenario& scenario) {
  return std::make_unique<UserScript>(scenario.user, stream(scenario, peer_name::user));
}

}  // namespace spicebench::replayer
