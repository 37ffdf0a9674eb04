// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <functional>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "recorder/import/tls_key_log.hpp"

// The little of the TLS handshake that somebody needs to know who has the secrets.
namespace spicebench::recorder {

enum class TlsHandshake : std::uint8_t {
  hello_request = 0,
  client_hello = 1,
  server_hello = 2,
  finished = 20,
  key_update = 24,
};

// Handshake messages of one direction out of record contents: they may lie several in one record or
// one in several.
class TlsHandshakeReader {
 public:
  // The body is there for hellos alone; of other messages, which can be long, only that they are.
  using Heard = std::function<Result<void>(TlsHandshake type, BytesView body)>;
  // Errors: out_of_range (a hello of more than 64 KiB), what `heard` returns.
  Result<void> feed(BytesView content, const Heard& heard);

 private:
  Bytes head_;            // 4 bytes: type and length
  Bytes body_;            // of a hello, so far
  std::size_t left_ = 0;  // bytes of the message that have not come
};

struct TlsClientHello {
  ClientRandom random{};
  bool early_data = false;
};
struct TlsServerHello {
  std::uint16_t version = 0;  // the one that is spoken: 0x0303, 0x0304
  ClientRandom random{};      // the server's
  std::uint16_t suite = 0;
  std::uint8_t compression = 0;
  bool encrypt_then_mac = false;
  bool retry = false;  // a HelloRetryRequest: another ClientHello and another ServerHello follow
};
// Error: malformed, ends early.
Result<TlsClientHello> parse_client_hello(BytesView body);
Result<TlsServerHello> parse_server_hello(BytesView body);

}  // namespace spicebench::recorder
