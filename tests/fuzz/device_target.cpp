// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "core/world/world.hpp"
#include "qxl-model/machine.hpp"
#include "server/server.hpp"
#include "tests/fuzz/targets.hpp"

namespace spicebench::fuzz {

// The server draws what the device hands it, but has no client.
void device(BytesView input) {
  qxl::MachineOptions options{.width = 640,
                              .height = 480,
                              .seconds = 1,
                              .workload = "hostile",
                              .ram_mb = 16,
                              .vram_mb = 4,
                              .vgamem_mb = 8};
  options.script = std::make_shared<const Bytes>(input.begin(), input.end());
  if (input.empty()) return;  // would be a script by chance
  qxl::Machine machine(options, Random(1));
  server::Server server({}, Random(1));
  World world(1);
  world.add(machine);
  const PeerNumber server_number = world.add(server);
  world.listen("device", server_number, LinkKind::value);
  world.start();
  constexpr Instant hung{std::chrono::minutes(30)};  // mode VGA alone never comes to an end
  while (!machine.over() && world.now() < hung && world.step()) {
  }
  for (const qxl::MachineFinding& finding : machine.findings())
    std::fprintf(stderr, "finding: %s\n", finding.error.text().c_str());
  if (!machine.finished() || !machine.findings().empty()) std::abort();
}

}  // namespace spicebench::fuzz
