// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/lz4_block.hpp"

#include <fmt/format.h>
#include <lz4.h>

#include <climits>

namespace spicebench::image {

std::optional<Bytes> lz4_compressed(BytesView bytes) {
  if (bytes.size() < 2 || bytes.size() > LZ4_MAX_INPUT_SIZE) return std::nullopt;
  Bytes out(bytes.size() - 1);
  const int size = LZ4_compress_default(
      reinterpret_cast<const char*>(bytes.data()), reinterpret_cast<char*>(out.data()),
      static_cast<int>(bytes.size()), static_cast<int>(out.size()));
  if (size <= 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(size));
  return out;
}

Result<Bytes> lz4_expanded(BytesView block, std::size_t size) {
  const auto wrong = [&](std::string why) { return fail(ErrorCode::malformed, std::move(why)); };
  if (block.empty() || block.size() > INT_MAX || size == 0 || size > INT_MAX)
    return wrong(fmt::format("a block of {} bytes for {}", block.size(), size));
  Bytes out(size);
  const int got = LZ4_decompress_safe(reinterpret_cast<const char*>(block.data()),
                                      reinterpret_cast<char*>(out.data()),
                                      static_cast<int>(block.size()), static_cast<int>(size));
  if (got < 0) return wrong("no LZ4 block, or one of more bytes than it says");
  if (static_cast<std::size_t>(got) != size)
    return wrong(fmt::format("{} bytes, {} were announced", got, size));
  return out;
}

}  // namespace spicebench::image
