// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/replayer/support.hpp"

#include <sys/wait.h>

#include <cstdlib>

#include "recorder/store/writer.hpp"

namespace spicebench::test {

replayer::Scenario short_desktop(std::uint64_t seed) {
  auto scenario = value(replayer::load_scenario(desktop_file));
  scenario.seed = seed;
  scenario.seconds = scenario.guest.seconds = 2;
  std::uint32_t at_ms = 300;
  for (auto& step : scenario.user.steps) {
    step.at_ms = at_ms;
    step.each_ms = step.each_ms / 4 + 1;
    at_ms += 120;
  }
  return scenario;
}

replayer::SimulationReport record(const replayer::Scenario& scenario, const fs::path& file) {
  auto writer = value(recorder::Writer::create(file));
  replayer::SimulationOptions options;
  options.writer = &writer;
  auto report = replayer::simulate(scenario, options);
  value(writer.finish());
  return report;
}

recorder::Reader open(const fs::path& file) {
  return value(recorder::Reader::open(file));
}

Spoken command(const std::string& arguments, const std::string& environment) {
  const Scratch scratch;
  const fs::path out = scratch / "out", err = scratch / "err";
  const std::string line = environment + " '" SPICEBENCH_BINARY "' " + arguments + " >'" +
                           out.string() + "' 2>'" + err.string() + "'";
  const int status = std::system(line.c_str());
  const auto text = [](const fs::path& file) { return std::string(as_text(read_bytes(file))); };
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text(out), text(err)};
}

}  // namespace spicebench::test
