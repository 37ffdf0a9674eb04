// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/wiring/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "core/wire/message.hpp"
#include "core/world/world.hpp"
#include "qxl-model/device/trace.hpp"
#include "qxl-model/guest/workload.hpp"
#include "recorder/tap/recorder_tap.hpp"
#include "replayer/scenario/admin_script.hpp"
#include "replayer/wiring/peers.hpp"
#include "replayer/wiring/screens.hpp"

namespace spicebench::replayer {
namespace {

// Between two recorded screens; hashing one costs as much as handling some hundred messages.
constexpr Duration screen_interval = std::chrono::milliseconds(500);

// Writes what happens in the device into the recording.
class DeviceTrace final : public qxl::TraceSink {
 public:
  explicit DeviceTrace(recorder::Writer& writer) : writer_(writer) {}
  void traced(const qxl::TraceEvent& event) override {
    writer_.add_device_event({instant(static_cast<std::int64_t>(event.at)),
                              std::string(qxl::name_of(event.kind)), qxl::fields_of(event)});
  }

 private:
  recorder::Writer& writer_;
};

// The peers in their world, and what is looked at between two events.
class Simulation {
 public:
  Simulation(const Scenario& scenario, const SimulationOptions& options)
      : scenario_(scenario),
        options_(options),
        breaks_rules_(qxl::workload_named(scenario.guest.workload)->breaks_rules),
        links_break_(scenario.network.reset_after_bytes > 0),
        machine_(make_machine(scenario)),
        server_(make_server(scenario)),
        client_(make_client(scenario)),
        user_(make_user(scenario)),
        world_(scenario.seed) {
    add(peer_name::machine, *machine_);
    const PeerNumber server = add(peer_name::server, *server_, World::Taking::later);
    const PeerNumber client = add(peer_name::client, *client_);
    add(peer_name::user, *user_);
    world_.listen("device", server, LinkKind::value);
    world_.listen("spice", server, LinkKind::stream, scenario.network);
    world_.listen("user", client, LinkKind::value);
    if (scenario.witness) {
      witness_ = make_witness(scenario);
      add(peer_name::witness, *witness_);
      world_.listen(Address(witness_address), server, LinkKind::stream);
    }
    if (!scenario.admin.steps.empty()) {
      add(peer_name::admin, admin_.emplace(scenario.admin));
      world_.listen("admin", server, LinkKind::value);
    }
    if (options.writer) {
      options.writer->set_meta(recorder::meta::scenario, to_json(scenario).dump());
      options.writer->set_meta(recorder::meta::seed, std::to_string(scenario.seed));
      world_.add_tap(tap_.emplace(*options.writer));
    }
    if (options.trace_device) machine_->trace(&device_trace_.emplace(*options.writer));
    for (Tap* tap : options.taps) world_.add_tap(*tap);
  }

  SimulationReport run() {
    const Instant end = Instant{std::chrono::seconds(scenario_.seconds)};
    world_.start();
    while (!world_.finished() && world_.next_due() <= end) step(end);
    const Instant patience = end + std::chrono::seconds(settle_seconds);
    // Film goes on until its pause has been long enough; then its pixels become exact.
    while ((!world_.quiet() || server_->shows_film()) && !world_.finished() &&
           world_.next_due() <= patience)
      step(end);
    if (!world_.quiet()) note("world", "quiet", "something still under way");
    look_at_errors();
    if (links_break_ && !machine_->finished())
      note("machine", "all of its resources back", "some are not");
    if (links_break_ ? is_shown(*client_) : !client_->ended()) check_screen_of(*client_);
    if (witness_) check_screen_of(*witness_);
    record_screen();
    finish_recording();
    return result();
  }

 private:
  PeerNumber add(std::string_view name, Peer& peer, World::Taking taking = World::Taking::at_once) {
    const PeerNumber number = world_.add(peer, taking);
    if (options_.writer) options_.writer->add_peer(number, name);
    return number;
  }

  void step(Instant end) {
    world_.step();
    ++report_.steps;
    if (options_.progress && report_.steps % 256 == 0) options_.progress(world_.now(), end);
    if (!world_.quiet()) return;
    if (options_.check_every_quiet_moment && !breaks_rules_)
      for (const client::Client* client : {client_.get(), witness_.get()})
        if (client && is_shown(*client)) check_screen_of(*client);
    // A screen is recorded only when its instant is over, so that a replay knows when to look.
    const bool instant_over = world_.finished() || world_.next_due() > world_.now();
    if (options_.writer && instant_over && world_.now() >= next_screen_) record_screen();
  }

