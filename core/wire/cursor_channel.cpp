// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/cursor_channel.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/describe.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace cursor {

std::optional<std::uint64_t> shape_bytes(const CursorHeader& shape) {
  const std::uint64_t w = shape.width, h = shape.height, mask = (w * h + 7) / 8;
  switch (static_cast<CursorType>(shape.type)) {
    case CursorType::alpha:
      return 4 * w * h;
    case CursorType::mono:
      return 2 * ((w + 7) / 8) * h;
    case CursorType::color4:
      return (w + 1) / 2 * h + 64 + mask;
    case CursorType::color8:
      return w * h + 1024 + mask;
    case CursorType::color16:
      return 2 * w * h + mask;
    case CursorType::color24:
      return 3 * w * h + mask;
    case CursorType::color32:
      return 4 * w * h + mask;
  }
  return std::nullopt;
}

namespace {

constexpr Name cursor_flag_entries[] = {
    {cursor_none, "none"}, {cursor_cache_me, "cache_me"}, {cursor_from_cache, "from_cache"}};
constexpr Names cursor_flag_names{true, cursor_flag_entries};
constexpr Name cursor_type_entries[] = {
    {0, "alpha"},   {1, "mono"},    {2, "color4"},  {3, "color8"},
    {4, "color16"}, {5, "color24"}, {6, "color32"},
};
constexpr Names cursor_type_names{false, cursor_type_entries};

bool has_data(const Cursor& cursor) {
  return cursor.header && (cursor.flags & cursor_from_cache) == 0;
}
std::string check_cursor(const Scope& scope) {
  const auto& cursor = scope.as<Cursor>();
  if (!cursor.header) return {};
  const CursorHeader& header = *cursor.header;
  if (header.hot_spot_x >= header.width || header.hot_spot_y >= header.height)
    return "the hot spot is outside the shape";
  if (has_data(cursor) && cursor.data.size() < shape_bytes(header).value_or(0))
    return fmt::format("{} bytes of data, at least {}", cursor.data.size(), *shape_bytes(header));
  return {};
}
void settle_cursor(void* object, const Scope*, Choices& choices) {
  auto& cursor = *static_cast<Cursor*>(object);
  cursor.data = {};
  if (!cursor.header) return;
  cursor.header->hot_spot_x %= cursor.header->width;
  cursor.header->hot_spot_y %= cursor.header->height;
  if (!has_data(cursor)) return;
  Bytes data(shape_bytes(*cursor.header).value_or(0));
  for (std::byte& byte : data) byte = static_cast<std::byte>(choices.below(256));
  cursor.data = std::move(data);
}

constexpr Field header_fields[] = {
    scalar(MEMBER(CursorHeader, unique)),
    scalar(MEMBER(CursorHeader, type)).named(cursor_type_names),
    scalar(MEMBER(CursorHeader, width)).limited(1, 1024).usually(1, 9),
    scalar(MEMBER(CursorHeader, height)).limited(1, 1024).usually(1, 4),
    scalar(MEMBER(CursorHeader, hot_spot_x)),
    scalar(MEMBER(CursorHeader, hot_spot_y)),
};
constexpr Layout header_layout = describes<CursorHeader>("cursor_header", header_fields);
constexpr Field cursor_fields[] = {
    scalar(MEMBER(Cursor, flags)).named(cursor_flag_names),
    structure(MEMBER(Cursor, header), header_layout)
        .unless(has_bits(MEMBER(Cursor, flags), cursor_none)),
    bytes(MEMBER(Cursor, data)).to_end(),
};
constexpr Layout cursor_layout =
    describes<Cursor>("cursor", cursor_fields, {check_cursor, settle_cursor});

constexpr Field init_fields[] = {
    structure(MEMBER(Init, position), display::point16_layout),
    scalar(MEMBER(Init, trail_length)),
    scalar(MEMBER(Init, trail_frequency)),
    scalar(MEMBER(Init, visible)),
    structure(MEMBER(Init, cursor), cursor_layout),
};
constexpr Layout init_layout = describes<Init>("init", init_fields);

constexpr Layout reset_layout = describes<Reset>("reset", {});

constexpr Field set_fields[] = {
    structure(MEMBER(Set, position), display::point16_layout),
    scalar(MEMBER(Set, visible)),
    structure(MEMBER(Set, cursor), cursor_layout),
};
constexpr Field move_fields[] = {structure(MEMBER(Move, position), display::point16_layout)};
constexpr Field trail_fields[] = {
    scalar(MEMBER(Trail, length)),
    scalar(MEMBER(Trail, frequency)),
};

}  // namespace

constexpr Layout set_layout = describes<Set>("set", set_fields);
constexpr Layout move_layout = describes<Move>("move", move_fields);
constexpr Layout hide_layout = describes<Hide>("hide", {});
constexpr Layout trail_layout = describes<Trail>("trail", trail_fields);

namespace {

constexpr Field inval_one_fields[] = {scalar(MEMBER(InvalOne, id))};
constexpr Layout inval_one_layout = describes<InvalOne>("inval_one", inval_one_fields);

constexpr Layout inval_all_layout = describes<InvalAll>("inval_all", {});

constexpr MessageInfo rows[] = {
    row<Init>(init_layout),          row<Reset>(reset_layout),        row<Set>(set_layout),
    row<Move>(move_layout),          row<Hide>(hide_layout),          row<Trail>(trail_layout),
    row<InvalOne>(inval_one_layout), row<InvalAll>(inval_all_layout),
};

}  // namespace
}  // namespace cursor

std::span<const MessageInfo> cursor_messages() {
  return cursor::rows;
}

}  // namespace spicebench::wire
