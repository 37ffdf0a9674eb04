// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/serving.hpp"

#include <nlohmann/json.hpp>

#include "core/world/world.hpp"
#include "recorder/tap/recorder_tap.hpp"
#include "replayer/scenario/admin_script.hpp"
#include "replayer/wiring/peers.hpp"
#include "replayer/wiring/screens.hpp"

namespace spicebench::cli {

Result<ServingReport> serve(const replayer::Scenario& scenario, const ServingOptions& options) {
  const auto machine = replayer::make_machine(scenario);
  const auto server = replayer::make_server(scenario);
  World world(scenario.seed);
  const PeerNumber guest = world.add(*machine);
  const PeerNumber server_number = world.add(*server, World::Taking::later);
  world.listen("device", server_number, LinkKind::value);
  for (const char* address : {"spice", "spice+unix", "spice+tls"})
    world.listen(address, server_number, LinkKind::stream);
  std::optional<replayer::AdminScript> admin;
  std::optional<PeerNumber> admin_number;
  if (!scenario.admin.steps.empty()) {
    admin_number = world.add(admin.emplace(scenario.admin));
    world.listen("admin", server_number, LinkKind::value);
  }
  live::LiveWorld live(world);

  std::vector<live::SocketAddress> listening, tls_listening;
  for (const live::SocketAddress& at : options.listen)
    listening.push_back(TRY(
        live.listen(at, at.kind == live::SocketAddress::Kind::unix_path ? "spice+unix" : "spice")));
  for (const live::SocketAddress& at : options.tls_listen)
    tls_listening.push_back(TRY(live.listen(at, "spice+tls", options.tls)));

  std::optional<recorder::RecorderTap> tap;
  if (recorder::Writer* writer = options.writer) {
    writer->set_meta(recorder::meta::scenario, to_json(scenario).dump());
    writer->set_meta(recorder::meta::seed, std::to_string(scenario.seed));
    writer->add_peer(0, replayer::peer_name::machine);
    writer->add_peer(server_number, replayer::peer_name::server);
    writer->add_peer(live.sockets(), "sockets");
    if (admin_number) writer->add_peer(*admin_number, replayer::peer_name::admin);
    world.add_tap(tap.emplace(*writer));
  }

  live::LiveWorld::Limits limits{.longest = options.longest};
  if (options.once)
    limits.until = [&live] {
      const auto counters = live.counters();
      return counters.accepted > 0 && counters.open == 0;
    };
  if (options.writer) limits.every_moment = [&options] { options.writer->commit(); };
  ServingReport report;
  std::uint64_t draws = 0;
  limits.every_turn = [&] {
    if (options.wait && server->has_display_client()) world.let_go(guest);
    if (const std::uint64_t now = machine->counters().draws_fetched; now != draws) {
      if (draws == 0) report.first_draw = world.now();
      report.last_draw = world.now();
      draws = now;
    }
  };
  if (options.wait) world.hold_back(guest);
  if (options.ready) options.ready(listening, tls_listening);
  const double before = live::LiveWorld::processor_seconds();
  live.run(limits);
  report.processor_seconds = live::LiveWorld::processor_seconds() - before;

  if (tap) tap->finish(world.now());
  report.ended = world.now();
  report.sockets = live.counters();
  report.machine = machine->counters();
  report.server = server->counters();
  if (scenario.guest.sound) report.sound = machine->sound();
  report.errors.assign(server->errors().begin(), server->errors().end());
  for (const qxl::MachineFinding& finding : machine->findings())
    report.findings.push_back(finding.error);
  report.agent_log = machine->agent_log();
  report.framebuffer = replayer::framebuffer_of(*machine);
  return report;
}

}  // namespace spicebench::cli
