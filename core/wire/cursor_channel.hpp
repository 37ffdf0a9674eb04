// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/display_types.hpp"
#include "core/wire/ids.hpp"

// The cursor channel (protocol.md §4.5).
namespace spicebench::wire::cursor {

using display::Point16;
enum CursorFlags : std::uint16_t { cursor_none = 1, cursor_cache_me = 2, cursor_from_cache = 4 };
enum class CursorType : std::uint8_t {
  alpha = 0,
  mono = 1,
  color4 = 2,
  color8 = 3,
  color16 = 4,
  color24 = 5,
  color32 = 6
};
// Absent on the wire if the cursor's flags have cursor_none.
struct CursorHeader {
  std::uint64_t unique = 0;
  std::uint8_t type = 0;  // CursorType
  std::uint16_t width = 0, height = 0, hot_spot_x = 0, hot_spot_y = 0;
  bool operator==(const CursorHeader&) const = default;
};
// Bytes that a shape's data needs: pixels, palette, mask (protocol.md §4.5.1). Nothing: no such
// type.
std::optional<std::uint64_t> shape_bytes(const CursorHeader& shape);
struct Cursor {
  std::uint16_t flags = cursor_none;
  std::optional<CursorHeader> header;
  SharedBytes data;  // to the end
  bool operator==(const Cursor&) const = default;
};

// Server to client; the client sends only common messages.
struct Init {
  static constexpr MessageKey message{ChannelType::cursor, Side::server, 101};
  Point16 position;
  std::uint16_t trail_length = 0, trail_frequency = 0;
  std::uint8_t visible = 0;
  Cursor cursor;
  bool operator==(const Init&) const = default;
};
struct Reset {
  static constexpr MessageKey message{ChannelType::cursor, Side::server, 102};
  bool operator==(const Reset&) const = default;
};
struct Set {
  static constexpr MessageKey message{ChannelType::cursor, Side::server, 103};
  Point16 position;
  std::uint8_t visible = 0;
  Cursor cursor;
  bool operator==(const Set&) const = default;
};
struct Move {
  static constexpr MessageKey message{ChannelType::cursor, Side::server, 104};
  Point16 position;
  bool operator==(const Move&) const = default;
};
struct Hide {
  static constexpr MessageKey message{ChannelType::cursor, Side::server, 105};
  bool operator==(const Hide&) const = default;
};
struct Trail {
  static constexpr MessageKey message{ChannelType::cursor, Side::server, 106};
  std::uint16_t length = 0, frequency = 0;
  bool operator==(const Trail&) const = default;
};
struct InvalOne {
  static constexpr MessageKey message{ChannelType::cursor, Side::server, 107};
  std::uint64_t id = 0;
  bool operator==(const InvalOne&) const = default;
};
struct InvalAll {
  static constexpr MessageKey message{ChannelType::cursor, Side::server, 108};
  bool operator==(const InvalAll&) const = default;
};

}  // namespace spicebench::wire::cursor
