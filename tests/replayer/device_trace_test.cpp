// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "recorder/digest.hpp"
#include "tests/replayer/support.hpp"

// What happened within the device, by cycle, beside the messages of a recording.
using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

Hash128 run(const fs::path& file, bool trace) {
  auto writer = value(recorder::Writer::create(file));
  SimulationOptions options;
  options.writer = &writer;
  options.trace_device = trace;
  CHECK_FALSE(simulate(short_desktop(), options).finding);
  REQUIRE(writer.finish());
  const auto recording = open(file);
  return value(recorder::digest_of(recording)).total;
}
std::vector<std::string> events_of(const fs::path& file) {
  std::vector<std::string> out;
  const auto recording = open(file);
  REQUIRE(recording.device_events([&out](const recorder::DeviceEventRow& row) {
    out.push_back(row.event + " " + row.fields);
    return true;
  }));
  return out;
}

}  // namespace

TEST_CASE("a trace of the device changes no digest", "[simulate][trace]") {
  const Scratch scratch;
  CHECK(run(scratch / "with.spicerec", true) == run(scratch / "without.spicerec", false));
  CHECK(events_of(scratch / "without.spicerec").empty());
}

TEST_CASE("the driver's coming up is in the trace, in order", "[simulate][trace]") {
  const Scratch scratch;
  run(scratch / "a.spicerec", true);
  const auto events = events_of(scratch / "a.spicerec");
  auto from = events.begin();
  for (const char* expected :
       {"port port=reset value=0 mode=vga", "reset ",
        "port port=memslot_add_async value=1 mode=vga", "operation_begun ", "operation_done ",
        "raised bits=0x4", "line level=1", "port port=update_irq value=0 mode=vga", "line level=0",
        "port port=memslot_add_async value=2 mode=vga",
        "port port=create_primary_async value=0 mode=vga", "mode mode=native",
        "surface_made surface=0 width=1024 height=768", "popped ring=command",
        "popped ring=cursor index=0 type=cursor", "armed ring=command mark="}) {
    INFO(expected);
    from = std::find_if(from, events.end(), [expected](const std::string& event) {
      return event.starts_with(expected);
    });
    REQUIRE(from != events.end());
  }
}

TEST_CASE("trace and notices are shown", "[cli][trace]") {
  const Scratch scratch;
  const std::string file = (scratch / "h.spicerec").string();
  const Spoken ran = command("run " + (source / "corpus/scenarios/hostile.toml").string() +
                             " --trace device -o " + file);
  CHECK(ran.code == 0);
  const Spoken trace = command("show " + file + " --trace --limit 2 --json");
  CHECK(trace.code == 0);
  const auto first = nlohmann::json::parse(trace.out.substr(0, trace.out.find('\n')));
  CHECK(first["event"].is_string());
  CHECK(first["at_ns"].is_number());
  const Spoken notices = command("show " + file + " --notices");
  CHECK(notices.out.find("refused: ") != std::string::npos);
  const Spoken both = command("run " + desktop_file.string() + " --trace device --no-record");
  CHECK(both.code == 2);
}
