// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>

#include "server/char_device/char_device.hpp"

namespace spicebench::server {

// Cuts what the guest writes into its agent's port: chunks into blocks, where they end does not
// depend on how the bytes come.
//
// Source: channels.md §12.1. DIFFERS: a chunk of no bytes is passed over, where the reference stops
// reading for good; one of more than agent_chunk_max is refused.
class ChunkReader {
 public:
  enum Port : std::uint32_t { client = 1, server = 2 };
  struct Block {
    std::uint32_t port = 0;
    SharedBytes bytes;  // agent_block_bytes, or what is left of the chunk
  };
  // The next block; nothing: more bytes must come. Errors: malformed (another port), out_of_range.
  Result<std::optional<Block>> next(CharDevice& device);

 private:
  std::uint32_t port_ = 0, left_ = 0;  // of the chunk under way
};

}  // namespace spicebench::server