  void add_notice(Instant at, std::string text) {
    if (options_.writer) options_.writer->add_notice({at, 0, std::move(text)});
  }
  void note(std::string connection, std::string expected, std::string found,
            std::optional<Instant> at = std::nullopt) {
    if (report_.finding) return;
    Divergence& finding = report_.finding.emplace();
    finding.at = at.value_or(world_.now());
    finding.connection = std::move(connection);
    finding.expected = std::move(expected);
    finding.found = std::move(found);
  }

  // Whether what the guest draws gets there.
  static bool is_shown(const client::Client& client) {
    const auto is_up = [](const client::ChannelStatus& channel) {
      return channel.type == wire::ChannelType::display && channel.state != "closed";
    };
    return client.screen(display) && std::ranges::any_of(client.channels(), is_up);
  }
  void check_screen_of(const client::Client& client) {
    ++report_.screens_compared;
    if (!report_.finding)
      report_.finding = compare_screens(*machine_, client, world_.now(), server_->inexact(0));
  }

  void record_screen() {
    if (!options_.writer) return;
    next_screen_ = world_.now() + screen_interval;
    auto row = screen_row(*client_, world_.now());
    if (!row || row->hash == last_screen_) return;
    last_screen_ = row->hash;
    row->message = options_.writer->message_count();
    options_.writer->add_screen(*row);
  }

  void look_at_errors() {
    for (const qxl::MachineFinding& refusal : machine_->refusals()) {
      report_.refusals.push_back(refusal.error);
      add_notice(refusal.at, "refused: " + refusal.error.text());
    }
    for (const auto& error : server_->errors()) {
      if (breaks_rules_ && error.channel == wire::ChannelType::device) {
        report_.refusals.push_back(error.error);
        add_notice(world_.now(), "refused by the server: " + error.error.text());
        continue;
      }
      if (links_break_ && error.channel != wire::ChannelType::device) continue;
      note(fmt::format("server: {}/{}", wire::name_of(error.channel), error.channel_id), "no error",
           error.error.text());
    }
    if (witness_)
      for (const auto& error : witness_->errors()) note("witness", "no error", error.error.text());
    if (links_break_) return look_at_findings();
    for (const auto& error : client_->errors())
      note(fmt::format("client: {}/{}", wire::name_of(error.channel), error.channel_id), "no error",
           error.error.text());
    look_at_findings();
  }
  void look_at_findings() {
    for (const qxl::MachineFinding& finding : machine_->findings()) {
      add_notice(finding.at, "found: " + finding.error.text());
      note("machine", "no error", finding.error.text(), finding.at);
    }
  }

  void finish_recording() {
    if (!tap_) return;
    tap_->finish(world_.now());
    options_.writer->set_meta(recorder::meta::guest_digest, machine_->guest_digest().hex());
  }

  SimulationReport result() {
    report_.ended = world_.now();
    report_.machine = machine_->counters();
    report_.guest_log.assign(machine_->guest_log().begin(), machine_->guest_log().end());
    report_.agent_log = machine_->agent_log();
    const client::AgentStatus agent = client_->agent();
    for (const std::string& text : agent.pasted)
      report_.user_log.push_back(fmt::format("pasted {} bytes", text.size()));
    for (const auto& [id, result] : agent.files)
      report_.user_log.push_back(fmt::format("file {} ended with result {}", id, result));
    report_.server = server_->counters();
    report_.sound = machine_->sound();
    report_.heard = client_->playback();
    report_.microphone = client_->record();
    report_.framebuffer = framebuffer_of(*machine_);
    if (const draw::Surface* screen = client_->screen(display)) {
      report_.width = screen->width();
      report_.height = screen->height();
      report_.screen = client_->screen_hash(display);
    }
    return std::move(report_);
  }

  const Scenario& scenario_;
  const SimulationOptions& options_;
  // Such a guest writes into its surfaces as it likes: only its last screen means something.
  const bool breaks_rules_;
  // What the client and the server say of links that were reset is no finding.
  const bool links_break_;
  std::unique_ptr<qxl::Machine> machine_;
  std::unique_ptr<server::Server> server_;
  std::unique_ptr<client::Client> client_;
  std::unique_ptr<UserScript> user_;
  std::unique_ptr<client::Client> witness_;  // null: none
  std::optional<AdminScript> admin_;
  World world_;
  std::optional<recorder::RecorderTap> tap_;
  std::optional<DeviceTrace> device_trace_;
  SimulationReport report_;
  Instant next_screen_{};
  std::optional<Hash128> last_screen_;
};

}  // namespace

SimulationReport simulate(const Scenario& scenario, const SimulationOptions& options) {
  return Simulation(scenario, options).run();
}

}  // namespace spicebench::replayer
