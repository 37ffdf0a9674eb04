// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <set>

#include "core/wire/display_channel.hpp"
#include "tests/replayer/support.hpp"

// Whatever images are sent with, a client shows the guest's screen.
using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

Scenario short_scenario(const char* workload) {
  Scenario scenario =
      value(load_scenario(source / "corpus/scenarios" / (std::string(workload) + ".toml")));
  scenario.guest.seconds = 1;
  scenario.seconds = 5;
  scenario.server.ram_hint_mb = 64;
  return scenario;
}

// Is there an image of this type among the messages of a display channel?
bool has_image(const std::string& messages, const std::string& type) {
  return messages.find("\"type\":\"" + type + "\"") != std::string::npos;
}

// With the sanitizers on, which make everything ten times as slow, the one that has all formats.
#ifdef __SANITIZE_ADDRESS__
constexpr const char* workloads[] = {"paint"};
#else
constexpr const char* workloads[] = {"office", "browser", "paint", "surfaces", "boot"};
#endif

}  // namespace

TEST_CASE("with every codec, cache and network the client shows the guest's screen", "[codecs]") {
  for (const char* workload : workloads) {
    std::set<std::string> screens;
    for (const char* compression :
         {"off", "quic", "lz", "glz", "lz4", "auto_lz", "auto_glz", "zlib_glz"}) {
      INFO(workload << " with " << compression);
      Scenario scenario = short_scenario(workload);
      const bool zlib = std::string_view(compression) == "zlib_glz";
      scenario.server.compression = zlib ? "glz" : compression;
      scenario.server.zlib_glz_wan_compression = zlib ? "always" : "never";
      if (std::string_view(compression) == "lz") scenario.client.pixmap_cache_size = 40'000;
      if (std::string_view(compression) == "auto_glz") {
        scenario.network.segment_min = 1;
        scenario.network.segment_max = 1500;
        scenario.network.bits_per_second = 100'000'000;
      }
      SimulationOptions options;
      options.check_every_quiet_moment = true;
      const auto report = simulate(scenario, options);
      INFO((report.finding ? report.finding->text() : ""));
      CHECK_FALSE(report.finding);
      CHECK(report.screens_compared > 5);
      screens.insert(report.screen.hex());
    }
    INFO(workload);
    // What boot draws depends on how long things take.
    CHECK((screens.size() == 1 || std::string_view(workload) == "boot"));
  }
}

TEST_CASE("each codec is used where it is asked for", "[codecs]") {
  const Scratch scratch;
  struct Row {
    const char* compression;
    std::vector<std::string> types;
  };
  const Row rows[] = {{"off", {"bitmap", "from_cache"}},
                      {"quic", {"quic", "from_cache"}},
                      {"lz", {"lz_rgb"}},
                      {"lz4", {"lz4"}},
                      {"glz", {"glz_rgb"}},
                      {"auto_glz", {"glz_rgb", "quic"}}};
  for (const Row& row : rows) {
    INFO(row.compression);
    Scenario scenario = short_scenario("paint");
    scenario.guest.seconds = 3;
    scenario.server.compression = row.compression;
    CHECK_FALSE(record(scenario, scratch / "a.spicerec").finding);
    const Spoken spoken =
        command("show " + (scratch / "a.spicerec").string() + " --channel display --json");
    for (const std::string& type : row.types) {
      INFO(type);
      CHECK(has_image(spoken.out, type));
    }
    CHECK(has_image(spoken.out, "glz_rgb") ==
          (std::string_view(row.compression).find("glz") != std::string_view::npos));
  }
}

TEST_CASE("a client that prefers another codec gets it", "[codecs]") {
  const Scratch scratch;
  Scenario scenario = short_scenario("office");
  scenario.client.preferred_compression =
      static_cast<std::uint8_t>(wire::display::ImageCompression::lz4);
  CHECK_FALSE(record(scenario, scratch / "a.spicerec").finding);
  const Spoken spoken =
      command("show " + (scratch / "a.spicerec").string() + " --channel display --json");
  CHECK(has_image(spoken.out, "lz4"));
}
