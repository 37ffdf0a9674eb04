// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

// The HTTP upgrade that begins a WebSocket (RFC 6455 §4; protocol.md §1.8 for what a SPICE server
// asks for), sans-I/O. Behind the heads come frames: websocket_frames.hpp.
namespace spicebench::layers {

constexpr std::size_t most_head_bytes = 4095;  // that a SPICE server reads

// What a client asks for.
struct UpgradeRequest {
  std::string target = "/";
  std::string host;
  std::string key;                      // Sec-WebSocket-Key: base64 of 16 bytes, not judged
  std::optional<std::string> protocol;  // Sec-WebSocket-Protocol
  std::string text() const;             // the head to send
};
// What a server that agrees answers.
struct UpgradeResponse {
  std::string accept;                   // Sec-WebSocket-Accept
  std::optional<std::string> protocol;  // the one that was chosen
  std::string text() const;
};

// The size of the head at the beginning of `bytes`, its empty line included; nothing: that line has
// not come yet. Error: out_of_range, more than `most` bytes without it.
Result<std::optional<std::size_t>> head_size(BytesView bytes, std::size_t most = most_head_bytes);
// A whole head. Error: malformed (no GET, no key).
Result<UpgradeRequest> parse_request(BytesView head);
// Errors: denied (another status than 101; the detail quotes it), malformed (no accept word).
Result<UpgradeResponse> parse_response(BytesView head);

// The proof that a server has read the key: base64(SHA-1(key, the RFC's GUID)).
std::string accept_word(std::string_view key);
// The answer of a SPICE server. Error: unsupported, a protocol other than "binary".
Result<UpgradeResponse> response_to(const UpgradeRequest& request);

}  // namespace spicebench::layers
