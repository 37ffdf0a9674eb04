// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/auth/ticket.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cassert>

#include "core/auth/fixture_key.hpp"

namespace spicebench::auth {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
struct FreeContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_PKEY_CTX, FreeContext>;

bool is_rsa_1024(EVP_PKEY* key) {
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) == 1024;
}

constexpr std::size_t digest_bytes = 20;  // SHA-1
using Digest = std::array<unsigned char, digest_bytes>;
Digest sha1(std::span<const unsigned char> bytes) {
  Digest digest;
  [[maybe_unused]] const int done =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
  assert(done == 1);
  return digest;
}

// XORs MGF1 of `seed` over `target`.
void mask_with(std::span<const unsigned char> seed, std::span<unsigned char> target) {
  std::vector<unsigned char> input(seed.begin(), seed.end());
  input.resize(seed.size() + 4);  // a counter in the four bytes behind, big endian
  for (std::size_t done = 0, counter = 0; done < target.size(); ++counter) {
    input.back() = static_cast<unsigned char>(counter);
    for (const unsigned char byte : sha1(input)) {
      if (done == target.size()) break;
      target[done++] ^= byte;
    }
  }
}

// EME-OAEP encoding (PKCS #1 v2.2, 7.1.1) with SHA-1 and an empty label. Precondition: the message
// has at most 86 bytes.
std::array<unsigned char, 128> oaep(BytesView message, BytesView seed) {
  std::array<unsigned char, 128> block{};
  const std::span<unsigned char> masked_seed(block.data() + 1, digest_bytes);
  const std::span<unsigned char> data(block.data() + 1 + digest_bytes, 107);
  std::ranges::copy(sha1({}), data.begin());
  data[data.size() - message.size() - 1] = 1;
  const auto unsigned_char = [](std::byte byte) { return std::to_integer<unsigned char>(byte); };
  std::ranges::transform(message, data.end() - static_cast<std::ptrdiff_t>(message.size()),
                         unsigned_char);
  std::ranges::transform(seed, masked_seed.begin(), unsigned_char);
  mask_with(masked_seed, data);
  mask_with(data, masked_seed);
  return block;
}

Result<std::array<char, 128>> plaintext(EVP_PKEY* key, BytesView ticket) {
  std::array<char, 128> text{};
  std::size_t size = text.size();
  const Context context(EVP_PKEY_CTX_new(key, nullptr));
  if (ticket.size() != std::tuple_size_v<Ticket> || !context ||
      EVP_PKEY_decrypt_init(context.get()) <= 0 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) <= 0 ||
      EVP_PKEY_decrypt(context.get(), reinterpret_cast<unsigned char*>(text.data()), &size,
                       reinterpret_cast<const unsigned char*>(ticket.data()), ticket.size()) <= 0)
    return fail(ErrorCode::denied, "the ticket is not valid");
  // Beyond the first NUL nothing counts.
  const auto end = std::find(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), '\0');
  std::fill(end, text.end(), '\0');
  return text;
}

}  // namespace

Result<TicketKey> TicketKey::from_der(BytesView der) {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  Key key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
  if (!key) return fail(ErrorCode::malformed, "not a private key in DER");
  if (!is_rsa_1024(key.get()))
    return fail(ErrorCode::out_of_range, "tickets need an RSA key of 1024 bits");
  TicketKey made;
  if (i2d_PUBKEY(key.get(), nullptr) != static_cast<int>(made.public_key_.size()))
    return fail(ErrorCode::out_of_range, "the public key is not 162 bytes of DER");
  unsigned char* to = made.public_key_.data();
  i2d_PUBKEY(key.get(), &to);
  made.pkey_ = std::shared_ptr<void>(
      key.release(), [](void* pkey) { EVP_PKEY_free(static_cast<EVP_PKEY*>(pkey)); });
  return made;
}

const TicketKey& TicketKey::fixture() {
  static const TicketKey key = from_der(std::as_bytes(std::span(fixture_key_der))).value();
  return key;
}

Result<Ticket> encrypt_ticket(std::span<const std::uint8_t, 162> public_key,
                              std::string_view password, Random& random) {
  if (password.size() > longest_password)
    return fail(ErrorCode::out_of_range, fmt::format("a password of {} bytes, at most {}",
                                                     password.size(), longest_password));
  if (password.find('\0') != std::string_view::npos)
    return fail(ErrorCode::out_of_range, "a password with a NUL inside");
  const std::uint8_t* at = public_key.data();
  const Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key.size())));
  if (!key || !is_rsa_1024(key.get()))
    return fail(ErrorCode::malformed, "not an RSA public key of 1024 bits", 0, "pub_key");
  Bytes message;
  append(message, as_bytes(password));
  message.push_back(std::byte{0});
  const auto block = oaep(message, random.bytes(digest_bytes));
  Ticket ticket;
  std::size_t size = ticket.size();
  const Context context(EVP_PKEY_CTX_new(key.get(), nullptr));
  if (!context || EVP_PKEY_encrypt_init(context.get()) <= 0 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) <= 0 ||
      EVP_PKEY_encrypt(context.get(), reinterpret_cast<unsigned char*>(ticket.data()), &size,
                       block.data(), block.size()) <= 0 ||
      size != ticket.size())
    return fail(ErrorCode::malformed, "the public key does not encrypt", 0, "pub_key");
  return ticket;
}

Result<std::string> decrypt_ticket(const TicketKey& key, BytesView ticket) {
  auto text = TRY(plaintext(static_cast<EVP_PKEY*>(key.pkey_.get()), ticket));
  std::string password(text.data(), std::find(text.begin(), text.end(), '\0'));
  OPENSSL_cleanse(text.data(), text.size());
  return password;
}

Result<void> check_ticket(const TicketKey& key, BytesView ticket,
                          const std::optional<std::string>& password) {
  std::string given = TRY(decrypt_ticket(key, ticket));
  if (!password) return {};
  // Both filled up to one size: neither the place of a difference nor a length shows in time.
  constexpr std::size_t compared = 128;
  std::array<char, compared> expected{}, found{};
  std::copy_n(password->begin(), std::min(password->size(), compared), expected.begin());
  std::copy_n(given.begin(), std::min(given.size(), compared), found.begin());
  const bool same = CRYPTO_memcmp(expected.data(), found.data(), compared) == 0;
  OPENSSL_cleanse(found.data(), compared);
  OPENSSL_cleanse(given.data(), given.size());
  if (password->empty() || password->size() > longest_password || !same)
    return fail(ErrorCode::denied, "the ticket is not valid");
  return {};
}

}  // namespace spicebench::auth
