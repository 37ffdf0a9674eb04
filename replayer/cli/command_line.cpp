// SPDX-License-Identifier: LGPL-2.1-or-later
// The one place that includes CLI11, which is slow to compile.
#include "replayer/cli/command_line.hpp"

#include <CLI/CLI.hpp>

#include "replayer/cli/console.hpp"
#include "replayer/cli/suggestion.hpp"

namespace spicebench::cli {
namespace {

constexpr const char* exit_codes =
    "Exit codes: 0 as expected, 1 a difference or finding, 2 usage or unreadable input, 3 internal "
    "error.";

// The verbs with their options; each fills its own struct and leaves it in `command`.
class CommandLine {
 public:
  CommandLine() {
    app_.description(
        "Simulates, records, replays and compares sessions of SPICE, the remote-desktop protocol.");
    app_.set_version_flag("--version", std::string("spicebench ") + SPICEBENCH_VERSION);
    app_.require_subcommand(1);
    app_.footer(std::string("\"spicebench VERB --help\" explains a verb, with examples.\n") +
                exit_codes);
    add_run();
    add_serve();
    add_import();
    add_show();
    add_stats();
    add_screen();
    add_replay();
    add_diff();
    add_digest();
    add_explore();
    add_protocol();
    add_vectors();
    add_export();
    add_qxl();
  }

  Command parse(int argc, const char* const* argv) {
    if (const auto unknown = unknown_verb(argc, argv)) return refuse("", *unknown);
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() == 0) {
        app_.exit(error);
        return Exit{0};
      }
      std::string verb;
      for (const CLI::App* parsed : app_.get_subcommands()) verb = parsed->get_name();
      return refuse(verb, error.what());
    }
    return std::move(command_);
  }

 private:
  // A verb whose options `declare` binds to a struct that lives as long as this.
  template <class Verb, class Declare>
  void add(const char* name, const char* description, const char* examples, Declare declare) {
    add<Verb>(app_, name, description, examples, declare);
  }
  template <class Verb, class Declare>
  void add(CLI::App& parent, const char* name, const char* description, const char* examples,
           Declare declare) {
    CLI::App* verb = parent.add_subcommand(name, description);
    auto options = std::make_shared<Verb>();
    declare(*verb, *options);
    verb->add_flag("--json", options->json, "Print the result as JSON");
    verb->footer(std::string("Examples:\n") + examples + "\n" + exit_codes);
    verb->callback([this, options] { command_ = *options; });
  }

