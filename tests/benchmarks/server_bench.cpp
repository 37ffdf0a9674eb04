// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstring>
#include <map>
#include <vector>

#include "client/client.hpp"
#include "core/wire/message_value.hpp"
#include "core/world/world.hpp"
#include "qxl-model/machine.hpp"
#include "server/server.hpp"

// The whole server: what a guest draws in, what a client reads out, for each workload and codec. A
// simulation is run once and the server's inputs are kept; measured is a fresh server with them.
namespace spicebench {
namespace {

constexpr PeerNumber machine_number = 0, server_number = 1, client_number = 2;
constexpr std::uint64_t seed = 1;
constexpr std::uint32_t seconds = 5;

struct Heard {
  Input input;
  Instant at;
};

// The guest uses its memory again: what lies there is copied as it was.
Input kept(const Input& input) {
  const auto* handed = std::get_if<Handed>(&input);
  if (!handed) return input;
  const wire::AnyMessage& message = wire::message_in(*handed->value);
  Bytes body;
  wire::encode(*message.info().layout, message.object(), body);
  auto decoded = wire::decode_any(message.info(), SharedBytes(std::move(body)));
  return Handed{handed->link,
                std::make_shared<const wire::MessageValue>(std::move(decoded->message))};
}

class ServerInputs final : public Tap {
 public:
  std::vector<Heard> heard;
  void opened(const LinkDescription&, Instant) override {}
  void sent(LinkNumber, Side, BytesView, Instant) override {}
  void handed(LinkNumber, Side, const Value&, Instant, Instant) override {}
  void ended(LinkNumber, Side, Ending, Instant) override {}
  void delivered(PeerNumber peer, LinkNumber, const Input& input, Instant now) override {
    if (peer == server_number) heard.push_back({kept(input), now});
  }
};

server::ServerOptions options_of(const std::string& codec, bool film) {
  server::ServerOptions options;
  options.net_test_bytes = {};
  if (film) {
    options.streaming_video = "filter";
    options.video_codecs = codec;
  } else {
    options.compression = codec;
  }
  return options;
}

std::vector<Heard> inputs_of(const std::string& workload, const server::ServerOptions& options) {
  qxl::MachineOptions guest;
  guest.workload = workload;
  guest.seconds = seconds;
  qxl::Machine machine(guest, Random(seed).fork("guest"));
  server::Server server(options, Random(seed).fork("server"));
  client::Client client({}, Random(seed).fork("client"));
  World world(seed);
  ServerInputs tap;
  world.add(machine);
  world.add(server, World::Taking::later);
  world.add(client);
  world.listen("device", server_number, LinkKind::value);
  world.listen("spice", server_number, LinkKind::stream);
  world.listen("user", client_number, LinkKind::value);
  world.add_tap(tap);
  world.start();
  const Instant end = instant(0) + std::chrono::seconds(seconds + 2);
  while (!world.finished() && world.next_due() <= end) world.step();
  return std::move(tap.heard);
}

void serve(benchmark::State& state, const std::string& workload, const std::string& codec,
           bool film) {
  const server::ServerOptions options = options_of(codec, film);
  const std::vector<Heard> inputs = inputs_of(workload, options);
  std::uint64_t draws = 0, bytes = 0, frames = 0;
  for (auto _ : state) {
    server::Server server(options, Random(seed).fork("server"));
    server.start(instant(0));
    for (const Heard& heard : inputs)
      for (const Output& output : server.handle(heard.input, heard.at))
        if (const auto* send = std::get_if<Send>(&output)) bytes += send->bytes.size();
    draws += server.counters().commands_drawn;
    frames += server.counters().film_frames;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(draws));
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
  if (film)
    state.counters["frames"] =
        benchmark::Counter(static_cast<double>(frames), benchmark::Counter::kIsRate);
}

// Yardstick: the bytes of a second of full screens at 30 Hz, copied.
void yardstick_screens(benchmark::State& state) {
  constexpr std::size_t screen = std::size_t{1024} * 768 * 4;
  const Bytes from(screen, std::byte{1});
  Bytes to(screen);
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), screen);
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * screen));
}
BENCHMARK(yardstick_screens);

const bool registered = [] {
  const auto add = [](const std::string& workload, const std::string& codec, bool film) {
    benchmark::RegisterBenchmark(
        fmt::format("server/{}/{}", workload, codec).c_str(),
        [=](benchmark::State& state) { serve(state, workload, codec, film); })
        ->Unit(benchmark::kMillisecond);
  };
  for (const char* workload : {"office", "browser", "video"})
    for (const char* codec : {"off", "quic", "lz", "glz", "lz4", "auto_glz"})
      add(workload, codec, false);
  for (const char* codec : {"mjpeg", "vp8", "vp9", "h264"}) add("video", codec, true);
  return true;
}();

}  // namespace
}  // namespace spicebench
