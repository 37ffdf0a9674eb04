// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/console.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/live/terminal.hpp"

namespace spicebench::cli {
namespace {

int output_error = 0;  // errno of the first write that failed

std::string coloured(std::string_view code, std::string_view text) {
  if (!live::wants_colour(stdout)) return std::string(text);
  return fmt::format("\033[{}m{}\033[0m", code, text);
}

}  // namespace

bool print(std::string_view text) {
  if (output_error != 0) return false;
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) output_error = errno;
  return output_error == 0;
}

void flush() {
  if (std::fflush(stdout) != 0 && output_error == 0) output_error = errno;
}

int finish(int code) {
  errno = 0;
  if (output_error == 0 && std::fflush(stdout) != 0) output_error = errno;
  if (output_error == 0 || output_error == EPIPE) return code;
  complain("", fmt::format("standard output: {}", std::strerror(output_error)));
  return exit_unusable;
}

void complain(std::string_view verb, std::string_view text) {
  std::fflush(stdout);
  fmt::print(stderr, "spicebench{}{}: {}\n", verb.empty() ? "" : " ", verb, text);
}

int fail_with(std::string_view verb, const Error& error, std::string_view subject) {
  std::string text = error.detail;
  if (!error.path.empty()) text = fmt::format("{}: {}", error.path, text);
  if (error.offset > 0) text += fmt::format(" (at byte {})", error.offset);
  const bool named = subject.empty() || text.find(subject) != std::string::npos;
  complain(verb, named ? text : fmt::format("{}: {}", subject, text));
  return error.code == ErrorCode::internal ? exit_internal : exit_unusable;
}

std::string good(std::string_view text) {
  return coloured("32", text);
}
std::string bad(std::string_view text) {
  return coloured("31", text);
}
std::string faint(std::string_view text) {
  return coloured("2", text);
}

}  // namespace spicebench::cli
