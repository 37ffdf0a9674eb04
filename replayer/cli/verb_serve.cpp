// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/wire/message.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/serving.hpp"
#include "replayer/cli/sound_text.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/cli/write_screen.hpp"
#include "replayer/replay/divergence.hpp"
#include "replayer/scenario/qxl_scenario.hpp"

namespace spicebench::cli {
namespace {

using nlohmann::json;
using replayer::seconds_text;

constexpr std::string_view verb = "serve";

Result<replayer::Scenario> served(const ServeVerb& serve) {
  replayer::Scenario scenario;
  if (serve.scenario.empty() && serve.qxl.empty())
    return fail(ErrorCode::malformed, "a scenario or --qxl is required");
  if (!serve.scenario.empty()) scenario = TRY(replayer::load_scenario(serve.scenario));
  if (serve.password) scenario.server.password = *serve.password;
  if (serve.compression) scenario.server.compression = *serve.compression;
  scenario = TRY(replayer::scenario_from_json(replayer::to_json(scenario)));
  if (serve.qxl.empty()) return scenario;
  auto base = serve.scenario.empty() ? replayer::Scenario{.server = scenario.server} : scenario;
  auto recorded = TRY(replayer::qxl_scenario(serve.qxl, std::move(base), serve.longest_pause_ms));
  return std::move(recorded.scenario);
}

std::string text_of(const server::Finding& finding) {
  return fmt::format("{}/{}: {}{}{}", wire::name_of(finding.channel), finding.channel_id,
                     finding.error.text(), finding.fatal ? " (ended)" : "",
                     finding.peer.empty() ? "" : " from " + finding.peer);
}

void say_where(const std::vector<live::SocketAddress>& plain,
               const std::vector<live::SocketAddress>& tls) {
  for (const auto& at : plain) print(fmt::format("listening on {}\n", at.text()));
  for (const auto& at : tls) print(fmt::format("listening with TLS on {}\n", at.text()));
  flush();
}

// A line of its own, before the report.
void say_where_in_json(const std::vector<live::SocketAddress>& plain,
                       const std::vector<live::SocketAddress>& tls) {
  json out = {{"listening", json::array()}, {"listening_with_tls", json::array()}};
  for (const auto& at : plain) out["listening"].push_back(at.text());
  for (const auto& at : tls) out["listening_with_tls"].push_back(at.text());
  print(out.dump() + "\n");
  flush();
}

Result<std::string> text_in(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return fail(ErrorCode::io, fmt::format("{}: cannot be read", file.string()));
  return text;
}

Result<ServingReport> serve_and_record(const replayer::Scenario& scenario, const ServeVerb& serve) {
  ServingOptions options{
      .once = serve.once, .wait = serve.wait, .ready = serve.json ? say_where_in_json : say_where};
  for (const std::string& at : serve.listen)
    options.listen.push_back(TRY(live::parse_socket_address(at)));
  for (const std::string& at : serve.tls_listen)
    options.tls_listen.push_back(TRY(live::parse_socket_address(at)));
  if (!serve.tls_listen.empty()) {
    const std::string chain = TRY(text_in(serve.tls_cert)), key = TRY(text_in(serve.tls_key));
    options.tls = TRY(layers::TlsContext::server(chain, key));
  }
  if (serve.seconds > 0) options.longest = Duration{static_cast<std::int64_t>(serve.seconds * 1e9)};
  if (serve.record.empty()) return cli::serve(scenario, options);
  auto writer = TRY(recorder::Writer::create(serve.record));
  writer.set_meta(recorder::meta::producer, "spicebench serve");
  options.writer = &writer;
  auto report = TRY(cli::serve(scenario, options));
  CHECKED(writer.finish());
  return report;
}

json as_json(const ServingReport& report, const ServeVerb& serve) {
  json out = {
      {"ended_ns", nanoseconds(report.ended)},
      {"connections", report.sockets.accepted},
      {"sessions", report.server.sessions},
      {"received_bytes", report.sockets.received},
      {"sent_bytes", report.sockets.sent},
      {"messages_received", report.server.messages_received},
      {"messages_sent", report.server.messages_sent},
      {"draws", report.machine.draws_fetched},
      {"draw_seconds", static_cast<double>((report.last_draw - report.first_draw).count()) / 1e9},
      {"processor_seconds", report.processor_seconds},
      {"keys_seen", report.machine.keys_seen},
      {"motions_seen", report.machine.motions_seen},
      {"buttons_seen", report.machine.buttons_seen},
      {"errors", json::array()},
      {"findings", json::array()},
      {"agent", report.agent_log}};
  if (report.sound) out["sound"] = sound_json(*report.sound, report.server);
  for (const auto& error : report.errors) out["errors"].push_back(text_of(error));
  for (const auto& finding : report.findings) out["findings"].push_back(finding.text());
  if (!serve.record.empty()) out["recording"] = serve.record.string();
  return out;
}

void print_text(const ServingReport& report, const ServeVerb& serve) {
  print(fmt::format("served     {}, {} connections in {} sessions\n", seconds_text(report.ended),
                    report.sockets.accepted, report.server.sessions));
  print(fmt::format("bytes      {} in, {} out; messages {} in, {} out\n", report.sockets.received,
                    report.sockets.sent, report.server.messages_received,
                    report.server.messages_sent));
  print(fmt::format("guest      {} drawing commands; saw {} keys, {} motions, {} buttons\n",
                    report.machine.draws_fetched, report.machine.keys_seen,
                    report.machine.motions_seen, report.machine.buttons_seen));
  for (const std::string& line : report.agent_log) print(fmt::format("in guest   {}\n", line));
  if (report.sound) print(sound_text(*report.sound, report.server));
  for (const auto& error : report.errors)
    print(fmt::format("{}      {}\n", bad("error"), text_of(error)));
  for (const auto& finding : report.findings)
    print(fmt::format("{}    {}\n", bad("finding"), finding.text()));
  if (!serve.record.empty()) print(fmt::format("recording  {}\n", serve.record.string()));
}

}  // namespace

int perform(const ServeVerb& serve) {
  const auto scenario = served(serve);
  if (!scenario) return fail_with(verb, scenario.error(), serve.scenario.string());
  const auto report = serve_and_record(*scenario, serve);
  if (!report) return fail_with(verb, report.error());
  if (!serve.png.empty()) {
    if (const auto written = write_screen(serve.png, report->framebuffer); !written)
      return fail_with(verb, written.error(), serve.png.string());
  }
  if (serve.json) {
    print(as_json(*report, serve).dump(2) + "\n");
  } else {
    print_text(*report, serve);
  }
  // What a client does wrong is no finding about us.
  return report->findings.empty() ? exit_as_expected : exit_difference;
}

}  // namespace spicebench::cli
