// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

namespace spicebench::client {

// Client half of the flow control of one channel: after every `window` messages from the server
// one ACK goes back (protocol.md §3.3). A window of 0 turns acknowledgement off. The message that
// brings a new window is itself still counted against the old one.
class AckWindow {
 public:
  // Counts one top-level message, before it is handled. True: an ACK is due.
  bool count() {
    if (until_ack_ == 0 || --until_ack_ != 0) return false;
    until_ack_ = window_;
    return true;
  }
  void set(std::uint32_t window) { window_ = until_ack_ = window; }

 private:
  std::uint32_t window_ = 0;
  std::uint32_t until_ack_ = 0;  // at most window_; 0 while window_ is 0
};

}  // namespace spicebench::client
