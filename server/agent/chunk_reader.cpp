// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/agent/chunk_reader.hpp"

#include <fmt/format.h>

#include "server/constants.hpp"

namespace spicebench::server {

Result<std::optional<ChunkReader::Block>> ChunkReader::next(CharDevice& device) {
  constexpr std::size_t header_bytes = 8;
  while (left_ == 0) {
    if (device.unread().size() < header_bytes) return std::nullopt;
    const SharedBytes header = device.take(header_bytes);
    port_ = static_cast<std::uint32_t>(load_little_endian(header.data(), 4));
    left_ = static_cast<std::uint32_t>(load_little_endian(header.data() + 4, 4));
    if (port_ != client && port_ != server)
      return fail(ErrorCode::malformed, fmt::format("{}, known are 1 and 2", port_), 0,
                  "chunk.port");
    if (left_ > agent_chunk_max)
      return fail(ErrorCode::out_of_range, fmt::format("{}, at most {}", left_, agent_chunk_max), 4,
                  "chunk.size");
  }
  const std::size_t bytes = std::min<std::size_t>(left_, agent_block_bytes);
  if (device.unread().size() < bytes) return std::nullopt;
  left_ -= static_cast<std::uint32_t>(bytes);
  return Block{port_, device.take(bytes)};
}

}  // namespace spicebench::server
