// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live/sockets.hpp"

#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/post.hpp>
#include <asio/write.hpp>
#include <filesystem>

namespace spicebench::live {

namespace {

constexpr std::size_t most_read_at_once = 64 * 1024;
constexpr auto longest_linger = std::chrono::seconds(2);

std::unexpected<Error> failed(const SocketAddress& at, const asio::error_code& error) {
  return fail(ErrorCode::io, at.text() + ": " + error.message());
}

// Who connected; empty for a UNIX socket.
std::string host_of(const asio::generic::stream_protocol::socket& socket) {
  asio::error_code error;
  const auto peer = socket.remote_endpoint(error);
  const int family = error ? AF_UNSPEC : peer.protocol().family();
  if (family != AF_INET && family != AF_INET6) return {};
  asio::ip::tcp::endpoint endpoint;
  endpoint.resize(peer.size());
  std::memcpy(endpoint.data(), peer.data(), peer.size());
  return endpoint.address().to_string();
}

// A socket's file that is left of somebody who ended without removing it.
void remove_if_abandoned(asio::io_context& context, const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_socket(path, ignored)) return;
  asio::local::stream_protocol::socket probe(context);
  asio::error_code error;
  probe.connect(asio::local::stream_protocol::endpoint(path), error);
  if (error) std::filesystem::remove(path, ignored);
}

}  // namespace

Sockets::~Sockets() {
  close();
}

void Sockets::close() {
  for (const auto& listener : listeners_) {
    asio::error_code ignored;
    listener->acceptor.close(ignored);
    listener->pause.cancel();
    std::error_code also_ignored;
    if (!listener->path.empty()) std::filesystem::remove(listener->path, also_ignored);
  }
  for (const auto& [link, connection] : connections_) {
    asio::error_code ignored;
    connection->socket.close(ignored);
    connection->linger.cancel();
  }
  connections_.clear();
  counters_.open = 0;
}

Result<Sockets::Listener*> Sockets::open(const SocketAddress& at, Address address) {
  Protocol::endpoint endpoint;
  asio::error_code error;
  std::string path;
  if (at.kind == SocketAddress::Kind::unix_path) {
    if (at.path.size() >= sizeof(sockaddr_un::sun_path))
      return fail(ErrorCode::out_of_range, at.text() + ": too long for a socket's path");
    remove_if_abandoned(context_, at.path);
    endpoint = asio::local::stream_protocol::endpoint(at.path);
    path = at.path;
  } else {
    asio::ip::tcp::resolver resolver(context_);
    const auto found =
        resolver.resolve(at.host, std::to_string(at.port), asio::ip::resolver_base::passive, error);
    if (error || found.empty()) return failed(at, error);
    endpoint = found.begin()->endpoint();
  }
  auto listener = std::make_unique<Listener>(
      Listener{Acceptor(context_), asio::steady_timer(context_), std::move(address), {}, {}});
  const auto tried = [&](auto&& what) {
    if (!error) what();
  };
  listener->acceptor.open(endpoint.protocol(), error);
  tried([&] {
    if (at.kind == SocketAddress::Kind::tcp)
      listener->acceptor.set_option(asio::socket_base::reuse_address(true), error);
  });
  tried([&] { listener->acceptor.bind(endpoint, error); });
  tried([&] { listener->acceptor.listen(asio::socket_base::max_listen_connections, error); });
  if (error) return failed(at, error);
  listener->path = std::move(path);
  return listeners_.emplace_back(std::move(listener)).get();
}

Result<SocketAddress> Sockets::listen(const SocketAddress& at, Address address,
                                      std::optional<layers::TlsContext> tls) {
  Listener& listener = *TRY(open(at, std::move(address)));
  listener.tls = std::move(tls);
  SocketAddress out = at;
  if (at.kind == SocketAddress::Kind::tcp) {
    const auto endpoint = listener.acceptor.local_endpoint();
    asio::ip::tcp::endpoint bound;
    bound.resize(endpoint.size());
    std::memcpy(bound.data(), endpoint.data(), endpoint.size());
    out.port = bound.port();
  }
  accept(listener);
  return out;
}

void Sockets::accept(Listener& listener) {
  listener.acceptor.async_accept([this, &listener](const asio::error_code& error, Socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      accepted(listener, std::move(socket));
      return accept(listener);
    }
    listener.pause.expires_after(std::chrono::milliseconds(100));
    listener.pause.async_wait([this, &listener](const asio::error_code& stopped) {
      if (!stopped) accept(listener);
    });
  });
}

void Sockets::accepted(Listener& listener, Socket socket) {
  asio::error_code ignored;  // of a socket that is no TCP socket
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  const LinkId link = next_link_++;
  const std::string host = host_of(socket);
  connections_.emplace(link, std::make_shared<Connection>(std::move(socket), listener.tls));
  ++counters_.accepted;
  ++counters_.open;
  act_({Connect{link, host.empty() ? listener.address : listener.address + "@" + host}});
}

Sockets::ConnectionPtr Sockets::find(LinkId link) const {
  const auto found = connections_.find(link);
  return found == connections_.end() ? nullptr : found->second;
}

void Sockets::forget(LinkId link) {
  const auto found = connections_.find(link);
  if (found == connections_.end()) return;
  asio::error_code ignored;
  found->second->socket.close(ignored);
  found->second->linger.cancel();
  connections_.erase(found);
  --counters_.open;
}

