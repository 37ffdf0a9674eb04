// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/tls_suite.hpp"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>

namespace spicebench::recorder {

namespace {

constexpr TlsSuite gcm(std::uint16_t id, std::string_view name, std::uint8_t key_bytes) {
  return {id, name, TlsSuite::Cipher::gcm, key_bytes, key_bytes == 16 ? "SHA256" : "SHA384"};
}
constexpr TlsSuite chacha(std::uint16_t id, std::string_view name) {
  return {id, name, TlsSuite::Cipher::chacha20_poly1305, 32, "SHA256"};
}
constexpr TlsSuite cbc(std::uint16_t id, std::string_view name, std::uint8_t key_bytes,
                       std::uint8_t mac_bytes) {
  return {id,
          name,
          TlsSuite::Cipher::cbc,
          key_bytes,
          mac_bytes == 48 ? "SHA384" : "SHA256",
          mac_bytes == 48   ? "SHA384"
          : mac_bytes == 32 ? "SHA256"
                            : "SHA1",
          mac_bytes};
}

constexpr TlsSuite suites[] = {
    gcm(0x1301, "AES_128_GCM_SHA256", 16),
    gcm(0x1302, "AES_256_GCM_SHA384", 32),
    chacha(0x1303, "CHACHA20_POLY1305_SHA256"),
    gcm(0x009c, "RSA_AES_128_GCM_SHA256", 16),
    gcm(0x009d, "RSA_AES_256_GCM_SHA384", 32),
    gcm(0x009e, "DHE_RSA_AES_128_GCM_SHA256", 16),
    gcm(0x009f, "DHE_RSA_AES_256_GCM_SHA384", 32),
    gcm(0xc02b, "ECDHE_ECDSA_AES_128_GCM_SHA256", 16),
    gcm(0xc02c, "ECDHE_ECDSA_AES_256_GCM_SHA384", 32),
    gcm(0xc02f, "ECDHE_RSA_AES_128_GCM_SHA256", 16),
    gcm(0xc030, "ECDHE_RSA_AES_256_GCM_SHA384", 32),
    chacha(0xcca8, "ECDHE_RSA_CHACHA20_POLY1305_SHA256"),
    chacha(0xcca9, "ECDHE_ECDSA_CHACHA20_POLY1305_SHA256"),
    chacha(0xccaa, "DHE_RSA_CHACHA20_POLY1305_SHA256"),
    cbc(0x002f, "RSA_AES_128_CBC_SHA", 16, 20),
    cbc(0x0035, "RSA_AES_256_CBC_SHA", 32, 20),
    cbc(0x003c, "RSA_AES_128_CBC_SHA256", 16, 32),
    cbc(0x003d, "RSA_AES_256_CBC_SHA256", 32, 32),
    cbc(0x0033, "DHE_RSA_AES_128_CBC_SHA", 16, 20),
    cbc(0x0039, "DHE_RSA_AES_256_CBC_SHA", 32, 20),
    cbc(0x0067, "DHE_RSA_AES_128_CBC_SHA256", 16, 32),
    cbc(0x006b, "DHE_RSA_AES_256_CBC_SHA256", 32, 32),
    cbc(0xc009, "ECDHE_ECDSA_AES_128_CBC_SHA", 16, 20),
    cbc(0xc00a, "ECDHE_ECDSA_AES_256_CBC_SHA", 32, 20),
    cbc(0xc013, "ECDHE_RSA_AES_128_CBC_SHA", 16, 20),
    cbc(0xc014, "ECDHE_RSA_AES_256_CBC_SHA", 32, 20),
    cbc(0xc023, "ECDHE_ECDSA_AES_128_CBC_SHA256", 16, 32),
    cbc(0xc024, "ECDHE_ECDSA_AES_256_CBC_SHA384", 32, 48),
    cbc(0xc027, "ECDHE_RSA_AES_128_CBC_SHA256", 16, 32),
    cbc(0xc028, "ECDHE_RSA_AES_256_CBC_SHA384", 32, 48),
};

OSSL_PARAM octets(const char* key, BytesView bytes) {
  return OSSL_PARAM_construct_octet_string(key, const_cast<std::byte*>(bytes.data()), bytes.size());
}
OSSL_PARAM text(const char* key, const char* value) {
  return OSSL_PARAM_construct_utf8_string(key, const_cast<char*>(value), 0);
}

Result<Bytes> derive(const char* function, const OSSL_PARAM* parameters, std::size_t size) {
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(
      EVP_KDF_fetch(nullptr, function, nullptr), &EVP_KDF_free);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
      kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr, &EVP_KDF_CTX_free);
  Bytes out(size);
  if (!context || EVP_KDF_derive(context.get(), reinterpret_cast<unsigned char*>(out.data()), size,
                                 parameters) <= 0)
    return fail(ErrorCode::internal, fmt::format("OpenSSL's {} does not work", function));
  return out;
}

}  // namespace

std::size_t TlsSuite::hash_bytes() const {
  return std::string_view(hash) == "SHA384" ? 48 : 32;
}

const TlsSuite* find_suite(std::uint16_t id) {
  const auto found = std::ranges::find(suites, id, &TlsSuite::id);
  return found == std::end(suites) ? nullptr : found;
}

Result<Bytes> prf(const TlsSuite& suite, BytesView secret, std::string_view label, BytesView seed,
                  std::size_t size) {
  const OSSL_PARAM parameters[] = {text(OSSL_KDF_PARAM_DIGEST, suite.hash),
                                   octets(OSSL_KDF_PARAM_SECRET, secret),
                                   octets(OSSL_KDF_PARAM_SEED, as_bytes(label)),
                                   octets(OSSL_KDF_PARAM_SEED, seed), OSSL_PARAM_construct_end()};
  return derive("TLS1-PRF", parameters, size);
}

Result<Bytes> expand_label(const TlsSuite& suite, BytesView secret, std::string_view label,
                           std::size_t size) {
  const std::string full = fmt::format("tls13 {}", label);
  Bytes info;  // the structure HkdfLabel
  info.push_back(static_cast<std::byte>(size >> 8));
  info.push_back(static_cast<std::byte>(size));
  info.push_back(static_cast<std::byte>(full.size()));
  append(info, as_bytes(full));
  info.push_back(std::byte{0});
  int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
                                   text(OSSL_KDF_PARAM_DIGEST, suite.hash),
                                   octets(OSSL_KDF_PARAM_KEY, secret),
                                   octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  return derive("HKDF", parameters, size);
}

}  // namespace spicebench::recorder
