// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/qemu.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <fstream>

#include "qxl-model/qtest/pc_interrupts.hpp"
#include "replayer/cli/write_file.hpp"

namespace spicebench::cli {
namespace {

constexpr std::chrono::milliseconds patience{20'000};

// Firmware that halts the processor at once: `hlt` everywhere, and at the reset vector
// `cli; hlt; jmp` back to the hlt.
Bytes halting_firmware() {
  Bytes image(65536, std::byte{0xf4});
  constexpr std::uint8_t reset_vector[] = {0xfa, 0xf4, 0xeb, 0xfd};
  for (std::size_t i = 0; i < std::size(reset_vector); ++i)
    image[0xfff0 + i] = std::byte{reset_vector[i]};
  return image;
}

std::string first_line_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line.empty() ? "it said nothing" : line;
}

}  // namespace

Result<std::string> SocketChannel::receive() {
  return socket_.receive(patience);
}

Result<std::unique_ptr<Qemu>> Qemu::start(const std::string& program,
                                          const qxl::MachineOptions& options) {
  TemporaryFolder folder = TRY(TemporaryFolder::make());
  const auto in_folder = [&](const char* name) { return (folder.path() / name).string(); };
  CHECKED(write_file(in_folder("halt.bin"), halting_firmware()));
  live::LineListener listener = TRY(live::LineListener::at(in_folder("qtest")));
  const std::string device = fmt::format(
      "qxl-vga,addr=2,ram_size_mb={},vram_size_mb={},vram64_size_mb={},vgamem_mb={},"
      "max_outputs={},revision={},surfaces={},xres={},yres={}",
      options.ram_mb, options.vram_mb, std::max(options.vram64_mb, options.vram_mb),
      options.vgamem_mb, options.max_outputs, options.revision, options.surfaces, options.xres,
      options.yres);
  // Without compression, streams or lossy images, so that only drawing is compared.
  const std::string spice = fmt::format(
      "unix=on,addr={},disable-ticketing=on,image-compression=off,jpeg-wan-compression=never,"
      "zlib-glz-wan-compression=never,streaming-video=off",
      in_folder("spice"));
  auto process =
      TRY(live::ChildProcess::start({program,
                                     "-machine",
                                     "pc",
                                     "-accel",
                                     "tcg",
                                     "-m",
                                     "64",
                                     "-bios",
                                     in_folder("halt.bin"),
                                     "-display",
                                     "none",
                                     "-nodefaults",
                                     "-device",
                                     device,
                                     "-spice",
                                     spice,
                                     "-qtest",
                                     "unix:" + in_folder("qtest"),
                                     "-qmp",
                                     fmt::format("unix:{},server=on,wait=off", in_folder("qmp")),
                                     "-qtest-log",
                                     "/dev/null"},
                                    in_folder("log")));
  auto socket = listener.accept(patience);
  if (!socket)
    return fail(ErrorCode::io, fmt::format("{} does not connect to its qtest socket: {}", program,
                                           first_line_of(in_folder("log"))));
  std::unique_ptr<Qemu> qemu(new Qemu(std::move(folder), std::move(process), std::move(*socket)));
  CHECKED(qxl::route_interrupts(qemu->qtest()));
  return qemu;
}

}  // namespace spicebench::cli