  void add_run() {
    add<RunVerb>(
        "run", "Simulate a scenario and record it",
        "  spicebench run corpus/scenarios/desktop.toml\n"
        "  spicebench run corpus/scenarios/desktop.toml --seed 7 -o a.spicerec\n"
        "  spicebench run corpus/scenarios/desktop.toml --verify-determinism --no-record\n"
        "  spicebench run --qxl corpus/qxl-recordings/r-draw-all/recording.qxl.zst --png all.png\n"
        "  spicebench run corpus/scenarios/desktop.toml --bus qtest:/tmp/qtest.sock",
        [](CLI::App& verb, RunVerb& run) {
          verb.add_option("scenario", run.scenario, "Scenario file (TOML)");
          auto* qxl = verb.add_option(
              "--qxl", run.qxl,
              "The guest does again what it did in this recording of spice-server "
              "(SPICE_WORKER_RECORD_FILENAME), plain or compressed by gzip or zstd; the rest is "
              "the scenario's, if there is one");
          verb.add_option("--longest-pause", run.longest_pause_ms,
                          "Cut pauses in the QXL recording to so many milliseconds (default: as "
                          "recorded)")
              ->needs(qxl)
              ->check(CLI::Range(0u, 86'400'000u));
          verb.add_option(
              "--bus", run.bus,
              "The scenario's guest alone drives a real device: qtest:SOCKET, the qtest "
              "socket of a QEMU with a QXL device; clients connect to that QEMU");
          verb.add_option("--png", run.png, "The guest's screen at the end, as PNG");
          verb.add_option("--seed", run.seed, "Seed instead of the scenario's own");
          auto* output = verb.add_option("-o,--output", run.output,
                                         "The recording (default: NAME-SEED.spicerec)");
          auto* no_record =
              verb.add_flag("--no-record", run.no_record, "Leave no recording")->excludes(output);
          verb.add_option("--trace", run.trace,
                          "Record what happens within the device, cycle by cycle: device")
              ->check(CLI::IsMember({"device"}))
              ->excludes(no_record);
          verb.add_flag("--verify-determinism", run.verify_determinism,
                        "Run again in a second process and compare all that happened");
          verb.add_flag(
              "--check-screens", run.check_screens,
              "Compare client and guest screen at every quiet moment, not only at the end");
          verb.add_flag("--random-links", run.random_links,
                        "Draw the links' behaviour from the seed, as explore does");
          verb.add_flag("--faults", run.faults, "Draw broken links, too, as explore --faults does");
        });
  }
  void add_serve() {
    add<ServeVerb>(
        "serve", "Serve real SPICE clients from a scenario's guest, in real time",
        "  spicebench serve corpus/scenarios/desktop.toml --listen tcp:127.0.0.1:5900\n"
        "  spicebench serve corpus/scenarios/office.toml --listen unix:/tmp/spice.sock --password "
        "x "
        "--record a.spicerec\n"
        "  spicebench serve office.toml --listen tcp:0.0.0.0:5900 --tls-listen tcp:0.0.0.0:5901 "
        "--tls-cert "
        "cert.pem --tls-key key.pem\n"
        "  spicebench serve --qxl recording.qxl.zst --wait --once --listen tcp:127.0.0.1:5900\n"
        "  remote-viewer spice://127.0.0.1:5900",
        [](CLI::App& verb, ServeVerb& serve) {
          verb.add_option("scenario", serve.scenario, "Scenario file (TOML): its guest and server");
          auto* qxl = verb.add_option("--qxl", serve.qxl,
                                      "The guest does again what is in this QXL recording");
          verb.add_option("--longest-pause", serve.longest_pause_ms,
                          "Cut pauses in the QXL recording to so many milliseconds")
              ->needs(qxl)
              ->check(CLI::Range(0u, 86'400'000u));
          verb.add_flag("--wait", serve.wait, "The guest begins when a client can see it");
          auto* listen =
              verb.add_option("--listen", serve.listen,
                              "tcp:HOST:PORT (port 0: any) or unix:PATH; may be repeated");
          auto* tls = verb.add_option("--tls-listen", serve.tls_listen,
                                      "tcp:HOST:PORT for TLS; may be repeated");
          auto* addresses = verb.add_option_group("addresses", "At least one");
          addresses->add_options(listen, tls);
          addresses->require_option(1, 2);
          auto* cert = verb.add_option("--tls-cert", serve.tls_cert,
                                       "Certificate chain in PEM, the server's first");
          auto* key = verb.add_option("--tls-key", serve.tls_key, "Its private key in PEM");
          tls->needs(cert)->needs(key);
          verb.add_option("--password", serve.password, "Ticket that clients must have");
          verb.add_option("--compression", serve.compression, "Of images");
          verb.add_option("--record", serve.record, "Record all that passes into this file");
          verb.add_option("--png", serve.png, "The guest's screen at the end, as PNG");
          verb.add_flag("--once", serve.once, "End when the clients that came have gone");
          verb.add_option("--for", serve.seconds, "End after so many seconds")
              ->check(CLI::Range(0.0, 1e6));
        });
  }
  void add_import() {
    add<ImportVerb>("import", "Make a recording of the SPICE connections in a packet capture",
                    "  spicebench import capture.pcapng.zst -o capture.spicerec\n"
                    "  spicebench import capture.pcapng --keylog tls-keys.log",
                    [](CLI::App& verb, ImportVerb& import) {
                      verb.add_option("capture", import.capture,
                                      "pcap or pcapng file, plain or compressed by gzip or zstd")
                          ->required();
                      verb.add_option("-o,--output", import.output,
                                      "The recording (default: named as the capture, here)");
                      verb.add_option("--keylog", import.key_log,
                                      "Secrets of TLS sessions in the NSS format (default: "
                                      "tls-keys.log beside the capture, if there is one)");
                    });
  }
  void add_show() {
    add<ShowVerb>(
        "show", "Print the messages of a recording, one a line, or one with all fields",
        "  spicebench show a.spicerec --channel display --limit 20\n"
        "  spicebench show a.spicerec --message 120\n"
        "  spicebench show a.spicerec --trace --limit 50",
        [](CLI::App& verb, ShowVerb& show) {
          verb.add_option("recording", show.recording, "Recording")->required();
          verb.add_option("--message", show.message,
                          "This message alone, with its fields and bytes")
              ->check(CLI::PositiveNumber);
          verb.add_option("--channel", show.channel,
                          "Only this channel: display, or display/0 with its id");
          verb.add_option("--type", show.type, "Only messages of this name: draw_copy");
          verb.add_option("--limit", show.limit, "At most so many messages");
          auto* trace =
              verb.add_flag("--trace", show.trace,
                            "What happened within the device instead (run --trace device)");
          verb.add_flag("--notices", show.notices, "What was refused, found or ignored instead")
              ->excludes(trace);
        });
  }
  void add_stats() {
    add<StatsVerb>(
        "stats", "Count the messages and bytes of a recording, or what a corpus covers",
        "  spicebench stats a.spicerec\n  spicebench stats a.spicerec --json\n"
        "  spicebench stats corpus --coverage",
        [](CLI::App& verb, StatsVerb& stats) {
          verb.add_option("recording", stats.recording, "Recording, or a folder")->required();
          verb.add_flag("--coverage", stats.coverage,
                        "Run the folder's scenarios: which server messages, codecs and "
                        "cache outcomes occur, held against its coverage.toml");
        });
  }
  void add_screen() {
    add<ScreenVerb>(
        "screen", "Show what a display of a recording showed: as PNG, or as hashes",
        "  spicebench screen a.spicerec --at end --png end.png\n"
        "  spicebench screen a.spicerec --at 1.5s --png early.png\n"
        "  spicebench screen a.spicerec --message 1200 --surface 3 --png off-screen.png\n"
        "  spicebench screen a.spicerec --every-change pictures\n"
        "  spicebench screen a.spicerec --hash",
        [](CLI::App& verb, ScreenVerb& screen) {
          verb.add_option("recording", screen.recording, "Recording")->required();
          auto* at = verb.add_option("--at", screen.at,
                                     "Time since the beginning (1.5s, 1500ms, 1500000us), or end")
                         ->capture_default_str();
          verb.add_option("--message", screen.message, "When this message had been drawn, instead")
              ->check(CLI::PositiveNumber)
              ->excludes(at);
          verb.add_option("--display", screen.display, "The display channel's id")
              ->capture_default_str();
          verb.add_option("--surface", screen.surface, "This surface and not the primary one");
          verb.add_flag("--no-index", screen.no_index,
                        "Neither use nor add checkpoints, which long recordings get when drawn");
          auto* out = verb.add_option_group("output", "At least one of");
          out->add_option("--png", screen.png, "The picture to write");
          out->add_option("--every-change", screen.every_change,
                          "A folder for a picture of every change, named by message");
          out->add_flag("--hash", screen.hash, "Print a hash of every change");
          out->require_option(1, 0);
        });
  }
  void add_replay() {
    add<ReplayVerb>(
        "replay", "Feed a recording to a peer built from it and compare all that the peer does",
        "  spicebench replay a.spicerec --against server\n"
        "  spicebench replay a.spicerec --against client",
        [](CLI::App& verb, ReplayVerb& replay) {
          verb.add_option("recording", replay.recording, "Recording of a run")->required();
          verb.add_option("--against", replay.against, "Which peer: server or client")
              ->required()
              ->check(CLI::IsMember({"server", "client"}));
        });
  }
  void add_diff() {
    add<DiffVerb>("diff", "Compare two recordings",
                  "  spicebench diff a.spicerec b.spicerec\n"
                  "  spicebench diff a.spicerec b.spicerec --scope all --json",
                  [](CLI::App& verb, DiffVerb& diff) {
                    verb.add_option("a", diff.a, "Recording")->required();
                    verb.add_option("b", diff.b, "Recording")->required();
                    verb.add_option(
                            "--scope", diff.scope,
                            "wire: messages and order of each SPICE connection; all: device "
                            "and user links, times and screens too")
                        ->check(CLI::IsMember({"wire", "all"}))
                        ->capture_default_str();
                  });
  }
  void add_digest() {
    add<DigestVerb>("digest", "Print the digest of a recording, one line a layer",
                    "  spicebench digest a.spicerec", [](CLI::App& verb, DigestVerb& digest) {
                      verb.add_option("recording", digest.recording, "Recording")->required();
                    });
  }
  void add_explore() {
    add<ExploreVerb>(
        "explore",
        "Run a scenario with link behaviour drawn from each seed; stop at the first that fails",
        "  spicebench explore corpus/scenarios/desktop.toml --seeds 1..50\n"
        "  spicebench explore corpus/scenarios/faults.toml --seeds 1..2000 --faults",
        [](CLI::App& verb, ExploreVerb& explore) {
          verb.add_option("scenario", explore.scenario, "Scenario file (TOML)")->required();
          verb.add_option("--seeds", explore.seeds, "Seeds: A..B, both included")->required();
          verb.add_flag("--faults", explore.faults,
                        "Links of the client break, too; a second client must see the guest's "
                        "screen all the same");
        });
  }

