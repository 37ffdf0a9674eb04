// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/random.hpp"
#include "core/base/result.hpp"

// The ticket of the link stage: a password under RSA-1024 with OAEP (protocol.md §1.7).
namespace spicebench::auth {

constexpr std::size_t longest_password = 60;      // bytes, without the NUL
using PublicKey = std::array<std::uint8_t, 162>;  // SubjectPublicKeyInfo DER
using Ticket = std::array<std::byte, 128>;

// A server's private key.
class TicketKey {
 public:
  // From PKCS#8 or PKCS#1 DER. Errors: malformed, out_of_range (not RSA with 1024 bits).
  static Result<TicketKey> from_der(BytesView der);
  // The key of every simulation: known to everybody, hence for virtual links only.
  static const TicketKey& fixture();

  const PublicKey& public_key() const { return public_key_; }

 private:
  friend Result<std::string> decrypt_ticket(const TicketKey& key, BytesView ticket);
  TicketKey() = default;
  std::shared_ptr<void> pkey_;  // EVP_PKEY
  PublicKey public_key_{};
};

// Client: the password and one NUL byte, encrypted; the seed of the padding comes from `random`, so
// the same stream gives the same ticket. Errors: out_of_range (password over 60 bytes or with a NUL
// inside), malformed (not a public key of 1024 bits).
Result<Ticket> encrypt_ticket(std::span<const std::uint8_t, 162> public_key,
                              std::string_view password, Random& random);

// Server: the text up to the first NUL, or all of it. Errors: denied.
Result<std::string> decrypt_ticket(const TicketKey& key, BytesView ticket);

// Server: may this ticket pass? `password` absent: ticketing is off, but the ticket must decrypt
// all the same; empty: nobody may. Compares in constant time; the one error (denied) does not say
// what was wrong.
Result<void> check_ticket(const TicketKey& key, BytesView ticket,
                          const std::optional<std::string>& password);

}  // namespace spicebench::auth
