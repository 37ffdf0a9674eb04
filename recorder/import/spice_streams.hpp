// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "recorder/import/layer.hpp"
#include "recorder/import/tcp_streams.hpp"
#include "recorder/import/tls_key_log.hpp"
#include "recorder/store/writer.hpp"
#include "recorder/tap/connection_recorder.hpp"

namespace spicebench::recorder {

// Tells SPICE connections from others by the first bytes of their client, looks into TLS and
// WebSocket for them, and records them; says what it leaves out and why.
class SpiceStreams final : public TcpListener {
 public:
  // `keys`: of TLS sessions; null: none were given. Must outlive this.
  SpiceStreams(Writer& writer, const TlsKeyLog* keys) : writer_(writer), keys_(keys) {}

  void data(const TcpStream& stream, Side by, BytesView bytes, Instant now) override;
  void ended(const TcpStream& stream, Side by, Ending ending, Instant now) override;
  void gap(const TcpStream& stream, Side by, std::size_t kept_back) override;

  void note(std::string text, Instant now, ConnectionId connection = 0);
  void finish(Instant now);
  std::size_t connections() const { return connections_; }
  const std::vector<std::string>& notices() const { return notices_; }

 private:
  enum class Kind : std::uint8_t { undecided, spice, tls, websocket, foreign };
  struct Stream {
    TcpStream tcp;
    std::vector<std::unique_ptr<Layer>> layers;  // from TCP upwards
    Carrier carrier = Carrier::plain;
    Bytes held[2];  // what came out of the topmost layer, by side, until it is decided what it is
    std::optional<ConnectionRecorder> recorder;  // it is SPICE
    bool over = false;                           // no more of it is read
    std::uint64_t passed_over = 0;               // bytes since then
  };
  static Kind kind_of(BytesView client_bytes);
  Stream& at(const TcpStream& stream);
  void rise(Stream& stream, std::size_t level, Side by, BytesView bytes, Instant now);
  void decide(Stream& stream, Instant now);
  void record(Stream& stream);
  void add_layer(Stream& stream, Kind kind);
  void drop_foreign(Stream& stream);
  void drop(Stream& stream, const Error& why, Instant now);
  void leave_out(const Stream& stream, std::string_view what, std::string why);
  void finish_stream(Stream& stream, Instant now);

  Writer& writer_;
  const TlsKeyLog* keys_;
  std::deque<Stream> streams_;  // by number
  std::size_t connections_ = 0;
  // What it was, its server, why it was left out → how many.
  std::map<std::tuple<std::string, Endpoint, std::string>, std::size_t> left_out_;
  std::size_t foreign_ = 0;
  std::size_t begun_before_ = 0;  // TCP connections older than the capture
  std::vector<std::string> notices_;
};

}  // namespace spicebench::recorder
