// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace spicebench::recorder {

// One end of a TCP connection.
struct Endpoint {
  std::array<std::uint8_t, 16> address{};  // IPv4 as ::ffff:a.b.c.d
  std::uint16_t port = 0;
  auto operator<=>(const Endpoint&) const = default;
  std::string text() const;  // "127.0.0.1:5900", "[::1]:5900"
};

struct Segment {
  Endpoint from, to;
  std::uint32_t sequence = 0;  // of the first byte of payload, or of SYN
  bool syn = false, ack = false, fin = false, reset = false;
  std::vector<std::uint8_t> payload;  // as libtins' stream tracking takes it
};

// Error unless segments can be found in packets of this link type (DLT_…).
Result<void> check_link_type(int link_type);
// The TCP segment in a packet; nothing if it holds something else. Error: malformed.
Result<std::optional<Segment>> segment_in(int link_type, BytesView packet);

}  // namespace spicebench::recorder
