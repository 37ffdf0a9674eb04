// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cassert>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "core/base/result.hpp"

namespace spicebench {

// A set of states: of an enum whose values are 0 … 31.
template <class State>
class StateSet {
 public:
  constexpr StateSet(State only) : bits_(bit(only)) {}  // NOLINT: a state is a set of one
  constexpr StateSet(std::initializer_list<State> states) {
    for (const State state : states) bits_ |= bit(state);
  }
  constexpr bool contains(State state) const { return (bits_ & bit(state)) != 0; }
  constexpr std::uint32_t bits() const { return bits_; }

 private:
  static constexpr std::uint32_t bit(State state) {
    return std::uint32_t{1} << static_cast<std::uint32_t>(state);
  }
  std::uint32_t bits_ = 0;
};

// One rule: in any of these states this message may come, this handler takes it, and one of these
// states follows. `Key` names a message; what is handled carries its own as T::message.
template <class Machine, class State, class Key>
struct StateRow {
  StateSet<State> in;
  Key message;
  Result<State> (*handle)(Machine& machine, const void* message);
  StateSet<State> next;
};

namespace detail {
template <class Handler>
struct HandlerTraits;
template <class M, class S, class T>
struct HandlerTraits<Result<S> (M::*)(const T&)> {
  using Machine = M;
  using State = S;
  using Message = T;
};
}  // namespace detail

// A row from a member handler `Result<State> Machine::f(const Message&)`.
template <auto handler>
constexpr auto state_row(StateSet<typename detail::HandlerTraits<decltype(handler)>::State> in,
                         StateSet<typename detail::HandlerTraits<decltype(handler)>::State> next) {
  using Traits = detail::HandlerTraits<decltype(handler)>;
  using Machine = typename Traits::Machine;
  using State = typename Traits::State;
  using Message = typename Traits::Message;
  using Key = std::remove_cvref_t<decltype(Message::message)>;
  return StateRow<Machine, State, Key>{
      in, Message::message,
      [](Machine& machine, const void* message) {
        return (machine.*handler)(*static_cast<const Message*>(message));
      },
      next};
}

// The state machine of one channel, as data: what is not in the table is out of order. Tests,
// coverage and the inspector walk rows(); the machine itself keeps its current state.
//
//   enum class State { start, ready };
//   constexpr StateRow<Cursor, State, MessageKey> cursor_rows[] = {
//       state_row<&Cursor::init>(State::start, State::ready),
//       state_row<&Cursor::set>(State::ready, State::ready),
//   };
//   constexpr std::string_view state_names[] = {"start", "ready"};
//   constexpr StateTable cursor_table("cursor", state_names, cursor_rows);
template <class Machine, class State, class Key>
class StateTable {
 public:
  using Row = StateRow<Machine, State, Key>;

  template <std::size_t S, std::size_t R>
  constexpr StateTable(std::string_view name, const std::string_view (&state_names)[S],
                       const Row (&rows)[R])
      : name_(name), state_names_(state_names), rows_(rows) {}

  // Handles `message`, which must be of the type that `key` names. Errors: out_of_order, naming
  // channel, state and message; or the handler's own.
  Result<State> dispatch(Machine& machine, State state, const Key& key, const void* message,
                         std::string_view message_name) const {
    const Row* row = find(state, key);
    if (!row) [[unlikely]]
      return fail(ErrorCode::out_of_order, std::string(name_) + ": " + std::string(message_name) +
                                               " is not allowed in state " +
                                               std::string(name_of(state)));
    Result<State> next = row->handle(machine, message);
    assert(!next || row->next.contains(*next));
    return next;
  }
  const Row* find(State state, const Key& key) const {
    for (const Row& row : rows_)
      if (row.message == key && row.in.contains(state)) return &row;
    return nullptr;
  }
  // Whether any state takes this message.
  bool knows(const Key& key) const {
    for (const Row& row : rows_)
      if (row.message == key) return true;
    return false;
  }
  std::span<const Row> rows() const { return rows_; }
  std::string_view name() const { return name_; }
  std::span<const std::string_view> state_names() const { return state_names_; }
  std::string_view name_of(State state) const {
    return state_names_[static_cast<std::size_t>(state)];
  }

 private:
  std::string_view name_;
  std::span<const std::string_view> state_names_;
  std::span<const Row> rows_;
};

}  // namespace spicebench
