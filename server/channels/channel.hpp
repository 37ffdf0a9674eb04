// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/base/state_table.hpp"
#include "core/wire/common_messages.hpp"
#include "core/wire/framer.hpp"
#include "server/session/link_origin.hpp"
#include "server/session/liveness.hpp"
#include "server/session/outbox.hpp"
#include "server/session/services.hpp"

namespace spicebench::server {

// What a channel gets from its connection.
struct ChannelLink {
  Services& services;
  Outbox& outbox;
  LinkId connection;
  std::vector<std::uint32_t> caps;  // channel capabilities of the client, words
  Transport transport = Transport::plain;
  Liveness* liveness = nullptr;  // of a main channel whose client is watched
};

// One channel of one client, from the link result to its end. What a channel accepts is a
// StateTable; the messages that all channels have are rows of it, made by common_row.
class Channel {
 public:
  Channel(wire::ChannelType type, ChannelLink link) : link_(std::move(link)), type_(type) {}
  virtual ~Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // Says what comes first. Called once.
  virtual void open() = 0;
  // Handles a whole message. An error ends the channel.
  Result<void> receive(const wire::Unit& message);
  // Turns what waits in the channel's pipe into messages, as far as the client allows.
  virtual void pump() {}
  // The channel's deadline has passed, if it set one: an error ends the channel.
  virtual Result<void> deadline_passed() { return {}; }
  // Whether the next message may come: if not, it stays on the link, and what is behind it.
  virtual bool may_read() const { return true; }
  // What waits in the channel's pipe, items.
  virtual std::size_t pipe_length() const { return 0; }
  virtual nlohmann::json describe() const = 0;

  wire::ChannelType type() const { return type_; }

  // Messages of every channel (protocol.md §3.2).
  Result<void> ack_sync(const wire::common::AckSync& message);
  // DIFFERS: more than was sent is an error (channels.md §4.3); the reference's counter wraps.
  Result<void> ack(const wire::common::Ack& message);
  virtual Result<void> pong(const wire::common::Pong& message);
  Result<void> disconnecting(const wire::common::ClientDisconnecting& message);
  Result<void> migrate_data_unasked(const wire::common::ClientMigrateData& message);

 protected:
  virtual Result<void> dispatch(const wire::MessageInfo& info, const void* message) = 0;
  // Something worth knowing that does not end the channel.
  void warn(ErrorCode code, std::string detail);
  nlohmann::json describe_outbox() const;

  Services& services() const { return link_.services; }
  Outbox& outbox() const { return link_.outbox; }
  const ChannelLink& link() const { return link_; }

 private:
  ChannelLink link_;
  wire::ChannelType type_;
  std::uint64_t received_ = 0;  // messages; the number of the one being handled
};

namespace detail {
template <class Handler>
struct CommonHandler;
template <class T>
struct CommonHandler<Result<void> (Channel::*)(const T&)> {
  using Message = T;
};
}  // namespace detail

// A row for a message that Channel handles and that changes no state of `Machine`.
template <class Machine, auto handler>
constexpr auto common_row(StateSet<typename Machine::State> in) {
  using State = typename Machine::State;
  using Message = typename detail::CommonHandler<decltype(handler)>::Message;
  return StateRow<Machine, State, wire::MessageKey>{
      in, Message::message,
      [](Machine& machine, const void* message) -> Result<State> {
        CHECKED((static_cast<Channel&>(machine).*handler)(*static_cast<const Message*>(message)));
        return machine.state();
      },
      in};
}

}  // namespace spicebench::server
