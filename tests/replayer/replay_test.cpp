// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/replay/replay.hpp"

#include <catch2/catch.hpp>

#include "core/image/png.hpp"
#include "recorder/import/import.hpp"
#include "replayer/wiring/screens.hpp"
#include "tests/replayer/support.hpp"

using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

struct Recorded {
  Scratch scratch;
  fs::path file = scratch / "a.spicerec";
  explicit Recorded(const Scenario& scenario = short_desktop()) { record(scenario, file); }

  ReplayReport against(Against peer) const { return value(replay(open(file), peer)); }
  // Changes one byte of the body of a message.
  void set_byte(const std::string& id, std::size_t offset, const std::string& hex) const {
    run_sql(file, "UPDATE message SET body = CAST(substr(body, 1, " + std::to_string(offset) +
                      ") || x'" + hex + "' || substr(body, " + std::to_string(offset + 2) +
                      ") AS BLOB) WHERE id = " + id);
  }
  std::string first(const std::string& channel, const std::string& name) const {
    return ask_sql(file, "SELECT min(id) FROM messages WHERE channel = '" + channel +
                             "' AND name = '" + name + "'");
  }
};

std::string text_of(const ReplayReport& report) {
  return report.divergence ? report.divergence->text() : "";
}

}  // namespace

TEST_CASE("a replayed server and a replayed client do what they did", "[replay]") {
  const Recorded recorded;
  const auto server = recorded.against(Against::server);
  INFO(text_of(server));
  CHECK(server.identical());
  CHECK(server.messages > 500);
  const auto client = recorded.against(Against::client);
  INFO(text_of(client));
  CHECK(client.identical());
  CHECK(client.messages > 100);
  CHECK(client.screens >= 2);
}

TEST_CASE("a changed byte of a client message leads the server elsewhere", "[replay]") {
  const Recorded recorded;
  const auto id = recorded.first("inputs", "key_down");
  recorded.set_byte(id, 0, "10");  // another key
  const auto report = recorded.against(Against::server);
  REQUIRE(report.divergence.has_value());
  CHECK(report.edited == std::stoull(id));
  CHECK(report.divergence->connection == "device");
  CHECK(report.divergence->name == "key");
  CHECK(report.divergence->field.find("scancodes") != std::string::npos);
  CHECK(report.divergence->message > std::stoull(id));
  // The client itself never sent this: its replay names the message and the field.
  const auto client = recorded.against(Against::client);
  REQUIRE(client.divergence.has_value());
  CHECK(client.divergence->message == std::stoull(id));
  CHECK(client.divergence->field == "code");
}

TEST_CASE("a changed byte that leads to nothing is still named", "[replay]") {
  const Recorded recorded;
  const auto id = recorded.first("display", "init");
  recorded.set_byte(id, 9, "07");  // the dictionary's id, which raw images do not use
  const auto report = recorded.against(Against::server);
  CHECK_FALSE(report.divergence.has_value());
  CHECK(report.edited == std::stoull(id));
  CHECK_FALSE(report.identical());
}

TEST_CASE("a changed byte of a server message leads the client's screen elsewhere", "[replay]") {
  const Recorded recorded;
  const auto id = recorded.first("display", "draw_fill");
  recorded.set_byte(id, 42, "5a");  // in the colour: base 41 bytes with its clip, brush type 1
  const auto report = recorded.against(Against::client);
  REQUIRE(report.divergence.has_value());
  CHECK(report.divergence->name == "screen");
}

