// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/display_channel.hpp"
#include "core/wire/message.hpp"
#include "core/world/send_queue.hpp"
#include "server/channels/ack_window.hpp"
#include "server/session/services.hpp"

namespace spicebench::server {

// The sending half of one connection: numbers and frames messages, counts them against the
// acknowledgement window, and sends within the write credit.
class Outbox {
 public:
  Outbox(LinkId link, Services& services) : services_(services), queue_(link) {}

  // Link stage.
  void push_raw(Bytes bytes) { queue_.push(std::move(bytes)); }
  void use_headers(bool mini) { mini_ = mini; }

  template <wire::Message T>
  void send(const T& message) {
    push(wire::info_of<T>(), &message);
  }
  void send(const wire::AnyMessage& message) { push(message.info(), message.object()); }
  // A message, and what the client must drop before it handles that: with mini headers a message
  // of its own ahead, with full headers a sub-message (protocol.md §2.3).
  template <wire::Message T>
  void send_after(const wire::display::InvalList& dropped, const T& message) {
    push_after(dropped, wire::info_of<T>(), &message);
  }

  // Whether the next item of a pipe may become a message: the one before is wholly written, and the
  // client has acknowledged enough.
  bool may_take() {
    flush();
    return queue_.empty() && !window_.blocked();
  }
  void grant(std::size_t bytes) { queue_.grant(bytes); }
  void flush() { queue_.flush(services_.outputs); }

  AckWindow& window() { return window_; }
  const AckWindow& window() const { return window_; }
  const SendQueue& queue() const { return queue_; }
  std::uint64_t last_serial() const { return serial_; }  // of the last message sent; 0: none

 private:
  void push(const wire::MessageInfo& info, const void* message);
  void push_after(const wire::display::InvalList& dropped, const wire::MessageInfo& info,
                  const void* message);
  void push_frame(Bytes frame, std::uint16_t type, std::uint32_t sub_list = 0);
  std::size_t header_bytes() const;

  Services& services_;
  SendQueue queue_;
  AckWindow window_;
  std::uint64_t serial_ = 0;
  bool mini_ = true;
};

}  // namespace spicebench::server
