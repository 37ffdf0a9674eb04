// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace spicebench::cli {

// What each verb was asked to do.
struct RunVerb {
  std::filesystem::path scenario;                 // empty: all defaults, with a QXL recording
  std::filesystem::path qxl;                      // empty: the scenario's own guest
  std::string bus;                                // "qtest:SOCKET"; empty: the model
  std::filesystem::path png;                      // empty: none
  std::optional<std::uint32_t> longest_pause_ms;  // of the QXL recording
  std::optional<std::uint64_t> seed;              // instead of the scenario's own
  std::filesystem::path output;                   // empty: NAME-SEED.spicerec here
  bool no_record = false;
  bool verify_determinism = false;
  bool check_screens = false;
  std::string trace;  // "device" or empty
  bool random_links = false, faults = false;
  bool json = false;
};
struct ServeVerb {
  std::filesystem::path scenario;
  std::vector<std::string> listen, tls_listen;
  std::filesystem::path tls_cert, tls_key;  // PEM; with tls_listen
  std::optional<std::string> password;      // instead of the scenario's own
  std::optional<std::string> compression;   // the same
  std::filesystem::path qxl;                // empty: the scenario's own guest
  std::optional<std::uint32_t> longest_pause_ms;
  bool wait = false;
  std::filesystem::path record;  // empty: no recording
  std::filesystem::path png;     // empty: none
  bool once = false;
  double seconds = 0;  // 0: until it is told to end
  bool json = false;
};
struct ImportVerb {
  std::filesystem::path capture, output;  // output empty: named as the capture, here
  std::filesystem::path key_log;          // empty: tls-keys.log beside the capture, if it is there
  bool json = false;
};
struct ShowVerb {
  std::filesystem::path recording;
  std::uint64_t message = 0;            // 0: all
  std::string channel;                  // "display", "display/1"; empty: all
  std::string type;                     // a message's name; empty: all
  std::uint64_t limit = 0;              // 0: none
  bool trace = false, notices = false;  // instead of messages
  bool json = false;
};
struct StatsVerb {
  std::filesystem::path recording;
  bool json = false;
  bool coverage = false;  // then recording is a folder with scenarios/ and coverage.toml
};
struct ScreenVerb {
  std::filesystem::path recording;
  std::filesystem::path png, every_change;  // empty: not asked for
  bool hash = false;
  bool no_index = false;
  std::string at = "end";
  std::optional<std::uint64_t> message;  // up to and with it
  std::uint8_t display = 0;              // channel id
  std::optional<std::uint32_t> surface;  // nothing: the primary one
  bool json = false;
};
struct ReplayVerb {
  std::filesystem::path recording;
  std::string against;  // "server" or "client"
  bool json = false;
};
struct DiffVerb {
  std::filesystem::path a, b;
  std::string scope = "wire";  // or "all"
  bool json = false;
};
struct DigestVerb {
  std::filesystem::path recording;
  bool json = false;
};
struct ExploreVerb {
  std::filesystem::path scenario;
  std::string seeds;  // "A..B"
  bool faults = false;
  bool json = false;
};
struct ProtocolVerb {
  std::string channel;  // "display"; empty: all
  std::string message;  // a name or a number; empty: all
  bool json = false;
};
struct VectorsVerb {
  std::filesystem::path folder;
  bool json = false;
};
struct ExportVerb {
  std::filesystem::path recording;
  std::filesystem::path images;  // directory
  bool json = false;
};
struct QxlCostsVerb {
  std::string profile = "ideal";
  bool json = false;
};
struct QxlConformVerb {
  std::vector<std::string> workloads;  // empty: all that a guest may run on a real device
  std::optional<std::uint64_t> seed;
  std::string seeds;  // "A..B"; empty: the one seed
  std::uint32_t seconds = 2;
  std::string qemu = "qemu-system-x86_64";
  std::string guest = "linux-drm";
  bool json = false;
};
// The command line is dealt with (help, version, or an error that was printed).
struct Exit {
  int code = 0;
};
using Command = std::variant<Exit, RunVerb, ServeVerb, ImportVerb, ShowVerb, StatsVerb, ScreenVerb,
                             ReplayVerb, DiffVerb, DigestVerb, ExploreVerb, ProtocolVerb,
                             ExportVerb, VectorsVerb, QxlCostsVerb, QxlConformVerb>;

Command parse_command_line(int argc, const char* const* argv);

}  // namespace spicebench::cli
