// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cassert>

#include "core/wire/tables.hpp"

// Every message of the protocol by number and name, and of the two internal links.
namespace spicebench::wire {
namespace {

constexpr MessageInfo server(ChannelType channel, std::uint16_t id, std::string_view name) {
  return {{channel, Side::server, id}, name, nullptr};
}
constexpr MessageInfo client(ChannelType channel, std::uint16_t id, std::string_view name) {
  return {{channel, Side::client, id}, name, nullptr};
}

// Channels that no file describes yet: known by name.
constexpr MessageInfo named_only[] = {
    server(ChannelType::playback, 101, "data"),
    server(ChannelType::playback, 102, "mode"),
    server(ChannelType::playback, 103, "start"),
    server(ChannelType::playback, 104, "stop"),
    server(ChannelType::playback, 105, "volume"),
    server(ChannelType::playback, 106, "mute"),
    server(ChannelType::playback, 107, "latency"),
    server(ChannelType::record, 101, "start"),
    server(ChannelType::record, 102, "stop"),
    server(ChannelType::record, 103, "volume"),
    server(ChannelType::record, 104, "mute"),
    client(ChannelType::record, 101, "data"),
    client(ChannelType::record, 102, "mode"),
    client(ChannelType::record, 103, "start_mark"),
    server(ChannelType::smartcard, 101, "data"),
    client(ChannelType::smartcard, 101, "data"),
    server(ChannelType::usbredir, 101, "data"),
    server(ChannelType::usbredir, 102, "compressed_data"),
    client(ChannelType::usbredir, 101, "data"),
    client(ChannelType::usbredir, 102, "compressed_data"),
    server(ChannelType::port, 101, "data"),
    server(ChannelType::port, 102, "compressed_data"),
    server(ChannelType::port, 201, "port_init"),
    server(ChannelType::port, 202, "port_event"),
    client(ChannelType::port, 101, "data"),
    client(ChannelType::port, 102, "compressed_data"),
    client(ChannelType::port, 201, "port_event"),
    server(ChannelType::webdav, 101, "data"),
    server(ChannelType::webdav, 102, "compressed_data"),
    server(ChannelType::webdav, 201, "port_init"),
    server(ChannelType::webdav, 202, "port_event"),
    client(ChannelType::webdav, 101, "data"),
    client(ChannelType::webdav, 102, "compressed_data"),
    client(ChannelType::webdav, 201, "port_event"),
};

struct ChannelName {
  ChannelType channel;
  std::string_view name;
};
constexpr ChannelName channel_names[] = {
    {ChannelType::common, "common"},       {ChannelType::main, "main"},
    {ChannelType::display, "display"},     {ChannelType::inputs, "inputs"},
    {ChannelType::cursor, "cursor"},       {ChannelType::playback, "playback"},
    {ChannelType::record, "record"},       {ChannelType::tunnel, "tunnel"},
    {ChannelType::smartcard, "smartcard"}, {ChannelType::usbredir, "usbredir"},
    {ChannelType::port, "port"},           {ChannelType::webdav, "webdav"},
    {ChannelType::device, "device"},       {ChannelType::user, "user"},
};

constexpr std::uint16_t first_own_id = 101;  // ids below are common to all channels of the protocol

const MessageInfo* find_exactly(const MessageKey& key) {
  const std::span<const MessageInfo> all = all_messages();
  const auto at = std::ranges::lower_bound(all, key, {}, &MessageInfo::key);
  return at != all.end() && at->key == key ? &*at : nullptr;
}
bool is_internal(ChannelType channel) {
  return channel == ChannelType::device || channel == ChannelType::user;
}

}  // namespace

std::span<const MessageInfo> all_messages() {
  static const std::vector<MessageInfo> all = [] {
    std::vector<MessageInfo> rows;
    for (const std::span<const MessageInfo> part :
         {common_messages(), main_messages(), display_messages(), display_drawing_messages(),
          display_stream_messages(), cursor_messages(), inputs_messages(), device_messages(),
          user_messages(), std::span<const MessageInfo>(named_only)})
      rows.insert(rows.end(), part.begin(), part.end());
    std::ranges::sort(rows, {}, &MessageInfo::key);
    return rows;
  }();
  return all;
}

const MessageInfo* find_message(ChannelType channel, Side sender, std::uint16_t id) {
  if (channel == ChannelType::tunnel) return nullptr;
  const bool is_common =
      id < first_own_id && !is_internal(channel) && name_of(channel) != "unknown";
  return find_exactly({is_common ? ChannelType::common : channel, sender, id});
}

const MessageInfo& described(const MessageKey& key) {
  const MessageInfo* info = find_exactly(key);
  assert(info != nullptr && info->layout != nullptr);
  return *info;
}

std::string_view name_of(ChannelType channel) {
  for (const ChannelName& one : channel_names)
    if (one.channel == channel) return one.name;
  return "unknown";
}
std::optional<ChannelType> channel_named(std::string_view name) {
  for (const ChannelName& one : channel_names)
    if (one.name == name) return one.channel;
  return std::nullopt;
}

}  // namespace spicebench::wire
