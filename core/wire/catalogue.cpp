// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cassert>

#include "core/wire/tables.hpp"

// Every message by number and name.
namespace spicebench::wire {
namespace {

constexpr Name entry(ChannelType channel, std::string_view name) {
  return {static_cast<std::uint64_t>(channel), name};
}
constexpr Name channel_entries[] = {
    entry(ChannelType::main, "main"),
    entry(ChannelType::display, "display"),
    entry(ChannelType::inputs, "inputs"),
    entry(ChannelType::cursor, "cursor"),
    entry(ChannelType::playback, "playback"),
    entry(ChannelType::record, "record"),
    entry(ChannelType::tunnel, "tunnel"),
    entry(ChannelType::smartcard, "smartcard"),
    entry(ChannelType::usbredir, "usbredir"),
    entry(ChannelType::port, "port"),
    entry(ChannelType::webdav, "webdav"),
    entry(ChannelType::common, "common"),
    entry(ChannelType::link, "link"),
    entry(ChannelType::agent, "agent"),
    entry(ChannelType::webdav_mux, "webdav_mux"),
    entry(ChannelType::usb, "usb"),
    entry(ChannelType::device, "device"),
    entry(ChannelType::user, "user"),
    entry(ChannelType::admin, "admin"),
};
constexpr std::size_t protocol_channels = 11;  // the first ones

constexpr std::uint16_t first_own_id = 101;

const MessageInfo* find_exactly(const MessageKey& key) {
  const std::span<const MessageInfo> all = all_messages();
  const auto at = std::ranges::lower_bound(all, key, {}, &MessageInfo::key);
  return at != all.end() && at->key == key ? &*at : nullptr;
}
// Numbers below first_own_id are common to the channels of the protocol alone.
bool has_common_messages(ChannelType channel) {
  return channel >= ChannelType::common && channel <= ChannelType::webdav;
}

}  // namespace

constexpr Names channel_type_names{false,
                                   std::span<const Name>(channel_entries).first(protocol_channels)};

std::span<const MessageInfo> all_messages() {
  static const std::vector<MessageInfo> all = [] {
    std::vector<MessageInfo> rows;
    for (const std::span<const MessageInfo> part : {common_messages(),
                                                    main_messages(),
                                                    display_messages(),
                                                    display_drawing_messages(),
                                                    display_stream_messages(),
                                                    migration_messages(),
                                                    cursor_messages(),
                                                    inputs_messages(),
                                                    playback_messages(),
                                                    record_messages(),
                                                    smartcard_messages(),
                                                    spicevmc_messages(),
                                                    link_messages(),
                                                    agent_messages(),
                                                    usb_messages(),
                                                    device_messages(),
                                                    char_device_messages(),
                                                    sound_messages(),
                                                    user_messages(),
                                                    user_agent_messages(),
                                                    admin_messages()})
      rows.insert(rows.end(), part.begin(), part.end());
    std::ranges::sort(rows, {}, &MessageInfo::key);
    return rows;
  }();
  return all;
}

const MessageInfo* find_message(ChannelType channel, Side sender, std::uint16_t id) {
  if (channel == ChannelType::tunnel) return nullptr;
  const bool is_common = id < first_own_id && has_common_messages(channel);
  const MessageInfo* own = find_exactly({channel, sender, id});
  return own != nullptr || !is_common ? own : find_exactly({ChannelType::common, sender, id});
}

const MessageInfo& described(const MessageKey& key) {
  const MessageInfo* info = find_exactly(key);
  assert(info != nullptr && info->layout != nullptr);
  return *info;
}

std::string_view name_of(ChannelType channel) {
  for (const Name& one : channel_entries)
    if (one.value == static_cast<std::uint64_t>(channel)) return one.name;
  return "unknown";
}
std::optional<ChannelType> channel_named(std::string_view name) {
  for (const Name& one : channel_entries)
    if (one.name == name) return static_cast<ChannelType>(one.value);
  return std::nullopt;
}

}  // namespace spicebench::wire
