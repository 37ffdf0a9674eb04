// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/sub_message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/common_messages.hpp"

namespace spicebench::wire {
namespace {

constexpr std::size_t count_bytes = 2, offset_bytes = 4, header_bytes = 6;
constexpr std::uint64_t most_entries = 64;

Result<SubMessage> sub_message_at(const SharedBytes& body, std::size_t offset,
                                  std::size_t entry_at) {
  if (offset > body.size() || body.size() - offset < header_bytes)
    return fail(ErrorCode::out_of_range,
                fmt::format("offset {}, the body has {} bytes", offset, body.size()), entry_at);
  SubMessage sub;
  sub.type = static_cast<std::uint16_t>(load_little_endian(body.data() + offset, 2));
  sub.offset = offset;
  if (sub.type == common::List::message.id)
    return fail(ErrorCode::malformed, "a list inside a list", offset);
  const std::uint64_t size = load_little_endian(body.data() + offset + 2, 4);
  const std::size_t begin = offset + header_bytes;
  sub.body = body.slice(begin, std::min<std::uint64_t>(size, body.size() - begin));
  return sub;
}

}  // namespace

Result<std::vector<SubMessage>> split_sub_messages(const SharedBytes& body, std::size_t list_at) {
  if (list_at > body.size() || body.size() - list_at < count_bytes)
    return fail(ErrorCode::truncated,
                fmt::format("a list at {}, the body has {} bytes", list_at, body.size()), list_at,
                "sub_list");
  const std::uint64_t entries = load_little_endian(body.data() + list_at, count_bytes);
  const std::size_t first = list_at + count_bytes;
  if (entries > most_entries)
    return fail(ErrorCode::out_of_range, fmt::format("{}, at most {}", entries, most_entries),
                list_at, "sub_list.count");
  if (entries * offset_bytes > body.size() - first)
    return fail(ErrorCode::truncated,
                fmt::format("{} offsets of 4 bytes, {} bytes left", entries, body.size() - first),
                list_at, "sub_list.count");
  std::vector<SubMessage> subs;
  subs.reserve(entries);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry_at = first + i * offset_bytes;
    auto sub =
        sub_message_at(body, load_little_endian(body.data() + entry_at, offset_bytes), entry_at);
    if (!sub) return std::unexpected(std::move(sub).error().within(fmt::format("sub_list[{}]", i)));
    subs.push_back(std::move(*sub));
  }
  return subs;
}

}  // namespace spicebench::wire
