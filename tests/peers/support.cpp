// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/peers/support.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <sstream>

#include "core/image/png.hpp"

namespace spicebench::test {

namespace {

constexpr const char* python = "/usr/bin/python3";

bool skip(const std::string& name) {
  if (std::getenv("CI") != nullptr) FAIL("skipped: " << name << " is not installed");
  WARN("skipped: " << name << " is not installed");
  return false;
}

live::ChildProcess start(std::vector<std::string> words, const fs::path& log) {
  return value(live::ChildProcess::start(std::move(words), log));
}

}  // namespace

bool has_program(const char* name) {
  return live::is_installed(name) || skip(name);
}
bool has_spice_gtk() {
  const std::string probe = fmt::format(
      "{} -c 'import gi; gi.require_version(\"SpiceClientGLib\", \"2.0\")' 2>/dev/null", python);
  return std::system(probe.c_str()) == 0 || skip("spice-gtk (gir1.2-spiceclientglib-2.0)");
}

bool has_real_server() {
  const std::string program = SPICEBENCH_REAL_SERVER;
  return !program.empty() || skip("spice-server (libspice-server-dev)");
}

std::uint16_t listening_port(const fs::path& log, live::ChildProcess& server,
                             std::string_view words) {
  std::string said;
  for (int i = 0; i < 1000; ++i) {
    said = fs::exists(log) ? std::string(as_text(read_bytes(log))) : std::string();
    const std::size_t at = said.find(words), end = said.find('\n', at);
    if (at != std::string::npos && end != std::string::npos)
      return static_cast<std::uint16_t>(std::stoi(said.substr(at + words.size())));
    REQUIRE(server.running());
    live::pause(std::chrono::milliseconds(10));
  }
  FAIL("it does not get ready: " << said);
  return 0;
}

std::vector<std::string> spice_gtk(std::vector<std::string> words) {
  words.insert(words.begin(), {python, SPICEBENCH_SOURCE_DIR "/tests/peers/client.py"});
  return words;
}

Ended run(const Scratch& scratch, std::vector<std::string> words,
          std::chrono::milliseconds longest) {
  static int number = 0;
  const fs::path log = scratch / fmt::format("run-{}.log", ++number).c_str();
  auto process = start(std::move(words), log);
  Ended out;
  out.in_time = process.wait(longest);
  out.output = as_text(read_bytes(log));
  return out;
}

Served::Served(const Scratch& scratch, const std::string& scenario,
               std::vector<std::string> options)
    : log_(scratch / "serve.log"), png_(scratch / "serve.png"), process_([&] {
        const fs::path file = scratch / "scenario.toml";
        std::ofstream(file) << scenario;
        std::vector<std::string> words{SPICEBENCH_BINARY, "serve", file.string(), "--listen",
                                       "tcp:127.0.0.1:0", "--png", png_.string()};
        words.insert(words.end(), options.begin(), options.end());
        return start(std::move(words), log_);
      }()) {
  const bool with_tls = std::ranges::find(options, "--tls-listen") != options.end();
  port_ = listening_port(log_, process_);
  if (with_tls) tls_port_ = listening_port(log_, process_, "listening with TLS on tcp:127.0.0.1:");
  uri_ = fmt::format("spice://127.0.0.1:{}", port_);
}

std::string Served::output() const {
  return fs::exists(log_) ? std::string(as_text(read_bytes(log_))) : std::string();
}
std::string Served::interrupt() {
  process_.interrupt();
  return wait();
}
std::string Served::wait() {
  INFO(output());
  REQUIRE(process_.wait(std::chrono::seconds(60)));
  return output();
}
image::Pixmap Served::screen() const {
  return value(image::decode_png(read_bytes(png_)));
}

std::string scenario_of(const std::string& workload, const std::string& server) {
  return fmt::format(
      "name = \"{0}\"\nseed = 1\nseconds = 1\n[guest]\nworkload = \"{0}\"\n[server]\n{1}\n",
      workload, server);
}

image::Pixmap read_ppm(const fs::path& file) {
  const Bytes bytes = read_bytes(file);
  std::istringstream in{std::string(as_text(bytes))};
  std::string magic;
  std::uint32_t width = 0, height = 0, most = 0;
  in >> magic >> width >> height >> most;
  REQUIRE(magic == "P6");
  REQUIRE(most == 255);
  const auto start = static_cast<std::size_t>(in.tellg()) + 1;
  REQUIRE(bytes.size() >= start + std::size_t{3} * width * height);
  Bytes pixels;
  for (std::size_t i = 0; i < std::size_t{width} * height; ++i) {
    const std::byte* rgb = bytes.data() + start + 3 * i;
    pixels.insert(pixels.end(), {rgb[2], rgb[1], rgb[0], std::byte{0}});
  }
  return {width, height, wire::display::surface_32_xrgb, 4 * width, SharedBytes(std::move(pixels))};
}

std::string difference(const image::Pixmap& expected, const image::Pixmap& found) {
  const image::PixelView a = expected.view(), b = found.view();
  if (a.width != b.width || a.height != b.height)
    return fmt::format("{} x {}, not {} x {}", b.width, b.height, a.width, a.height);
  for (std::uint32_t y = 0; y < a.height; ++y)
    for (std::uint32_t x = 0; x < a.width; ++x) {
      const auto pixel = [x, y](const image::PixelView& view) {
        return load_little_endian(view.row(y) + std::size_t{4} * x, 4) & 0xff'ffff;
      };
      if (pixel(a) != pixel(b))
        return fmt::format("pixel {}, {} is {:06x}, not {:06x}", x, y, pixel(b), pixel(a));
    }
  return {};
}

}  // namespace spicebench::test
