// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "recorder/import/tls_suite.hpp"

struct evp_cipher_ctx_st;  // OpenSSL's EVP_CIPHER_CTX

namespace spicebench::recorder {

enum class TlsContent : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23,
};
constexpr std::size_t tls_header_bytes = 5;
constexpr std::size_t most_record_bytes = (1u << 14) + 2048;  // RFC 5246 §6.2.3

// One whole record.
struct TlsRecord {
  TlsContent type{};
  BytesView header;   // 5 bytes
  BytesView payload;  // as on the wire
};
// The record at the beginning of `bytes`; nothing: more bytes are needed. Errors: malformed (no TLS
// record), out_of_range (a length beyond most_record_bytes).
Result<std::optional<TlsRecord>> record_in(BytesView bytes);

// What a protected record held.
struct TlsPlaintext {
  TlsContent type{};
  BytesView content;
};

// Takes the protection off the records of one direction, which it must see all and in order.
class TlsRecordCipher {
 public:
  // TLS 1.3, RFC 8446 §5.2, 7.3. Error: internal (OpenSSL cannot).
  static Result<TlsRecordCipher> tls13(const TlsSuite& suite, BytesView traffic_secret);
  // TLS 1.2, RFC 5246 §6.2.3; encrypt_then_mac: RFC 7366, CBC only.
  struct Keys12 {
    BytesView key, fixed_iv, mac_key;
    bool encrypt_then_mac = false;
  };
  static Result<TlsRecordCipher> tls12(const TlsSuite& suite, const Keys12& keys);

  // The content lies in `plain`. Error: malformed; the text says whether tag or form is wrong.
  Result<TlsPlaintext> open(const TlsRecord& record, Bytes& plain);

 private:
  TlsRecordCipher(const TlsSuite& suite, BytesView iv, BytesView mac_key, bool encrypt_then_mac);
  Result<void> set_key(BytesView key);
  Result<void> open_aead(const TlsRecord& record, Bytes& plain);
  Result<void> open_cbc(const TlsRecord& record, Bytes& plain);
  Result<void> decrypt_cbc(BytesView iv, BytesView encrypted, Bytes& plain);
  Result<void> check_mac(const TlsRecord& record, BytesView covered, BytesView mac) const;

  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  const TlsSuite* suite_;
  Bytes iv_, mac_key_;
  bool encrypt_then_mac_ = false;
  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
  std::uint64_t sequence_ = 0;
};

}  // namespace spicebench::recorder