  void add_protocol() {
    add<ProtocolVerb>(
        "protocol", "Print the protocol's messages: numbers, fields, types, limits, capabilities",
        "  spicebench protocol --channel display --message draw_copy\n"
        "  spicebench protocol --json",
        [](CLI::App& verb, ProtocolVerb& protocol) {
          verb.add_option("--channel", protocol.channel,
                          "Only this channel: display; common for the messages that all have");
          verb.add_option("--message", protocol.message, "Only this message: draw_copy, or 304");
        });
  }

  void add_vectors() {
    add<VectorsVerb>("vectors", "Run the codec and canvas vectors of a folder",
                     "  spicebench vectors tests/vectors\n"
                     "  spicebench vectors tests/vectors/canvas --json",
                     [](CLI::App& verb, VectorsVerb& vectors) {
                       verb.add_option("folder", vectors.folder,
                                       "A folder with a manifest.json (codecs), an index.json "
                                       "(canvas), or a folder canvas of that kind")
                           ->required();
                     });
  }
  void add_export() {
    add<ExportVerb>(
        "export", "Write the pictures of a recording's display messages as PNG files",
        "  spicebench export a.spicerec --images pictures\n"
        "  spicebench export a.spicerec --images pictures --json",
        [](CLI::App& verb, ExportVerb& what) {
          verb.add_option("recording", what.recording, "Recording")->required();
          verb.add_option("--images", what.images,
                          "Directory for the images, masks (as grey) and stream frames, named by "
                          "message and field: 0000120-src_bitmap.png")
              ->required();
        });
  }

