// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <deque>
#include <memory>
#include <optional>

#include "client/ack_window.hpp"
#include "client/channel.hpp"
#include "client/status.hpp"
#include "core/wire/common_messages.hpp"
#include "core/wire/frame.hpp"
#include "core/wire/framer.hpp"
#include "core/world/send_queue.hpp"

namespace spicebench::client {

class Session;

// One connection of the session: the link stage, then the messages of one channel, of which it
// handles the common ones itself and hands the others on.
class Connection {
 public:
  enum class State : std::uint8_t { link, up, closed };

  Connection(Session& session, LinkId link, wire::ChannelType type, std::uint8_t id);
  ~Connection();

  void set_channel(std::unique_ptr<Channel> channel) { channel_ = std::move(channel); }
  wire::ChannelType type() const { return type_; }
  std::uint8_t id() const { return id_; }
  LinkId link() const { return queue_.link(); }
  State state() const { return state_; }
  Channel& channel() { return *channel_; }
  const Channel& channel() const { return *channel_; }

  // Inputs. An error is the end: of the connection in the link stage, of the session later.
  void opened();
  Result<void> receive(BytesView bytes);
  void writable(std::size_t bytes) { queue_.grant(bytes); }
  void flush(Outputs& out) {
    if (state_ != State::closed) queue_.flush(out);
  }
  Result<void> resume();   // looks again at what it waits for
  Result<void> expired();  // the timer under the number of the link
  void close() { state_ = State::closed; }

  bool waiting() const { return waiting_ != Readiness::ready; }
  std::uint64_t completed_serial() const { return completed_serial_; }
  std::uint64_t steps() const { return steps_; }  // grows whenever something was handled
  std::uint64_t message_number() const { return received_; }
  std::size_t torn_bytes() const { return framer_.unframed(Side::server).size(); }
  wire::LinkError link_error() const { return link_error_; }
  const std::vector<std::uint32_t>& server_caps() const;  // of the channel; precondition: up
  ChannelStatus status() const;

  // For channels.
  Session& session() { return session_; }
  template <wire::Message T>
  void send(const T& message) {
    if (state_ != State::up) return;
    queue_.push(wire::frame_of(message, mini(), ++sent_serial_, context_));
    ++sent_counts_[T::message];
  }
  std::size_t queued_bytes() const { return queue_.queued(); }  // not sent yet, for want of credit
  void note(Error error);  // of the message at hand: recorded, and nothing else happens
  // Whether everything named has been processed (protocol.md §3.4). Errors: out_of_order (waits for
  // itself).
  Result<Readiness> wait_for(const std::vector<wire::common::ChannelWait>& list) const;

  using CommonTable = StateTable<Connection, State, wire::MessageKey>;
  static const CommonTable& common_table();

 private:
  struct Work {  // a message, or one of its sub-messages
    std::uint16_t type;
    bool top_level;
    SharedBytes body;
    std::uint64_t completes = 0;  // serial that is processed with it; 0: none
    bool counted = false;
    std::optional<wire::AnyMessage> message;
  };

  void send_raw(const Bytes& unit);
  Result<void> link_unit(const wire::Unit& unit);
  Result<void> refused(wire::LinkError error, std::string_view in);
  Result<void> send_ticket();
  Result<void> run();
  Result<bool> step();  // false: must wait
  Result<void> expand(SharedBytes body, std::uint32_t list_at, std::uint64_t completes);
  Result<Readiness> readiness(const wire::AnyMessage& message);
  void set_waiting(Readiness readiness);
  bool mini() const { return framer_.link().mini_header; }
  Error located(Error error, std::string_view message) const;

  Result<State> handle_migrate(const wire::common::Migrate&);
  Result<State> handle_set_ack(const wire::common::SetAck&);
  Result<State> handle_ping(const wire::common::Ping&);
  Result<State> handle_wait(const wire::common::WaitForChannels&);
  Result<State> handle_disconnecting(const wire::common::Disconnecting&);
  Result<State> handle_notify(const wire::common::Notify&);

  Session& session_;
  wire::ChannelType type_;
  std::uint8_t id_;
  State state_ = State::link;
  std::unique_ptr<Channel> channel_;
  wire::ConnectionFramer framer_;
  wire::link::LinkMess mess_;
  wire::Context context_;
  wire::LinkError link_error_ = wire::LinkError::ok;
  SendQueue queue_;
  AckWindow ack_;
  std::deque<Work> work_;
  Readiness waiting_ = Readiness::ready;
  std::uint64_t sent_serial_ = 0, completed_serial_ = 0, received_ = 0, steps_ = 0, skipped_ = 0;
  std::uint64_t serial_at_hand_ = 0;
  std::map<wire::MessageKey, std::uint64_t> sent_counts_, received_counts_;
};

}  // namespace spicebench::client
