// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <openssl/ssl.h>

#include <string>

#include "core/base/result.hpp"
#include "core/layers/tls.hpp"

// Certificates and keys of tls.cpp: reading them, and judging the peer's.
namespace spicebench::layers {

// Errors: malformed.
Result<void> use_certificate_chain(SSL_CTX* context, const std::string& pem);
Result<void> use_private_key(SSL_CTX* context, const std::string& pem);
// Empty: those of the system. Errors: malformed (no certificate in it).
Result<void> use_authorities(SSL_CTX* context, const std::string& pem);

// Lets the handshake fail for who is not trusted. The trust must outlive the SSL.
void trust_peer(SSL* ssl, const TlsTrust& trust);

// Whether a certificate's subject is the wanted one: as many entries, in the same order, each of
// the same key and text.
bool is_subject(X509* certificate, const std::string& wanted);

}  // namespace spicebench::layers
