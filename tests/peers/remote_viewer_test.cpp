// SPDX-License-Identifier: LGPL-2.1-or-later
// The client that users have, in a window.
#include <catch2/catch.hpp>

#include "core/image/png.hpp"
#include "tests/peers/support.hpp"

using namespace spicebench;
using namespace spicebench::test;

namespace {

std::uint32_t pixel(const image::Pixmap& picture, std::uint32_t x, std::uint32_t y) {
  const std::byte* at = picture.view().row(y) + std::size_t{4} * x;
  return static_cast<std::uint32_t>(load_little_endian(at, 3));
}

// Whether the part lies in the whole with its top left corner there, every pixel.
bool lies_at(const image::Pixmap& whole, const image::Pixmap& part, std::uint32_t left,
             std::uint32_t top) {
  for (std::uint32_t y = 0; y < part.height; ++y)
    for (std::uint32_t x = 0; x < part.width; ++x)
      if (pixel(whole, left + x, top + y) != pixel(part, x, y)) return false;
  return true;
}
bool lies_in(const image::Pixmap& whole, const image::Pixmap& part) {
  for (std::uint32_t top = 0; top + part.height <= whole.height; ++top)
    for (std::uint32_t left = 0; left + part.width <= whole.width; ++left)
      if (lies_at(whole, part, left, top)) return true;
  return false;
}

}  // namespace

TEST_CASE("remote-viewer shows the guest's screen in its window, every pixel", "[peer][viewer]") {
  for (const char* program : {"Xvfb", "remote-viewer", "import"})
    if (!has_program(program)) return;
  const Scratch scratch;
  const fs::path display_log = scratch / "display.log";
  auto screen = value(live::ChildProcess::start(
      {"Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"},
      display_log));
  std::string number;
  for (int i = 0; i < 500 && number.find('\n') == std::string::npos; ++i) {
    live::pause(std::chrono::milliseconds(10));
    if (fs::exists(display_log)) number = as_text(read_bytes(display_log));
    if (const auto line = number.find_first_of("0123456789"); line != std::string::npos)
      number = number.substr(line);
  }
  const std::string display = "DISPLAY=:" + number.substr(0, number.find('\n'));

  Served served(scratch, scenario_of("office"), {"--once"});
  auto viewer = value(live::ChildProcess::start(
      {"env", display, "GDK_BACKEND=x11", "NO_AT_BRIDGE=1", "remote-viewer", served.uri()},
      scratch / "viewer.log"));
  // Until its window is there and the guest has been quiet for long.
  live::pause(std::chrono::seconds(4));
  const fs::path file = scratch / "shot.png";
  const auto taken = run(scratch, {"env", display, "import", "-window", "root", file.string()});
  INFO(taken.output);
  viewer.interrupt();
  viewer.wait(std::chrono::seconds(20));
  served.wait();
  screen.interrupt();
  screen.wait(std::chrono::seconds(10));
  CHECK(lies_in(value(image::decode_png(read_bytes(file))), served.screen()));
}
