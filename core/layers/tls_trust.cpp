// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/layers/tls_trust.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace spicebench::layers {

namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<BIO> reading(const std::string& pem) {
  return Owned<BIO>(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// A key with a passphrase is none that can be used: nobody is asked.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

std::vector<Owned<X509>> certificates_in(const std::string& pem) {
  std::vector<Owned<X509>> found;
  const auto bio = reading(pem);
  while (X509* one = PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr))
    found.emplace_back(one);
  ERR_clear_error();  // of the end
  return found;
}

int trust_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

bool is_key(X509* certificate, const Bytes& wanted) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (size <= 0) return false;
  const bool same =
      std::ranges::equal(std::as_bytes(std::span(der, static_cast<std::size_t>(size))), wanted);
  OPENSSL_free(der);
  return same;
}

int judge(int chain_is_good, X509_STORE_CTX* store) {
  const auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  const auto& trust = *static_cast<const TlsTrust*>(SSL_get_ex_data(ssl, trust_index()));
  X509* leaf = X509_STORE_CTX_get0_cert(store);
  if (trust.public_key && is_key(leaf, *trust.public_key)) {
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
  }
  if (chain_is_good != 1) return 0;
  if (X509_STORE_CTX_get_error_depth(store) == 0 && trust.subject &&
      !is_subject(leaf, *trust.subject)) {
    X509_STORE_CTX_set_error(store, X509_V_ERR_SUBJECT_ISSUER_MISMATCH);
    return 0;
  }
  return 1;
}

// "CN=box,O=a\, b" → {"CN", "box"}, {"O", "a, b"}
std::vector<std::pair<std::string, std::string>> entries_of(const std::string& subject) {
  std::vector<std::pair<std::string, std::string>> entries;
  std::string key, value;
  bool in_value = false;
  const auto finish = [&] {
    key.erase(0, key.find_first_not_of(' ') == std::string::npos ? key.size()
                                                                 : key.find_first_not_of(' '));
    entries.emplace_back(std::exchange(key, {}), std::exchange(value, {}));
    in_value = false;
  };
  for (std::size_t i = 0; i < subject.size(); ++i) {
    char c = subject[i];
    if (c == '\\' && i + 1 < subject.size()) {
      c = subject[++i];
    } else if (c == ',') {
      finish();
      continue;
    } else if (c == '=' && !in_value) {
      in_value = true;
      continue;
    }
    (in_value ? value : key) += c;
  }
  finish();
  return entries;
}

}  // namespace

Result<void> use_certificate_chain(SSL_CTX* context, const std::string& pem) {
  auto chain = certificates_in(pem);
  if (chain.empty()) return fail(ErrorCode::malformed, "no certificate in PEM");
  if (SSL_CTX_use_certificate(context, chain.front().get()) != 1) {
    ERR_clear_error();
    return fail(ErrorCode::malformed, "the certificate cannot be used");
  }
  for (auto one = chain.begin() + 1; one != chain.end(); ++one)
    SSL_CTX_add1_chain_cert(context, one->get());
  return {};
}

Result<void> use_private_key(SSL_CTX* context, const std::string& pem) {
  const auto bio = reading(pem);
  const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  const bool used = key && SSL_CTX_use_PrivateKey(context, key.get()) == 1;
  ERR_clear_error();
  if (!used)
    return fail(ErrorCode::malformed, key ? "the key is not the certificate's"
                                          : "no private key in PEM without passphrase");
  return {};
}

Result<void> use_authorities(SSL_CTX* context, const std::string& pem) {
  if (pem.empty()) {
    SSL_CTX_set_default_verify_paths(context);
    return {};
  }
  const auto authorities = certificates_in(pem);
  if (authorities.empty()) return fail(ErrorCode::malformed, "no certificate in PEM");
  for (const auto& one : authorities)
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get());
  return {};
}

void trust_peer(SSL* ssl, const TlsTrust& trust) {
  SSL_set_ex_data(ssl, trust_index(), const_cast<TlsTrust*>(&trust));
  SSL_set_verify(ssl, SSL_VERIFY_PEER, &judge);
  X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl);
  const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(wanted, trust.host.c_str()) == 1;
  if (!is_address) SSL_set_tlsext_host_name(ssl, trust.host.c_str());
  if (trust.subject) {  // decides alone
    X509_VERIFY_PARAM_set1_ip(wanted, nullptr, 0);
  } else if (!is_address) {
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(wanted, trust.host.c_str(), trust.host.size());
  }
  ERR_clear_error();  // a name is no address
}

bool is_subject(X509* certificate, const std::string& wanted) {
  const X509_NAME* name = X509_get_subject_name(certificate);
  const auto entries = entries_of(wanted);
  if (std::cmp_not_equal(X509_NAME_entry_count(name), entries.size())) return false;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, static_cast<int>(i));
    const ASN1_OBJECT* key = X509_NAME_ENTRY_get_object(entry);
    if (OBJ_txt2nid(entries[i].first.c_str()) != OBJ_obj2nid(key)) return false;
    unsigned char* text = nullptr;
    const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
    const std::string found(reinterpret_cast<const char*>(text),
                            static_cast<std::size_t>(std::max(size, 0)));
    OPENSSL_free(text);
    if (size < 0 || found != entries[i].second) return false;
  }
  return true;
}

}  // namespace spicebench::layers
