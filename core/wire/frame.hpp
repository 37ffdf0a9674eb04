// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/wire/message.hpp"

namespace spicebench::wire {

constexpr std::size_t mini_header_bytes = 6, full_header_bytes = 18;

// Writes the header of a message (protocol.md §2.1) whose body `frame` already holds behind the
// room for it.
inline void write_header(Bytes& frame, bool mini, std::uint16_t type, std::uint64_t serial,
                         std::uint32_t sub_list = 0) {
  if (mini) {
    store_little_endian(frame.data(), type, 2);
    store_little_endian(frame.data() + 2, frame.size() - mini_header_bytes, 4);
    return;
  }
  store_little_endian(frame.data(), serial, 8);
  store_little_endian(frame.data() + 8, type, 2);
  store_little_endian(frame.data() + 10, frame.size() - full_header_bytes, 4);
  store_little_endian(frame.data() + 14, sub_list, 4);
}

// A whole message as it is sent: header and body. `serial` counts the sender's messages from 1.
template <Message T>
Bytes frame_of(const T& message, bool mini, std::uint64_t serial, const Context& context = {}) {
  Bytes frame(mini ? mini_header_bytes : full_header_bytes);
  encode(message, frame, context);
  write_header(frame, mini, T::message.id, serial);
  return frame;
}

}  // namespace spicebench::wire
