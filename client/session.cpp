// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "client/channels/cursor.hpp"
#include "client/channels/display.hpp"
#include "client/channels/inputs.hpp"
#include "client/channels/main.hpp"
#include "client/channels/playback.hpp"
#include "client/channels/port.hpp"
#include "client/channels/record.hpp"
#include "core/wire/user_agent.hpp"
#include "core/wire/user_link.hpp"

namespace spicebench::client {

namespace user = wire::user;
using wire::ChannelType;
using wire::LinkError;

namespace {

// Null: this client does not link it.
std::unique_ptr<Channel> channel_for(ChannelType type, Connection& connection) {
  const SoundOptions& sound = connection.session().options().sound;
  switch (type) {
    case ChannelType::main:
      return std::make_unique<Main>(connection);
    case ChannelType::display:
      return std::make_unique<Display>(connection);
    case ChannelType::cursor:
      return std::make_unique<Cursor>(connection);
    case ChannelType::inputs:
      return std::make_unique<Inputs>(connection);
    case ChannelType::playback:
      return sound.playback ? std::make_unique<Playback>(connection) : nullptr;
    case ChannelType::record:
      return sound.record ? std::make_unique<Record>(connection) : nullptr;
    case ChannelType::port:
      return std::make_unique<Port>(connection);
    default:
      return nullptr;
  }
}

// Links have their own, by their numbers, which are below.
constexpr TimerId connect_timer = first_accepted;

}  // namespace

Session::Session(ClientOptions options, Random random)
    : options_(std::move(options)), random_(random), pictures_(options_.pixmap_cache_size) {}

Session::~Session() = default;

void Session::start(Instant now) {
  now_ = now;
  if (options_.connect_at_ms == 0) return open_channel(ChannelType::main, 0);
  out_.emplace_back(Arm{connect_timer, now + std::chrono::milliseconds(options_.connect_at_ms)});
}

Outputs Session::take_outputs() {
  for (const auto& connection : connections_) connection->flush(out_);
  return std::exchange(out_, {});
}

void Session::open_channel(ChannelType type, std::uint8_t id) {
  const auto same = [&](const auto& other) { return other->type() == type && other->id() == id; };
  if (ended_ || std::ranges::any_of(connections_, same)) return;
  const auto link = static_cast<LinkId>(connections_.size());
  auto connection = std::make_unique<Connection>(*this, link, type, id);
  auto channel = channel_for(type, *connection);
  if (!channel) return;
  connection->set_channel(std::move(channel));
  connections_.push_back(std::move(connection));
  out_.emplace_back(Connect{link, options_.server});
}

void Session::arm(LinkId link, Duration delay) {
  out_.emplace_back(Arm{link, now_ + delay});
}
void Session::disarm(LinkId link) {
  out_.emplace_back(Disarm{link});
}

const Connection* Session::find(ChannelType type, std::uint8_t id) const {
  for (const auto& connection : connections_)
    if (connection->type() == type && connection->id() == id &&
        connection->state() != Connection::State::closed)
      return connection.get();
  return nullptr;
}

bool Session::has_other_display(const Connection& than) const {
  return std::ranges::any_of(connections_, [&](const auto& other) {
    return other.get() != &than && other->type() == ChannelType::display &&
           other->state() != Connection::State::closed;
  });
}

// Links

void Session::handle(const Input& input, Instant now) {
  now_ = now;
  if (const auto* fired = std::get_if<Fired>(&input)) {
    if (fired->timer == connect_timer) return open_channel(ChannelType::main, 0);
    if (ended_ || fired->timer >= connections_.size()) return;
    Connection& connection = *connections_[fired->timer];
    if (auto done = connection.expired(); !done) failed(connection, done.error());
    resume_waiting();
    return;
  }
  const LinkId link = std::visit(
      [](const auto& event) -> LinkId {
        if constexpr (requires { event.link; }) return event.link;
        return 0;
      },
      input);
  if (link < first_accepted) {
    if (link < connections_.size()) handle_link(*connections_[link], input);
  } else if (std::holds_alternative<Opened>(input)) {
    user_arrived(link);
  } else if (const auto* handed = std::get_if<Handed>(&input)) {
    user_event(wire::message_in(*handed->value));
  } else if (std::holds_alternative<Closed>(input)) {
    std::erase(users_, link);
    out_.emplace_back(Close{link});
  }
}

void Session::handle_link(Connection& connection, const Input& input) {
  if (connection.state() == Connection::State::closed) return;
  if (const auto* received = std::get_if<Received>(&input)) {
    if (auto done = connection.receive(received->bytes); !done) failed(connection, done.error());
    resume_waiting();
  } else if (const auto* writable = std::get_if<Writable>(&input)) {
    connection.writable(writable->bytes);
  } else if (std::holds_alternative<Opened>(input)) {
    connection.opened();
  } else if (const auto* closed = std::get_if<Closed>(&input)) {
    link_closed(connection, closed->ending);
    resume_waiting();
  }
}

// What one connection has done may be what others wait for.
void Session::resume_waiting() {
  for (bool progress = true; progress && !ended_;) {
    progress = false;
    for (std::size_t i = 0; i < connections_.size() && !ended_; ++i) {
      Connection& connection = *connections_[i];
      if (!connection.waiting() || connection.state() == Connection::State::closed) continue;
      const std::uint64_t before = connection.steps();
      if (auto done = connection.resume(); !done) failed(connection, done.error());
      progress |= connection.steps() != before;
    }
  }
}

void Session::link_closed(Connection& connection, Ending ending) {
  const bool main = connection.type() == ChannelType::main;
  if (ending != Ending::end) {
    failed(connection,
           {ErrorCode::io, 0, "",
            ending == Ending::reset ? "the connection was reset" : "the connection was refused"});
  } else if (connection.state() == Connection::State::link) {
    failed(connection, {ErrorCode::io, 0, "", "the server closed in the link stage"});
  } else if (connection.torn_bytes() != 0) {
    failed(connection,
           {ErrorCode::truncated, 0, "",
            fmt::format("the stream ends {} bytes into a message", connection.torn_bytes())});
  }
  if (connection.state() != Connection::State::closed) close(connection);
  if (main) end(LinkError::ok, "the server closed the session");
}

// Before a channel is up its failure is its own, main's is everybody's; later every error ends the
// session (protocol.md §0.2).
void Session::failed(Connection& connection, const Error& error) {
  note(connection, error, true);
  const bool whole_session =
      connection.type() == ChannelType::main ||
      (connection.state() == Connection::State::up && error.code != ErrorCode::io);
  const LinkError told =
      connection.link_error() == LinkError::ok ? LinkError::error : connection.link_error();
  close(connection);
  if (whole_session)
    end(told, fmt::format("{} {}: {}", wire::name_of(connection.type()),
                          static_cast<unsigned>(connection.id()), error.text()));
}

void Session::close(Connection& connection) {
  if (connection.state() == Connection::State::closed) return;
  connection.flush(out_);
  disarm(connection.link());
  connection.close();
  out_.emplace_back(Close{connection.link()});
}

void Session::end(LinkError error, std::string_view reason) {
  if (std::exchange(ended_, true)) return;
  for (const auto& connection : connections_) close(*connection);
  tell(wire::value_of(
      user::Disconnected{static_cast<std::uint32_t>(error), SharedBytes::copy_of(reason)}));
}

void Session::note(const Connection& connection, Error error, bool fatal) {
  ++error_count_;
  if (errors_.size() >= most_errors) return;
  errors_.push_back({connection.type(), connection.id(), connection.link(),
                     connection.message_number(), fatal, std::move(error)});
}

std::vector<ChannelStatus> Session::channels() const {
  std::vector<ChannelStatus> all;
  for (const auto& connection : connections_) all.push_back(connection->status());
  return all;
}

// The user

void Session::tell(ValuePtr news) {
  for (const LinkId link : users_) out_.emplace_back(Hand{link, news});
}

void Session::channel_up(const Connection& connection) {
  tell(wire::value_of(
      user::ChannelUp{static_cast<std::uint8_t>(connection.type()), connection.id()}));
}

void Session::set_mouse_mode(std::uint32_t mode) {
  if (std::exchange(mouse_mode_, mode) != mode) tell(wire::value_of(user::MouseModeIs{mode}));
}

// Tells a new user what has been told to others before.
void Session::user_arrived(LinkId link) {
  const auto earlier_users = std::exchange(users_, {link});
  for (const auto& connection : connections_)
    if (connection->state() == Connection::State::up) channel_up(*connection);
  if (mouse_mode_ != 0) tell(wire::value_of(user::MouseModeIs{mouse_mode_}));
  for (const auto& connection : connections_)
    if (connection->type() == ChannelType::display)
      static_cast<Display&>(connection->channel()).tell_if_ready();
    else if (connection->type() == ChannelType::port)
      static_cast<Port&>(connection->channel()).tell_if_known();
  users_ = earlier_users;
  users_.push_back(link);
}

// What is the business of the agent, whether there is one or not, and of ports. False: something
// else.
bool Session::agent_event(const wire::AnyMessage& event) {
  if (event.info().key.id < user::CopyText::message.id) return false;
  if (const auto* write = event.as<user::PortWrite>()) {
    for (const auto& connection : connections_)
      if (connection->type() == ChannelType::port && connection->id() == write->channel_id &&
          connection->state() == Connection::State::up)
        static_cast<Port&>(connection->channel()).write(write->data);
    return true;
  }
  for (const auto& connection : connections_)
    if (connection->type() == ChannelType::main)
      static_cast<Main&>(connection->channel()).agent().user_event(event);
  return true;
}

void Session::user_event(const wire::AnyMessage& event) {
  if (ended_) return;
  if (event.as<user::Disconnect>()) return end(LinkError::ok, "the user disconnected");
  if (agent_event(event)) return;
  for (const auto& connection : connections_)
    if (connection->type() == ChannelType::inputs && connection->state() == Connection::State::up)
      return static_cast<Inputs&>(connection->channel()).user_event(event);
}

template <class T>
const T* Session::channel_of(ChannelType type, std::uint8_t id) const {
  for (const auto& connection : connections_)
    if (connection->type() == type && connection->id() == id)
      return static_cast<const T*>(&connection->channel());
  return nullptr;
}
const Main* Session::main() const {
  return channel_of<Main>(ChannelType::main, 0);
}
const Display* Session::display(std::uint8_t id) const {
  return channel_of<Display>(ChannelType::display, id);
}
const Port* Session::port(std::uint8_t id) const {
  return channel_of<Port>(ChannelType::port, id);
}
const Cursor* Session::cursor(std::uint8_t id) const {
  return channel_of<Cursor>(ChannelType::cursor, id);
}
const Playback* Session::playback() const {
  return channel_of<Playback>(ChannelType::playback, 0);
}
const Record* Session::record() const {
  return channel_of<Record>(ChannelType::record, 0);
}

}  // namespace spicebench::client
