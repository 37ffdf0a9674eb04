// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace spicebench::live {

struct ProcessResult {
  int exit_code = 0;   // 128 + signal if it was killed
  std::string output;  // all of its standard output
};
using Environment = std::vector<std::pair<std::string, std::string>>;

// Runs this very program again with other arguments (argv[0] not among them) and waits for it.
// `environment` is added to our own; standard error is shared.
//   errors  io: the system could not start or read it
Result<ProcessResult> run_self(const std::vector<std::string>& arguments,
                               const Environment& environment = {});

// Another program that runs beside us. Ends with its owner, at the latest.
class ChildProcess {
 public:
  // words[0] is looked for in PATH. Its input is empty; both its outputs go into the file `output`.
  //   errors  io: not found, not started
  static Result<ChildProcess> start(std::vector<std::string> words,
                                    const std::filesystem::path& output);
  ChildProcess(ChildProcess&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  ChildProcess& operator=(ChildProcess&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~ChildProcess();
  bool running();
  int id() const { return id_; }
  void interrupt();  // as Ctrl+C does
  // Waits until it has ended by itself. False: not within so long.
  bool wait(std::chrono::milliseconds longest);

 private:
  explicit ChildProcess(int id) : id_(id) {}
  int id_;  // 0: ended
};

// Whether a program of this name is in PATH.
bool is_installed(std::string_view program);

// Leaves the processor to others for so long.
void pause(std::chrono::milliseconds time);

// Writing to a pipe that nobody reads becomes an error of that write instead of the end of the
// process.
void ignore_broken_pipes();

}  // namespace spicebench::live
