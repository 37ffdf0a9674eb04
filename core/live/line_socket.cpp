// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live/line_socket.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace spicebench::live {
namespace {

std::unexpected<Error> system_failed(std::string_view what, std::string_view address, int number) {
  return fail(ErrorCode::io, fmt::format("{}: {}: {}", address, what, std::strerror(number)));
}

Result<sockaddr_un> socket_address(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string text = path.string();
  if (text.size() >= sizeof(address.sun_path))
    return fail(ErrorCode::out_of_range, fmt::format("{}: too long for a socket's address", text));
  std::memcpy(address.sun_path, text.data(), text.size());
  return address;
}

// True: there is something to read, or the peer is gone.
bool readable(int descriptor, std::chrono::milliseconds patience) {
  pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
  return poll(&one, 1, static_cast<int>(patience.count())) > 0;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

std::unexpected<Error> LineSocket::failed(std::string_view what) const {
  return fail(ErrorCode::io, fmt::format("{}: {}", address_, what));
}

Result<LineSocket> LineSocket::connect(const std::filesystem::path& path) {
  const sockaddr_un address = TRY(socket_address(path));
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.number() < 0 ||
      ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    return system_failed("connect", path.string(), errno);
  return LineSocket(std::move(socket), path.string());
}

Result<void> LineSocket::send(std::string_view line) {
  std::string all(line);
  all += '\n';
  for (std::size_t sent = 0; sent < all.size();) {
    const ssize_t count =
        ::send(socket_.number(), all.data() + sent, all.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failed("send", address_, errno);
    sent += static_cast<std::size_t>(count);
  }
  return {};
}

Result<std::string> LineSocket::receive(std::chrono::milliseconds patience) {
  std::size_t searched = read_;
  for (;;) {
    const std::size_t end = received_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = received_.substr(read_, end - read_);
      read_ = end + 1;
      return line;
    }
    searched = received_.size();
    if (received_.size() - read_ > longest_line) return failed("a line without an end");
    if (!readable(socket_.number(), patience)) {
      if (patience.count() == 0) return std::string();
      return failed(fmt::format("no answer within {} ms", patience.count()));
    }
    if (read_ > 0) {
      received_.erase(0, read_);
      searched -= read_;
      read_ = 0;
    }
    std::array<char, 65536> buffer;
    const ssize_t count = ::recv(socket_.number(), buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failed("receive", address_, errno);
    if (count == 0) return failed("the peer closed the connection");
    received_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

Result<LineListener> LineListener::at(const std::filesystem::path& path) {
  const sockaddr_un address = TRY(socket_address(path));
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket.number() < 0 ||
      bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      listen(socket.number(), 1) != 0)
    return system_failed("listen", path.string(), errno);
  return LineListener(std::move(socket), path.string());
}

Result<LineSocket> LineListener::accept(std::chrono::milliseconds patience) {
  if (!readable(socket_.number(), patience))
    return fail(ErrorCode::io,
                fmt::format("{}: nobody connects within {} ms", address_, patience.count()));
  Descriptor socket(::accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC));
  if (socket.number() < 0) return system_failed("accept", address_, errno);
  return LineSocket(std::move(socket), address_);
}

}  // namespace spicebench::live
