// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/tls_record.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <utility>

namespace spicebench::recorder {

namespace {

constexpr std::size_t tag_bytes = 16, nonce_bytes = 12, explicit_nonce_bytes = 8, block_bytes = 16;

const unsigned char* octets(BytesView bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* octets(Bytes& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

void append_big_endian(Bytes& out, std::uint64_t value, unsigned width) {
  while (width-- != 0) out.push_back(static_cast<std::byte>(value >> (8 * width)));
}

const EVP_CIPHER* cipher_of(const TlsSuite& suite) {
  switch (suite.cipher) {
    case TlsSuite::Cipher::gcm:
      return suite.key_bytes == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
    case TlsSuite::Cipher::chacha20_poly1305:
      return EVP_chacha20_poly1305();
    case TlsSuite::Cipher::cbc:
      break;
  }
  return suite.key_bytes == 16 ? EVP_aes_128_cbc() : EVP_aes_256_cbc();
}

std::unexpected<Error> bad_tag() {
  return fail(ErrorCode::malformed,
              "a TLS record whose tag is wrong: damaged, or the secret is of another session");
}
std::unexpected<Error> bad_form(const char* what) {
  return fail(ErrorCode::malformed, fmt::format("a TLS record {}", what));
}

// The last byte says how many equal ones stand before it.
Result<void> take_padding(Bytes& plain) {
  const std::size_t padding = std::to_integer<std::size_t>(plain.back()) + 1;
  if (padding > plain.size() ||
      !std::all_of(plain.end() - static_cast<std::ptrdiff_t>(padding), plain.end(),
                   [&](std::byte byte) { return byte == plain.back(); }))
    return bad_tag();  // damaged, or the wrong key: the tag cannot even be found
  plain.resize(plain.size() - padding);
  return {};
}

}  // namespace

Result<std::optional<TlsRecord>> record_in(BytesView bytes) {
  if (bytes.size() < tls_header_bytes) return std::nullopt;
  const auto byte = [&](std::size_t at) { return std::to_integer<unsigned>(bytes[at]); };
  const unsigned type = byte(0);
  if (type < 20 || type > 23 || byte(1) != 3)
    return fail(ErrorCode::malformed, fmt::format("not a TLS record: type {}, version {:#06x}",
                                                  type, byte(1) << 8 | byte(2)));
  const std::size_t length = byte(3) << 8 | byte(4);
  if (length > most_record_bytes)
    return fail(ErrorCode::out_of_range,
                fmt::format("a TLS record of {} bytes, at most {}", length, most_record_bytes));
  if (bytes.size() < tls_header_bytes + length) return std::nullopt;
  return TlsRecord{static_cast<TlsContent>(type), bytes.first(tls_header_bytes),
                   bytes.subspan(tls_header_bytes, length)};
}

void TlsRecordCipher::Free::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

TlsRecordCipher::TlsRecordCipher(const TlsSuite& suite, BytesView iv, BytesView mac_key,
                                 bool encrypt_then_mac)
    : suite_(&suite),
      iv_(iv.begin(), iv.end()),
      mac_key_(mac_key.begin(), mac_key.end()),
      encrypt_then_mac_(encrypt_then_mac),
      context_(EVP_CIPHER_CTX_new()) {}

Result<void> TlsRecordCipher::set_key(BytesView key) {
  if (key.size() == suite_->key_bytes && context_ &&
      EVP_DecryptInit_ex2(context_.get(), cipher_of(*suite_), octets(key), nullptr, nullptr) == 1 &&
      EVP_CIPHER_CTX_set_padding(context_.get(), 0) == 1)
    return {};
  return fail(ErrorCode::internal, fmt::format("OpenSSL does not take {}", suite_->name));
}

Result<TlsRecordCipher> TlsRecordCipher::tls13(const TlsSuite& suite, BytesView traffic_secret) {
  const Bytes key = TRY(expand_label(suite, traffic_secret, "key", suite.key_bytes));
  const Bytes iv = TRY(expand_label(suite, traffic_secret, "iv", nonce_bytes));
  TlsRecordCipher made(suite, iv, {}, false);
  CHECKED(made.set_key(key));
  return made;
}

Result<TlsRecordCipher> TlsRecordCipher::tls12(const TlsSuite& suite, const Keys12& keys) {
  TlsRecordCipher made(suite, keys.fixed_iv, keys.mac_key, keys.encrypt_then_mac);
  CHECKED(made.set_key(keys.key));
  return made;
}

Result<TlsPlaintext> TlsRecordCipher::open(const TlsRecord& record, Bytes& plain) {
  if (suite_->cipher == TlsSuite::Cipher::cbc)
    CHECKED(open_cbc(record, plain));
  else
    CHECKED(open_aead(record, plain));
  ++sequence_;
  if (!suite_->tls13()) return TlsPlaintext{record.type, plain};
  // The true type stands behind the content, and zeros may stand behind that.
  const auto last = std::ranges::find_if(plain.rbegin(), plain.rend(),
                                         [](std::byte byte) { return byte != std::byte{0}; });
  if (last == plain.rend()) return bad_form("without a content type");
  const auto size = static_cast<std::size_t>(plain.rend() - last) - 1;
  return TlsPlaintext{static_cast<TlsContent>(*last), BytesView(plain).first(size)};
}

// GCM of TLS 1.2 sends half of its nonce; all others count it: fixed IV xor sequence number.
Result<void> TlsRecordCipher::open_aead(const TlsRecord& record, Bytes& plain) {
  const bool sends_nonce = !suite_->tls13() && suite_->cipher == TlsSuite::Cipher::gcm;
  const std::size_t nonce_sent = sends_nonce ? explicit_nonce_bytes : 0;
  if (record.payload.size() < nonce_sent + tag_bytes) return bad_form("too short for its tag");
  const BytesView encrypted =
      record.payload.subspan(nonce_sent, record.payload.size() - nonce_sent - tag_bytes);
  Bytes nonce = iv_;
  if (sends_nonce)
    append(nonce, record.payload.first(explicit_nonce_bytes));
  else
    for (std::size_t i = 0; i < 8; ++i)
      nonce[nonce_bytes - 1 - i] ^= static_cast<std::byte>(sequence_ >> (8 * i));
  Bytes covered;  // additional data: authentic, not encrypted
  if (suite_->tls13()) {
    append(covered, record.header);
  } else {
    append_big_endian(covered, sequence_, 8);
    append(covered, record.header.first(3));
    append_big_endian(covered, encrypted.size(), 2);
  }
  Bytes tag(record.payload.end() - tag_bytes, record.payload.end());
  plain.resize(encrypted.size());
  int size = 0;
  EVP_CIPHER_CTX* context = context_.get();
  if (EVP_DecryptInit_ex2(context, nullptr, nullptr, octets(nonce), nullptr) != 1 ||
      EVP_DecryptUpdate(context, nullptr, &size, octets(covered),
                        static_cast<int>(covered.size())) != 1 ||
      (!encrypted.empty() && EVP_DecryptUpdate(context, octets(plain), &size, octets(encrypted),
                                               static_cast<int>(encrypted.size())) != 1) ||
      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, tag_bytes, tag.data()) != 1)
    return fail(ErrorCode::internal, "OpenSSL does not decrypt");
  std::array<unsigned char, block_bytes> nothing{};
  if (EVP_DecryptFinal_ex(context, nothing.data(), &size) != 1) return bad_tag();
  return {};
}

Result<void> TlsRecordCipher::open_cbc(const TlsRecord& record, Bytes& plain) {
  const std::size_t mac_behind = encrypt_then_mac_ ? suite_->mac_bytes : 0;
  if (record.payload.size() < 2 * block_bytes + mac_behind ||
      (record.payload.size() - mac_behind) % block_bytes != 0)
    return bad_form("that is not whole blocks");
  const BytesView sent = record.payload.first(record.payload.size() - mac_behind);
  if (encrypt_then_mac_) CHECKED(check_mac(record, sent, record.payload.subspan(sent.size())));
  CHECKED(decrypt_cbc(sent.first(block_bytes), sent.subspan(block_bytes), plain));
  CHECKED(take_padding(plain));
  if (encrypt_then_mac_) return {};
  if (plain.size() < suite_->mac_bytes) return bad_form("too short for its tag");
  const std::size_t size = plain.size() - suite_->mac_bytes;
  CHECKED(check_mac(record, BytesView(plain).first(size), BytesView(plain).subspan(size)));
  plain.resize(size);
  return {};
}

Result<void> TlsRecordCipher::decrypt_cbc(BytesView iv, BytesView encrypted, Bytes& plain) {
  plain.resize(encrypted.size());
  int size = 0;
  if (EVP_DecryptInit_ex2(context_.get(), nullptr, nullptr, octets(iv), nullptr) != 1 ||
      EVP_DecryptUpdate(context_.get(), octets(plain), &size, octets(encrypted),
                        static_cast<int>(encrypted.size())) != 1)
    return fail(ErrorCode::internal, "OpenSSL does not decrypt");
  return {};
}

Result<void> TlsRecordCipher::check_mac(const TlsRecord& record, BytesView covered,
                                        BytesView mac) const {
  Bytes input;
  append_big_endian(input, sequence_, 8);
  append(input, record.header.first(3));
  append_big_endian(input, covered.size(), 2);
  append(input, covered);
  const EVP_MD* hash = EVP_get_digestbyname(suite_->mac);
  std::array<unsigned char, EVP_MAX_MD_SIZE> right{};
  if (!hash || !HMAC(hash, mac_key_.data(), static_cast<int>(mac_key_.size()), octets(input),
                     input.size(), right.data(), nullptr))
    return fail(ErrorCode::internal, "OpenSSL has no HMAC");
  return CRYPTO_memcmp(right.data(), mac.data(), mac.size()) == 0 ? Result<void>() : bad_tag();
}

}  // namespace spicebench::recorder
