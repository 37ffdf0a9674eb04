// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/side.hpp"

// TLS on a stream, sans-I/O: OpenSSL between two memories. Its keys and nonces are the system's
// chance, so it belongs to live sockets; what is inside is what a world and its recording see.
namespace spicebench::layers {

// What a client believes (channels.md §3.4). A key that is the expected one is enough by itself;
// else the chain must lead to the authority, and then the subject decides, or the host.
struct TlsTrust {
  std::string ca_pem;  // certificates; empty: the system's
  std::string host;    // name or IP address that was connected to
  std::optional<std::string>
      subject;                      // "CN=box,O=lab": all entries, in order; '\' quotes ',' and '\'
  std::optional<Bytes> public_key;  // DER of the SubjectPublicKeyInfo
};

// What connections of one side have in common. TLS 1.2 at least, no renegotiation.
class TlsContext {
 public:
  // Errors: malformed (not PEM, a key of another certificate)
  static Result<TlsContext> server(const std::string& chain_pem, const std::string& key_pem);
  // Errors: malformed (not PEM, nothing to verify)
  static Result<TlsContext> client(TlsTrust trust);

  Side side() const { return side_; }

 private:
  friend class TlsLayer;
  TlsContext(Side side, std::shared_ptr<void> context)
      : side_(side), context_(std::move(context)) {}
  Side side_;
  std::shared_ptr<void> context_;  // SSL_CTX
  std::shared_ptr<const TlsTrust> trust_;
};

// One connection.
class TlsLayer {
 public:
  explicit TlsLayer(const TlsContext& context);
  ~TlsLayer();
  TlsLayer(TlsLayer&&) noexcept;
  TlsLayer& operator=(TlsLayer&&) = delete;

  // What came in, in any pieces. Errors: malformed (no TLS, what TLS does not allow), denied (the
  // peer's certificate): the connection is over once take_coded(), an alert, has been sent.
  Result<void> receive(BytesView coded);
  // At most so many bytes of what was inside; empty: there is no more now. Errors: as receive().
  Result<Bytes> take_plain(std::size_t most);
  // To be sent; what is sent before the handshake is over waits for that. Precondition: no
  // shutdown.
  void send(BytesView plain);
  // No more from our side, after all that was sent; what comes in then is dropped.
  void shutdown();
  // What is to go out.
  Bytes take_coded();

  bool established() const;  // the handshake is over
  bool ended() const;        // the other side has said that it sends no more

 private:
  struct Parts;
  Result<void> proceed();
  std::unique_ptr<Parts> parts_;
};

}  // namespace spicebench::layers
