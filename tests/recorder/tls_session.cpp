// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/recorder/tls_session.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>

#include "core/auth/fixture_key.hpp"

namespace spicebench::test {

namespace {

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;

std::unique_ptr<EVP_PKEY, Free> key_of(bool ecdsa) {
  if (ecdsa) return std::unique_ptr<EVP_PKEY, Free>(EVP_EC_gen("P-256"));
  const unsigned char* at = auth::fixture_key_der;
  return std::unique_ptr<EVP_PKEY, Free>(
      d2i_AutoPrivateKey(nullptr, &at, sizeof auth::fixture_key_der));
}

// A certificate that nobody will check.
std::unique_ptr<X509, Free> certificate_of(EVP_PKEY* key) {
  std::unique_ptr<X509, Free> made(X509_new());
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_set_pubkey(made.get(), key);
  REQUIRE(X509_sign(made.get(), key, EVP_sha256()) > 0);
  return made;
}

Context context_for(Side side, const TlsSession::Options& options) {
  Context made(SSL_CTX_new(side == Side::client ? TLS_client_method() : TLS_server_method()));
  SSL_CTX* context = made.get();
  SSL_CTX_set_security_level(context, 0);  // the fixture key is short
  REQUIRE(SSL_CTX_set_min_proto_version(context, options.version) == 1);
  REQUIRE(SSL_CTX_set_max_proto_version(context, options.version) == 1);
  if (!options.encrypt_then_mac) SSL_CTX_set_options(context, SSL_OP_NO_ENCRYPT_THEN_MAC);
  if (options.padding != 0) SSL_CTX_set_block_padding(context, options.padding);
  if (options.version == TLS1_3_VERSION && !options.suites.empty())
    REQUIRE(SSL_CTX_set_ciphersuites(context, options.suites.c_str()) == 1);
  if (options.version != TLS1_3_VERSION)
    REQUIRE(SSL_CTX_set_cipher_list(
                context, options.suites.empty() ? "ALL:@SECLEVEL=0" : options.suites.c_str()) == 1);
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>("test"), 4);
  if (side == Side::server) {
    const auto key = key_of(options.ecdsa);
    REQUIRE(SSL_CTX_use_certificate(context, certificate_of(key.get()).get()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey(context, key.get()) == 1);
    SSL_CTX_set_dh_auto(context, 1);
    // Tickets of one session are good in the next: the same keys everywhere.
    unsigned char ticket_keys[80] = {1};
    REQUIRE(SSL_CTX_set_tlsext_ticket_keys(context, ticket_keys, sizeof ticket_keys) == 1);
    if (!options.server_groups.empty())
      REQUIRE(SSL_CTX_set1_groups_list(context, options.server_groups.c_str()) == 1);
  } else {
    SSL_CTX_set_keylog_callback(context, [](const SSL* ssl, const char* line) {
      static_cast<TlsSession*>(SSL_get_app_data(ssl))->key_log += std::string(line) + "\n";
    });
  }
  return made;
}

}  // namespace

TlsSession::TlsSession(const Options& options) {
  for (const Side side : {Side::client, Side::server}) {
    SSL* ssl = SSL_new(context_for(side, options).get());
    ends_[static_cast<std::size_t>(side)].reset(ssl);
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_app_data(ssl, this);
    side == Side::client ? SSL_set_connect_state(ssl) : SSL_set_accept_state(ssl);
  }
  if (options.resumed) REQUIRE(SSL_set_session(end(Side::client), options.resumed) == 1);
  shake_hands();
}

void TlsSession::shake_hands() {
  for (int round = 0; round < 10; ++round) {
    SSL_do_handshake(end(Side::client));
    pump();
  }
  REQUIRE(SSL_is_init_finished(end(Side::client)));
  REQUIRE(SSL_is_init_finished(end(Side::server)));
}

void TlsSession::pump() {
  for (bool moved = true; moved;) {
    moved = false;
    for (const Side side : {Side::client, Side::server}) {
      BIO* out = SSL_get_wbio(end(side));
      if (const auto waiting = BIO_ctrl_pending(out); waiting != 0) {
        Bytes bytes(waiting);
        BIO_read(out, bytes.data(), static_cast<int>(waiting));
        BIO_write(SSL_get_rbio(end(other(side))), bytes.data(), static_cast<int>(waiting));
        wire.push_back({side, std::move(bytes)});
        moved = true;
      }
      char nobody_reads[1024];
      while (SSL_read(end(other(side)), nobody_reads, sizeof nobody_reads) > 0) {
      }
    }
  }
}

void TlsSession::say(Side by, BytesView bytes) {
  append(said[static_cast<std::size_t>(by)], bytes);
  REQUIRE(SSL_write(end(by), bytes.data(), static_cast<int>(bytes.size())) ==
          static_cast<int>(bytes.size()));
  pump();
}

void TlsSession::update_key(Side by) {
  REQUIRE(SSL_key_update(end(by), SSL_KEY_UPDATE_REQUESTED) == 1);
  SSL_do_handshake(end(by));
  pump();
}

bool TlsSession::renegotiate() {
  if (SSL_renegotiate(end(Side::client)) != 1) return false;
  SSL_do_handshake(end(Side::client));
  pump();
  return true;
}

void TlsSession::close(Side by) {
  SSL_shutdown(end(by));
  pump();
}

std::shared_ptr<SSL_SESSION> TlsSession::session() const {
  return {SSL_get1_session(end(Side::client)), [](SSL_SESSION* one) { SSL_SESSION_free(one); }};
}

bool TlsSession::was_resumed() const {
  return SSL_session_reused(end(Side::client)) == 1;
}

}  // namespace spicebench::test
