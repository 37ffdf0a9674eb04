// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/channels/cursor.hpp"

#include <fmt/format.h>

namespace spicebench::client {

using namespace wire::cursor;
using State = CursorState;

const Cursor::Table& Cursor::table() {
  static constexpr Table::Row rows[] = {
      state_row<&Cursor::init>(State::start, State::ready),
      state_row<&Cursor::reset>({State::start, State::ready}, State::start),
      state_row<&Cursor::set>(State::ready, State::ready),
      state_row<&Cursor::move>(State::ready, State::ready),
      state_row<&Cursor::hide>(State::start, State::start),
      state_row<&Cursor::hide>(State::ready, State::ready),
      state_row<&Cursor::trail>(State::ready, State::ready),
      state_row<&Cursor::inval_one>(State::ready, State::ready),
      state_row<&Cursor::inval_all>(State::start, State::start),
      state_row<&Cursor::inval_all>(State::ready, State::ready),
  };
  static constexpr std::string_view names[] = {"start", "ready"};
  static constexpr Table table("cursor", names, rows);
  return table;
}

void Cursor::forget_all() {
  cache_.clear();
  status_.cached = 0;
}

Result<void> Cursor::keep(const image::CursorShape& shape) {
  if (cache_.size() >= most_cached && !cache_.contains(shape.unique))
    return fail(ErrorCode::out_of_range, fmt::format("more than {} cached shapes", most_cached), 0,
                "header.unique");
  cache_.insert_or_assign(shape.unique, shape);
  status_.cached = cache_.size();
  return {};
}

Result<void> Cursor::show(const wire::cursor::Cursor& cursor, bool visible) {
  if ((cursor.flags & cursor_none) != 0 || !cursor.header) {
    status_.shape.reset();
    status_.visible = false;
    return {};
  }
  if ((cursor.flags & cursor_from_cache) != 0) {
    const auto cached = cache_.find(cursor.header->unique);
    if (cached == cache_.end())
      return fail(ErrorCode::not_found,
                  fmt::format("shape {:#x} is not in the cache", cursor.header->unique), 0,
                  "header.unique");
    status_.shape = cached->second;
  } else {
    status_.shape = TRY(image::decode_cursor(*cursor.header, cursor.data));
    if ((cursor.flags & cursor_cache_me) != 0) CHECKED(keep(*status_.shape));
  }
  status_.visible = visible;
  return {};
}

Result<State> Cursor::init(const Init& message) {
  forget_all();
  status_.x = message.position.x;
  status_.y = message.position.y;
  auto shown = show(message.cursor, message.visible != 0);
  if (!shown) return std::unexpected(std::move(shown.error()).within("cursor"));
  return State::ready;
}

Result<State> Cursor::set(const Set& message) {
  status_.x = message.position.x;
  status_.y = message.position.y;
  auto shown = show(message.cursor, message.visible != 0);
  if (!shown) return std::unexpected(std::move(shown.error()).within("cursor"));
  return State::ready;
}

Result<State> Cursor::move(const Move& message) {
  status_.x = message.position.x;
  status_.y = message.position.y;
  status_.visible = status_.shape.has_value();
  return State::ready;
}

Result<State> Cursor::hide(const Hide&) {
  status_.visible = false;
  return state();
}

Result<State> Cursor::trail(const Trail&) {
  return State::ready;  // informational
}

Result<State> Cursor::reset(const Reset&) {
  forget_all();
  status_.shape.reset();
  status_.visible = false;
  return State::start;
}

Result<State> Cursor::inval_one(const InvalOne& message) {
  cache_.erase(message.id);
  status_.cached = cache_.size();
  return State::ready;
}

Result<State> Cursor::inval_all(const InvalAll&) {
  forget_all();
  return state();
}

}  // namespace spicebench::client
