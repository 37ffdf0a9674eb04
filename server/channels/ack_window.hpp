// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/wire/common_messages.hpp"
#include "server/constants.hpp"

namespace spicebench::server {

// Server half of the flow control of one channel: no more than two windows of messages may be
// unacknowledged, and one more.
//
// Source: protocol.md §3.3. The message SET_ACK is number 1 of the window that it opens: it zeroes
// the count and then counts itself.
class AckWindow {
 public:
  enum class Effect : std::uint8_t {
    accepted,
    stale,   // the client has not seen the last SET_ACK yet: ignored
    excess,  // more was acknowledged than sent: a client error, the count stays at zero
  };

  // A new SET_ACK, to be sent next; from now on sent() counts against `window`.
  wire::common::SetAck open(std::uint32_t window) {
    window_ = window;
    outstanding_ = 0;
    is_open_ = true;
    return {.generation = ++generation_, .window = window};
  }
  void sent() { ++outstanding_; }
  void sync(std::uint32_t generation) { client_generation_ = generation; }
  Effect acknowledge() {
    if (client_generation_ != generation_) return Effect::stale;
    if (outstanding_ < window_) {
      outstanding_ = 0;
      return Effect::excess;
    }
    outstanding_ -= window_;
    return Effect::accepted;
  }
  // Window 0 asks for no acknowledgements, so there is nothing to wait for.
  bool blocked() const {
    return is_open_ && window_ != 0 &&
           outstanding_ > std::uint64_t{ack_windows_in_flight} * window_;
  }

  bool is_open() const { return is_open_; }
  std::uint32_t window() const { return window_; }
  std::uint64_t outstanding() const { return outstanding_; }
  std::uint32_t generation() const { return generation_; }

 private:
  std::uint32_t window_ = 0, generation_ = 0, client_generation_ = 0xffff'ffff;
  std::uint64_t outstanding_ = 0;
  bool is_open_ = false;
};

}  // namespace spicebench::server