  void add_qxl() {
    CLI::App* qxl = app_.add_subcommand("qxl", "The modelled QXL device against the real one");
    qxl->require_subcommand(1);
    qxl->footer("\"spicebench qxl VERB --help\" explains a verb, with examples.");
    add<QxlCostsVerb>(*qxl, "costs", "Print what everything costs the modelled device, in cycles",
                      "  spicebench qxl costs\n"
                      "  spicebench qxl costs --profile host --json",
                      [](CLI::App& verb, QxlCostsVerb& costs) {
                        verb.add_option("--profile", costs.profile,
                                        "ideal, host or fast-test; scenarios change entries by "
                                        "[guest.costs]")
                            ->capture_default_str();
                      });
    add<QxlConformVerb>(
        *qxl, "conform",
        "Make every access of a guest on the model and on QEMU's device, and compare the answers",
        "  spicebench qxl conform --workload desktop --seed 7\n"
        "  spicebench qxl conform --seeds 1..20 --json",
        [](CLI::App& verb, QxlConformVerb& conform) {
          verb.add_option("--workload", conform.workloads,
                          "What the guest does (may be repeated; default: all but hostile)");
          auto* seed = verb.add_option("--seed", conform.seed, "Seed (default: 1)");
          verb.add_option("--seeds", conform.seeds, "Seeds: A..B, both included")->excludes(seed);
          verb.add_option("--seconds", conform.seconds, "Virtual seconds that the workload draws")
              ->capture_default_str();
          verb.add_option("--guest", conform.guest, "Whose manner its driver has")
              ->capture_default_str();
          verb.add_option("--qemu", conform.qemu, "QEMU's program")->capture_default_str();
        });
  }

  // The text to say if there is no verb, or none of ours.
  std::optional<std::string> unknown_verb(int argc, const char* const* argv) const {
    if (argc < 2) return "a verb is missing; see spicebench --help";
    if (argv[1][0] == '-') return std::nullopt;
    const std::string word = argv[1];
    std::vector<std::string> names;
    for (const CLI::App* verb : app_.get_subcommands({})) names.push_back(verb->get_name());
    if (std::ranges::find(names, word) != names.end()) return std::nullopt;
    const auto near = nearest(word, names);
    return near.empty() ? "there is no verb " + word + "; see spicebench --help"
                        : "there is no verb " + word + "; did you mean " + near + "?";
  }

  static Exit refuse(const std::string& verb, std::string what) {
    std::ranges::replace(what, '\n', ' ');
    complain(verb, what);
    return Exit{exit_unusable};
  }

  CLI::App app_{"", "spicebench"};
  Command command_ = Exit{exit_unusable};
};

}  // namespace

Command parse_command_line(int argc, const char* const* argv) {
  return CommandLine().parse(argc, argv);
}

}  // namespace spicebench::cli
