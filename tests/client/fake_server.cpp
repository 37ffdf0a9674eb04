// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/client/fake_server.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace spicebench::client {

Body main_init(std::uint32_t session, std::uint32_t supported, std::uint32_t current) {
  return Body().u32(session).u32(1).u32(supported).u32(current).u32(0).u32(10).u32(0).u32(0);
}
Body channels_list(std::vector<std::pair<int, int>> channels) {
  Body body;
  body.u32(channels.size());
  for (const auto& [type, id] : channels)
    body.u8(static_cast<std::uint64_t>(type)).u8(static_cast<std::uint64_t>(id));
  return body;
}
Body surface_create(std::uint32_t id, std::uint32_t width, std::uint32_t height,
                    std::uint32_t flags, std::uint32_t format) {
  return Body().u32(id).u32(width).u32(height).u32(format).u32(flags);
}
Body draw_fill(std::uint32_t surface, int left, int top, int right, int bottom,
               std::uint32_t colour) {
  return Body().base(surface, left, top, right, bottom).u8(1).u32(colour).u16(8).no_mask();
}

namespace {
// Base, pointer to the image behind the fixed part, source area, rop, scale mode, no mask.
Body copy_head(std::uint32_t surface, int left, int top) {
  constexpr std::uint32_t fixed_part = 21 + 36;
  return Body()
      .base(surface, left, top, left + 2, top + 2)
      .u32(fixed_part)
      .rect(0, 0, 2, 2)
      .u16(8)
      .u8(0)
      .no_mask();
}
}  // namespace

Body draw_copy(std::uint32_t surface, int left, int top, std::uint64_t image_id,
               std::uint32_t image_flags, std::uint32_t colour) {
  Body body = copy_head(surface, left, top);
  body.u64(image_id).u8(0).u8(image_flags).u32(2).u32(2);
  body.u8(8).u8(4).u32(2).u32(2).u32(8).u32(0);
  for (int i = 0; i < 4; ++i) body.u32(colour);
  return body;
}
Body draw_cached(std::uint32_t surface, int left, int top, std::uint64_t image_id) {
  return copy_head(surface, left, top).u64(image_id).u8(103).u8(0).u32(2).u32(2);
}
Body cursor_set(int x, int y, bool visible, std::uint32_t flags, std::uint64_t unique,
                std::size_t data_bytes) {
  Body body;
  body.u16(static_cast<std::uint16_t>(x)).u16(static_cast<std::uint16_t>(y)).u8(visible);
  body.u16(flags);
  if ((flags & 1) != 0) return body;
  return body.u64(unique).u8(0).u16(2).u16(2).u16(1).u16(1).zeros(data_bytes);
}
Body cursor_init(std::uint32_t flags, std::uint64_t unique) {
  Body body;
  body.u16(5).u16(6).u16(0).u16(0).u8(1).u16(flags);
  if ((flags & 1) != 0) return body;
  return body.u64(unique).u8(0).u16(2).u16(2).u16(1).u16(1).zeros((flags & 4) != 0 ? 0 : 16);
}

FakeServer::FakeServer(ClientOptions options, std::uint64_t seed)
    : client(std::move(options), Random(seed)) {
  collect(client.start(now_));
}

void FakeServer::collect(const Outputs& outputs) {
  for (const Output& output : outputs) {
    if (const auto* connect = std::get_if<Connect>(&output)) {
      CHECK(connect->to == "spice");
      asked_.push_back(connect->link);
    } else if (const auto* send = std::get_if<Send>(&output)) {
      append(sent_[send->link], send->bytes);
    } else if (const auto* hand = std::get_if<Hand>(&output)) {
      news_.push_back(hand->value);
    } else if (const auto* arm = std::get_if<Arm>(&output)) {
      timers_[arm->timer] = arm->due;
    } else if (const auto* disarm = std::get_if<Disarm>(&output)) {
      timers_.erase(disarm->timer);
    } else if (const auto* close = std::get_if<Close>(&output)) {
      closed_[close->link] = true;
    }
  }
}

void FakeServer::pass(Duration time) {
  const Instant until = now_ + time;
  for (;;) {
    const auto next =
        std::ranges::min_element(timers_, {}, [](const auto& one) { return one.second; });
    if (next == timers_.end() || next->second > until) break;
    fire(next->first);
  }
  now_ = until;
}

