// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/state_table.hpp"
#include "core/wire/message.hpp"

namespace spicebench::client {

enum class Readiness : std::uint8_t {
  ready,
  wait,          // for other channels, as long as it takes
  wait_briefly,  // for something that a server in order has sent already
};

// What a connection hands the messages of its channel to, once it is up.
class Channel {
 public:
  virtual ~Channel() = default;
  // The link is up: what the client says first.
  virtual void up() {}
  // Whether the message may be handled now. Asked before each handle(), perhaps many times.
  virtual Result<Readiness> readiness(const wire::AnyMessage&) { return Readiness::ready; }
  virtual Result<void> handle(const wire::AnyMessage& message) = 0;
  // The timer that it armed under its link's number.
  virtual void timer_fired() {}
  virtual bool knows(const wire::MessageKey& key) const = 0;
  virtual std::string_view state_name() const = 0;
};

// A channel that is a table: `Self` has `static const Table& table()`.
template <class Self, class State>
class TableChannel : public Channel {
 public:
  using Table = StateTable<Self, State, wire::MessageKey>;
  Result<void> handle(const wire::AnyMessage& message) final {
    const wire::MessageInfo& info = message.info();
    state_ = TRY(Self::table().dispatch(static_cast<Self&>(*this), state_, info.key,
                                        message.object(), info.name));
    return {};
  }
  bool knows(const wire::MessageKey& key) const final { return Self::table().knows(key); }
  std::string_view state_name() const final { return Self::table().name_of(state_); }

 protected:
  State state() const { return state_; }

 private:
  State state_{};
};

}  // namespace spicebench::client
