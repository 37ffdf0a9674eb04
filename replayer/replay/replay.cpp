// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/replay/replay.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "replayer/replay/output_check.hpp"
#include "replayer/replay/recorded_inputs.hpp"
#include "replayer/scenario/scenario.hpp"
#include "replayer/wiring/peers.hpp"
#include "replayer/wiring/screens.hpp"

namespace spicebench::replayer {
namespace {

Result<Scenario> recorded_scenario(const recorder::Reader& recording) {
  const std::string file = recording.path().string();
  const auto text = recording.meta(recorder::meta::scenario);
  if (!text)
    return fail(ErrorCode::unsupported,
                fmt::format("{}: holds no scenario: it is no recording of a run", file));
  const auto tree = nlohmann::json::parse(*text, nullptr, false);
  if (tree.is_discarded())
    return fail(ErrorCode::malformed, fmt::format("{}: its scenario is not JSON", file));
  auto scenario = scenario_from_json(tree);
  if (!scenario)
    return fail(scenario.error().code, fmt::format("{}: its scenario: {}: {}", file,
                                                   scenario.error().path, scenario.error().detail));
  return scenario;
}

// The recorded screens, each to be compared once its instant is over.
class ScreenCheck {
 public:
  ScreenCheck(std::vector<recorder::ScreenRow> rows, const client::Client& client)
      : rows_(std::move(rows)), client_(client) {}

  // Precondition: the client has handled everything up to, and not at, `before`; absent:
  // everything.
  std::optional<Divergence> check(std::optional<Instant> before) {
    for (; done_ < rows_.size() && (!before || rows_[done_].at < *before); ++done_)
      if (auto divergence = compare_screen(rows_[done_], client_)) return divergence;
    return std::nullopt;
  }
  std::uint64_t done() const { return done_; }

 private:
  std::vector<recorder::ScreenRow> rows_;
  const client::Client& client_;
  std::size_t done_ = 0;
};

Result<void> feed(const recorder::Reader& recording, Peer& peer, PeerNumber number,
                  ScreenCheck* screens, const ReplayProgress& progress, ReplayReport& report) {
  RecordedInputs inputs(recording, number);
  OutputCheck outputs(recording, number);
  auto& divergence = report.divergence;
  divergence = TRY(outputs.after(peer.start(Instant{}), Instant{}));
  while (!divergence) {
    const auto next = TRY(inputs.next());
    if (screens) divergence = screens->check(next ? std::optional(next->at) : std::nullopt);
    if (divergence || !next) break;
    divergence = TRY(outputs.before(next->input, next->connection, next->at));
    if (divergence) break;
    divergence = TRY(outputs.after(peer.handle(next->input, next->at), next->at));
    ++report.inputs;
    if (progress && report.inputs % 256 == 0) progress(next->at, recording.end());
  }
  if (!divergence) divergence = TRY(outputs.at_end());
  report.messages = outputs.messages();
  if (screens) report.screens = screens->done();
  return {};
}

}  // namespace

Result<ReplayReport> replay(const recorder::Reader& recording, Against against,
                            const ReplayProgress& progress) {
  const Scenario scenario = TRY(recorded_scenario(recording));
  const bool server = against == Against::server;
  const PeerNumber number =
      TRY(recorded_peer(recording, server ? peer_name::server : peer_name::client));
  ReplayReport report;
  report.edited = TRY(recording.first_edited());
  if (server) {
    const auto peer = make_server(scenario);
    CHECKED(feed(recording, *peer, number, nullptr, progress, report));
  } else {
    const auto peer = make_client(scenario);
    ScreenCheck screens(TRY(recording.screens()), *peer);
    CHECKED(feed(recording, *peer, number, &screens, progress, report));
  }
  return report;
}

}  // namespace spicebench::replayer
