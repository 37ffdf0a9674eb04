// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"
#include "core/base/side.hpp"
#include "core/wire/link.hpp"
#include "core/wire/message.hpp"

// Bytes of a connection → units: the pieces of the link stage, then messages. Sans-I/O; server,
// client, tap and import use the same one.
namespace spicebench::wire {

enum class UnitKind : std::uint8_t {
  link_header,     // 16 bytes, either side
  link_mess,       // client: LinkMess with capability words
  link_reply,      // server: LinkReply with capability words
  auth_mechanism,  // client: u32
  ticket,          // client: 128 bytes
  link_result,     // server: u32
  sasl,            // either side: one piece of the SASL exchange
  message,
  descriptor = 10,  // server: the byte behind a gl_scanout_unix that carries its file descriptor
};
// One complete unit of one direction. Units tile the stream: the next one begins where this ends.
struct Unit {
  UnitKind kind{};
  std::uint64_t offset = 0;            // of its first byte in the direction's stream
  SharedBytes bytes;                   // the whole unit, message header included
  const MessageInfo* piece = nullptr;  // its description under ChannelType::link; messages: null
  // Messages only:
  std::uint64_t serial = 0;  // from the header, or counted from 1
  std::uint16_t type = 0;
  std::uint32_t sub_list = 0;      // full header; offset in the body, 0: none
  std::uint32_t header_bytes = 0;  // 6 or 18
  SharedBytes body() const { return bytes.slice(header_bytes, bytes.size() - header_bytes); }
};

// What the link stage of a connection has settled so far.
struct LinkState {
  std::optional<link::LinkMess> mess;
  std::optional<link::LinkReply> reply;
  std::optional<std::uint32_t> mechanism;  // auth_spice if nothing was selected
  std::optional<std::uint32_t> result;     // LinkError
  bool mini_header = false;                // both sides set the capability
  bool encrypted = false;  // SASL negotiated a security layer: nothing to see beyond
  ChannelType channel() const {
    return mess ? static_cast<ChannelType>(mess->channel_type) : ChannelType::common;
  }
  std::uint8_t channel_id() const { return mess ? mess->channel_id : std::uint8_t{0}; }
  bool up() const { return result == 0u; }
};

// Both directions of one connection. Feed what each side sent, then take units until there is none.
// A peer feeds what it receives; what it sends itself it feeds for as long as the link is not up.
class ConnectionFramer {
 public:
  ConnectionFramer();
  ~ConnectionFramer();
  ConnectionFramer(ConnectionFramer&&) noexcept;
  ConnectionFramer& operator=(ConnectionFramer&&) noexcept;

  void feed(Side by, BytesView bytes);
  // The next unit of a side. Nothing: more bytes are needed, or a word of the other side.
  // An error is final for that side (a lie about a length, bytes that are not SPICE): the rest of
  // its stream has no units; offset is that in the stream.
  Result<std::optional<Unit>> next(Side by);
  const LinkState& link() const;
  // Bytes of a side that were fed and belong to no unit yet.
  BytesView unframed(Side by) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spicebench::wire
