// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/digest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

#include "core/wire/message.hpp"

namespace spicebench::recorder {

namespace {

struct ConnectionHashers {
  Hasher sides[2];
  Hasher& side(Side by) { return sides[static_cast<std::size_t>(by)]; }
};

Result<Hash128> parse_hash(std::string_view text) {
  Hash128 hash;
  const auto half = [&](std::string_view digits, std::uint64_t& word) {
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), word, 16);
    return error == std::errc() && end == digits.data() + digits.size();
  };
  if (text.size() != 32 || !half(text.substr(0, 16), hash.high) || !half(text.substr(16), hash.low))
    return fail(ErrorCode::malformed, fmt::format("'{}' is not 32 hex digits", text), 0,
                std::string(meta::guest_digest));
  return hash;
}

void add_words(Hasher& to, const std::vector<std::uint32_t>& words) {
  to.add(words.size());
  for (const std::uint32_t word : words) to.add(word);
}

void add_hash(Hasher& to, const Hash128& hash) {
  to.add(hash.high);
  to.add(hash.low);
}

// Messages and other bytes of each side, in order, without times.
Result<std::vector<ConnectionHashers>> hash_contents(const Reader& recording) {
  const auto& connections = recording.connections();
  std::vector<ConnectionHashers> hashers(connections.size());
  MessageCursor messages = recording.messages();
  while (const auto row = TRY(messages.next())) {
    const ConnectionRow* connection = recording.connection(row->connection);
    if (!connection)
      return fail(ErrorCode::malformed, fmt::format("no connection {}", row->connection), 0,
                  fmt::format("message {}", row->id));
    Hasher& to = hashers[row->connection - 1].side(row->by);
    if (connection->header_bytes == 18) to.add(row->serial);
    to.add(std::uint64_t{row->type} << 32 | row->size);
    to.add(row->sub_list);
    to.add(row->body);
  }
  for (const auto& connection : connections)
    for (const auto& piece : TRY(recording.stream_bytes(connection.id)))
      if (piece.kind == StreamBytesKind::torn || piece.kind == StreamBytesKind::unframed) {
        Hasher& to = hashers[connection.id - 1].side(piece.by);
        to.add(static_cast<std::uint64_t>(piece.kind));
        to.add(piece.bytes);
      }
  return hashers;
}

Hash128 hash_connection(const ConnectionRow& connection, ConnectionHashers& contents) {
  constexpr std::uint64_t none = UINT64_MAX;
  Hasher all;
  all.add(static_cast<std::uint64_t>(connection.transport));
  all.add(connection.header_bytes);
  all.add(connection.link_error ? std::uint64_t{*connection.link_error} : none);
  all.add(connection.link_result ? std::uint64_t{*connection.link_result} : none);
  for (const Side side : {Side::client, Side::server}) {
    add_words(all, connection.side(side).common_caps);
    add_words(all, connection.side(side).channel_caps);
    add_hash(all, contents.side(side).value());
  }
  return all.value();
}

// Connections in an order that is that of their meaning, not of the file.
std::vector<const ConnectionRow*> in_order(const Reader& recording) {
  std::vector<const ConnectionRow*> order;
  for (const auto& connection : recording.connections()) order.push_back(&connection);
  std::ranges::stable_sort(order, {}, [](const ConnectionRow* row) {
    return std::tuple(row->kind == LinkKind::stream, row->channel, row->channel_id, row->opened);
  });
  return order;
}

void add_connections(Digest& digest, const Reader& recording,
                     std::vector<ConnectionHashers>& contents) {
  std::map<std::string, std::size_t> seen;
  for (const ConnectionRow* connection : in_order(recording)) {
    std::string layer = connection->address;  // device, user
    if (connection->kind == LinkKind::stream)
      layer = fmt::format("wire {}/{}",
                          connection->channel == wire::ChannelType::common
                              ? "unknown"
                              : wire::name_of(connection->channel),
                          connection->channel_id);
    if (const auto n = ++seen[layer]; n > 1) layer += fmt::format("#{}", n);
    digest.lines.push_back(
        {std::move(layer), hash_connection(*connection, contents[connection->id - 1])});
  }
}

}  // namespace

std::string Digest::text() const {
  std::string text;
  for (const auto& line : lines) text += fmt::format("{} {}\n", line.layer, line.value.hex());
  return text + fmt::format("total {}\n", total.hex());
}

Result<Digest> digest_of(const Reader& recording) {
  Digest digest;
  if (const auto guest = recording.meta(meta::guest_digest))
    digest.lines.push_back({"guest", TRY(parse_hash(*guest))});
  auto contents = TRY(hash_contents(recording));
  add_connections(digest, recording, contents);
  if (const auto screens = TRY(recording.screens()); !screens.empty()) {
    Hasher all;
    for (const auto& screen : screens) {
      all.add(std::uint64_t{screen.display} << 32 | screen.surface);
      all.add(std::uint64_t{screen.width} << 32 | screen.height);
      add_hash(all, screen.hash);
    }
    digest.lines.push_back({"screens", all.value()});
  }
  Hasher total;
  for (const auto& line : digest.lines) {
    total.add(line.layer.size());
    total.add(as_bytes(line.layer));
    add_hash(total, line.value);
  }
  digest.total = total.value();
  return digest;
}

}  // namespace spicebench::recorder
