// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live/terminal.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace spicebench::live {

bool is_terminal(std::FILE* stream) {
  return isatty(fileno(stream)) != 0;
}

bool wants_colour(std::FILE* stream) {
  const char* no_colour = std::getenv("NO_COLOR");
  return is_terminal(stream) && (no_colour == nullptr || *no_colour == '\0');
}

ProgressBar::ProgressBar(std::string_view title) : title_(title), visible_(is_terminal(stderr)) {}

ProgressBar::~ProgressBar() {
  wipe();
}

void ProgressBar::wipe() {
  if (std::exchange(drawn_, false)) std::fputs("\r\033[K", stderr);
}

void ProgressBar::show(std::uint64_t done, std::uint64_t total) {
  if (!visible_ || watch_.elapsed() < next_) return;
  next_ = watch_.elapsed() + std::chrono::milliseconds(100);
  drawn_ = true;
  constexpr std::size_t width = 30;
  const auto percent = static_cast<std::size_t>(std::min(done, total) * 100 / total);
  const std::size_t full = percent * width / 100;
  fmt::print(stderr, "\r{} [{}{}] {:3}%\033[K", title_, std::string(full, '#'),
             std::string(width - full, '.'), percent);
  std::fflush(stderr);
}

}  // namespace spicebench::live
