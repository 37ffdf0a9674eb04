// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/qtest/qtest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace spicebench::qxl {
namespace {

// The letter that names a width.
char letter_of(std::uint8_t width) {
  return width == 1 ? 'b' : width == 2 ? 'w' : 'l';
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

std::string hex_of(BytesView bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const std::byte byte : bytes) {
    out += digits[std::to_integer<unsigned>(byte >> 4)];
    out += digits[std::to_integer<unsigned>(byte & std::byte{15})];
  }
  return out;
}

}  // namespace

Result<void> Qtest::note_interrupt(std::string_view line) {
  const bool raise = line.starts_with("IRQ raise ");
  if (!raise && !line.starts_with("IRQ lower ")) return {};
  const std::string_view digits = line.substr(10);
  unsigned number = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc())
    return fail(ErrorCode::malformed, fmt::format("\"{}\"", line), 0, "qtest");
  if (raise)
    raised_.insert(number);
  else
    raised_.erase(number);
  return {};
}

Result<std::string> Qtest::ask(const std::string& request) {
  CHECKED(channel_.send(request));
  for (;;) {
    std::string answer = TRY(channel_.receive());
    if (answer.starts_with("IRQ ")) {
      CHECKED(note_interrupt(answer));
    } else if (answer == "OK" || answer.starts_with("OK ")) {
      return answer.substr(std::min<std::size_t>(answer.size(), 3));
    } else {
      return fail(ErrorCode::malformed,
                  fmt::format("\"{}\" was answered \"{}\"", request.substr(0, 80), answer), 0,
                  "qtest");
    }
  }
}

Result<void> Qtest::watch_interrupts() {
  CHECKED(ask("irq_intercept_in ioapic"));
  return {};
}

Result<void> Qtest::out(std::uint16_t port, std::uint32_t value, std::uint8_t width) {
  CHECKED(ask(fmt::format("out{} {:#x} {:#x}", letter_of(width), port, value)));
  return {};
}

Result<std::uint32_t> Qtest::in(std::uint16_t port, std::uint8_t width) {
  const std::string answer = TRY(ask(fmt::format("in{} {:#x}", letter_of(width), port)));
  std::uint32_t value = 0;
  const std::string_view digits =
      answer.starts_with("0x") ? std::string_view(answer).substr(2) : std::string_view(answer);
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size())
    return fail(ErrorCode::malformed, fmt::format("\"{}\" is no number", answer), 0, "qtest");
  return value;
}

Result<void> Qtest::write(std::uint64_t address, BytesView from) {
  if (from.empty()) return {};
  CHECKED(ask(fmt::format("write {:#x} {:#x} 0x{}", address, from.size(), hex_of(from))));
  return {};
}

Result<void> Qtest::read(std::uint64_t address, std::span<std::byte> to) {
  if (to.empty()) return {};
  const std::string answer = TRY(ask(fmt::format("read {:#x} {:#x}", address, to.size())));
  if (answer.size() != 2 + 2 * to.size() || !answer.starts_with("0x"))
    return fail(ErrorCode::malformed,
                fmt::format("{} characters for {} bytes", answer.size(), to.size()), 0, "qtest");
  for (std::size_t i = 0; i < to.size(); ++i) {
    const int high = digit_of(answer[2 + 2 * i]), low = digit_of(answer[3 + 2 * i]);
    if (high < 0 || low < 0)
      return fail(ErrorCode::malformed, fmt::format("byte {} is no hexadecimal number", i), 0,
                  "qtest");
    to[i] = static_cast<std::byte>(high << 4 | low);
  }
  return {};
}

}  // namespace spicebench::qxl
