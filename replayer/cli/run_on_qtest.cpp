// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/run_on_qtest.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/live/process.hpp"
#include "core/live/terminal.hpp"
#include "qxl-model/cost/cost_model.hpp"
#include "qxl-model/guest/guest.hpp"
#include "qxl-model/qtest/pc_interrupts.hpp"
#include "qxl-model/qtest/qtest_bus.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/qemu.hpp"
#include "replayer/cli/verbs.hpp"

namespace spicebench::cli {

using nlohmann::ordered_json;

int run_on_qtest(const replayer::Scenario& scenario, const RunVerb& run) {
  constexpr std::string_view verb = "run", prefix = "qtest:";
  if (!run.bus.starts_with(prefix))
    return fail_with(verb, {ErrorCode::malformed, 0, "--bus", "known: qtest:SOCKET"}, run.bus);
  auto socket = live::LineSocket::connect(run.bus.substr(prefix.size()));
  if (!socket) return fail_with(verb, socket.error());
  SocketChannel channel(*std::move(socket));
  qxl::Qtest qtest(channel);
  if (const auto routed = qxl::route_interrupts(qtest); !routed)
    return fail_with(verb, routed.error(), run.bus);

  const live::Stopwatch watch;
  qxl::QtestBus bus(qtest, [&watch] { return static_cast<qxl::Cycle>(watch.elapsed().count()); });
  std::vector<Error> findings;
  qxl::Guest guest(bus, scenario.guest, Random(scenario.seed).fork("machine"), 0,
                   [&findings](Error error) { findings.push_back(std::move(error)); });
  guest.power_on();
  while (!guest.done() && !bus.failure())
    if (!bus.step()) live::pause(std::chrono::milliseconds(1));
  if (bus.failure()) return fail_with(verb, *bus.failure(), run.bus);

  const auto& counters = guest.driver().counters();
  if (run.json) {
    ordered_json out = {{"scenario", scenario.name},
                        {"seed", scenario.seed},
                        {"bus", run.bus},
                        {"draws", counters.draws_pushed},
                        {"cursors", counters.cursors_pushed},
                        {"collected", counters.collected},
                        {"interrupts", bus.display_interrupts()},
                        {"finished", guest.finished()},
                        {"findings", ordered_json::array()}};
    for (const Error& finding : findings) out["findings"].push_back(finding.text());
    print(out.dump(2) + "\n");
  } else {
    print(fmt::format("scenario   {}, seed {}, on {}\n", scenario.name, scenario.seed, run.bus));
    print(fmt::format("guest      {} drawing and {} cursor commands, {} resources came back\n",
                      counters.draws_pushed, counters.cursors_pushed, counters.collected));
    print(fmt::format("interrupts {}\n", bus.display_interrupts()));
    for (const Error& finding : findings)
      print(fmt::format("{}    {}\n", bad("finding"), finding.text()));
  }
  return findings.empty() && guest.finished() ? exit_as_expected : exit_difference;
}

}  // namespace spicebench::cli
