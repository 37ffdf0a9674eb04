// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/link_stage.hpp"

#include <fmt/format.h>

#include "core/wire/frame_limits.hpp"

namespace spicebench::server {

using wire::LinkError;
namespace link = wire::link;

std::string_view LinkStage::state_name() const {
  constexpr std::string_view names[] = {"header", "mess", "mechanism", "ticket",
                                        "held",   "up",   "refused"};
  return names[static_cast<std::size_t>(state_)];
}

Result<void> LinkStage::advance() {
  while (state_ != State::up && state_ != State::refused) {
    const Result<State> next = step();
    if (!next) {
      state_ = State::refused;
      return std::unexpected(next.error());
    }
    if (*next == state_) break;
    state_ = *next;
  }
  return {};
}

Result<LinkStage::State> LinkStage::step() {
  switch (state_) {
    case State::header:
      return read_header();
    case State::mess:
      return read_mess();
    case State::mechanism:
      return read_mechanism();
    case State::ticket:
      return read_ticket();
    case State::held:
      return released_ ? judge() : state_;
    default:
      return state_;
  }
}

// The magic is judged as soon as it is there: who waits for the server to speak is not left
// waiting.
Result<LinkStage::State> LinkStage::read_header() {
  const BytesView bytes = framer_.unframed(Side::client);
  if (bytes.size() < 4) return state_;
  if (const auto magic = load_little_endian(bytes.data(), 4); magic != link::magic)
    return refuse_by_reply(LinkError::invalid_magic, ErrorCode::malformed,
                           fmt::format("magic {:#010x}, wanted {:#010x}", magic, link::magic));
  if (bytes.size() < link::header_bytes) return state_;
  const auto major = load_little_endian(bytes.data() + 4, 4);
  if (major == 0)  // closed without an answer
    return fail(ErrorCode::unsupported, "major version 0", 4);
  if (major != link::major_version)
    return refuse_by_reply(LinkError::version_mismatch, ErrorCode::unsupported,
                           fmt::format("major version {}, wanted {}", major, link::major_version));
  const auto [least, most] = wire::link_size_limits(Side::client);
  if (const auto size = load_little_endian(bytes.data() + 12, 4); size < least || size > most)
    return refuse_by_reply(LinkError::invalid_data, ErrorCode::out_of_range,
                           fmt::format("size {}, allowed {} to {}", size, least, most));
  const auto unit = TRY(next_unit(LinkError::invalid_data));
  return unit ? State::mess : state_;
}

Result<LinkStage::State> LinkStage::read_mess() {
  const auto unit = TRY(next_unit(LinkError::invalid_data));
  if (!unit) return state_;
  const link::LinkMess& mess = *framer_.link().mess;
  const auto type = static_cast<wire::ChannelType>(mess.channel_type);
  if (const LinkError code = host_.may_come(type, origin_); code != LinkError::ok)
    return refuse_by_reply(
        code, ErrorCode::denied,
        fmt::format("channel {}:{} {} TLS", mess.channel_type, mess.channel_id,
                    code == LinkError::need_secured ? "must come over" : "may not come over"));
  const auto caps = host_.channel_caps(type, mess.channel_id);
  if (!caps)
    return refuse_by_reply(LinkError::channel_not_available, ErrorCode::not_found,
                           fmt::format("channel {}:{}", mess.channel_type, mess.channel_id));
  link::LinkReply reply{.pub_key = host_.public_key(), .channel_caps = *caps};
  link::set_cap(reply.common_caps, link::CommonCap::auth_selection);
  link::set_cap(reply.common_caps, link::CommonCap::auth_spice);
  link::set_cap(reply.common_caps, link::CommonCap::mini_header);
  say(link::unit_of(reply));
  outbox_.use_headers(framer_.link().mini_header);
  return link::has_cap(mess.common_caps, link::CommonCap::auth_selection) ? State::mechanism
                                                                          : State::ticket;
}

Result<LinkStage::State> LinkStage::read_mechanism() {
  const auto unit = TRY(next_unit(LinkError::invalid_data));
  if (!unit) return state_;
  if (const auto mechanism = load_little_endian(unit->bytes.data(), 4);
      mechanism != link::auth_spice)
    return refuse_by_reply(LinkError::invalid_data, ErrorCode::unsupported,
                           fmt::format("mechanism {}, offered {}", mechanism, link::auth_spice));
  return State::ticket;
}

Result<LinkStage::State> LinkStage::read_ticket() {
  const auto unit = TRY(next_unit(LinkError::invalid_data));
  if (!unit) return state_;
  ticket_ = unit->bytes;
  held_for_ = host_.answer_delay(origin_);
  return held_for_ > Duration{0} ? Result<State>(State::held) : judge();
}

Result<LinkStage::State> LinkStage::judge() {
  const auto answer = [this](LinkError code) {
    host_.answered(origin_, code);
    say_result(code);
  };
  if (const auto admitted = host_.check_ticket(ticket_); !admitted) {
    answer(LinkError::permission_denied);
    return std::unexpected(admitted.error());
  }
  const link::LinkMess& mess = *framer_.link().mess;
  const LinkError code = host_.may_attach(mess);
  answer(code);
  if (code == LinkError::ok) return State::up;
  return fail(
      ErrorCode::denied,
      code == LinkError::bad_connection_id
          ? fmt::format("connection id {:#x} is nobody's", mess.connection_id)
          : fmt::format("channel {}:{} is already linked", mess.channel_type, mess.channel_id));
}

Result<std::optional<wire::Unit>> LinkStage::next_unit(LinkError answer) {
  auto unit = framer_.next(Side::client);
  if (!unit) return refuse_by_reply(answer, unit.error().code, unit.error().text());
  return unit;
}

// As the reference: 16 + 178 bytes, all zero but the code.
std::unexpected<Error> LinkStage::refuse_by_reply(LinkError code, ErrorCode kind,
                                                  std::string detail) {
  outbox_.push_raw(link::unit_of(link::LinkReply{.error = static_cast<std::uint32_t>(code)}));
  return fail(kind, std::move(detail));
}

void LinkStage::say(Bytes bytes) {
  framer_.feed(Side::server, bytes);
  while (true) {  // so that the framer knows what was said
    const auto unit = framer_.next(Side::server);
    if (!unit || !*unit) break;
  }
  outbox_.push_raw(std::move(bytes));
}

void LinkStage::say_result(LinkError code) {
  Bytes bytes;
  append_little_endian(bytes, static_cast<std::uint32_t>(code), 4);
  say(std::move(bytes));
}

}  // namespace spicebench::server
