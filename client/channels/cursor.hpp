// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>

#include "client/channel.hpp"
#include "client/connection.hpp"
#include "client/status.hpp"
#include "core/wire/cursor_channel.hpp"

namespace spicebench::client {

// A cursor channel (protocol.md §4.5, §9.6): the guest's pointer and the shapes to keep.
enum class CursorState : std::uint8_t { start, ready };
class Cursor final : public TableChannel<Cursor, CursorState> {
 public:
  // Twice what the server's own model holds: only a lying server gets there.
  static constexpr std::size_t most_cached = 512;

  explicit Cursor(Connection&) {}  // made like every channel; it sends nothing
  static const Table& table();
  const CursorStatus& status() const { return status_; }

  Result<CursorState> init(const wire::cursor::Init& message);
  Result<CursorState> reset(const wire::cursor::Reset& message);
  Result<CursorState> set(const wire::cursor::Set& message);
  Result<CursorState> move(const wire::cursor::Move& message);
  Result<CursorState> hide(const wire::cursor::Hide& message);
  Result<CursorState> trail(const wire::cursor::Trail& message);
  Result<CursorState> inval_one(const wire::cursor::InvalOne& message);
  Result<CursorState> inval_all(const wire::cursor::InvalAll& message);

 private:
  Result<void> show(const wire::cursor::Cursor& cursor, bool visible);
  Result<void> keep(const image::CursorShape& shape);
  void forget_all();

  CursorStatus status_;
  std::map<std::uint64_t, image::CursorShape> cache_;
};

}  // namespace spicebench::client
