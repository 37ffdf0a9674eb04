// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/tls_layer.hpp"

#include <fmt/format.h>

#include <utility>

namespace spicebench::recorder {

namespace {

constexpr std::uint16_t version_12 = 0x0303, version_13 = 0x0304;
constexpr std::size_t most_waiting = 1u << 20;  // client bytes before the answer to its hello

std::string hex(BytesView bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += fmt::format("{:02x}", std::to_integer<unsigned>(byte));
  return text;
}

}  // namespace

Result<void> TlsLayer::sent(Side by, BytesView bytes, const Inner& inner) {
  direction(by).bytes.feed(bytes);
  const auto take_all = [&](Side side) -> Result<bool> {
    bool any = false;
    while (true) {
      const std::uint64_t begin = direction(side).bytes.taken();
      auto taken = take_record(side, inner);
      if (!taken) {
        taken.error().offset = begin;
        return std::unexpected(of_side(side, std::move(taken.error())));
      }
      if (!*taken) return any;
      any = true;
    }
  };
  while (TRY(take_all(by)) || TRY(take_all(other(by)))) {
  }
  if (!suite_ && direction(by).bytes.view().size() > most_waiting)
    return std::unexpected(of_side(by, {ErrorCode::out_of_range, 0, {}, "no answer to the hello"}));
  return {};
}

std::uint64_t TlsLayer::unfinished(Side by) const {
  return directions_[static_cast<std::size_t>(by)].bytes.view().size();
}

// One record of a side; false: there is no whole one, or it waits for the server's hello.
Result<bool> TlsLayer::take_record(Side by, const Inner& inner) {
  Direction& from = direction(by);
  const auto record = TRY(record_in(from.bytes.view()));
  if (!record) return false;
  const bool hello_to_come =
      !suite_ && record->type != TlsContent::handshake && record->type != TlsContent::alert;
  if (hello_to_come && by == Side::client) return false;
  from.bytes.take(tls_header_bytes + record->payload.size());  // it stays where it is
  if (record->type == TlsContent::change_cipher_spec) {
    // TLS 1.3 sends it for the sake of boxes on the way; it means nothing there.
    if (from.next) from.cipher = std::exchange(from.next, std::nullopt);
    return true;
  }
  const bool hidden = from.cipher && (!tls13() || record->type == TlsContent::application_data);
  if (!hidden) {
    if (record->type == TlsContent::application_data)
      return fail(ErrorCode::malformed, "TLS data before any key");
    CHECKED(take_content(by, record->type, record->payload, inner));
    return true;
  }
  const TlsPlaintext plain = TRY(from.cipher->open(*record, plain_));
  CHECKED(take_content(by, plain.type, plain.content, inner));
  return true;
}

Result<void> TlsLayer::take_content(Side by, TlsContent type, BytesView content,
                                    const Inner& inner) {
  if (type == TlsContent::application_data) {
    if (!content.empty()) inner(by, content);
    return {};
  }
  if (type == TlsContent::alert) return {};
  if (type != TlsContent::handshake)
    return fail(ErrorCode::malformed,
                fmt::format("TLS content of type {}", static_cast<unsigned>(type)));
  return direction(by).handshake.feed(
      content, [&](TlsHandshake message, BytesView body) { return hear(by, message, body); });
}

Result<void> TlsLayer::hear(Side by, TlsHandshake type, BytesView body) {
  Direction& from = direction(by);
  if (by == Side::client && type == TlsHandshake::client_hello) {
    if (from.finished) return fail(ErrorCode::unsupported, "TLS renegotiation");
    if (client_hello_) return {};  // the second one, after HelloRetryRequest: the same random
    client_hello_ = TRY(parse_client_hello(body));
    if (client_hello_->early_data) return fail(ErrorCode::unsupported, "TLS early data");
  } else if (by == Side::server && type == TlsHandshake::server_hello) {
    return hear_server_hello(body);
  } else if (type == TlsHandshake::finished && !from.finished) {
    from.finished = true;
    if (tls13()) return start_application(by);
  } else if (type == TlsHandshake::key_update && tls13() && from.finished) {
    return use_secret(from,
                      TRY(expand_label(*suite_, from.secret, "traffic upd", suite_->hash_bytes())));
  }
  return {};
}

Result<void> TlsLayer::hear_server_hello(BytesView body) {
  const TlsServerHello hello = TRY(parse_server_hello(body));
  if (!client_hello_ || suite_)
    return fail(ErrorCode::malformed, "a ServerHello that nobody asked for");
  if (hello.retry) return {};
  if (hello.version != version_12 && hello.version != version_13)
    return fail(ErrorCode::unsupported,
                fmt::format("TLS version {:#06x}: 1.2 and 1.3 can be read", hello.version));
  if (hello.compression != 0) return fail(ErrorCode::unsupported, "TLS with compression");
  const TlsSuite* suite = find_suite(hello.suite);
  if (!suite || suite->tls13() != (hello.version == version_13))
    return fail(ErrorCode::unsupported, fmt::format("TLS suite {:#06x}", hello.suite));
  suite_ = suite;
  if (!tls13()) return make_keys12(hello);
  for (const auto& [by, which] : {std::pair(Side::client, TlsSecret::client_handshake),
                                  std::pair(Side::server, TlsSecret::server_handshake)}) {
    const BytesView handshake = TRY(secret(which));
    direction(by).cipher = TRY(TlsRecordCipher::tls13(*suite_, handshake));
  }
  return {};
}

// Both sides' keys, used from their ChangeCipherSpec on.
Result<void> TlsLayer::make_keys12(const TlsServerHello& hello) {
  Bytes seed(hello.random.begin(), hello.random.end());
  append(seed, client_hello_->random);
  const std::size_t mac = suite_->mac_bytes, key = suite_->key_bytes;
  const std::size_t iv = suite_->fixed_iv_bytes();
  const BytesView master = TRY(secret(TlsSecret::master));
  const Bytes block = TRY(prf(*suite_, master, "key expansion", seed, 2 * (mac + key + iv)));
  for (const Side by : {Side::client, Side::server}) {
    const std::size_t second = by == Side::server ? 1 : 0;
    const BytesView all(block);
    direction(by).next = TRY(TlsRecordCipher::tls12(
        *suite_,
        {all.subspan(2 * mac + second * key, key), all.subspan(2 * mac + 2 * key + second * iv, iv),
         all.subspan(second * mac, mac), hello.encrypt_then_mac}));
  }
  return {};
}

Result<void> TlsLayer::start_application(Side by) {
  const BytesView first =
      TRY(secret(by == Side::client ? TlsSecret::client_traffic : TlsSecret::server_traffic));
  return use_secret(direction(by), Bytes(first.begin(), first.end()));
}

Result<void> TlsLayer::use_secret(Direction& direction, Bytes secret) {
  direction.cipher = TRY(TlsRecordCipher::tls13(*suite_, secret));
  direction.secret = std::move(secret);
  return {};
}

Result<BytesView> TlsLayer::secret(TlsSecret which) const {
  if (!keys_) return fail(ErrorCode::not_found, "no key log");
  if (const Bytes* found = keys_->find(which, client_hello_->random)) return BytesView(*found);
  return fail(ErrorCode::not_found, fmt::format("no {} of client random {} in the key log",
                                                label_of(which), hex(client_hello_->random)));
}

}  // namespace spicebench::recorder
