// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/peers/support.hpp"

// A real client in front of `spicebench serve`, over TLS.
using namespace spicebench;
using namespace spicebench::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// cert.pem and key.pem in the folder, for 127.0.0.1.
void make_certificate(const Scratch& scratch) {
  const auto made =
      run(scratch, {"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=box",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                    (scratch / "key.pem").string(), "-out", (scratch / "cert.pem").string()});
  INFO(made.output);
  REQUIRE(fs::exists(scratch / "cert.pem"));
}
std::vector<std::string> tls_options(const Scratch& scratch) {
  make_certificate(scratch);
  return {"--tls-listen", "tcp:127.0.0.1:0",
          "--tls-cert",   (scratch / "cert.pem").string(),
          "--tls-key",    (scratch / "key.pem").string(),
          "--record",     (scratch / "a.spicerec").string()};
}

}  // namespace

TEST_CASE("P-TLS-5: spice-gtk is told NEED_SECURED and comes back over TLS, once for each channel",
          "[peer][tls]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  Served served(scratch, scenario_of("desktop", "secure_channels = [\"main\", \"inputs\"]"),
                tls_options(scratch));
  const auto ended =
      run(scratch,
          spice_gtk({served.uri() + "?tls-port=" + std::to_string(served.tls_port()), "--ca",
                     (scratch / "cert.pem").string(), "--shot", (scratch / "shot.ppm").string(),
                     "sleep", "0.3", "key", "30", "sleep", "2.5", "quiet"}));
  INFO(ended.output);
  REQUIRE(ended.in_time);
  CHECK(contains(ended.output, "\"done\""));
  const std::string said = served.interrupt();
  INFO(said);
  CHECK(contains(said, "saw 1 keys"));
  CHECK(contains(said, "channel 1:0 must come over TLS (ended) from 127.0.0.1"));
  CHECK(contains(said, "channel 3:0 must come over TLS (ended) from 127.0.0.1"));
  // main and inputs twice, display and cursor once; channels that there are not leave no trace
  // here.
  CHECK(contains(said, "6 connections in 1 sessions"));
  CHECK(difference(served.screen(), read_ppm(scratch / "shot.ppm")) == "");

  // The recording has what was inside, and is as good as one of a simulation.
  const auto replayed = run(scratch, {SPICEBENCH_BINARY, "replay", "--against", "server",
                                      (scratch / "a.spicerec").string()});
  INFO(replayed.output);
  CHECK(contains(replayed.output, "server identical"));
}

TEST_CASE("spice-gtk does not believe a certificate of somebody else", "[peer][tls]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  Served served(scratch, scenario_of("desktop", "secure_channels = [\"default\"]"),
                tls_options(scratch));
  const Scratch others;
  make_certificate(others);
  const auto ended =
      run(scratch, spice_gtk({served.uri() + "?tls-port=" + std::to_string(served.tls_port()),
                              "--ca", (others / "cert.pem").string(), "quiet"}));
  INFO(ended.output);
  CHECK(contains(ended.output, "error-tls"));
  const std::string said = served.interrupt();
  INFO(said);
  CHECK(contains(said, "in 0 sessions"));
}

TEST_CASE("H-TLS-2: plain bytes on the port of TLS, and TLS on the plain one, end that connection",
          "[peer][tls]") {
  const Scratch scratch;
  Served served(scratch, scenario_of("desktop"), tls_options(scratch));
  const auto ended =
      run(scratch, {"/usr/bin/python3", "-c",
                    "import socket\n"
                    "for port, said in ((" +
                        std::to_string(served.tls_port()) + ", b'REDQ' + bytes(100)), (" +
                        std::to_string(served.port()) +
                        ", b'\\x16\\x03\\x01\\x00\\xff' + bytes(300))):\n"
                        "    s = socket.create_connection(('127.0.0.1', port))\n"
                        "    s.settimeout(10)\n"
                        "    s.sendall(said)\n"
                        "    answer = b''\n"
                        "    while True:\n"
                        "        try: piece = s.recv(1000)\n"
                        "        except ConnectionResetError: break\n"
                        "        if not piece: break\n"
                        "        answer += piece\n"
                        "    print(port, len(answer))\n"
                        "print('both ended')"});
  INFO(ended.output);
  CHECK(contains(ended.output, "both ended"));
  const std::string said = served.interrupt();
  INFO(said);
  CHECK(contains(said, "in 0 sessions"));
}

TEST_CASE("TLS without a certificate is refused before anybody is served", "[peer][tls]") {
  const Scratch scratch;
  std::ofstream(scratch / "s.toml") << scenario_of("desktop");
  std::ofstream(scratch / "empty.pem") << "";
  const std::string file = (scratch / "s.toml").string(), empty = (scratch / "empty.pem").string();
  const auto alone =
      run(scratch, {SPICEBENCH_BINARY, "serve", file, "--tls-listen", "tcp:127.0.0.1:0"});
  CHECK(contains(alone.output, "--tls-cert"));
  const auto wrong = run(scratch, {SPICEBENCH_BINARY, "serve", file, "--tls-listen",
                                   "tcp:127.0.0.1:0", "--tls-cert", empty, "--tls-key", empty});
  CHECK(contains(wrong.output, "no certificate in PEM"));
}
