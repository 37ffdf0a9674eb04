// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/command/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spicebench::qxl {

std::unexpected<Refusal> refuse(ErrorCode code, std::string detail, const FieldPath& path) {
  return std::unexpected(Refusal{{code, 0, path.text(), std::move(detail)}, false});
}
std::unexpected<Refusal> refuse_fatally(Error error) {
  return std::unexpected(Refusal{std::move(error), true});
}

Parsed<Bytes> Reader::join(std::uint64_t address, First first, std::uint64_t limit, Excess excess,
                           const FieldPath& path) {
  Bytes out;
  // Brent's: the marker jumps ahead at every power of two, and a cycle comes back to it.
  std::uint64_t marker = 0, next_jump = 1;
  for (std::uint64_t link = 1; address != 0; ++link) {
    if (link > max_chunks)
      return refuse(ErrorCode::out_of_range, fmt::format("more than {} chunks", max_chunks), path);
    if (address == marker)
      return refuse(ErrorCode::malformed, "the chain of chunks runs in a circle", path);
    if (link == next_jump) {
      marker = address;
      next_jump *= 2;
    }
    const Fields header{TRY(again_at(address, chunk_header, path))};
    if (link > 1 || first == First::own) {
      charge(costs_.xlate + costs_.chunk_fixed);
      charge_bytes(chunk_header);
    }
    std::uint64_t size = header.u32(0);
    if (size > limit - out.size()) {
      if (excess == Excess::refused)
        return refuse(ErrorCode::out_of_range,
                      fmt::format("chunks of more than the {} bytes expected", limit), path);
      size = limit - out.size();
    }
    // Honest chunks do not overlap: a chain cannot be larger than the memory it lies in.
    if (out.size() + size > slots_.total_size())
      return refuse(ErrorCode::out_of_range, "chunks of more bytes than all slots have", path);
    if (size != 0) {
      const auto data = TRY(again_at(address, chunk_header + size, path)).subspan(chunk_header);
      if (link == 1 && header.u64(12) == 0) return Bytes(data.begin(), data.end());
      append(out, data);
    }
    if (excess == Excess::cut && out.size() == limit) break;
    address = header.u64(12);
  }
  return out;
}

Parsed<Bytes> Reader::chunks(std::uint64_t address, First first, std::uint64_t exact,
                             const FieldPath& path) {
  auto out = TRY(join(address, first, exact, Excess::refused, path));
  if (out.size() != exact)
    return refuse(ErrorCode::malformed,
                  fmt::format("chunks hold {} bytes, expected {}", out.size(), exact), path);
  return out;
}

Parsed<Bytes> Reader::all_chunks(std::uint64_t address, const FieldPath& path) {
  return join(address, First::embedded, max_chunk_bytes, Excess::refused, path);
}

Parsed<Bytes> Reader::chunks_up_to(std::uint64_t address, std::uint64_t most,
                                   const FieldPath& path) {
  return join(address, First::embedded, most, Excess::cut, path);
}

}  // namespace spicebench::qxl
