// SPDX-License-Identifier: LGPL-2.1-or-later
// TLS between two memories, and whom a client believes: channels.md §2.9, §3.4, §15.3.
#include "core/layers/tls.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <catch2/catch.hpp>

#include "core/base/random.hpp"

namespace spicebench::layers {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string text_in(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

// A certificate that signs itself, so that it is its own authority.
struct Certificate {
  struct Wanted {
    std::vector<std::pair<const char*, std::string>> subject = {{"CN", "box"}};
    std::string alternative_names = "DNS:server.example,IP:192.0.2.1";  // empty: none
    long from_s = -60, until_s = 3600;
  };
  explicit Certificate(const Wanted& wanted) : key(EVP_EC_gen("P-256"), &EVP_PKEY_free) {
    X509* made = X509_new();
    X509_set_version(made, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
    X509_gmtime_adj(X509_getm_notBefore(made), wanted.from_s);
    X509_gmtime_adj(X509_getm_notAfter(made), wanted.until_s);
    X509_set_pubkey(made, key.get());
    X509_NAME* name = X509_get_subject_name(made);
    for (const auto& [entry, value] : wanted.subject)
      X509_NAME_add_entry_by_txt(name, entry, MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(value.data()),
                                 static_cast<int>(value.size()), -1, 0);
    X509_set_issuer_name(made, name);
    if (!wanted.alternative_names.empty()) {
      X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name,
                                                      wanted.alternative_names.c_str());
      X509_add_ext(made, extension, -1);
      X509_EXTENSION_free(extension);
    }
    REQUIRE(X509_sign(made, key.get(), EVP_sha256()) > 0);
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, made);
    pem = text_in(bio);
    bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    key_pem = text_in(bio);
    unsigned char* der = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(made), &der);
    const auto* bytes = reinterpret_cast<const std::byte*>(der);
    public_key.assign(bytes, bytes + size);
    OPENSSL_free(der);
    X509_free(made);
  }
  TlsContext server() const { return TlsContext::server(pem, key_pem).value(); }

  Key key;
  std::string pem, key_pem;
  Bytes public_key;
};

const Certificate& plain_certificate() {
  static const Certificate made{Certificate::Wanted{}};
  return made;
}
TlsTrust trusting(const Certificate& certificate, std::string host = "server.example") {
  return {.ca_pem = certificate.pem, .host = std::move(host), .subject = {}, .public_key = {}};
}

// Both ends, and what goes between them in pieces of at most `piece` bytes.
struct Wire {
  Wire(const TlsContext& server_context, const TlsContext& client_context, std::size_t p = 0)
      : server(server_context), client(client_context), piece(p) {}

  // Until nothing moves, or an end has an error, which it returns.
  Result<void> settle() {
    for (bool moved = true; moved;) {
      moved = false;
      for (auto [from, to] : {std::pair{&client, &server}, std::pair{&server, &client}}) {
        const Bytes coded = from->take_coded();
        moved = moved || !coded.empty();
        const std::size_t step = piece == 0 ? coded.size() : piece;
        for (std::size_t at = 0; at < coded.size(); at += step)
          CHECKED(to->receive(BytesView(coded).subspan(at, std::min(step, coded.size() - at))));
      }
    }
    return {};
  }
  TlsLayer server, client;
  std::size_t piece;
};

Result<void> verdict(const Certificate& certificate, TlsTrust trust) {
  const auto context = TlsContext::client(std::move(trust));
  if (!context) return std::unexpected(context.error());
  Wire wire(certificate.server(), *context);
  CHECKED(wire.settle());
  REQUIRE(wire.server.established());
  REQUIRE(wire.client.established());
  return {};
}

bool believed(const Certificate& certificate, TlsTrust trust) {
  const auto judged = verdict(certificate, std::move(trust));
  if (!judged) CHECK(judged.error().code == ErrorCode::denied);
  return judged.has_value();
}

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  Random random(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.below(256));
  return bytes;
}

}  // namespace

