// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>
#include <memory>
#include <vector>

#include "client/connection.hpp"
#include "client/display/renderer.hpp"
#include "client/media_clock.hpp"
#include "client/options.hpp"
#include "client/status.hpp"
#include "core/base/random.hpp"
#include "core/wire/message_value.hpp"

namespace spicebench::client {

class Cursor;
class Display;
class Inputs;
class Main;
class Playback;
class Record;
class Port;

// What the channels of a client share, and the way between links and channels.
class Session {
 public:
  Session(ClientOptions options, Random random);
  ~Session();

  void start(Instant now);
  void handle(const Input& input, Instant now);
  Outputs take_outputs();

  // For connections and channels.
  const ClientOptions& options() const { return options_; }
  const Random& random() const { return random_; }
  void open_channel(wire::ChannelType type, std::uint8_t id);  // does nothing if there is one
  void tell(ValuePtr news);                                    // to every user
  void channel_up(const Connection& connection);
  void note(const Connection& connection, Error error, bool fatal);
  void arm(LinkId link, Duration delay);
  void disarm(LinkId link);
  SharedPictures& pictures() { return pictures_; }
  const SharedPictures& pictures() const { return pictures_; }
  // The connection of a channel that is not closed; null: none.
  const Connection* find(wire::ChannelType type, std::uint8_t id) const;
  bool has_other_display(const Connection& than) const;

  Instant now() const { return now_; }
  MediaClock media_clock;
  std::uint32_t session_id = 0;  // 0 before INIT
  std::uint32_t ram_hint = 0;    // bytes
  std::uint32_t mouse_mode() const { return mouse_mode_; }
  void set_mouse_mode(std::uint32_t mode);

  const Main* main() const;
  const Display* display(std::uint8_t id) const;
  const Cursor* cursor(std::uint8_t id) const;
  const Playback* playback() const;
  const Record* record() const;
  const Port* port(std::uint8_t id) const;
  bool ended() const { return ended_; }
  const std::vector<ClientError>& errors() const { return errors_; }
  std::uint64_t error_count() const { return error_count_; }
  std::vector<ChannelStatus> channels() const;

 private:
  void handle_link(Connection& connection, const Input& input);
  void link_closed(Connection& connection, Ending ending);
  void failed(Connection& connection, const Error& error);
  void close(Connection& connection);
  void end(wire::LinkError error, std::string_view reason);
  void resume_waiting();
  void user_arrived(LinkId link);
  void user_event(const wire::AnyMessage& event);
  bool agent_event(const wire::AnyMessage& event);
  template <class T>
  const T* channel_of(wire::ChannelType type, std::uint8_t id) const;

  ClientOptions options_;
  Random random_;
  SharedPictures pictures_;
  Instant now_{};
  Outputs out_;
  std::vector<std::unique_ptr<Connection>> connections_;  // index = link
  std::vector<LinkId> users_;
  std::vector<ClientError> errors_;
  std::uint64_t error_count_ = 0;
  std::uint32_t mouse_mode_ = 0;
  bool ended_ = false;
};

}  // namespace spicebench::client
