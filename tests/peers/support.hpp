// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/image/pixmap.hpp"
#include "core/live/process.hpp"
#include "tests/recorder/support.hpp"

namespace spicebench::test {

// Is a real client here? Says its name if not; on the machine that must have it, that is a failure.
bool has_program(const char* name);
bool has_spice_gtk();
bool has_real_server();  // tests/real-server

// The words of a command that runs the spice-gtk client of client.py.
std::vector<std::string> spice_gtk(std::vector<std::string> words);

struct Ended {
  bool in_time = false;
  std::string output;
};
// Runs a program until it ends, at most `longest`.
Ended run(const Scratch& scratch, std::vector<std::string> words,
          std::chrono::milliseconds longest = std::chrono::seconds(60));

// The port that a server says, in its log, it listens at: "listening on tcp:127.0.0.1:PORT", or
// with other words before the number.
std::uint16_t listening_port(const fs::path& log, live::ChildProcess& server,
                             std::string_view words = "listening on tcp:127.0.0.1:");

// `spicebench serve` beside the test, on a free TCP port of the loopback.
class Served {
 public:
  //   scenario  text of a scenario file
  Served(const Scratch& scratch, const std::string& scenario,
         std::vector<std::string> options = {});
  const std::string& uri() const { return uri_; }  // "spice://127.0.0.1:PORT"
  std::uint16_t port() const { return port_; }
  std::uint16_t tls_port() const { return tls_port_; }  // 0: the options have none
  live::ChildProcess& process() { return process_; }
  fs::path png() const { return png_; }
  // Ends it, or waits until it has ended by itself: what it printed about what it did.
  std::string interrupt();
  std::string wait();
  // The guest's screen, after either.
  image::Pixmap screen() const;

 private:
  std::string output() const;
  fs::path log_, png_;
  live::ChildProcess process_;
  std::string uri_;
  std::uint16_t port_ = 0, tls_port_ = 0;
};

// A guest that draws for a second, and a server without a ticket.
std::string scenario_of(const std::string& workload, const std::string& server = {});

// A binary PPM file.
image::Pixmap read_ppm(const fs::path& file);
// The first pixel that differs, as text; empty: none does.
std::string difference(const image::Pixmap& expected, const image::Pixmap& found);

}  // namespace spicebench::test
