// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace spicebench::replayer {

// A key of a US keyboard as PC-AT set-1 make code; extended keys have 0xe0 in the low byte and the
// code in the next one, as inputs::KeyDown carries them.
struct KeyStroke {
  std::uint32_t code = 0;
  bool shift = false;  // held while the key is struck
};
constexpr std::uint32_t left_shift_code = 0x2a;

// The stroke that types an ASCII character (newline: enter, tab too). Nothing: no key has it.
std::optional<KeyStroke> stroke_of(char character);
// The code of a named key: "enter", "left", "f1", "ctrl" …, or of a single character.
std::optional<std::uint32_t> key_named(std::string_view name);

}  // namespace spicebench::replayer