Outputs Sockets::handle(const Input& input, Instant) {
  if (const auto* writable = std::get_if<Writable>(&input)) {
    if (const auto connection = find(writable->link)) {
      connection->credit += writable->bytes;
      if (connection->tls)  // what it holds is told later: not within handle()
        asio::post(context_, [this, link = writable->link, connection] {
          if (find(link) == connection) unwrap(link, connection);
        });
      read(writable->link, connection);
    }
  } else if (const auto* received = std::get_if<Received>(&input)) {
    if (const auto connection = find(received->link)) {
      if (connection->tls) {
        connection->tls->send(received->bytes);
        connection->inside += received->bytes.size();
        write_coded(received->link, connection);
      } else {
        connection->to_write.push_back({received->bytes, received->bytes.size()});
        write(received->link, connection);
      }
    }
  } else if (const auto* closed = std::get_if<Closed>(&input)) {
    const auto connection = find(closed->link);
    if (!connection) return {};
    if (closed->ending != Ending::end) {
      forget(closed->link);
    } else {
      connection->end_after = true;
      if (connection->tls) {
        connection->tls->shutdown();
        write_coded(closed->link, connection);
      }
      if (!connection->writing) finish_writing(closed->link, connection);
      if (!find(closed->link)) return {Close{closed->link}};
    }
  }
  return {};
}

void Sockets::read(LinkId link, const ConnectionPtr& connection) {
  if (connection->reading || connection->read_all || connection->credit == 0) return;
  connection->reading = true;
  connection->buffer.resize(std::min(connection->credit, most_read_at_once));
  connection->socket.async_read_some(
      asio::buffer(connection->buffer),
      [this, link, connection](const asio::error_code& error, std::size_t count) {
        connection->reading = false;
        if (find(link) != connection) return;
        if (error && error != asio::error::eof) {
          forget(link);
          return act_({Close{link}});
        }
        if (error) return no_more_to_read(link, connection);
        counters_.received += count;
        connection->buffer.resize(count);
        arrived(link, connection, std::move(connection->buffer));
        if (find(link) == connection) read(link, connection);
      });
}

void Sockets::arrived(LinkId link, const ConnectionPtr& connection, Bytes bytes) {
  if (!connection->tls) {
    connection->credit -= bytes.size();
    return act_({Send{link, std::move(bytes)}});
  }
  const auto taken = connection->tls->receive(bytes);
  write_coded(link, connection);
  if (!taken) return give_up(link, connection);
  unwrap(link, connection);
}

// What was inside, as much as is granted.
void Sockets::unwrap(LinkId link, const ConnectionPtr& connection) {
  while (find(link) == connection && connection->credit > 0) {
    auto plain = connection->tls->take_plain(connection->credit);
    write_coded(link, connection);  // it may have to answer
    if (!plain) return give_up(link, connection);
    if (plain->empty()) break;
    connection->credit -= plain->size();
    act_({Send{link, *std::move(plain)}});
  }
  if (find(link) == connection && connection->tls->ended() && !connection->read_all)
    no_more_to_read(link, connection);
}

void Sockets::no_more_to_read(LinkId link, const ConnectionPtr& connection) {
  connection->read_all = true;
  act_({Shutdown{link}});
  end_if_both_ended(link, connection);
}

// TLS has failed: what it has to say goes out, then the end.
void Sockets::give_up(LinkId link, const ConnectionPtr& connection) {
  connection->read_all = connection->end_after = true;
  if (!connection->writing) finish_writing(link, connection);
  act_({Close{link}});
}

void Sockets::write_coded(LinkId link, const ConnectionPtr& connection) {
  Bytes coded = connection->tls->take_coded();
  if (coded.empty()) return;
  const bool all = connection->tls->established();
  connection->to_write.push_back(
      {std::move(coded), all ? std::exchange(connection->inside, 0) : 0});
  write(link, connection);
}

void Sockets::write(LinkId link, const ConnectionPtr& connection) {
  if (connection->writing || connection->to_write.empty()) return;
  connection->writing = true;
  asio::async_write(connection->socket, asio::buffer(connection->to_write.front().bytes),
                    [this, link, connection](const asio::error_code& error, std::size_t count) {
                      connection->writing = false;
                      if (find(link) != connection) return;
                      if (error) {
                        forget(link);
                        return act_({Close{link}});
                      }
                      counters_.sent += count;
                      const std::size_t taken = connection->to_write.front().taken;
                      connection->to_write.pop_front();
                      act_({Taken{link, taken}});
                      write(link, connection);
                      if (connection->writing || !connection->end_after) return;
                      finish_writing(link, connection);
                      if (!find(link)) act_({Close{link}});
                    });
}

void Sockets::finish_writing(LinkId link, const ConnectionPtr& connection) {
  asio::error_code ignored;
  connection->socket.shutdown(asio::socket_base::shutdown_send, ignored);
  if (connection->read_all) return forget(link);
  connection->linger.expires_after(longest_linger);
  connection->linger.async_wait([this, link, connection](const asio::error_code& stopped) {
    if (stopped || find(link) != connection) return;
    forget(link);
    act_({Close{link}});
  });
}

void Sockets::end_if_both_ended(LinkId link, const ConnectionPtr& connection) {
  if (!connection->end_after || connection->writing) return;
  forget(link);
  act_({Close{link}});
}

}  // namespace spicebench::live
