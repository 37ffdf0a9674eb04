// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "core/wire/capabilities.hpp"
#include "core/wire/documentation.hpp"
#include "core/wire/layout.hpp"

using namespace spicebench;
using wire::ChannelType;

namespace {

struct Row {
  ChannelType channel;
  Side sender;
  std::uint16_t id;
  std::string name;  // lower case
  std::string fields, capability;
};
// The protocol's own list. VSC messages are alternatives of one message.
std::vector<Row> protocol_rows(bool inside_smartcard = false) {
  std::ifstream file(SPICEBENCH_SOURCE_DIR "/tests/core/protocol_messages.csv");
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);
  REQUIRE(line == "channel,direction,id,name,fields,capability");
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string channel, direction, id, name, fields, capability;
    std::getline(cells, channel, ',');
    std::getline(cells, direction, ',');
    std::getline(cells, id, ',');
    std::getline(cells, name, ',');
    std::getline(cells, fields, ',');
    std::getline(cells, capability, ',');
    if ((channel == "smartcard-vsc") != inside_smartcard) continue;
    if (inside_smartcard) channel = "smartcard";
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto type =
        channel == "base" ? ChannelType::common : wire::channel_named(channel).value();
    // Of the agent's messages those to the agent are the client's end's.
    const bool from_agent = direction == "A>C", both = direction == "both";
    for (const Side sender : {Side::client, Side::server})
      if (both || sender == (direction == "S>C" || from_agent ? Side::server : Side::client))
        rows.push_back(
            {type, sender, static_cast<std::uint16_t>(std::stoi(id)), name, fields, capability});
  }
  return rows;
}
// Not of the protocol's list: links of our own, the link stage, and what others define.
bool is_elsewhere(ChannelType channel) {
  return channel == ChannelType::device || channel == ChannelType::user ||
         channel == ChannelType::admin || channel == ChannelType::link ||
         channel == ChannelType::webdav_mux || channel == ChannelType::usb;
}

// As the list writes a message: the parts that several messages begin with are not named there.
std::string fields_of(const wire::Layout& layout) {
  std::string text;
  for (const wire::Field& field : layout.fields) {
    const bool shared = field.nested && (field.nested->name == "display_base" ||
                                         field.nested->name == "destination");
    text += (text.empty() ? "" : "; ") +
            (shared ? wire::notation(*field.nested) : wire::notation(layout, field));
  }
  return text;
}
// "client composite"; the receiver of a message that both sides may send announces it.
std::string capability_of(const wire::MessageKey& key, const std::string& listed) {
  const auto needed = wire::needed_capability(key);
  if (!needed) return {};
  const std::string by = listed.starts_with("receiver ")
                             ? (needed->announced_by == key.sender ? "sender" : "receiver")
                             : std::string(name_of(needed->announced_by));
  return by + " " + std::string(wire::capability_name(needed->channel, needed->bit));
}

}  // namespace

TEST_CASE("every message has the fields and needs the capability that the protocol's list says",
          "[core][wire]") {
  for (const Row& row : protocol_rows()) {
    INFO(name_of(row.channel) << " " << name_of(row.sender) << " " << row.id << " " << row.name);
    const wire::MessageInfo* info = wire::find_message(row.channel, row.sender, row.id);
    REQUIRE(info != nullptr);
    REQUIRE(info->layout != nullptr);
    CHECK(fields_of(*info->layout) == row.fields);
    CHECK(capability_of(info->key, row.capability) == row.capability);
  }
}

TEST_CASE("the messages inside those of smartcards have the fields of the protocol's list",
          "[core][wire]") {
  const auto rows = protocol_rows(true);
  CHECK(rows.size() == 10);
  for (const Row& row : rows) {
    INFO(row.id << " " << row.name);
    const wire::MessageInfo* info = wire::find_message(ChannelType::smartcard, row.sender, 101);
    REQUIRE(info != nullptr);
    const auto payload =
        std::ranges::find(info->layout->fields, wire::Kind::choice, &wire::Field::kind);
    REQUIRE(payload != info->layout->fields.end());
    const auto found = std::ranges::find(payload->choice.cases, row.id, &wire::Case::value);
    REQUIRE(found != payload->choice.cases.end());
    CHECK(found->layout->name == row.name);
    CHECK(fields_of(*found->layout) == row.fields);
  }
}

