// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <optional>

#include "core/wire/stream_buffer.hpp"
#include "recorder/import/layer.hpp"
#include "recorder/import/tls_handshake.hpp"
#include "recorder/import/tls_key_log.hpp"
#include "recorder/import/tls_record.hpp"

namespace spicebench::recorder {

// TLS 1.2 or 1.3, looked into from outside with the secrets of a key log: full handshakes and
// resumed ones, HelloRetryRequest, key updates. Not: early data, renegotiation, compression.
class TlsLayer final : public Layer {
 public:
  // `keys` must outlive the layer; null: there is no key log, which becomes the error as soon as a
  // secret is needed.
  explicit TlsLayer(const TlsKeyLog* keys) : keys_(keys) {}

  std::string_view name() const override { return "TLS"; }
  //   errors  not_found (no key log, or not this session's secret in it; the text has the client
  //           random), unsupported (version, suite, early data, renegotiation, compression),
  //           malformed, out_of_range
  Result<void> sent(Side by, BytesView bytes, const Inner& inner) override;
  std::uint64_t unfinished(Side by) const override;

 private:
  struct Direction {
    wire::StreamBuffer bytes;
    TlsHandshakeReader handshake;
    std::optional<TlsRecordCipher> cipher;  // of the records from now on
    std::optional<TlsRecordCipher> next;    // TLS 1.2: from ChangeCipherSpec on
    Bytes secret;                           // TLS 1.3: application traffic
    bool finished = false;                  // its Finished has passed
  };
  Direction& direction(Side by) { return directions_[static_cast<std::size_t>(by)]; }

  Result<bool> take_record(Side by, const Inner& inner);
  Result<void> take_content(Side by, TlsContent type, BytesView content, const Inner& inner);
  Result<void> hear(Side by, TlsHandshake type, BytesView body);
  Result<void> hear_server_hello(BytesView body);
  Result<void> make_keys12(const TlsServerHello& hello);
  Result<void> start_application(Side by);
  Result<void> use_secret(Direction& direction, Bytes secret);
  Result<BytesView> secret(TlsSecret which) const;
  bool tls13() const { return suite_ && suite_->tls13(); }

  const TlsKeyLog* keys_;
  std::optional<TlsClientHello> client_hello_;
  const TlsSuite* suite_ = nullptr;  // set: ServerHello has passed
  std::array<Direction, 2> directions_;
  Bytes plain_;  // of the record that is being heard: keys may change while it is
};

}  // namespace spicebench::recorder
