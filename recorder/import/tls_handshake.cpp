// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/tls_handshake.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spicebench::recorder {

namespace {

constexpr std::size_t head_bytes = 4, most_hello_bytes = 64u << 10;
constexpr std::uint16_t extension_encrypt_then_mac = 22, extension_early_data = 42,
                        extension_supported_versions = 43;

// SHA-256("HelloRetryRequest"): the server random of a message that is none (RFC 8446 §4.1.3).
constexpr std::uint8_t retry_random[32] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

// Takes from the front of a body; after too short a body it gives zeros and says so.
class Cursor {
 public:
  explicit Cursor(BytesView bytes) : bytes_(bytes) {}
  BytesView take(std::size_t size) {
    if (size > bytes_.size()) {
      ended_early_ = true;
      size = bytes_.size();
    }
    const BytesView taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }
  std::size_t number(std::size_t width) {  // big endian
    std::size_t value = 0;
    for (const std::byte byte : take(width))
      value = value << 8 | std::to_integer<std::size_t>(byte);
    return value;
  }
  BytesView counted(std::size_t width) { return take(number(width)); }
  ClientRandom random() {
    ClientRandom random{};
    std::ranges::copy(take(random.size()), random.begin());
    return random;
  }
  bool empty() const { return bytes_.empty(); }
  bool ended_early() const { return ended_early_; }

 private:
  BytesView bytes_;
  bool ended_early_ = false;
};

// Calls `each(type, body)` for the extensions at the end of a hello, which may have none.
template <class Each>
void for_extensions(Cursor& hello, Each each) {
  if (hello.empty()) return;
  Cursor extensions(hello.counted(2));
  while (!extensions.empty() && !extensions.ended_early()) {
    const auto type = static_cast<std::uint16_t>(extensions.number(2));
    each(type, Cursor(extensions.counted(2)));
  }
}

std::unexpected<Error> too_short(const char* what) {
  return fail(ErrorCode::malformed, fmt::format("the {} ends early", what));
}

}  // namespace

Result<void> TlsHandshakeReader::feed(BytesView content, const Heard& heard) {
  while (!content.empty() || head_.size() == head_bytes) {  // a message may be its head alone
    if (head_.size() < head_bytes) {
      const std::size_t size = std::min(head_bytes - head_.size(), content.size());
      append(head_, content.first(size));
      content = content.subspan(size);
      if (head_.size() < head_bytes) return {};
      left_ = Cursor(BytesView(head_).subspan(1)).number(3);
    }
    const auto type = static_cast<TlsHandshake>(head_[0]);
    const bool hello = type == TlsHandshake::client_hello || type == TlsHandshake::server_hello;
    if (hello && left_ > most_hello_bytes)
      return fail(ErrorCode::out_of_range,
                  fmt::format("a TLS hello of {} bytes, at most {}", left_, most_hello_bytes));
    const std::size_t size = std::min(left_, content.size());
    if (hello) append(body_, content.first(size));
    content = content.subspan(size);
    left_ -= size;
    if (left_ != 0) return {};
    head_.clear();
    CHECKED(heard(type, body_));
    body_.clear();
  }
  return {};
}

Result<TlsClientHello> parse_client_hello(BytesView body) {
  TlsClientHello hello;
  Cursor in(body);
  in.take(2);  // version: the true one is in the answer
  hello.random = in.random();
  in.counted(1);  // session id
  in.counted(2);  // suites
  in.counted(1);  // compressions
  for_extensions(in, [&](std::uint16_t type, Cursor) {
    if (type == extension_early_data) hello.early_data = true;
  });
  if (in.ended_early()) return too_short("ClientHello");
  return hello;
}

Result<TlsServerHello> parse_server_hello(BytesView body) {
  TlsServerHello hello;
  Cursor in(body);
  hello.version = static_cast<std::uint16_t>(in.number(2));
  hello.random = in.random();
  in.counted(1);  // session id
  hello.suite = static_cast<std::uint16_t>(in.number(2));
  hello.compression = static_cast<std::uint8_t>(in.number(1));
  for_extensions(in, [&](std::uint16_t type, Cursor extension) {
    if (type == extension_supported_versions)
      hello.version = static_cast<std::uint16_t>(extension.number(2));
    if (type == extension_encrypt_then_mac) hello.encrypt_then_mac = true;
  });
  if (in.ended_early()) return too_short("ServerHello");
  hello.retry = std::ranges::equal(hello.random, retry_random, {}, {},
                                   [](std::uint8_t byte) { return std::byte{byte}; });
  return hello;
}

}  // namespace spicebench::recorder