TEST_CASE("the catalogue names every message of the protocol, and no other", "[core][wire]") {
  const std::vector<Row> rows = protocol_rows();
  CHECK(rows.size() == 159);
  for (const Row& row : rows) {
    INFO(name_of(row.channel) << " " << name_of(row.sender) << " " << row.id << " " << row.name);
    const wire::MessageInfo* info = wire::find_message(row.channel, row.sender, row.id);
    REQUIRE(info != nullptr);
    CHECK(info->name == row.name);
    CHECK(info->key == wire::MessageKey{row.channel, row.sender, row.id});
  }
  for (const wire::MessageInfo& info : wire::all_messages()) {
    if (is_elsewhere(info.key.channel)) continue;
    INFO(name_of(info.key.channel) << " " << info.key.id);
    // A channel may have its own form of a common message: that of its migration data.
    CHECK(std::ranges::any_of(rows, [&](const Row& row) {
      const bool own = row.channel == ChannelType::common && row.name == "migrate_data";
      return info.key == wire::MessageKey{own ? info.key.channel : row.channel, row.sender, row.id};
    }));
  }
}

TEST_CASE("the catalogue is ordered and knows each message once", "[core][wire]") {
  const auto all = wire::all_messages();
  CHECK(std::ranges::adjacent_find(
            all, [](const auto& a, const auto& b) { return !(a.key < b.key); }) == all.end());
}

TEST_CASE("every message of the catalogue is described", "[core][wire]") {
  std::map<std::string_view, int> described;
  for (const wire::MessageInfo& info : wire::all_messages()) {
    INFO(name_of(info.key.channel) << " " << info.name);
    REQUIRE(info.layout != nullptr);
    ++described[name_of(info.key.channel)];
    CHECK(info.layout->name == info.name);
  }
  CHECK(described == std::map<std::string_view, int>{{"common", 15},
                                                     {"main", 32},
                                                     {"display", 41},
                                                     {"inputs", 13},
                                                     {"cursor", 8},
                                                     {"playback", 7},
                                                     {"record", 7},
                                                     {"smartcard", 4},
                                                     {"usbredir", 6},
                                                     {"port", 9},
                                                     {"webdav", 9},
                                                     {"link", 14},
                                                     {"agent", 22},
                                                     {"webdav_mux", 2},
                                                     {"usb", 39},
                                                     {"device", 50},
                                                     {"user", 25},
                                                     {"admin", 8}});
}

TEST_CASE("common messages are found on every channel of the protocol but tunnel", "[core][wire]") {
  const wire::MessageInfo* ping = wire::find_message(ChannelType::common, Side::server, 4);
  REQUIRE(ping != nullptr);
  for (int channel = 1; channel <= 11; ++channel) {
    const auto type = static_cast<ChannelType>(channel);
    CHECK(wire::find_message(type, Side::server, 4) ==
          (type == ChannelType::tunnel ? nullptr : ping));
  }
  CHECK(wire::find_message(ChannelType::user, Side::server, 4)->name == "disconnected");
  CHECK(wire::find_message(ChannelType::device, Side::server, 100) == nullptr);
  CHECK(wire::find_message(static_cast<ChannelType>(77), Side::server, 4) == nullptr);
  CHECK(wire::find_message(ChannelType::main, Side::server, 999) == nullptr);
}

TEST_CASE("channels have names", "[core][wire]") {
  CHECK(wire::channel_named("webdav") == ChannelType::webdav);
  CHECK(wire::name_of(ChannelType::device) == "device");
  CHECK(wire::name_of(static_cast<ChannelType>(99)) == "unknown");
  CHECK_FALSE(wire::channel_named("unknown").has_value());
}
