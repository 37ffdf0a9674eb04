// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/live/line_socket.hpp"
#include "core/live/process.hpp"
#include "qxl-model/machine_options.hpp"
#include "qxl-model/qtest/qtest.hpp"
#include "replayer/cli/temporary_folder.hpp"
#include "replayer/conform/real_screen.hpp"

namespace spicebench::cli {

// Lines over a UNIX socket, for Qtest.
class SocketChannel final : public qxl::LineChannel {
 public:
  explicit SocketChannel(live::LineSocket socket) : socket_(std::move(socket)) {}
  Result<void> send(std::string_view line) override { return socket_.send(line); }
  Result<std::string> receive() override;

 private:
  live::LineSocket socket_;
};

// QEMU with a QXL device as our model has it, and a processor that halts: whoever holds the qtest
// socket is the guest. Ends with its owner.
class Qemu {
 public:
  //   program  name or path of qemu-system-x86_64
  //   errors   io, with what QEMU said
  static Result<std::unique_ptr<Qemu>> start(const std::string& program,
                                             const qxl::MachineOptions& options);
  qxl::Qtest& qtest() { return qtest_; }
  // What its display shows now, brought up to date before.
  //   errors  io, malformed
  Result<replayer::RealScreen> screendump();

 private:
  Qemu(TemporaryFolder folder, live::ChildProcess process, live::LineSocket socket)
      : folder_(std::move(folder)),
        process_(std::move(process)),
        channel_(std::move(socket)),
        qtest_(channel_) {}

  TemporaryFolder folder_;
  live::ChildProcess process_;
  std::optional<live::LineSocket> control_;  // QMP, once it was needed
  SocketChannel channel_;
  qxl::Qtest qtest_;
};

}  // namespace spicebench::cli
