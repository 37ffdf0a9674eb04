// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/layers/websocket_upgrade.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>

namespace spicebench::layers {

namespace {

constexpr std::string_view end_of_line = "\r\n", end_of_head = "\r\n\r\n";
constexpr std::size_t quoted_bytes = 60;  // of a line in an error

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string_view first_line(std::string_view head) {
  return head.substr(0, head.find(end_of_line));
}

// The value of a header line; nothing if there is no such line. Of several the first.
std::optional<std::string_view> header(std::string_view head, std::string_view name) {
  std::size_t at = head.find(end_of_line);
  while (at != head.npos) {
    at += end_of_line.size();
    const std::string_view line = head.substr(at, head.find(end_of_line, at) - at);
    const auto colon = line.find(':');
    if (colon != line.npos && equal_without_case(line.substr(0, colon), name))
      return trimmed(line.substr(colon + 1));
    at = head.find(end_of_line, at);
  }
  return std::nullopt;
}

std::optional<std::string> owned(std::optional<std::string_view> text) {
  if (!text) return std::nullopt;
  return std::string(*text);
}

// A peer's line as it can be shown to anybody.
std::string quoted(std::string_view line) {
  std::string text(line.substr(0, quoted_bytes));
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return "'" + text + (line.size() > quoted_bytes ? "...'" : "'");
}

std::string protocol_line(const std::optional<std::string>& protocol) {
  return protocol ? fmt::format("Sec-WebSocket-Protocol: {}\r\n", *protocol) : std::string();
}

}  // namespace

std::string UpgradeRequest::text() const {
  return fmt::format(
      "GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: {}\r\nSec-WebSocket-Version: 13\r\n{}\r\n",
      target, host, key, protocol_line(protocol));
}

std::string UpgradeResponse::text() const {
  return fmt::format(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: {}\r\n{}\r\n",
      accept, protocol_line(protocol));
}

Result<std::optional<std::size_t>> head_size(BytesView bytes, std::size_t most) {
  const auto end = as_text(bytes.first(std::min(bytes.size(), most))).find(end_of_head);
  if (end != std::string_view::npos) return end + end_of_head.size();
  if (bytes.size() < most) return std::nullopt;
  return fail(ErrorCode::out_of_range, fmt::format("an HTTP head of more than {} bytes", most));
}

Result<UpgradeRequest> parse_request(BytesView head) {
  const std::string_view text = as_text(head);
  const std::string_view line = first_line(text);
  constexpr std::string_view get = "GET ";
  if (!line.starts_with(get))
    return fail(ErrorCode::malformed, fmt::format("no GET request: {}", quoted(line)));
  const auto key = header(text, "Sec-WebSocket-Key");
  if (!key || key->empty())
    return fail(ErrorCode::malformed, fmt::format("no Sec-WebSocket-Key in {}", quoted(line)));
  UpgradeRequest request;
  request.target = line.substr(get.size(), line.find(' ', get.size()) - get.size());
  request.host = header(text, "Host").value_or("");
  request.key = *key;
  request.protocol = owned(header(text, "Sec-WebSocket-Protocol"));
  return request;
}

Result<UpgradeResponse> parse_response(BytesView head) {
  const std::string_view text = as_text(head);
  const std::string_view line = first_line(text);
  if (!line.starts_with("HTTP/1.1 101") && !line.starts_with("HTTP/1.0 101"))
    return fail(ErrorCode::denied, fmt::format("the server answers {}", quoted(line)));
  const auto accept = header(text, "Sec-WebSocket-Accept");
  if (!accept) return fail(ErrorCode::malformed, "no Sec-WebSocket-Accept in the answer");
  return UpgradeResponse{std::string(*accept), owned(header(text, "Sec-WebSocket-Protocol"))};
}

std::string accept_word(std::string_view key) {
  constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // RFC 6455 §1.3
  const std::string text = std::string(key).append(guid);
  std::array<unsigned char, 20> digest{};
  [[maybe_unused]] const int done =
      EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  assert(done == 1);
  std::array<unsigned char, 29> base64{};  // 28 characters and a NUL
  EVP_EncodeBlock(base64.data(), digest.data(), digest.size());
  return reinterpret_cast<const char*>(base64.data());
}

Result<UpgradeResponse> response_to(const UpgradeRequest& request) {
  if (request.protocol && *request.protocol != "binary")
    return fail(ErrorCode::unsupported,
                fmt::format("WebSocket protocol {}, only 'binary'", quoted(*request.protocol)));
  return UpgradeResponse{accept_word(request.key), request.protocol};
}

}  // namespace spicebench::layers
