// SPDX-License-Identifier: LGPL-2.1-or-later
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <memory>

#include "core/auth/fixture_key.hpp"
#include "core/auth/ticket.hpp"

namespace spicebench::auth {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
Key fixture_private() {
  const unsigned char* at = fixture_key_der;
  return {d2i_AutoPrivateKey(nullptr, &at, sizeof fixture_key_der), EVP_PKEY_free};
}

// Some plaintext as OpenSSL itself encrypts it, under the fixture key.
Bytes encrypted(std::string_view plain, int padding = RSA_PKCS1_OAEP_PADDING) {
  const Key key = fixture_private();
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free);
  REQUIRE(EVP_PKEY_encrypt_init(context.get()) > 0);
  REQUIRE(EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) > 0);
  Bytes out(128);
  std::size_t size = out.size();
  REQUIRE(EVP_PKEY_encrypt(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                           reinterpret_cast<const unsigned char*>(plain.data()), plain.size()) > 0);
  return out;
}

const TicketKey& fixture = TicketKey::fixture();
Result<void> check(BytesView ticket, const std::optional<std::string>& password) {
  return check_ticket(fixture, ticket, password);
}

}  // namespace

TEST_CASE("a ticket is what OpenSSL's own OAEP decrypts to password and NUL", "[core][auth]") {
  Random random(5);
  const auto ticket = encrypt_ticket(fixture.public_key(), "geheim", random);
  REQUIRE(ticket.has_value());
  const Key key = fixture_private();
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free);
  REQUIRE(EVP_PKEY_decrypt_init(context.get()) > 0);
  REQUIRE(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) > 0);
  unsigned char plain[128];
  std::size_t size = sizeof plain;
  REQUIRE(EVP_PKEY_decrypt(context.get(), plain, &size,
                           reinterpret_cast<const unsigned char*>(ticket->data()),
                           ticket->size()) > 0);
  REQUIRE(size == 7);
  CHECK(std::memcmp(plain, "geheim\0", 7) == 0);
}

TEST_CASE("the public key is exactly the 162 bytes of DER that the link reply has room for",
          "[core][auth]") {
  const Key key = fixture_private();
  unsigned char* der = nullptr;
  REQUIRE(i2d_PUBKEY(key.get(), &der) == 162);
  CHECK(std::memcmp(der, fixture.public_key().data(), 162) == 0);
  OPENSSL_free(der);
}

TEST_CASE("the same stream of randomness gives the same ticket", "[core][auth]") {
  Random one(1), again(1), other(2);
  const auto ticket = encrypt_ticket(fixture.public_key(), "x", one).value();
  CHECK(ticket == encrypt_ticket(fixture.public_key(), "x", again).value());
  CHECK(ticket != encrypt_ticket(fixture.public_key(), "x", other).value());
  CHECK(ticket != encrypt_ticket(fixture.public_key(), "x", one).value());
}

TEST_CASE("passwords of 0 to 60 bytes travel, longer ones and such with a NUL do not",
          "[core][auth]") {
  Random random(1);
  for (const std::size_t length : {0u, 1u, 59u, 60u}) {
    const std::string password(length, 'p');
    const auto ticket = encrypt_ticket(fixture.public_key(), password, random);
    REQUIRE(ticket.has_value());
    CHECK(decrypt_ticket(fixture, *ticket).value() == password);
  }
  for (const std::string& password : {std::string(61, 'p'), std::string("a\0b", 3)})
    CHECK(encrypt_ticket(fixture.public_key(), password, random).error().code ==
          ErrorCode::out_of_range);
}

TEST_CASE("the right password passes and every other is denied", "[core][auth]") {
  const Bytes ticket = encrypted(std::string_view("secret\0", 7));
  CHECK(check(ticket, "secret").has_value());
  for (const char* wrong : {"", "secre", "secret1", "Secret", "\x01"}) {
    const auto result = check(ticket, wrong);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == ErrorCode::denied);
  }
}

TEST_CASE("a ticket without NUL counts as if one followed, behind a NUL nothing counts",
          "[core][auth]") {
  CHECK(check(encrypted("secret"), "secret").has_value());
  CHECK(check(encrypted(std::string_view("secret\0more", 11)), "secret").has_value());
  CHECK_FALSE(check(encrypted(std::string(86, 's')), std::string(60, 's')).has_value());
}

TEST_CASE("without ticketing the ticket must decrypt all the same", "[core][auth]") {
  CHECK(check(encrypted(std::string_view("\0", 1)), std::nullopt).has_value());
  CHECK(check(encrypted("anything"), std::nullopt).has_value());
  CHECK_FALSE(check(Bytes(128), std::nullopt).has_value());
}

TEST_CASE("an empty configured password lets nobody in", "[core][auth]") {
  CHECK_FALSE(check(encrypted(std::string_view("\0", 1)), "").has_value());
}

TEST_CASE("wrong lengths, garbage and other paddings are denied, with one and the same text",
          "[core][auth]") {
  const Bytes good = encrypted(std::string_view("secret\0", 7));
  Random random(9);
  Bytes flipped = good;
  flipped[60] ^= std::byte{1};
  Bytes longer = good;
  longer.push_back(std::byte{0});
  const std::string text = check(good, "wrong").error().text();
  for (const Bytes& bad :
       {Bytes{}, Bytes(good.begin(), good.end() - 1), longer, flipped, Bytes(128, std::byte{0xff}),
        random.bytes(128), encrypted("secret", RSA_PKCS1_PADDING)}) {
    const auto result = check(bad, "secret");
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().text() == text);
  }
}

TEST_CASE("what is no RSA key of 1024 bits is refused", "[core][auth]") {
  CHECK(TicketKey::from_der(as_bytes("no key")).error().code == ErrorCode::malformed);
  Key big(EVP_RSA_gen(2048), EVP_PKEY_free);
  unsigned char* der = nullptr;
  const int size = i2d_PrivateKey(big.get(), &der);
  REQUIRE(size > 0);
  CHECK(
      TicketKey::from_der({reinterpret_cast<const std::byte*>(der), static_cast<std::size_t>(size)})
          .error()
          .code == ErrorCode::out_of_range);
  OPENSSL_free(der);
  Random random(1);
  CHECK(encrypt_ticket(PublicKey{}, "x", random).error().code == ErrorCode::malformed);
}

}  // namespace spicebench::auth
