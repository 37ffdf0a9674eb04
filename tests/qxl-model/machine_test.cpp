// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/machine.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/world/world.hpp"
#include "fake_server.hpp"
#include "qxl-model/cost/cost_model.hpp"

namespace spicebench::qxl::test {

namespace device = wire::device;

namespace {

struct Run {
  explicit Run(MachineOptions options = {}, std::uint64_t seed = 7, FakeServer server_like = {})
      : server(std::move(server_like)), machine(std::move(options), Random(seed)), world(seed) {
    const PeerNumber server_number = world.add(server);
    world.add(machine);
    world.listen("device", server_number, LinkKind::value);
    world.start();
  }
  void to_the_end() {
    while (world.step()) {
    }
  }
  void until(Instant when) {
    while (!world.finished() && world.next_due() <= when) world.step();
  }
  FakeServer server;
  Machine machine;
  World world;
};

// Sends every value of a value link through its bytes and back.
struct ThroughBytes final : Tap {
  void opened(const LinkDescription&, Instant) override {}
  void sent(LinkNumber, Side, BytesView, Instant) override {}
  void ended(LinkNumber, Side, Ending, Instant) override {}
  void delivered(PeerNumber, LinkNumber, const Input&, Instant) override {}
  void handed(LinkNumber, Side, const Value& value, Instant, Instant) override {
    const wire::AnyMessage& message = wire::message_in(value);
    Bytes bytes, again;
    wire::encode(*message.info().layout, message.object(), bytes);
    const std::size_t size = bytes.size();
    const SharedBytes body(std::move(bytes));
    const auto decoded = wire::decode_any(message.info(), body);
    REQUIRE(decoded);
    CHECK(decoded->used == size);
    wire::encode(*message.info().layout, decoded->message.object(), again);
    CHECK(SharedBytes(again) == body);
    ++messages;
  }
  std::uint64_t messages = 0;
};

}  // namespace

TEST_CASE("everything that passes over the device link survives its encoding",
          "[qxl][machine][wire]") {
  Run run({.seconds = 2});
  ThroughBytes tap;
  run.world.add_tap(tap);
  run.to_the_end();
  CHECK(tap.messages > 1000);
}

TEST_CASE("the driver comes up: slots, primary surface, monitors", "[qxl][machine]") {
  Run run;
  run.until(instant(1'000'000));
  CHECK(run.server.count<device::SlotAdd>() == 2);
  CHECK(run.server.count<device::MonitorsConfig>() == 1);
  REQUIRE(run.server.surface);
  CHECK(run.server.surface->width == 1024);
  CHECK(run.server.surface->height == 768);
  CHECK(run.server.surface->memory.pixels.size() == 1024 * 768 * 4);
  REQUIRE(run.machine.primary());
  CHECK(run.machine.primary()->block.data() == run.server.surface->memory.pixels.data());
  CHECK(run.machine.primary()->row(1).data() ==
        run.server.surface->memory.pixels.data() + 1024 * 4);
  CHECK(run.machine.findings().empty());
}

TEST_CASE("the desktop draws for 20 seconds, gets everything back once and is silent",
          "[qxl][machine]") {
  Run run;
  run.to_the_end();
  const MachineCounters counters = run.machine.counters();
  CHECK(run.machine.findings().empty());
  CHECK(run.machine.finished());
  CHECK(counters.draws_pushed >= 2000);
  CHECK(counters.draws_fetched == counters.draws_pushed);
  CHECK(counters.cursors_fetched == counters.cursors_pushed);
  CHECK(counters.refused == 0);
  CHECK(counters.outstanding == 1);  // the cursor shape
  CHECK(counters.collected == counters.draws_pushed + counters.cursors_pushed - 1);
  CHECK(counters.released == counters.collected);
  CHECK(run.server.last_command_at <= instant(20'100'000'000));
  CHECK(run.server.last_command_at >= instant(19'800'000'000));
  CHECK(run.server.fills > 300);
  CHECK(run.server.copies > 1000);
  CHECK(run.server.copy_bits > 200);
  CHECK(run.server.clipped > 200);
  CHECK(run.server.rops > 100);
  CHECK(run.server.cursor_sets >= 8);
  CHECK(run.server.cursor_moves >= 400);
  CHECK(run.server.cached_copies > 800);
  CHECK(run.server.distinct_cached_pixels > 150'000);
  // The same on every compiler and machine. It changes with the workload, the driver and the costs.
  CHECK(run.machine.guest_digest().hex() == "52038811732d44b8122dcf87fc4c05f2");
}

TEST_CASE("the same seed gives the same guest, another one another", "[qxl][machine]") {
  const MachineOptions options{.seconds = 3};
  Run first(options), second(options), other(options, 8);
  for (Run* run : {&first, &second, &other}) run->to_the_end();
  CHECK(first.machine.guest_digest() == second.machine.guest_digest());
  CHECK(first.machine.counters() == second.machine.counters());
  CHECK(first.machine.guest_digest() != other.machine.guest_digest());
}

TEST_CASE("every cost profile comes through, each in its own time", "[qxl][machine]") {
  std::vector<Hash128> digests;
  for (const char* profile : {"ideal", "host", "fast-test"}) {
    Run run({.seconds = 2, .cost_profile = profile});
    run.to_the_end();
    CHECK(run.machine.finished());
    CHECK(run.machine.findings().empty());
    digests.push_back(run.machine.guest_digest());
  }
  CHECK(digests[0] != digests[1]);
  CHECK(digests[1] != digests[2]);
}

TEST_CASE("a server that is slow to fetch and to release makes the guest wait, and loses nothing",
          "[qxl][machine]") {
  FakeServer slow;
  slow.fetch_pause = Duration{3'000'000};
  slow.held = 500;
  Run run({.seconds = 2, .ram_mb = 16, .vgamem_mb = 8}, 7, slow);
  run.to_the_end();
  CHECK(run.machine.finished());
  CHECK(run.machine.findings().empty());
  CHECK(run.machine.counters().ring_full_waits > 0);
  CHECK(run.machine.counters().draws_fetched == run.machine.counters().draws_pushed);
}

TEST_CASE("a server that releases twice is found out, and the guest goes on", "[qxl][machine]") {
  FakeServer server;
  server.release_twice_at = 50;
  Run run({.seconds = 1}, 7, server);
  run.to_the_end();
  REQUIRE(run.machine.findings().size() == 1);
  CHECK(run.machine.findings()[0].error.code == ErrorCode::not_found);
  CHECK(run.machine.finished());
}

TEST_CASE("the guest sees keys, motion, buttons and the wheel, and reacts", "[qxl][machine]") {
  FakeServer server;
  const std::byte a_down[] = {std::byte{0x1e}}, a_up[] = {std::byte{0x9e}};
  const std::byte caps[] = {std::byte{0x3a}};
  const std::byte arrow[] = {std::byte{0xe0}, std::byte{0x48}};
  const auto send = [&server](std::int64_t at_ms, auto message) {
    server.script.emplace_back(instant(at_ms * 1'000'000), wire::value_of(std::move(message)));
  };
  send(400, device::Key{SharedBytes::copy_of(a_down)});
  send(410, device::Key{SharedBytes::copy_of(a_up)});
  send(420, device::Key{SharedBytes::copy_of(arrow)});
  send(430, device::Key{SharedBytes::copy_of(caps)});
  send(500, device::MouseMotion{.dx = 700, .dy = -10});
  send(510, device::MouseButtons{.buttons_state = 1});
  send(520, device::MouseButtons{.dz = -1, .buttons_state = 0});
  Run quiet({.seconds = 1}), run({.seconds = 1}, 7, server);
  quiet.to_the_end();
  run.to_the_end();
  const MachineCounters counters = run.machine.counters();
  CHECK(counters.keys_seen == 3);
  CHECK(counters.motions_seen == 3);  // 700 is more than a packet holds
  CHECK(counters.buttons_seen == 1);
  CHECK(counters.inputs_dropped == 0);
  CHECK(run.server.leds == 4);
  CHECK(counters.draws_pushed > quiet.machine.counters().draws_pushed);
  CHECK(counters.cursors_pushed == quiet.machine.counters().cursors_pushed + 3);
  CHECK(run.machine.guest_digest() != quiet.machine.guest_digest());
  CHECK(run.machine.findings().empty());
}

TEST_CASE("a tablet puts the pointer where the user points", "[qxl][machine]") {
  FakeServer server;
  server.script.emplace_back(instant(400'000'000),
                             wire::value_of(device::MousePosition{.x = 321, .y = 123}));
  Run run({.seconds = 1, .absolute_pointer = true}, 7, server);
  run.until(instant(405'000'000));
  CHECK(run.server.absolute_pointer);
  CHECK(run.server.pointer == wire::display::Point16{321, 123});
  CHECK(run.machine.counters().motions_seen == 1);
}

TEST_CASE("more input than the queues hold is dropped in whole reports", "[qxl][machine]") {
  FakeServer server;
  server.script.emplace_back(instant(400'000'000),
                             wire::value_of(device::MouseMotion{.dx = INT32_MAX, .dy = INT32_MIN}));
  const Bytes flood(1000, std::byte{0x1e});
  server.script.emplace_back(instant(400'000'000), wire::value_of(device::Key{flood}));
  Run run({.seconds = 1}, 7, server);
  run.to_the_end();
  CHECK(run.machine.counters().inputs_dropped == 2);
  CHECK(run.machine.counters().motions_seen == 64);
  CHECK(run.machine.counters().keys_seen == 0);
  CHECK(run.machine.finished());
}

TEST_CASE("a machine without a server stays off", "[qxl][machine]") {
  Machine machine({}, Random(7));
  World world(7);
  world.add(machine);
  world.start();
  while (world.step()) {
  }
  CHECK_FALSE(machine.finished());
  CHECK(machine.counters() == MachineCounters{});
  REQUIRE(machine.findings().size() == 1);
  CHECK(machine.findings()[0].error.code == ErrorCode::io);
}

TEST_CASE("single costs of a profile can be others", "[qxl][machine]") {
  const auto last_command = [](MachineOptions options) {
    options.seconds = 1;
    Run run(std::move(options));
    run.to_the_end();
    CHECK(run.machine.finished());
    return run.machine.guest_digest();
  };
  const Hash128 plain = last_command({});
  CHECK(last_command({.costs = {{"irq_deliver", 90'000}}}) != plain);
  CHECK(last_command({.costs = {{"irq_deliver", cost_profile("ideal")->irq_deliver}}}) == plain);
}

TEST_CASE("machine options survive JSON and refuse what they do not know", "[qxl][machine]") {
  const MachineOptions options{.width = 800,
                               .height = 600,
                               .seconds = 3,
                               .guest = "xorg-ums",
                               .costs = {{"pio_exit", 7}, {"text_glyph", 0}},
                               .absolute_pointer = true,
                               .sound = SoundOptions{.record = {.rate = 44100, .volumes = {0, 7}},
                                                     .plays = audio::ToneKind::sweep}};
  const auto back = machine_options_from_json(to_json(options));
  REQUIRE(back);
  CHECK(*back == options);
  const std::pair<const char*, const char*> bad[] = {
      {R"({"widht": 800})", "widht"},
      {R"({"width": "800"})", "width"},
      {R"({"width": 100})", "width"},
      {R"({"workload": "dancing"})", "workload"},
      {R"({"guest": "amiga"})", "guest"},
      {R"({"cost_profile": "slow"})", "cost_profile"},
      {R"({"costs": {"pio": 1}})", "costs.pio"},
      {R"({"costs": {"pio_exit": -1}})", "costs.pio_exit"},
      {R"({"costs": {"pio_exit": 10000000001}})", "costs.pio_exit"},
      {R"({"costs": 3})", "costs"},
      {R"({"width": 4096, "height": 4096})", "vgamem_mb"},
      {R"({"absolute_pointer": 1})", "absolute_pointer"},
      {R"({"sound": {"tone_hz": 0}})", "sound.tone_hz"},
      {R"({"sound": {"playback": {"volumes": [-1]}}})", "sound.playback.volumes[0]"}};
  for (const auto& [text, path] : bad) {
    const auto refused = machine_options_from_json(nlohmann::json::parse(text));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().path == path);
  }
}

TEST_CASE("options of a recorded guest name what is done again", "[qxl][machine]") {
  const MachineOptions options{
      .workload = "recording", .longest_pause_ms = 20, .recording = "0123456789abcdef"};
  const auto back = machine_options_from_json(to_json(options));
  REQUIRE(back);
  CHECK(*back == options);
}

}  // namespace spicebench::qxl::test
