// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/hex_dump.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spicebench::cli {

std::string hex(BytesView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    text += digits[std::to_integer<std::size_t>(byte >> 4)];
    text += digits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}

std::string hex_dump(BytesView bytes) {
  constexpr std::size_t width = 16;
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += width) {
    const BytesView line = bytes.subspan(at, std::min(width, bytes.size() - at));
    std::string digits, characters;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const auto value = std::to_integer<unsigned>(line[i]);
      digits += fmt::format("{}{:02x}", i == width / 2 ? "  " : " ", value);
      characters += value >= 0x20 && value < 0x7f ? static_cast<char>(value) : '.';
    }
    text += fmt::format("{:08x} {:<{}}  {}\n", at, digits, width * 3 + 1, characters);
  }
  return text;
}

}  // namespace spicebench::cli
