// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/websocket_layer.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/layers/websocket_upgrade.hpp"

namespace spicebench::recorder {

namespace {

constexpr std::size_t most_head_bytes = 64u << 10;  // proxies take more than a SPICE server

// Takes a whole head from the front of the bytes; nothing: it is not whole yet.
Result<std::optional<Bytes>> take_head(Bytes& bytes) {
  const auto size = TRY(layers::head_size(bytes, most_head_bytes));
  if (!size) return std::nullopt;
  const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(*size);
  Bytes head(bytes.begin(), end);
  bytes.erase(bytes.begin(), end);
  return head;
}

}  // namespace

Result<void> WebSocketLayer::sent(Side by, BytesView bytes, const Inner& inner) {
  if (direction(by).frames) return read_frames(by, bytes, inner);
  Bytes& head = direction(by).head;
  append(head, bytes);
  if (auto read = read_heads(inner); !read) return read;
  if (head.size() > most_head_bytes)
    return std::unexpected(
        of_side(by, {ErrorCode::out_of_range, 0, {}, "no answer to the WebSocket upgrade"}));
  return {};
}

// The client's head, then the server's, then what they held back of both streams.
Result<void> WebSocketLayer::read_heads(const Inner& inner) {
  const auto with_side = [](Side by, auto result) {
    if (!result) result = std::unexpected(of_side(by, std::move(result.error())));
    return result;
  };
  std::array<std::uint64_t, 2> begin{};
  if (!key_) {
    Bytes& bytes = direction(Side::client).head;
    const auto head = TRY(with_side(Side::client, take_head(bytes)));
    if (!head) return {};
    key_ = TRY(with_side(Side::client, layers::parse_request(*head))).key;
    request_bytes_ = head->size();
  }
  begin[0] = request_bytes_;
  Bytes& bytes = direction(Side::server).head;
  const auto head = TRY(with_side(Side::server, take_head(bytes)));
  if (!head) return {};
  begin[1] = head->size();
  const auto response = TRY(with_side(Side::server, layers::parse_response(*head)));
  if (response.accept != layers::accept_word(*key_))
    return std::unexpected(of_side(
        Side::server, {ErrorCode::malformed, 0, {}, "the answer is not to the client's key"}));
  if (response.protocol && *response.protocol != "binary")
    return std::unexpected(
        of_side(Side::server, {ErrorCode::unsupported,
                               0,
                               {},
                               fmt::format("WebSocket protocol '{}'", *response.protocol)}));
  for (const Side by : {Side::client, Side::server})
    direction(by).frames.emplace(begin[static_cast<std::size_t>(by)]);
  for (const Side by : {Side::client, Side::server})
    CHECKED(read_frames(by, std::exchange(direction(by).head, {}), inner));
  return {};
}

Result<void> WebSocketLayer::read_frames(Side by, BytesView bytes, const Inner& inner) {
  Bytes data;
  std::vector<layers::ControlFrame> controls;  // heard and passed over
  auto read = direction(by).frames->feed(bytes, data, controls);
  if (!data.empty()) inner(by, data);
  if (!read) return std::unexpected(of_side(by, std::move(read.error())));
  return {};
}

std::uint64_t WebSocketLayer::unfinished(Side by) const {
  const Direction& of = directions_[static_cast<std::size_t>(by)];
  return of.frames ? of.frames->unfinished() : of.head.size();
}

}  // namespace spicebench::recorder
