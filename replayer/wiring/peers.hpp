// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>
#include <string_view>

#include "client/client.hpp"
#include "qxl-model/machine.hpp"
#include "replayer/scenario/scenario.hpp"
#include "replayer/scenario/user_script.hpp"
#include "server/server.hpp"

namespace spicebench::replayer {

// The names under which a run records its peers. Each also names the peer's random stream, so that
// a replay builds the same peer.
namespace peer_name {
constexpr std::string_view machine = "machine";
constexpr std::string_view server = "server";
constexpr std::string_view client = "client";
constexpr std::string_view user = "user";
constexpr std::string_view witness = "witness";
constexpr std::string_view admin = "admin";
}  // namespace peer_name

std::unique_ptr<qxl::Machine> make_machine(const Scenario& scenario);
std::unique_ptr<server::Server> make_server(const Scenario& scenario);
std::unique_ptr<client::Client> make_client(const Scenario& scenario);
std::unique_ptr<client::Client> make_witness(const Scenario& scenario);
constexpr std::string_view witness_address = "spice:witness";  // of its server
std::unique_ptr<UserScript> make_user(const Scenario& scenario);

}  // namespace spicebench::replayer
