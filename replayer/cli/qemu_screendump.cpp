// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "replayer/cli/qemu.hpp"

// QEMU's control protocol (QMP), as far as a screendump needs it.
namespace spicebench::cli {
namespace {

constexpr std::chrono::milliseconds patience{20'000};
constexpr std::uint32_t longest_side = 16384;

Result<void> ask(live::LineSocket& control, const nlohmann::json& command) {
  CHECKED(control.send(command.dump()));
  for (;;) {
    const std::string line = TRY(control.receive(patience));
    const auto answer = nlohmann::json::parse(line, nullptr, false);
    if (answer.contains("return")) return {};
    if (answer.contains("error")) return fail(ErrorCode::io, "QEMU: " + answer["error"].dump());
  }
}

// "P6 WIDTH HEIGHT 255", one byte of space, then three bytes a pixel.
Result<replayer::RealScreen> picture_in(const std::string& ppm) {
  std::istringstream in(ppm);
  std::string magic;
  unsigned most = 0;
  replayer::RealScreen out;
  in >> magic >> out.width >> out.height >> most;
  in.get();
  if (!in || magic != "P6" || most != 255 || out.width > longest_side || out.height > longest_side)
    return fail(ErrorCode::malformed, "no PPM picture of 8 bits a colour");
  const std::size_t pixels = std::size_t{out.width} * out.height;
  const auto start = static_cast<std::size_t>(in.tellg());
  if (ppm.size() < start + 3 * pixels) return fail(ErrorCode::truncated, "a PPM picture");
  for (std::size_t i = 0; i < pixels; ++i) {
    const auto part = [&](std::size_t k) {
      return std::uint32_t{static_cast<unsigned char>(ppm[start + 3 * i + k])};
    };
    out.pixels.push_back(part(0) << 16 | part(1) << 8 | part(2));
  }
  return out;
}

}  // namespace

Result<replayer::RealScreen> Qemu::screendump() {
  if (!control_) {
    control_ = TRY(live::LineSocket::connect(folder_.path() / "qmp"));
    CHECKED(control_->receive(patience));  // the greeting
    CHECKED(ask(*control_, {{"execute", "qmp_capabilities"}}));
  }
  const auto file = folder_.path() / "screen.ppm";
  CHECKED(
      ask(*control_, {{"execute", "screendump"}, {"arguments", {{"filename", file.string()}}}}));
  std::ostringstream content;
  content << std::ifstream(file, std::ios::binary).rdbuf();
  return picture_in(content.str());
}

}  // namespace spicebench::cli
