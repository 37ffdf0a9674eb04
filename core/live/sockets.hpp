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

#include "core/live/live_world.hpp"
#include "core/world/peer.hpp"

namespace spicebench::live {

// The system's sockets as a peer (LiveWorld). What the world sends is written in order, and taken
// when the system has it; no more is read than the other side of the link grants.
class Sockets final : public Peer {
 public:
  //   act  is told what happens at the sockets, never within start() or handle()
  Sockets(asio::io_context& context, std::function<void(Outputs)> act)
      : context_(context), act_(std::move(act)) {}
  ~Sockets() override;

  Result<SocketAddress> listen(const SocketAddress& at, Address address);
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
  };
  struct Connection {
    explicit Connection(Socket s) : socket(std::move(s)), linger(socket.get_executor()) {}
    Socket socket;
    asio::steady_timer linger;  // until the other end closes, too
    std::size_t credit = 0;     // bytes that may be read
    bool reading = false;
    bool read_all = false;       // the other end sends no more
    std::deque<Bytes> to_write;  // the first one is being written
    bool writing = false;
    bool end_after = false;  // the world sends no more
    Bytes buffer;
  };
  using ConnectionPtr = std::shared_ptr<Connection>;

  Result<Listener*> open(const SocketAddress& at, Address address);
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
