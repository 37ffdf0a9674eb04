// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace spicebench::live {

// Where a socket listens or connects: "tcp:HOST:PORT", "tcp:[::1]:PORT" or "unix:PATH".
struct SocketAddress {
  enum class Kind : std::uint8_t { tcp, unix_path } kind = Kind::tcp;
  std::string host;        // without brackets
  std::uint16_t port = 0;  // 0: any that is free
  std::string path;
  std::string text() const;
};
//   errors  malformed, with what is missing
Result<SocketAddress> parse_socket_address(std::string_view text);

}  // namespace spicebench::live
