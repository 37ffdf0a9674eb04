// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/inner.hpp"

#include "core/wire/common_messages.hpp"
#include "core/wire/inner_readers.hpp"

namespace spicebench::wire {

std::optional<ChannelType> inner_protocol(ChannelType channel) {
  switch (channel) {
    case ChannelType::main:
      return ChannelType::agent;
    case ChannelType::webdav:
      return ChannelType::webdav_mux;
    case ChannelType::usbredir:
      return ChannelType::usb;
    default:
      return std::nullopt;
  }
}

Context InnerMessage::context() const {
  Context context;
  context.client_agent_caps = {&client_caps, 1};
  context.guest_agent_caps = {&guest_caps, 1};
  return context;
}

void InnerReader::note(Side by, std::uint16_t type) {
  migrated_ |= by == Side::client && type == common::MigrateFlushMark::message.id;
}

std::unique_ptr<InnerReader> inner_reader(ChannelType channel) {
  switch (channel) {
    case ChannelType::main:
      return agent_reader();
    case ChannelType::webdav:
      return webdav_reader();
    case ChannelType::usbredir:
      return usb_reader();
    default:
      return nullptr;
  }
}

}  // namespace spicebench::wire
