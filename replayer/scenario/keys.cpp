// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/scenario/keys.hpp"

#include <array>
#include <utility>

namespace spicebench::replayer {
namespace {

// Rows of the keyboard: plain and shifted characters of keys whose codes follow one another.
struct Row {
  std::uint32_t first_code;
  std::string_view plain, shifted;
};
constexpr std::array rows = {
    Row{0x02, "1234567890-=", "!@#$%^&*()_+"},
    Row{0x10, "qwertyuiop[]", "QWERTYUIOP{}"},
    Row{0x1e, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
    Row{0x2b, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
    Row{0x39, " ", " "},
    Row{0x1c, "\n", "\n"},
    Row{0x0f, "\t", "\t"},
};

constexpr std::uint32_t extended(std::uint32_t code) {
  return 0xe0 | code << 8;
}
constexpr std::array<std::pair<std::string_view, std::uint32_t>, 40> names = {{
    {"escape", 0x01},
    {"backspace", 0x0e},
    {"tab", 0x0f},
    {"enter", 0x1c},
    {"ctrl", 0x1d},
    {"shift", left_shift_code},
    {"alt", 0x38},
    {"space", 0x39},
    {"caps_lock", 0x3a},
    {"f1", 0x3b},
    {"f2", 0x3c},
    {"f3", 0x3d},
    {"f4", 0x3e},
    {"f5", 0x3f},
    {"f6", 0x40},
    {"f7", 0x41},
    {"f8", 0x42},
    {"f9", 0x43},
    {"f10", 0x44},
    {"num_lock", 0x45},
    {"scroll_lock", 0x46},
    {"f11", 0x57},
    {"f12", 0x58},
    {"right_shift", 0x36},
    {"right_ctrl", extended(0x1d)},
    {"right_alt", extended(0x38)},
    {"home", extended(0x47)},
    {"up", extended(0x48)},
    {"page_up", extended(0x49)},
    {"left", extended(0x4b)},
    {"right", extended(0x4d)},
    {"end", extended(0x4f)},
    {"down", extended(0x50)},
    {"page_down", extended(0x51)},
    {"insert", extended(0x52)},
    {"delete", extended(0x53)},
    {"left_super", extended(0x5b)},
    {"right_super", extended(0x5c)},
    {"menu", extended(0x5d)},
    {"keypad_enter", extended(0x1c)},
}};

}  // namespace

std::optional<KeyStroke> stroke_of(char character) {
  for (const Row& row : rows) {
    if (const auto at = row.plain.find(character); at != std::string_view::npos)
      return KeyStroke{row.first_code + static_cast<std::uint32_t>(at), false};
    if (const auto at = row.shifted.find(character); at != std::string_view::npos)
      return KeyStroke{row.first_code + static_cast<std::uint32_t>(at), true};
  }
  return std::nullopt;
}

std::optional<std::uint32_t> key_named(std::string_view name) {
  for (const auto& [known, code] : names)
    if (known == name) return code;
  if (name.size() != 1) return std::nullopt;
  const auto stroke = stroke_of(name.front());
  return stroke && !stroke->shift ? std::optional(stroke->code) : std::nullopt;
}

}  // namespace spicebench::replayer
