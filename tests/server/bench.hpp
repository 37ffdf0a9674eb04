// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/auth/ticket.hpp"
#include "core/wire/device_link.hpp"
#include "core/wire/display_channel.hpp"
#include "core/wire/frame.hpp"
#include "core/wire/link.hpp"
#include "core/wire/main_channel.hpp"
#include "core/wire/message_value.hpp"
#include "server/server.hpp"

// A server between a scripted device and scripted clients: no world, every input by hand.
namespace spicebench::server {

// One message from the server, as its bytes say.
struct Said {
  std::uint16_t type = 0;
  std::uint64_t serial = 0;  // full headers only
  std::uint32_t sub_list = 0;
  SharedBytes body;
  template <wire::Message T>
  T as() const {
    INFO("message type " << type);
    REQUIRE(type == T::message.id);
    auto decoded = wire::decode<T>(body);
    REQUIRE(decoded.has_value());
    return *std::move(decoded);
  }
};

class Bench {
 public:
  explicit Bench(ServerOptions options = {}, std::uint64_t seed = 1);

  Server server;
  Instant now{};
  std::size_t segment = 0;                    // received bytes come in pieces of so many; 0: whole
  std::size_t credit = std::size_t{1} << 40;  // of new links
  std::size_t trickle = 0;                    // after each input every link is granted so much more

  LinkId open(const Address& address);
  void give(LinkId link, BytesView bytes);
  void hang_up(LinkId link, Ending ending = Ending::end);
  void grant(LinkId link, std::size_t bytes) { input(Writable{link, bytes}); }
  void grant_all(std::size_t bytes);  // on every stream link that is still there
  // Lets time pass: timers that come due fire in order.
  void pass(Duration time);
  bool timer_armed(TimerId timer) const { return timers_.contains(timer); }

  // Bytes that the server has taken.
  std::uint64_t taken(LinkId link) const { return links_.at(link).taken; }
  const Bytes& output(LinkId link) const { return links_.at(link).output; }
  bool closed(LinkId link) const { return links_.at(link).closed; }
  bool shut(LinkId link) const { return links_.at(link).shut; }

  // The device: answers fetches from these queues, at once.
  void connect_device();
  LinkId device = 0;
  std::deque<std::variant<wire::device::Drawable, wire::device::SurfaceCommand>> commands;
  std::deque<wire::device::CursorCommand> cursor_commands;
  std::vector<wire::AnyMessage> to_device;  // what the server said to it, fetches left out
  std::uint32_t fetches = 0;
  template <wire::Message T>
  void device_says(T message) {
    input(Handed{device, wire::value_of(std::move(message))});
  }
  void draw(std::vector<wire::device::Drawable> drawables);
  void surface_command(wire::device::SurfaceCommand command);
  void move_cursor(std::vector<wire::device::CursorCommand> list);
  template <wire::Message T>
  std::vector<T> device_heard() const {
    std::vector<T> found;
    for (const auto& message : to_device)
      if (const T* t = message.as<T>()) found.push_back(*t);
    return found;
  }
  std::vector<std::uint64_t> released() const;

  // Who runs the server: asks, and keeps what it is told.
  void connect_admin();
  LinkId admin = 0;
  std::vector<wire::AnyMessage> to_admin;
  template <wire::Message T>
  void admin_says(T message) {
    input(Handed{admin, wire::value_of(std::move(message))});
  }

 private:
  struct Link {
    Bytes output;
    std::uint64_t taken = 0;
    bool closed = false, shut = false;
  };
  void input(const Input& what);
  void perform(const Outputs& outputs);

  std::map<LinkId, Link> links_;
  std::map<TimerId, Instant> timers_;
  std::deque<Input> later_;
  bool busy_ = false;
  LinkId next_link_ = first_accepted;
};

// A channel's client end: links by the book and reads what the server says.
class FakeChannel {
 public:
  FakeChannel(Bench& bench, wire::ChannelType type, std::uint32_t session_id = 0,
              bool mini_header = true, std::vector<std::uint32_t> caps = {0xffff'ffff},
              const std::string& password = "");

  std::uint32_t result() const { return result_; }
  // All messages so far that were not taken yet.
  std::vector<Said> take();
  std::vector<std::uint16_t> take_types();
  template <wire::Message T>
  void say(const T& message) {
    bench_.give(link, wire::frame_of(message, mini_header_, ++serial_));
  }
  template <wire::Message T>
  Bytes frame(const T& message) {
    return wire::frame_of(message, mini_header_, ++serial_);
  }
  void acknowledge(std::uint32_t generation);  // ACK_SYNC
  bool closed() const { return bench_.closed(link); }

  const LinkId link;

 private:
  Bench& bench_;
  bool mini_header_;
  std::size_t read_ = 0;
  std::uint32_t result_ = 0xffff'ffff;
  std::uint64_t serial_ = 0;
};

// The client's half of the link stage.
wire::link::LinkMess link_mess(wire::ChannelType type, std::uint32_t connection_id = 0,
                               bool mini_header = true);
Bytes ticket(const std::string& password);
Bytes word(std::uint32_t value);

// A session with its id, as INIT tells it.
struct FakeSession {
  explicit FakeSession(Bench& bench, const std::string& password = "");
  FakeChannel main;
  std::uint32_t id;
};

// Device commands.
namespace draw {
wire::device::Drawable fill(std::uint64_t release_id, wire::display::Rect box,
                            std::uint32_t colour);
wire::device::Drawable image(std::uint64_t release_id, std::uint64_t image_id, std::int32_t x,
                             std::int32_t y, std::uint32_t side, std::uint8_t value,
                             bool cache = true);
wire::device::Drawable copy_bits(std::uint64_t release_id, wire::display::Rect box,
                                 wire::display::Point from);
wire::device::SurfaceCreate primary(std::uint32_t width, std::uint32_t height);
}  // namespace draw

}  // namespace spicebench::server
