// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/side.hpp"

namespace spicebench::test {

// A TLS session between two ends made by OpenSSL, with what passes between them and the key log.
class TlsSession {
 public:
  struct Options {
    int version = TLS1_3_VERSION;
    std::string suites;  // as OpenSSL names them; empty: any
    bool ecdsa = false;  // the server's key
    bool encrypt_then_mac = true;
    std::string server_groups;  // empty: any; the client sends a share for X25519 only
    std::size_t padding = 0;    // TLS 1.3: records are filled up to multiples of it
    SSL_SESSION* resumed = nullptr;
  };
  // Shakes hands at once.
  explicit TlsSession(const Options& options);

  void say(Side by, BytesView bytes);
  void update_key(Side by);  // TLS 1.3
  bool renegotiate();        // TLS 1.2; false: OpenSSL refuses
  void close(Side by);
  // To be resumed by another one.
  std::shared_ptr<SSL_SESSION> session() const;
  bool was_resumed() const;

  std::vector<std::pair<Side, Bytes>> wire;  // in the order in which it passed
  Bytes said[2];                             // by side, in the clear
  std::string key_log;

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  SSL* end(Side side) const { return ends_[static_cast<std::size_t>(side)].get(); }
  void shake_hands();
  // Moves all that either end wants to send until both are silent.
  void pump();

  std::unique_ptr<SSL, Free> ends_[2];
};

}  // namespace spicebench::test
