// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <asio/basic_socket_acceptor.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "core/layers/tls.hpp"
#include "core/live/live_world.hpp"
#include "core/world/peer.hpp"

namespace spicebench::live {

// The system's sockets as a peer (LiveWorld). What the world sends is written in order, and taken
// when the system has it; no more is read than the other side of the link grants. TLS ends here:
// the world has the bytes inside.
class Sockets final : public Peer {
 public:
  //   act  is told what happens at the sockets, never within start() or handle()
  Sockets(asio::io_context& context, std::function<void(Outputs)> act)
      : context_(context), act_(std::move(act)) {}
  ~Sockets() override;

  // As LiveWorld::listen().
  Result<SocketAddress> listen(const SocketAddress& at, Address address,
                               std::optional<layers::TlsContext> tls);
  // All of them; what was not written is lost.
  void close();
  const SocketCounters& counters() const { return counters_; }

  Outputs start(Instant) override { return {}; }
  Outputs handle(const Input& input, Instant now) override;

 private:
  using Protocol = asio::generic::stream_protocol;
  using Socket = Protocol::socket;
  using Acceptor = asio::basic_socket_acceptor<Protocol>;
  struct Listener {
    Acceptor acceptor;
    asio::steady_timer pause;  // while the system has no descriptor left
    Address address;
    std::string path;  // to be removed
    std::optional<layers::TlsContext> tls;
  };
  // Bytes for the system, and how many of the world's they stand for.
  struct Piece {
    Bytes bytes;
    std::size_t taken = 0;
  };
  struct Connection {
    Connection(Socket s, const std::optional<layers::TlsContext>& context)
        : socket(std::move(s)), linger(socket.get_executor()) {
      if (context) tls.emplace(*context);
    }
    Socket socket;
    std::optional<layers::TlsLayer> tls;
    asio::steady_timer linger;  // until the other end closes, too
    std::size_t credit = 0;     // bytes that may be read
    bool reading = false;
    bool read_all = false;       // the other end sends no more
    std::deque<Piece> to_write;  // the first one is being written
    std::size_t inside = 0;      // bytes of the world that TLS still holds
    bool writing = false;
    bool end_after = false;  // the world sends no more
    Bytes buffer;
  };
  using ConnectionPtr = std::shared_ptr<Connection>;

  Result<Listener*> open(const SocketAddress& at, Address address);
  void arrived(LinkId link, const ConnectionPtr& connection, Bytes bytes);
  void unwrap(LinkId link, const ConnectionPtr& connection);
  void write_coded(LinkId link, const ConnectionPtr& connection);
  void no_more_to_read(LinkId link, const ConnectionPtr& connection);
  void give_up(LinkId link, const ConnectionPtr& connection);
  void accept(Listener& listener);
  void accepted(Listener& listener, Socket socket);
  void read(LinkId link, const ConnectionPtr& connection);
  void write(LinkId link, const ConnectionPtr& connection);
  void finish_writing(LinkId link, const ConnectionPtr& connection);
  void end_if_both_ended(LinkId link, const ConnectionPtr& connection);
  void forget(LinkId link);
  ConnectionPtr find(LinkId link) const;

  asio::io_context& context_;
  std::function<void(Outputs)> act_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::map<LinkId, ConnectionPtr> connections_;
  LinkId next_link_ = 1;
  SocketCounters counters_;
};

}  // namespace spicebench::live
