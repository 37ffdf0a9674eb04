// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/store/packed.hpp"

#include <fmt/format.h>
#include <lz4.h>

#include "recorder/store/rows.hpp"

namespace spicebench::recorder {

namespace {
// Speed before size: bodies are often compressed already.
constexpr int lz4_acceleration = 4;
}  // namespace

BytesView pack(BytesView bytes, Bytes& scratch) {
  const auto bound = static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(bytes.size())));
  if (scratch.size() < bound) scratch.resize(bound);
  const int size = LZ4_compress_fast(
      reinterpret_cast<const char*>(bytes.data()), reinterpret_cast<char*>(scratch.data()),
      static_cast<int>(bytes.size()), static_cast<int>(scratch.size()), lz4_acceleration);
  return BytesView(scratch).first(static_cast<std::size_t>(size));
}

Result<SharedBytes> unpack(BytesView packed, std::int64_t size, const std::string& what) {
  if (size < 0 || static_cast<std::uint64_t>(size) > most_body_bytes ||
      static_cast<std::uint64_t>(size) > packed.size() * std::uint64_t{255})
    return fail(ErrorCode::malformed,
                fmt::format("blob claims {} bytes, packed in {}", size, packed.size()), 0, what);
  Bytes bytes(static_cast<std::size_t>(size));
  const int unpacked = LZ4_decompress_safe(
      reinterpret_cast<const char*>(packed.data()), reinterpret_cast<char*>(bytes.data()),
      static_cast<int>(packed.size()), static_cast<int>(bytes.size()));
  if (unpacked != static_cast<int>(size))
    return fail(ErrorCode::malformed, "blob does not unpack", 0, what);
  return SharedBytes(std::move(bytes));
}

}  // namespace spicebench::recorder
