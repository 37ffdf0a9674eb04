// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace spicebench::live {

bool is_terminal(std::FILE* stream);
// On a terminal, unless the user asked for none (NO_COLOR).
bool wants_colour(std::FILE* stream);

// Real time since it was made: for people's eyes only, never for a decision of simulated code.
class Stopwatch {
 public:
  Stopwatch() : begun_(std::chrono::steady_clock::now()) {}
  std::chrono::nanoseconds elapsed() const { return std::chrono::steady_clock::now() - begun_; }

 private:
  std::chrono::steady_clock::time_point begun_;
};

// One line on standard error that is drawn over itself, at most ten times a second; nothing at all
// if standard error is no terminal. The end wipes it.
class ProgressBar {
 public:
  explicit ProgressBar(std::string_view title);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  // Precondition: total > 0.
  void show(std::uint64_t done, std::uint64_t total);
  void wipe();  // before anything else is printed

 private:
  std::string title_;
  bool visible_;
  bool drawn_ = false;
  Stopwatch watch_;
  std::chrono::nanoseconds next_{};
};

}  // namespace spicebench::live
