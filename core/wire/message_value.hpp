// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/message.hpp"
#include "core/world/peer.hpp"

namespace spicebench::wire {

// A message on a value link (device link, user link).
struct MessageValue final : Value {
  explicit MessageValue(AnyMessage m) : message(std::move(m)) {}
  AnyMessage message;
};
template <Message T>
ValuePtr value_of(T message) {
  return std::make_shared<const MessageValue>(AnyMessage::of(std::move(message)));
}
// The message in a value. Precondition: the value was made by value_of.
inline const AnyMessage& message_in(const Value& value) {
  return static_cast<const MessageValue&>(value).message;
}

}  // namespace spicebench::wire
