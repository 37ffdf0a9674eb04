// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "core/base/side.hpp"
#include "core/base/time.hpp"
#include "core/wire/display_types.hpp"
#include "recorder/store/schema.hpp"

namespace spicebench::replayer {

// The first place where two runs, two recordings, or a recording and a peer are not the same:
// replay, diff, run and explore all answer with it.
struct Divergence {
  Instant at{};
  std::string connection;         // "display/0", "device", "user"; empty: of no connection
  std::optional<Side> by;         // whose direction of it
  recorder::MessageId message{};  // its id in the (first) recording; 0: not a message there
  std::uint64_t number = 0;       // counted from 1 in that direction; 0: not a message
  std::string name;               // of the message: "draw_copy"; or what else it is: "screen"
  std::string field;              // path in the message, or of the header: "header.serial"
  std::string expected, found;    // as text
  std::optional<wire::display::Rect> area;  // pixels: the smallest box around what differs

  // "display/0 server message 12 (id 40, 1.5 s): draw_copy base.box.left: expected 3, found 4"
  std::string text() const;
};
nlohmann::json to_json(const Divergence& divergence);

// "1.234567891 s"
std::string seconds_text(Instant at);

}  // namespace spicebench::replayer
