// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/live/socket_address.hpp"

#include <fmt/format.h>

#include <charconv>

namespace spicebench::live {

std::string SocketAddress::text() const {
  if (kind == Kind::unix_path) return "unix:" + path;
  const bool brackets = host.find(':') != std::string::npos;
  return fmt::format("tcp:{}{}{}:{}", brackets ? "[" : "", host, brackets ? "]" : "", port);
}

Result<SocketAddress> parse_socket_address(std::string_view text) {
  constexpr std::string_view tcp = "tcp:", unix_path = "unix:";
  const auto wrong = [text](std::string_view why) {
    return fail(ErrorCode::malformed,
                fmt::format("'{}': {}; tcp:HOST:PORT and unix:PATH are addresses", text, why));
  };
  SocketAddress out;
  if (text.starts_with(unix_path)) {
    out.kind = SocketAddress::Kind::unix_path;
    out.path = text.substr(unix_path.size());
    if (out.path.empty()) return wrong("no path");
    return out;
  }
  if (!text.starts_with(tcp)) return wrong("no kind of address");
  const std::string_view rest = text.substr(tcp.size());
  const std::size_t colon = rest.rfind(':');
  if (colon == std::string_view::npos) return wrong("no port");
  std::string_view host = rest.substr(0, colon);
  const std::string_view port = rest.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty()) return wrong("no host");
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc{} || end != port.data() + port.size())
    return wrong("the port is no number up to 65535");
  out.host = host;
  return out;
}

}  // namespace spicebench::live
