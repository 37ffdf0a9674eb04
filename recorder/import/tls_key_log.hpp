// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string_view>
#include <utility>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace spicebench::recorder {

// Names a TLS session: the random of its ClientHello.
using ClientRandom = std::array<std::byte, 32>;

enum class TlsSecret : std::uint8_t {
  master,            // CLIENT_RANDOM: TLS 1.2
  client_handshake,  // CLIENT_HANDSHAKE_TRAFFIC_SECRET: TLS 1.3, as the others
  server_handshake,
  client_traffic,  // CLIENT_TRAFFIC_SECRET_0
  server_traffic,
};
std::string_view label_of(TlsSecret secret);

// The secrets of TLS sessions in the key log format of NSS, which OpenSSL, GnuTLS and browsers
// write too: lines of a label, the client random and the secret, in hex.
class TlsKeyLog {
 public:
  // Lines with other labels, comments and lines that are cut or damaged are passed over.
  static TlsKeyLog parse(std::string_view text);
  // Errors: not_found, io, out_of_range (more than 64 MiB), malformed (not one secret in it).
  static Result<TlsKeyLog> read(const std::filesystem::path& path);

  std::size_t size() const { return secrets_.size(); }
  // Null: not in the log.
  const Bytes* find(TlsSecret which, const ClientRandom& session) const;

 private:
  std::map<std::pair<ClientRandom, TlsSecret>, Bytes> secrets_;
};

}  // namespace spicebench::recorder
