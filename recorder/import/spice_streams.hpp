// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "recorder/import/tcp_streams.hpp"
#include "recorder/store/writer.hpp"
#include "recorder/tap/connection_recorder.hpp"

namespace spicebench::recorder {

// Tells SPICE connections from others by the first bytes of their client and records them; says
// what it leaves out.
class SpiceStreams final : public TcpListener {
 public:
  explicit SpiceStreams(Writer& writer) : writer_(writer) {}

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
    Kind kind = Kind::undecided;
    Bytes held[2];  // by side, until decided
    std::optional<ConnectionRecorder> recorder;
  };
  static Kind kind_of(BytesView client_bytes);
  Stream& at(const TcpStream& stream);
  void decide(Stream& state, const TcpStream& stream, Instant now);

  Writer& writer_;
  std::deque<Stream> streams_;  // by number
  std::size_t connections_ = 0;
  std::map<std::pair<Kind, Endpoint>, std::size_t> left_out_;  // by server
  std::size_t begun_before_ = 0;  // TCP connections older than the capture
  std::vector<std::string> notices_;
};

}  // namespace spicebench::recorder
