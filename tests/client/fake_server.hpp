// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client/client.hpp"
#include "core/auth/ticket.hpp"
#include "core/wire/message_value.hpp"
#include "core/wire/user_link.hpp"

namespace spicebench::client {

// Bytes of a message body, written field by field as the protocol's tables say, without the help of
// core/wire.
class Body {
 public:
  Body& u8(std::uint64_t v) { return number(v, 1); }
  Body& u16(std::uint64_t v) { return number(v, 2); }
  Body& u32(std::uint64_t v) { return number(v, 4); }
  Body& u64(std::uint64_t v) { return number(v, 8); }
  Body& zeros(std::size_t count) {
    bytes.resize(bytes.size() + count);
    return *this;
  }
  Body& raw(BytesView more) {
    append(bytes, more);
    return *this;
  }
  // DisplayBase without clip; edges as left, top, right, bottom.
  Body& base(std::uint32_t surface, int left, int top, int right, int bottom) {
    return u32(surface).rect(left, top, right, bottom).u8(0);
  }
  Body& rect(int left, int top, int right, int bottom) {
    for (const int edge : {top, left, bottom, right}) u32(static_cast<std::uint32_t>(edge));
    return *this;
  }
  Body& no_mask() { return u8(0).u32(0).u32(0).u32(0); }
  Bytes bytes;

 private:
  Body& number(std::uint64_t value, std::size_t width) {
    append_little_endian(bytes, value, width);
    return *this;
  }
};

// Bodies that many tests need.
Body main_init(std::uint32_t session = 77, std::uint32_t supported = 1, std::uint32_t current = 1);
Body channels_list(std::vector<std::pair<int, int>> channels);
Body surface_create(std::uint32_t id, std::uint32_t width, std::uint32_t height,
                    std::uint32_t flags, std::uint32_t format = 32);
Body draw_fill(std::uint32_t surface, int left, int top, int right, int bottom,
               std::uint32_t colour);
// A copy of a 2 x 2 32BIT image of one colour to (left, top).
Body draw_copy(std::uint32_t surface, int left, int top, std::uint64_t image_id,
               std::uint32_t image_flags, std::uint32_t colour);
// The same from the cache.
Body draw_cached(std::uint32_t surface, int left, int top, std::uint64_t image_id);
// A 2 x 2 ALPHA shape behind position and visibility.
Body cursor_set(int x, int y, bool visible, std::uint32_t flags, std::uint64_t unique,
                std::size_t data_bytes = 16);
Body cursor_init(std::uint32_t flags = 1, std::uint64_t unique = 0);

struct Frame {
  std::uint64_t serial = 0;  // of the header, or counted
  std::uint16_t type = 0;
  Bytes body;
  std::uint64_t u(std::size_t offset, std::size_t width) const {
    return load_little_endian(body.data() + offset, width);
  }
};

// A server that says what a test tells it to, byte by byte, and keeps what the client answers.
class FakeServer {
 public:
  explicit FakeServer(ClientOptions options = {}, std::uint64_t seed = 1);

  Client client;
  bool full_header = false;        // the server's side of the capability
  bool auth_selection = true;      // likewise
  std::uint32_t display_caps = 0;  // of every channel

  // The connection of a channel that the client has asked for and nobody has taken yet.
  LinkId take_connection();
  bool has_connection() const { return !asked_.empty(); }
  void open(LinkId link, std::size_t credit = 1 << 20);
  // Bytes that the client has sent on a link and nobody has taken.
  Bytes take(LinkId link);
  void say_raw(LinkId link, BytesView bytes);
  void reply(LinkId link, std::uint32_t error = 0);
  void result(LinkId link, std::uint32_t value = 0);
  // The whole link stage. Returns the link message.
  Bytes bring_up(LinkId link);
  // Main up, INIT and list handled, its frames taken.
  LinkId bring_up_main();
  // The same and one channel more.
  LinkId bring_up(wire::ChannelType type, std::uint8_t id = 0);

  void say(LinkId link, std::uint16_t type, const Body& body = {}, std::uint32_t sub_list = 0);
  std::vector<Frame> frames(LinkId link);
  // Only the types, as the shortest description of what the client said.
  std::vector<std::uint16_t> types(LinkId link);
  void grant(LinkId link, std::size_t bytes) { input(Writable{link, bytes}); }
  void close(LinkId link, Ending ending = Ending::end) { input(Closed{link, ending}); }
  // Time goes on to when it is due, if it is armed.
  void fire(LinkId timer) {
    if (armed(timer)) now_ = std::max(now_, timers_.at(timer));
    timers_.erase(timer);
    input(Fired{timer});
  }
  // Lets time pass: timers that come due fire in order.
  void pass(Duration time);
  Instant now() const { return now_; }

  void user_arrives();
  template <wire::Message T>
  void user(T event) {
    input(Handed{first_accepted, wire::value_of(std::move(event))});
  }
  // The first news of a kind that the user was told.
  template <wire::Message T>
  const T* told() const {
    for (const ValuePtr& value : news_)
      if (const T* message = wire::message_in(*value).as<T>()) return message;
    return nullptr;
  }
  std::size_t news() const { return news_.size(); }
  bool closed(LinkId link) const { return closed_.contains(link) && closed_.at(link); }
  bool armed(LinkId timer) const { return timers_.contains(timer); }
  // The text of the last error; empty: none.
  std::string last_error() const;

 private:
  void input(const Input& input);
  void collect(const Outputs& outputs);

  std::vector<LinkId> asked_;
  std::map<LinkId, Bytes> sent_;
  std::map<LinkId, bool> closed_;
  std::map<LinkId, std::uint64_t> server_serial_, client_serial_;
  std::map<LinkId, Instant> timers_;
  std::vector<ValuePtr> news_;
  Instant now_{};
};

}  // namespace spicebench::client
