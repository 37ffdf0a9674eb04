// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/replayer/support.hpp"

// A client that comes at any moment of a session gets the right first picture, and all that comes
// after it (display-pipeline.md §27.1).
using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

TEST_CASE("a client that comes late shows the guest's screen, with every codec", "[late]") {
  constexpr const char* workloads[] = {"desktop",  "office", "browser",   "video",  "heads",
                                       "surfaces", "paint",  "lifecycle", "compat", "boot"};
  constexpr const char* codecs[] = {"off", "quic", "lz", "glz", "lz4", "auto_lz", "auto_glz"};
  // Moments and codecs follow the seed of the test run.
  Random random(Catch::rngSeed());
#ifdef __SANITIZE_ADDRESS__
  constexpr int runs = 1;
#else
  constexpr int runs = 3;
#endif
  for (const char* workload : workloads) {
    for (int run = 0; run < runs; ++run) {
      Scenario scenario =
          value(load_scenario(source / "corpus/scenarios" / (std::string(workload) + ".toml")));
      scenario.guest.seconds = 1;
      scenario.seconds = 5;
      scenario.client.connect_at_ms = static_cast<std::uint32_t>(1 + random.below(1200));
      scenario.server.compression = codecs[random.below(std::size(codecs))];
      if (random.chance(1, 2)) scenario.server.zlib_glz_wan_compression = "always";
      INFO(workload << " at " << scenario.client.connect_at_ms << " ms with "
                    << scenario.server.compression);
      SimulationOptions options;
      options.check_every_quiet_moment = true;
      const auto report = simulate(scenario, options);
      INFO((report.finding ? report.finding->text() : ""));
      CHECK_FALSE(report.finding);
      CHECK(report.screens_compared > 0);
      CHECK(report.width > 0);
    }
  }
}
