// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/layers/websocket_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace spicebench::layers {

namespace {

constexpr unsigned final_bit = 0x80, reserved_bits = 0x70, opcode_bits = 0x0f;
constexpr unsigned mask_bit = 0x80, length_bits = 0x7f;
constexpr unsigned length_is_16_bits = 126, length_is_64_bits = 127;

// How many bytes a header has, as far as its first two tell.
std::size_t header_bytes(unsigned second) {
  const unsigned length = second & length_bits;
  const std::size_t extended = length == length_is_64_bits   ? 8
                               : length == length_is_16_bits ? 2
                                                             : 0;
  return 2 + extended + (second & mask_bit ? sizeof(Mask) : 0);
}

std::uint64_t load_big_endian(const std::byte* from, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i) value = value << 8 | std::to_integer<unsigned>(from[i]);
  return value;
}

// XORs the mask over bytes whose first one is byte `at` of the payload, eight at a time.
void apply_mask(std::span<std::byte> bytes, const Mask& mask, std::size_t at) {
  std::array<std::byte, 8> pattern{};
  for (std::size_t i = 0; i < pattern.size(); ++i) pattern[i] = mask[(at + i) % mask.size()];
  std::uint64_t word = 0;
  std::memcpy(&word, pattern.data(), sizeof word);
  std::size_t i = 0;
  for (; i + sizeof word <= bytes.size(); i += sizeof word) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, bytes.data() + i, sizeof eight);
    eight ^= word;
    std::memcpy(bytes.data() + i, &eight, sizeof eight);
  }
  for (; i < bytes.size(); ++i) bytes[i] ^= pattern[i % pattern.size()];
}

}  // namespace

void append_frame(Bytes& out, Opcode opcode, BytesView payload, std::optional<Mask> mask,
                  bool final) {
  assert(!is_control(opcode) || (final && payload.size() <= most_control_bytes));
  const unsigned masked = mask ? mask_bit : 0;
  const auto put_big_endian = [&](std::uint64_t value, unsigned width) {
    while (width-- != 0) out.push_back(static_cast<std::byte>(value >> (8 * width)));
  };
  put_big_endian((final ? final_bit : 0) | static_cast<unsigned>(opcode), 1);
  if (payload.size() < length_is_16_bits) {
    put_big_endian(masked | payload.size(), 1);
  } else if (payload.size() <= UINT16_MAX) {
    put_big_endian(masked | length_is_16_bits, 1);
    put_big_endian(payload.size(), 2);
  } else {
    put_big_endian(masked | length_is_64_bits, 1);
    put_big_endian(payload.size(), 8);
  }
  if (mask) append(out, *mask);
  const std::size_t begin = out.size();
  append(out, payload);
  if (mask) apply_mask(std::span(out).subspan(begin), *mask, 0);
}

Result<void> FrameReader::feed(BytesView bytes, Bytes& data, std::vector<ControlFrame>& controls) {
  while (!closed_ && (!bytes.empty() || in_payload_)) {
    if (!in_payload_ && !TRY(take_header(bytes))) break;
    take_payload(bytes, data, controls);
    if (in_payload_) break;  // the rest of the payload has not come
  }
  return {};
}

// True: the header is whole, a payload begins.
Result<bool> FrameReader::take_header(BytesView& bytes) {
  std::size_t needed = 2;
  while (true) {
    if (head_bytes_ >= 2) needed = header_bytes(std::to_integer<unsigned>(head_[1]));
    if (head_bytes_ == needed) break;
    if (bytes.empty()) return false;
    head_[head_bytes_++] = bytes.front();
    bytes = bytes.subspan(1);
    ++position_;
  }
  const auto first = std::to_integer<unsigned>(head_[0]);
  const auto second = std::to_integer<unsigned>(head_[1]);
  opcode_ = static_cast<Opcode>(first & opcode_bits);
  if (first & reserved_bits)
    return fail(ErrorCode::malformed,
                fmt::format("reserved bits {:#04x} of a WebSocket frame", first & reserved_bits),
                frame_begin_);
  if (opcode_ > Opcode::pong || (opcode_ > Opcode::binary && !is_control(opcode_)))
    return fail(ErrorCode::malformed, fmt::format("WebSocket opcode {}", first & opcode_bits),
                frame_begin_);
  if (is_control(opcode_) && !(first & final_bit))
    return fail(ErrorCode::malformed, "a WebSocket control frame in fragments", frame_begin_);
  left_ = second & length_bits;
  if (is_control(opcode_) && left_ > most_control_bytes)
    return fail(ErrorCode::out_of_range, "a WebSocket control frame of more than 125 bytes",
                frame_begin_);
  if (left_ == length_is_16_bits) left_ = load_big_endian(head_.data() + 2, 2);
  if (left_ == length_is_64_bits) left_ = load_big_endian(head_.data() + 2, 8);
  if (left_ >> 63)
    return fail(ErrorCode::out_of_range, fmt::format("a WebSocket frame of {} bytes", left_),
                frame_begin_);
  mask_ = {};
  if (second & mask_bit) std::copy_n(head_.begin() + (needed - 4), 4, mask_.begin());
  masked_ = 0;
  return in_payload_ = true;
}

// As much of the payload as there is; in_payload_ stays while more is to come.
void FrameReader::take_payload(BytesView& bytes, Bytes& data, std::vector<ControlFrame>& controls) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  Bytes& to = is_control(opcode_) ? control_ : data;
  const std::size_t begin = to.size();
  append(to, bytes.first(size));
  apply_mask(std::span(to).subspan(begin), mask_, masked_);
  masked_ = (masked_ + size) % mask_.size();
  bytes = bytes.subspan(size);
  position_ += size;
  left_ -= size;
  if (left_ != 0) return;
  in_payload_ = false;
  head_bytes_ = 0;
  frame_begin_ = position_;
  if (!is_control(opcode_)) return;
  closed_ = opcode_ == Opcode::close;
  controls.push_back({opcode_, std::exchange(control_, {})});
}

}  // namespace spicebench::layers
