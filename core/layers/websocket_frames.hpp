// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

// WebSocket frames (RFC 6455 §5) as far as they carry SPICE (protocol.md §1.8): the byte stream
// lies in data frames whose boundaries mean nothing, so text is taken for binary and the frames of
// a message are not counted.
namespace spicebench::layers {

constexpr std::size_t most_control_bytes = 125;  // payload of close, ping and pong

enum class Opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};
constexpr bool is_control(Opcode opcode) {
  return opcode >= Opcode::close;
}
using Mask = std::array<std::byte, 4>;

// Appends one frame. Clients mask, servers do not. Precondition: a control frame is final and has
// at most 125 bytes.
void append_frame(Bytes& out, Opcode opcode, BytesView payload, std::optional<Mask> mask = {},
                  bool final = true);

struct ControlFrame {
  Opcode opcode{};
  Bytes payload;
  bool operator==(const ControlFrame&) const = default;
};

// The frames of one direction → the bytes they carry. Masked or not: both are taken.
class FrameReader {
 public:
  // `offset`: bytes of the direction before its first frame; offsets in errors count from its
  // start.
  explicit FrameReader(std::uint64_t offset = 0) : position_(offset), frame_begin_(offset) {}
  // Takes the next bytes, in any pieces; appends the payload of data frames to `data`, control
  // frames to `controls`. After a close frame bytes are ignored.
  //   errors  final: malformed (reserved bits, unknown opcode, fragmented control frame),
  //           out_of_range (control frame over 125 bytes, length with the top bit set); offset is
  //           where the frame begins. What came before it has been appended.
  Result<void> feed(BytesView bytes, Bytes& data, std::vector<ControlFrame>& controls);
  bool closed() const { return closed_; }
  // Bytes that begin a frame whose rest has not come.
  std::uint64_t unfinished() const { return position_ - frame_begin_; }

 private:
  Result<bool> take_header(BytesView& bytes);
  void take_payload(BytesView& bytes, Bytes& data, std::vector<ControlFrame>& controls);

  std::uint64_t position_;            // in the direction, of the next byte
  std::uint64_t frame_begin_;         // in the direction, of the frame that is being read
  std::array<std::byte, 14> head_{};  // the longest header: 2 bytes, 8 of length, 4 of mask
  std::size_t head_bytes_ = 0;        // of it that have come
  bool in_payload_ = false;
  Opcode opcode_{};
  Mask mask_{};             // zeros: not masked
  std::size_t masked_ = 0;  // payload bytes of the frame so far, modulo 4
  std::uint64_t left_ = 0;  // of the payload
  Bytes control_;           // payload of a control frame so far
  bool closed_ = false;
};

}  // namespace spicebench::layers