TEST_CASE("a timer that is lost, early or nobody's is a divergence", "[replay]") {
  auto scenario = short_desktop();
  scenario.seconds = 4;  // the server waits two seconds after it has set the guest's lock keys
  const Recorded recorded(scenario);
  const std::string server_timer =
      "(SELECT min(id) FROM inputs WHERE kind = 'fired' AND peer = 'server')";
  REQUIRE(ask_sql(recorded.file, "SELECT " + server_timer + " IS NOT NULL") == "1");
  REQUIRE(recorded.against(Against::server).identical());
  SECTION("lost") {
    run_sql(recorded.file, "DELETE FROM input WHERE id = " + server_timer);
  }
  SECTION("early") {
    run_sql(recorded.file, "UPDATE input SET at = at - 1 WHERE id = " + server_timer);
  }
  SECTION("nobody's") {
    run_sql(recorded.file, "UPDATE input SET value = 4711 WHERE id = " + server_timer);
  }
  const auto report = recorded.against(Against::server);
  REQUIRE(report.divergence.has_value());
  CHECK(report.divergence->name.starts_with("timer "));
}

TEST_CASE("a lost input and a moved message are divergences", "[replay]") {
  const Recorded recorded;
  SECTION("write credit that the server did not get") {
    run_sql(recorded.file,
            "DELETE FROM input WHERE id = (SELECT min(id) FROM inputs WHERE kind = 'writable' AND "
            "peer = 'server')");
    CHECK(recorded.against(Against::server).divergence.has_value());
  }
  SECTION("a motion of the user that the client did not hear of") {
    run_sql(recorded.file,
            "DELETE FROM input WHERE kind = 2 AND value = " + recorded.first("user", "pointer_by"));
    const auto report = recorded.against(Against::client);
    REQUIRE(report.divergence.has_value());
    CHECK(report.divergence->connection == "inputs/0");
  }
  SECTION("a message that is recorded to have come later") {
    const auto id = recorded.first("inputs", "mouse_motion");
    run_sql(recorded.file, "UPDATE message SET sent = sent + 1 WHERE id = " + id);
    const auto report = recorded.against(Against::client);
    REQUIRE(report.divergence.has_value());
    CHECK(report.divergence->field == "time");
    CHECK(report.divergence->message == std::stoull(id));
  }
}

TEST_CASE("rows that nobody recorded are errors, not crashes", "[replay][bad input]") {
  const Recorded recorded;
  const char* const changes[] = {
      "UPDATE input SET value = 99 WHERE kind = 4",
      "UPDATE input SET connection = 77 WHERE kind = 1",
      "UPDATE input SET kind = 200 WHERE id = (SELECT max(id) FROM input)",
      "UPDATE input SET value = 12345678 WHERE kind = 2",
      "UPDATE meta SET value = '{' WHERE key = 'scenario'",
      "UPDATE meta SET value = '{\"seconds\": \"x\"}' WHERE key = 'scenario'",
      "DELETE FROM meta WHERE key = 'scenario'",
      "DELETE FROM peer",
      "UPDATE message SET type = 9999 WHERE connection = 1",
      "UPDATE message SET body = x'00' WHERE connection = 1 AND direction = 0",
  };
  const std::size_t at = GENERATE(range(std::size_t{0}, std::size_t{10}));
  INFO(changes[at]);
  run_sql(recorded.file, changes[at]);
  const auto recording = recorder::Reader::open(recorded.file);
  if (!recording) return;  // refused at the door
  for (const Against peer : {Against::server, Against::client}) {
    const auto report = replay(*recording, peer);
    if (report) {
      const bool same = report->identical();
      INFO(text_of(*report));
      // Some changes concern the other peer only.
      CHECK((!same || peer == Against::client || at == 0));
    } else {
      CHECK_FALSE(report.error().detail.empty());
    }
  }
}

TEST_CASE("an imported capture cannot be replayed against a peer of ours", "[replay]") {
  const Scratch scratch;
  value(recorder::import_capture(source / "corpus/captures/q-bios/capture.pcapng.zst",
                                 scratch / "a.spicerec"));
  const auto report = replay(open(scratch / "a.spicerec"), Against::server);
  REQUIRE_FALSE(report.has_value());
  CHECK(report.error().code == ErrorCode::unsupported);
}