TEST_CASE("P-TLS-4: records split at any byte change nothing, and nothing waits unseen",
          "[layers][tls]") {
  const Certificate& certificate = plain_certificate();
  const auto client = TlsContext::client(trusting(certificate)).value();
  for (const std::size_t piece : {1, 2, 5, 100, 1000, 0}) {
    INFO("pieces of " << piece);
    Wire wire(certificate.server(), client, piece);
    const Bytes early = pattern(3000), large = pattern(300'000);
    wire.server.send(early);  // before the handshake: it waits for that
    REQUIRE(wire.settle());
    wire.client.send(large);
    REQUIRE(wire.settle());
    CHECK((wire.client.take_plain(1 << 20).value() == early));
    Bytes got;
    while (got.size() < large.size()) {  // a little at a time
      const Bytes some = wire.server.take_plain(777).value();
      REQUIRE_FALSE(some.empty());
      REQUIRE(some.size() <= 777);
      append(got, some);
    }
    CHECK((got == large));
    CHECK(wire.server.take_plain(777).value().empty());
    CHECK_FALSE(wire.server.ended());
    wire.client.send(early);
    wire.client.shutdown();
    REQUIRE(wire.settle());
    CHECK((wire.server.take_plain(1 << 20).value() == early));
    CHECK(wire.server.take_plain(1).value().empty());
    CHECK(wire.server.ended());
    wire.server.send(early);  // who has said that it sends no more hears no more either
    REQUIRE(wire.settle());
    CHECK(wire.client.take_plain(1 << 20).value().empty());
  }
}

TEST_CASE("P-TLS-2: a client believes the host, the subject or the key that it expects",
          "[layers][tls]") {
  using Wanted = Certificate::Wanted;
  const Certificate& box = plain_certificate();
  const auto with = [&](const Certificate& certificate, const char* subject) {
    TlsTrust trust = trusting(certificate, "elsewhere.example");
    trust.subject = subject;
    return trust;
  };
  CHECK(believed(box, trusting(box, "server.example")));
  CHECK(believed(box, trusting(box, "SERVER.example")));
  CHECK(believed(box, trusting(box, "192.0.2.1")));
  CHECK_FALSE(believed(box, trusting(box, "192.0.2.2")));
  CHECK_FALSE(believed(box, trusting(box, "example")));
  CHECK_FALSE(believed(box, trusting(box, "box")));  // a name that is only in CN, beside others
  // Another authority, and the system's.
  const Certificate other{Wanted{}};
  CHECK_FALSE(believed(box, trusting(other)));
  CHECK_FALSE(
      believed(box, {.ca_pem = "", .host = "server.example", .subject = {}, .public_key = {}}));
  // Out of its time.
  CHECK_FALSE(believed(Certificate{Wanted{.from_s = -60, .until_s = -30}}, trusting(box)));
  const Certificate expired{Wanted{.from_s = -60, .until_s = -30}};
  CHECK_FALSE(believed(expired, trusting(expired)));
  // The common name, if there is no other.
  const Certificate common{Wanted{.alternative_names = ""}};
  CHECK(believed(common, trusting(common, "box")));
  CHECK_FALSE(believed(common, trusting(common, "server.example")));
  // The subject: entries in order, quoted.
  const Certificate lab{
      Wanted{.subject = {{"C", "DE"}, {"O", "a, b\\c"}, {"CN", "box"}}, .alternative_names = ""}};
  CHECK(believed(lab, with(lab, "C=DE,O=a\\, b\\\\c,CN=box")));
  CHECK_FALSE(believed(lab, with(lab, "C=DE,CN=box,O=a\\, b\\\\c")));
  CHECK_FALSE(believed(lab, with(lab, "C=DE,O=a\\, b\\\\c")));
  CHECK_FALSE(believed(lab, with(lab, "C=DE,O=a\\, b\\\\c,CN=Box")));
  CHECK_FALSE(believed(lab, with(lab, "")));
  CHECK_FALSE(believed(lab, with(box, "C=DE,O=a\\, b\\\\c,CN=box")));  // not of that authority
  // The key is enough, whoever signed it.
  TlsTrust pinned = trusting(other, "elsewhere.example");
  pinned.public_key = box.public_key;
  CHECK(believed(box, pinned));
  CHECK(believed(other, trusting(other)));
  CHECK_FALSE(believed(common, pinned));
}

TEST_CASE("H-TLS-4: names that are wider than they look are refused", "[layers][tls]") {
  using Wanted = Certificate::Wanted;
  const auto by_name = [](const std::string& name, const char* host) {
    const Certificate made{Wanted{.alternative_names = "DNS:" + name}};
    return believed(made, trusting(made, host));
  };
  CHECK(by_name("*.example.org", "a.example.org"));
  CHECK_FALSE(by_name("*.example.org", "a.b.example.org"));
  CHECK_FALSE(by_name("*.example.org", "example.org"));
  CHECK_FALSE(by_name("*", "a"));
  CHECK_FALSE(by_name("*", "example.org"));
  CHECK_FALSE(by_name("*.*.org", "a.example.org"));
  CHECK_FALSE(by_name("a*.example.org", "ab.example.org"));
  CHECK_FALSE(by_name("a.*.org", "a.example.org"));
  const std::string nul("box\0.evil", 9);
  const Certificate hidden{Wanted{.subject = {{"CN", nul}}, .alternative_names = ""}};
  CHECK_FALSE(believed(hidden, trusting(hidden, "box")));
  TlsTrust subject = trusting(hidden, "box");
  subject.subject = "CN=box";
  CHECK_FALSE(believed(hidden, subject));
  const Certificate ordered{Wanted{.subject = {{"O", "lab"}, {"CN", "box"}}}};
  TlsTrust reordered = trusting(ordered);
  reordered.subject = "CN=box,O=lab";
  CHECK_FALSE(believed(ordered, reordered));
}

TEST_CASE("H-TLS-1: a client that wants to renegotiate is refused", "[layers][tls]") {
  const TlsContext context = plain_certificate().server();
  TlsLayer server(context);
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> client_context(
      SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  SSL_CTX_set_max_proto_version(client_context.get(), TLS1_2_VERSION);  // 1.3 has no such thing
  const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(client_context.get()), &SSL_free);
  SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(client.get());
  const auto exchange = [&]() -> Result<void> {
    for (int round = 0; round < 4; ++round) {
      SSL_do_handshake(client.get());
      char ignored[100];
      SSL_read(client.get(), ignored, sizeof ignored);
      Bytes coded(BIO_ctrl_pending(SSL_get_wbio(client.get())));
      if (!coded.empty())
        BIO_read(SSL_get_wbio(client.get()), coded.data(), static_cast<int>(coded.size()));
      CHECKED(server.receive(coded));
      CHECKED(server.take_plain(100));
      const Bytes answer = server.take_coded();
      if (!answer.empty())
        BIO_write(SSL_get_rbio(client.get()), answer.data(), static_cast<int>(answer.size()));
    }
    return {};
  };
  REQUIRE(exchange());
  REQUIRE(server.established());
  std::size_t sent = 0;
  bool over = false;
  for (int i = 0; i < 1000 && !over; ++i) {
    if (SSL_renegotiate(client.get()) != 1) break;
    over = !exchange().has_value();
    sent += server.take_coded().size();
  }
  CHECK(sent < 1000);  // at most a few alerts, never a certificate again
}

TEST_CASE("H-TLS-2: old versions and bytes that are no TLS end the handshake", "[layers][tls]") {
  const TlsContext context = plain_certificate().server();
  for (const char* text : {"REDQ\2\0\0\0", "GET / HTTP/1.1\r\n\r\n", "RFB 003.008\n"}) {
    TlsLayer server(context);
    const auto taken = server.receive(as_bytes(std::string(text) + std::string(100, 'x')));
    REQUIRE_FALSE(taken.has_value());
    CHECK(taken.error().code == ErrorCode::malformed);
    CHECK_FALSE(server.established());
  }
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    TlsLayer server(context);
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> old(SSL_CTX_new(TLS_client_method()),
                                                                &SSL_CTX_free);
    SSL_CTX_set_security_level(old.get(), 0);
    SSL_CTX_set_min_proto_version(old.get(), version);
    SSL_CTX_set_max_proto_version(old.get(), version);
    const std::unique_ptr<SSL, decltype(&SSL_free)> client(SSL_new(old.get()), &SSL_free);
    SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(client.get());
    SSL_do_handshake(client.get());
    Bytes hello(BIO_ctrl_pending(SSL_get_wbio(client.get())));
    REQUIRE_FALSE(hello.empty());
    BIO_read(SSL_get_wbio(client.get()), hello.data(), static_cast<int>(hello.size()));
    CHECK_FALSE(server.receive(hello).has_value());
    CHECK_FALSE(server.take_coded().empty());  // an alert says why
  }
}

