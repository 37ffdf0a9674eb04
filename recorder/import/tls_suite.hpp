// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

// What a TLS cipher suite means for who decrypts: cipher, key sizes, hashes, and the derivation of
// keys from secrets.
namespace spicebench::recorder {

struct TlsSuite {
  enum class Cipher : std::uint8_t { gcm, chacha20_poly1305, cbc };
  std::uint16_t id = 0;
  std::string_view name;
  Cipher cipher{};
  std::uint8_t key_bytes = 0;
  const char* hash = nullptr;  // of the key derivation, as OpenSSL calls it
  const char* mac = nullptr;   // CBC: hash of the HMAC
  std::uint8_t mac_bytes = 0;

  bool tls13() const { return id >> 8 == 0x13; }
  // Of the key block of TLS 1.2: GCM's salt, ChaCha20's whole nonce; CBC sends its own.
  std::size_t fixed_iv_bytes() const {
    return cipher == Cipher::gcm ? 4 : cipher == Cipher::chacha20_poly1305 ? 12 : 0;
  }
  std::size_t hash_bytes() const;
};
// Null: a suite that cannot be decrypted (unknown; RC4, 3DES, Camellia, CCM, null …).
const TlsSuite* find_suite(std::uint16_t id);

// TLS 1.2: PRF of RFC 5246 §5. Errors of both: internal, OpenSSL cannot.
Result<Bytes> prf(const TlsSuite& suite, BytesView secret, std::string_view label, BytesView seed,
                  std::size_t size);
// TLS 1.3: HKDF-Expand-Label of RFC 8446 §7.1 with an empty context.
Result<Bytes> expand_label(const TlsSuite& suite, BytesView secret, std::string_view label,
                           std::size_t size);

}  // namespace spicebench::recorder
