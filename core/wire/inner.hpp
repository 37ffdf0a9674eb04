// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/wire/message.hpp"

// Protocols inside the messages of a channel: the agent's in main's AGENT_DATA, WebDAV frames in
// webdav's data, USB redirection packets in usbredir's. Their messages are rows of the catalogue
// like others, under ChannelType::agent, webdav_mux and usb, so every walk takes them; what differs
// is how they are found: a message of the channel holds a piece of one, or several.
//
//   const auto inner = inner_reader(connection.channel);        // null: nothing inside
//   for (message of the connection, both sides, in order)
//     if (inner) { found.clear(); inner->read(by, type, body, found); for (m : found) … }
namespace spicebench::wire {

// The protocol inside the messages of a channel. Nothing: their fields are all there is.
std::optional<ChannelType> inner_protocol(ChannelType channel);

struct InnerMessage {
  Side by{};
  std::uint32_t type = 0;
  const MessageInfo* info = nullptr;      // null: the protocol has no message of this number
  const Layout* header_layout = nullptr;  // of `header`; null: this protocol has none
  SharedBytes header, body;
  // First capability words that both ends of the inner protocol had announced before this message;
  // none has a second one.
  std::uint32_t client_caps = 0, guest_caps = 0;
  // What decoding `body` depends on. Valid as long as this object stays where it is.
  Context context() const;
};

// Takes the messages of one connection apart. Sans-I/O; memory is bounded by the bytes that came
// and by the size that an inner message may have, checked before it is waited for.
class InnerReader {
 public:
  virtual ~InnerReader() = default;
  // The next message of the connection; all of them must pass, in their order, since some reset the
  // inner protocol. Appends the inner messages that it completes.
  // Returns whether the message's bytes are of the inner protocol and were taken.
  // Errors: bytes that break the inner framing, at an offset in `body` (of compressed data: in what
  // they expand to). Nothing more is taken of this side until the inner protocol is reset.
  virtual Result<bool> read(Side by, std::uint16_t type, const SharedBytes& body,
                            std::vector<InnerMessage>& out) = 0;
  // What a side has sent of the message that is not complete yet.
  struct Unfinished {
    const MessageInfo* info = nullptr;  // null: unknown, or not even its number is there yet
    std::uint64_t bytes = 0, size = 0;  // there so far, and of the whole, header included; size 0:
                                        // not known yet
  };
  virtual Unfinished unfinished(Side by) const = 0;

  // True from when the client has said that nothing more of it comes on this connection, since the
  // session moves to another server: the next connection of the channel goes on with this reader.
  bool migrated() const { return migrated_; }
  void go_on() { migrated_ = false; }

 protected:
  void note(Side by, std::uint16_t type);  // of every message

 private:
  bool migrated_ = false;
};
// Null: the channel carries nothing inside its messages.
std::unique_ptr<InnerReader> inner_reader(ChannelType channel);

}  // namespace spicebench::wire
