// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace spicebench::cli {

enum ExitCode : int {
  exit_as_expected = 0,
  exit_difference = 1,  // a difference or finding
  exit_unusable = 2,    // usage, or input that cannot be read
  exit_internal = 3,
};

// Writes to standard output. Once a write has failed nothing more is written: `false` tells a long
// listing to stop. A reader that went away is no error; see finish().
bool print(std::string_view text);
// What was printed so far is to be read now.
void flush();
// Flushes; the exit code of the program if the verb's was `code`: unusable if the output could not
// be written (a full disk), though not if its reader went away.
int finish(int code);

// One line on standard error: "spicebench VERB: TEXT".
void complain(std::string_view verb, std::string_view text);
// The same for an error, whose text names its file, or `subject` does; returns the exit code.
int fail_with(std::string_view verb, const Error& error, std::string_view subject = {});

// Text in a colour if standard output is a terminal that wants it.
std::string good(std::string_view text);
std::string bad(std::string_view text);
std::string faint(std::string_view text);

}  // namespace spicebench::cli
