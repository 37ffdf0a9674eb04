// SPDX-License-Identifier: LGPL-2.1-or-later
#include <exception>
#include <string>
#include <variant>

#include "core/live/process.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/verbs.hpp"

int main(int argc, char** argv) {
  using namespace spicebench;
  live::ignore_broken_pipes();
  try {
    const cli::Command command = cli::parse_command_line(argc, argv);
    const int code = std::visit([](const auto& verb) { return cli::perform(verb); }, command);
    return cli::finish(code);
  } catch (const std::exception& exception) {  // our own mistake, or no memory
    cli::complain("", std::string("internal error: ") + exception.what());
    return cli::exit_internal;
  }
}