void FakeServer::input(const Input& input) {
  collect(client.handle(input, now_));
}

LinkId FakeServer::take_connection() {
  REQUIRE(!asked_.empty());
  const LinkId link = asked_.front();
  asked_.erase(asked_.begin());
  return link;
}
void FakeServer::open(LinkId link, std::size_t credit) {
  input(Opened{link, "spice"});
  if (credit != 0) input(Writable{link, credit});
}
Bytes FakeServer::take(LinkId link) {
  return std::exchange(sent_[link], {});
}
void FakeServer::say_raw(LinkId link, BytesView bytes) {
  input(Received{link, Bytes(bytes.begin(), bytes.end())});
}
void FakeServer::user_arrives() {
  input(Opened{first_accepted, "user"});
}

void FakeServer::reply(LinkId link, std::uint32_t error) {
  Body body;
  const std::uint32_t common_caps = (auth_selection ? 1u : 0u) | 2u | (full_header ? 0u : 8u);
  const std::uint32_t words = error == 0 ? 2 : 0;
  body.u32(0x51444552).u32(2).u32(2).u32(178 + 4 * words);
  body.u32(error);
  const auth::PublicKey& key = auth::TicketKey::fixture().public_key();
  if (error == 0)
    body.raw(std::as_bytes(std::span(key)));
  else
    body.zeros(key.size());
  body.u32(words / 2).u32(words / 2).u32(error == 0 ? 178 : 0);
  if (error == 0) body.u32(common_caps).u32(display_caps);
  say_raw(link, body.bytes);
}
void FakeServer::result(LinkId link, std::uint32_t value) {
  say_raw(link, Body().u32(value).bytes);
}
Bytes FakeServer::bring_up(LinkId link) {
  open(link);
  Bytes mess = take(link);
  reply(link);
  const Bytes answer = take(link);
  CHECK(answer.size() == (auth_selection ? 4u + 128u : 128u));
  result(link);
  return mess;
}
LinkId FakeServer::bring_up_main() {
  const LinkId main = take_connection();
  bring_up(main);
  say(main, 103, main_init());
  frames(main);
  return main;
}
LinkId FakeServer::bring_up(wire::ChannelType type, std::uint8_t id) {
  const LinkId main = client.channels().empty() || client.session_id() == 0 ? bring_up_main() : 0;
  say(main, 104, channels_list({{static_cast<int>(type), id}}));
  const LinkId link = take_connection();
  bring_up(link);
  return link;
}

void FakeServer::say(LinkId link, std::uint16_t type, const Body& body, std::uint32_t sub_list) {
  Body frame;
  if (full_header) frame.u64(++server_serial_[link]);
  frame.u16(type).u32(body.bytes.size());
  if (full_header) frame.u32(sub_list);
  frame.raw(body.bytes);
  say_raw(link, frame.bytes);
}

std::vector<Frame> FakeServer::frames(LinkId link) {
  const Bytes bytes = take(link);
  std::vector<Frame> frames;
  const std::size_t header = full_header ? 18 : 6, type_at = full_header ? 8 : 0;
  for (std::size_t at = 0; at < bytes.size();) {
    REQUIRE(bytes.size() - at >= header);
    Frame frame;
    const std::uint64_t counted = ++client_serial_[link];
    frame.serial = full_header ? load_little_endian(&bytes[at], 8) : counted;
    frame.type = static_cast<std::uint16_t>(load_little_endian(&bytes[at + type_at], 2));
    const std::size_t size = load_little_endian(&bytes[at + type_at + 2], 4);
    at += header;
    REQUIRE(bytes.size() - at >= size);
    frame.body.assign(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                      bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
    at += size;
    frames.push_back(std::move(frame));
  }
  return frames;
}
std::vector<std::uint16_t> FakeServer::types(LinkId link) {
  std::vector<std::uint16_t> types;
  for (const Frame& frame : frames(link)) types.push_back(frame.type);
  return types;
}

std::string FakeServer::last_error() const {
  return client.errors().empty() ? std::string() : client.errors().back().error.text();
}

}  // namespace spicebench::client
