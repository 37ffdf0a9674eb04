// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/agent/message_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/tables.hpp"

namespace spicebench::agent {

using wire::agent::header_bytes;

Bytes bytes_of(const wire::AnyMessage& message, const wire::Context& context) {
  Bytes body, whole;
  wire::encode(*message.info().layout, message.object(), body, context);
  const wire::agent::Header header{.type = message.info().key.id,
                                   .size = static_cast<std::uint32_t>(body.size())};
  wire::encode(wire::agent::header_layout, &header, whole);
  append(whole, body);
  return whole;
}

std::vector<SharedBytes> blocks_of(const SharedBytes& message) {
  std::vector<SharedBytes> blocks;
  for (std::size_t at = 0; at < message.size(); at += wire::agent::most_chunk_bytes)
    blocks.push_back(
        message.slice(at, std::min(wire::agent::most_chunk_bytes, message.size() - at)));
  return blocks;
}

Result<std::optional<Assembler::Whole>> Assembler::take(const SharedBytes& block) {
  auto taken = take_checked(block);
  if (!taken) reset();
  return taken;
}

Result<std::optional<Assembler::Whole>> Assembler::take_checked(const SharedBytes& block) {
  const bool begins = pieces_.empty();
  if (begins) {
    if (block.size() < header_bytes)
      return fail(ErrorCode::truncated,
                  fmt::format("{} bytes, the agent's header has {}", block.size(), header_bytes));
    header_ = {.protocol = static_cast<std::uint32_t>(load_little_endian(block.data(), 4)),
               .type = static_cast<std::uint32_t>(load_little_endian(block.data() + 4, 4)),
               .size = static_cast<std::uint32_t>(load_little_endian(block.data() + 16, 4))};
    if (header_.protocol != wire::agent::protocol)
      return fail(ErrorCode::malformed, fmt::format("{}, allowed is 1", header_.protocol), 0,
                  "protocol");
    if (header_.size > most_)
      return fail(ErrorCode::out_of_range, fmt::format("{}, at most {}", header_.size, most_), 16,
                  "size");
  }
  const std::size_t left = header_bytes + header_.size - pieces_.size();
  if (block.size() > left)
    return fail(ErrorCode::malformed,
                fmt::format("{} bytes, the agent's message has {} left", block.size(), left), left);
  const bool ends = block.size() == left;
  SharedBytes all = block;
  if (!begins || !ends) {
    append(pieces_, block);
    if (!ends) return std::nullopt;
    all = SharedBytes(std::move(pieces_));
    pieces_ = {};
  }
  return Whole{header_.type, all.slice(header_bytes, header_.size)};
}

}  // namespace spicebench::agent
