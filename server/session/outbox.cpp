// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/outbox.hpp"

#include "core/wire/frame.hpp"

namespace spicebench::server {

std::size_t Outbox::header_bytes() const {
  return mini_ ? wire::mini_header_bytes : wire::full_header_bytes;
}

void Outbox::push(const wire::MessageInfo& info, const void* message) {
  Bytes frame(header_bytes());
  wire::encode(*info.layout, message, frame);
  push_frame(std::move(frame), info.key.id);
}

void Outbox::push_after(const wire::display::InvalList& dropped, const wire::MessageInfo& info,
                        const void* message) {
  if (mini_) {
    send(dropped);
    push(info, message);
    return;
  }
  Bytes frame(header_bytes());
  wire::encode(*info.layout, message, frame);
  const std::size_t sub_message = frame.size() - header_bytes();
  Bytes body;
  wire::encode(dropped, body);
  append_little_endian(frame, wire::display::InvalList::message.id, 2);
  append_little_endian(frame, body.size(), 4);
  append(frame, body);
  const std::size_t sub_list = frame.size() - header_bytes();
  append_little_endian(frame, 1, 2);
  append_little_endian(frame, sub_message, 4);
  push_frame(std::move(frame), info.key.id, static_cast<std::uint32_t>(sub_list));
}

void Outbox::push_frame(Bytes frame, std::uint16_t type, std::uint32_t sub_list) {
  wire::write_header(frame, mini_, type, ++serial_, sub_list);
  window_.sent();
  ++services_.counters.messages_sent;
  queue_.push(std::move(frame));
}

}  // namespace spicebench::server
