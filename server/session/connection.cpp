// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/connection.hpp"

#include <fmt/format.h>

#include "core/wire/frame.hpp"
#include "core/wire/frame_limits.hpp"

namespace spicebench::server {

Result<bool> Connection::advance_link() {
  CHECKED(stage_.advance());
  return stage_.state() == LinkStage::State::up;
}

void Connection::start(std::unique_ptr<Channel> channel) {
  phase_ = Phase::up;
  channel_ = std::move(channel);
  channel_->open();
}

// The framer judges a header before it waits for the body. It grants MIGRATE_DATA a large one, but
// no migration is under way here: it gets what the channel's other messages get.
Result<std::optional<wire::Unit>> Connection::next_message() {
  const BytesView head = framer_.unframed(Side::client);
  const bool mini = link().mini_header;
  constexpr std::uint16_t large = wire::common::ClientMigrateData::message.id;
  if (head.size() >= (mini ? wire::mini_header_bytes : wire::full_header_bytes) &&
      load_little_endian(head.data() + (mini ? 0 : 8), 2) == large) {
    const std::uint64_t size = load_little_endian(head.data() + (mini ? 2 : 10), 4);
    const std::uint32_t most =
        wire::most_body_bytes(link().channel(), Side::client, wire::common::Ack::message.id);
    if (size > most) {
      ++received_;
      return fail(ErrorCode::out_of_range,
                  fmt::format("migrate_data of {} bytes, at most {}", size, most));
    }
  }
  auto unit = framer_.next(Side::client);
  if (!unit || *unit) ++received_;
  return unit;
}

nlohmann::json Connection::describe() const {
  nlohmann::json json;
  if (channel_) json = channel_->describe();
  json["connection"] = id_;
  json["link"] = stage_.state_name();
  if (link().mess) {
    json["channel"] = wire::name_of(link().channel());
    json["channel_id"] = link().channel_id();
  }
  return json;
}

}  // namespace spicebench::server
