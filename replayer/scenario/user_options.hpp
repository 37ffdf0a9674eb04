// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace spicebench::replayer {

enum class UserAction : std::uint8_t {
  move,        // to (x, y), in `count` equal parts
  move_by,     // by (dx, dy), `count` times
  click,       // `button` down and up, `count` times
  press,       // `button`, or `key` if one is given
  release,     // the same
  key,         // `key` down and up, `count` times
  type,        // the keys of `text`, one after another
  locks,       // the user's lock keys become `modifiers`
  disconnect,  // the user ends the session
  copy,        // `text`, for the guest to paste
  uncopy,      // what was copied is gone
  paste,       // what the guest copied
  send_file,   // named `file`, with `text` in it, or `size` bytes
  resize,      // the window of display `display` to `width` x `height`
  write_port,  // `text`, or `size` bytes, to the port channel number `port`
};

// One step of a user. Whatever a step does several times it does `each_ms` apart; what goes down
// comes up again after half of that.
struct UserStep {
  std::uint32_t at_ms = 0;  // after the beginning of the run
  UserAction action = UserAction::move;
  std::uint32_t x = 0, y = 0;
  std::int32_t dx = 0, dy = 0;
  std::uint32_t count = 1;
  std::uint32_t each_ms = 60;
  std::uint8_t button = 1;  // wire::inputs::Button
  std::string key;          // a name of keys.hpp
  std::string text;
  std::uint16_t modifiers = 0;  // wire::inputs::KeyboardModifiers
  std::string file;
  std::uint32_t size = 0, width = 0, height = 0, display = 0;
  std::uint8_t port = 0;
  bool operator==(const UserStep&) const = default;
};

struct UserOptions {
  std::vector<UserStep> steps;
  std::uint32_t jitter_ms = 0;  // each event comes up to so much later, by the seed; order is kept
  bool operator==(const UserOptions&) const = default;
};

nlohmann::json to_json(const UserOptions& options);
// Errors: malformed, out_of_range; the path names the step and the key: "steps[3].button".
Result<UserOptions> user_options_from_json(const nlohmann::json& json);

}  // namespace spicebench::replayer