TEST_CASE("what cannot be used is refused before anybody connects", "[layers][tls]") {
  const Certificate& one = plain_certificate();
  const Certificate other{Certificate::Wanted{}};
  CHECK(TlsContext::server("", one.key_pem).error().code == ErrorCode::malformed);
  CHECK(TlsContext::server(one.pem, "").error().code == ErrorCode::malformed);
  CHECK(TlsContext::server(one.pem, one.pem).error().code == ErrorCode::malformed);
  CHECK(TlsContext::server(one.pem, other.key_pem).error().code == ErrorCode::malformed);
  CHECK(TlsContext::client({.ca_pem = "x", .host = "h", .subject = {}, .public_key = {}})
            .error()
            .code == ErrorCode::malformed);
  CHECK(TlsContext::client({.ca_pem = one.pem, .host = "", .subject = {}, .public_key = {}})
            .error()
            .code == ErrorCode::malformed);
}

TEST_CASE("a TLS connection cut at any byte is no more than cut", "[layers][tls]") {
  const Certificate& certificate = plain_certificate();
  const auto trust = TlsContext::client(trusting(certificate)).value();
  TlsLayer client(trust);
  const Bytes hello = client.take_coded();
  for (std::size_t size = 0; size < hello.size(); ++size) {
    TlsLayer server(certificate.server());
    CHECK(server.receive(BytesView(hello).first(size)).has_value());
    CHECK_FALSE(server.established());
    CHECK(server.take_plain(10).value().empty());
    CHECK(server.take_coded().empty());
  }
}

}  // namespace spicebench::layers
