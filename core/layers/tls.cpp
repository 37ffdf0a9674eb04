// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/layers/tls.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cassert>

#include "core/layers/tls_trust.hpp"

namespace spicebench::layers {

namespace {

constexpr std::size_t most_at_once = 64 * 1024;

// What OpenSSL has to say about the last call of this thread.
std::string complaint() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason ? reason : "TLS failed";
}

std::shared_ptr<SSL_CTX> context_for(const SSL_METHOD* method) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> made(SSL_CTX_new(method), [](SSL_CTX* one) { SSL_CTX_free(one); });
  SSL_CTX_set_min_proto_version(made.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(made.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(made.get(), SSL_MODE_AUTO_RETRY);
  return made;
}

}  // namespace

Result<TlsContext> TlsContext::server(const std::string& chain_pem, const std::string& key_pem) {
  const auto context = context_for(TLS_server_method());
  constexpr unsigned char session_context[] = {'S', 'P', 'I', 'C', 'E'};
  SSL_CTX_set_session_id_context(context.get(), session_context, sizeof session_context);
  if (auto used = use_certificate_chain(context.get(), chain_pem); !used)
    return std::unexpected(used.error());
  if (auto used = use_private_key(context.get(), key_pem); !used)
    return std::unexpected(used.error());
  if (SSL_CTX_check_private_key(context.get()) != 1)
    return fail(ErrorCode::malformed, "the key is not the certificate's: " + complaint());
  return TlsContext(Side::server, context);
}

Result<TlsContext> TlsContext::client(TlsTrust trust) {
  if (trust.host.empty() && !trust.subject && !trust.public_key)
    return fail(ErrorCode::malformed, "no host, subject or public key to verify");
  const auto context = context_for(TLS_client_method());
  if (auto used = use_authorities(context.get(), trust.ca_pem); !used)
    return std::unexpected(used.error());
  TlsContext made(Side::client, context);
  made.trust_ = std::make_shared<const TlsTrust>(std::move(trust));
  return made;
}

struct TlsLayer::Parts {
  std::shared_ptr<void> context;
  std::shared_ptr<const TlsTrust> trust;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl{nullptr, &SSL_free};
  BIO* in = nullptr;   // the SSL's own
  BIO* out = nullptr;  // the SSL's own
  Bytes waiting;       // to be sent once the handshake is over
  bool shut_down = false;
};

TlsLayer::TlsLayer(TlsLayer&&) noexcept = default;
TlsLayer::~TlsLayer() = default;

TlsLayer::TlsLayer(const TlsContext& context) : parts_(std::make_unique<Parts>()) {
  Parts& parts = *parts_;
  parts.context = context.context_;
  parts.trust = context.trust_;
  parts.ssl.reset(SSL_new(static_cast<SSL_CTX*>(context.context_.get())));
  parts.in = BIO_new(BIO_s_mem());
  parts.out = BIO_new(BIO_s_mem());
  BIO_set_mem_eof_return(parts.in, -1);  // empty is not the end
  SSL_set_bio(parts.ssl.get(), parts.in, parts.out);
  if (context.side() == Side::server) {
    SSL_set_accept_state(parts.ssl.get());
    return;
  }
  SSL_set_connect_state(parts.ssl.get());
  trust_peer(parts.ssl.get(), *parts.trust);
  (void)proceed();  // the first flight; nothing can be wrong yet
}

Result<void> TlsLayer::receive(BytesView coded) {
  if (parts_->shut_down && established()) return {};
  while (!coded.empty()) {
    const std::size_t piece = std::min(coded.size(), most_at_once);
    BIO_write(parts_->in, coded.data(), static_cast<int>(piece));
    coded = coded.subspan(piece);
  }
  return proceed();
}

// The handshake as far as it goes; then what waited for it.
Result<void> TlsLayer::proceed() {
  SSL* ssl = parts_->ssl.get();
  if (established()) return {};
  ERR_clear_error();
  if (const int done = SSL_do_handshake(ssl); done != 1) {
    const int why = SSL_get_error(ssl, done);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return {};
    if (const long verdict = SSL_get_verify_result(ssl); verdict != X509_V_OK)
      return fail(ErrorCode::denied, fmt::format("the certificate is not trusted: {}",
                                                 X509_verify_cert_error_string(verdict)));
    return fail(ErrorCode::malformed, "TLS: " + complaint());
  }
  if (!parts_->waiting.empty()) send(std::exchange(parts_->waiting, {}));
  if (parts_->shut_down) SSL_shutdown(ssl);
  return {};
}

Result<Bytes> TlsLayer::take_plain(std::size_t most) {
  SSL* ssl = parts_->ssl.get();
  Bytes plain;
  if (parts_->shut_down) return plain;
  while (SSL_is_init_finished(ssl) && plain.size() < most) {
    const std::size_t before = plain.size();
    const std::size_t piece = std::min(most - before, most_at_once);
    plain.resize(before + piece);
    ERR_clear_error();
    const int got = SSL_read(ssl, plain.data() + before, static_cast<int>(piece));
    plain.resize(before + static_cast<std::size_t>(std::max(got, 0)));
    if (got > 0) continue;
    const int why = SSL_get_error(ssl, got);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_ZERO_RETURN) break;
    if (!plain.empty()) break;  // first what was good
    return fail(ErrorCode::malformed, "TLS: " + complaint());
  }
  return plain;
}

void TlsLayer::send(BytesView plain) {
  assert(!parts_->shut_down || !established());
  if (!established()) return append(parts_->waiting, plain);
  while (!plain.empty()) {
    const std::size_t piece = std::min(plain.size(), most_at_once);
    ERR_clear_error();
    // A memory takes all of it; if TLS has failed, receive() says so.
    if (SSL_write(parts_->ssl.get(), plain.data(), static_cast<int>(piece)) <= 0) return;
    plain = plain.subspan(piece);
  }
}

void TlsLayer::shutdown() {
  if (parts_->shut_down) return;
  parts_->shut_down = true;
  ERR_clear_error();
  if (established()) SSL_shutdown(parts_->ssl.get());
}

Bytes TlsLayer::take_coded() {
  Bytes coded(BIO_ctrl_pending(parts_->out));
  if (!coded.empty()) BIO_read(parts_->out, coded.data(), static_cast<int>(coded.size()));
  return coded;
}

bool TlsLayer::established() const {
  return SSL_is_init_finished(parts_->ssl.get()) == 1;
}
bool TlsLayer::ended() const {
  return (SSL_get_shutdown(parts_->ssl.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

}  // namespace spicebench::layers
