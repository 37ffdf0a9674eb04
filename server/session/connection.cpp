// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/connection.hpp"

#include <fmt/format.h>

#include "core/wire/frame.hpp"

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

// The header is judged before its body is waited for, so nothing large is ever collected.
Result<std::optional<wire::Unit>> Connection::next_message() {
  const BytesView head = framer_.unframed(Side::client);
  const bool mini = link().mini_header;
  if (head.size() >= (mini ? wire::mini_header_bytes : wire::full_header_bytes)) {
    const std::size_t type_at = mini ? 0 : 8, size_at = mini ? 2 : 10;
    const auto type = static_cast<std::uint16_t>(load_little_endian(head.data() + type_at, 2));
    const std::uint64_t size = load_little_endian(head.data() + size_at, 4);
    if (const auto limit = body_limit(link().channel(), type); size > limit) {
      ++received_;
      return fail(ErrorCode::out_of_range,
                  fmt::format("message type {} of {} bytes, at most {}", type, size, limit));
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
