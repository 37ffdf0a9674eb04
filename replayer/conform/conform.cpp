// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/conform/conform.hpp"

#include <nlohmann/json.hpp>

#include "core/world/world.hpp"
#include "replayer/wiring/peers.hpp"

namespace spicebench::replayer {

Result<Scenario> conform_scenario(std::string workload, std::uint64_t seed, std::uint32_t seconds,
                                  std::string guest) {
  Scenario scenario;
  scenario.name = "conform-" + workload;
  scenario.seed = seed;
  scenario.guest.workload = std::move(workload);
  scenario.guest.guest = std::move(guest);
  scenario.guest.seconds = seconds;
  scenario.guest.settle_us = 20'000;  // more than any look at a ring takes to come
  scenario.guest.commands_between_rests = 24;
  scenario.guest.max_outputs = 4;  // as many as any workload has monitors
  return scenario_from_json(to_json(scenario));
}

Result<ConformReport> conform(const Scenario& scenario, qxl::Qtest& real, RealScreenSource screen,
                              Mirror::Patience patience) {
  const auto machine = make_machine(scenario);
  const auto server = make_server(scenario);
  Mirror mirror(real, *machine, std::move(screen), std::move(patience));
  machine->observe(&mirror);
  World world(scenario.seed);
  world.add(*machine);
  const PeerNumber server_number = world.add(*server);
  world.listen("device", server_number, LinkKind::value);
  world.start();
  while (!machine->over() && !mirror.stopped() && world.step()) {
  }
  if (mirror.failure()) return std::unexpected(*mirror.failure());
  ConformReport report;
  report.nonconformity = mirror.nonconformity();
  for (const qxl::MachineFinding& finding : machine->findings())
    report.findings.push_back(finding.error);
  report.finished = machine->finished();
  report.counters = mirror.counters();
  return report;
}

}  // namespace spicebench::replayer
