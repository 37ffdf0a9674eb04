// SPDX-License-Identifier: LGPL-2.1-or-later
#include <lz4.h>

#include "core/wire/agent.hpp"
#include "core/wire/inner.hpp"
#include "core/wire/main_channel.hpp"
#include "core/wire/tables.hpp"
#include "core/wire/usb_packets.hpp"
#include "core/wire/usbredir_channel.hpp"
#include "core/wire/webdav_channel.hpp"
#include "tests/core/wire_shape.hpp"

// Messages inside the messages of a channel: however the outer ones are cut, the inner ones are the
// same; what breaks the framing is named where it stands.
using namespace spicebench;
using namespace spicebench::wire;

namespace {

constexpr std::uint16_t agent_down = main_channel::AgentDataToClient::message.id,
                        agent_up = main_channel::AgentDataToServer::message.id,
                        data = webdav::DataToClient::message.id,
                        compressed = webdav::CompressedDataToClient::message.id;

template <wire::Message T>
Bytes agent_bytes(const T& message, const Context& context = {}) {
  Bytes body;
  encode(message, body, context);
  const agent::Header header{.type = T::message.id,
                             .size = static_cast<std::uint32_t>(body.size())};
  Bytes all = encoded(agent::header_layout, &header);
  append(all, body);
  return all;
}
template <wire::Message T>
Bytes usb_bytes(const T& packet, bool long_id, std::uint64_t id = 0) {
  Bytes body;
  encode(packet, body);
  const auto length = static_cast<std::uint32_t>(body.size());
  const usb::Header header{T::message.id, length, id};
  const usb::ShortHeader short_header{T::message.id, length, static_cast<std::uint32_t>(id)};
  Bytes all = long_id ? encoded(usb::header_layout, &header)
                      : encoded(usb::short_header_layout, &short_header);
  append(all, body);
  return all;
}

// One line for each inner message: "client clipboard 12: type: …".
struct Reading {
  explicit Reading(ChannelType channel) : reader(inner_reader(channel)) {}
  std::unique_ptr<InnerReader> reader;
  std::vector<std::string> lines;
  std::vector<Error> errors;

  bool read(Side by, std::uint16_t type, BytesView body) {
    std::vector<InnerMessage> found;
    const auto taken = reader->read(by, type, SharedBytes::copy_of(body), found);
    for (const InnerMessage& message : found) {
      std::string line = name_of(message.by) + std::string(" ");
      if (message.info == nullptr) {
        line += "type_" + std::to_string(message.type);
      } else {
        const auto decoded = decode_any(*message.info, message.body, message.context());
        line += std::string(message.info->name) + " " + std::to_string(message.body.size()) + ": " +
                (decoded ? to_text(decoded->message, message.context(), 4) : "undecodable");
      }
      lines.push_back(line);
    }
    if (!taken) errors.push_back(taken.error());
    return taken.value_or(false);
  }
  bool chunks(Side by, BytesView bytes, std::size_t size = agent::most_chunk_bytes) {
    bool taken = true;
    for (; !bytes.empty(); bytes = bytes.subspan(std::min(size, bytes.size())))
      taken &= read(by, by == Side::client ? agent_up : agent_down,
                    bytes.first(std::min(size, bytes.size())));
    return taken;
  }
};
using Lines = std::vector<std::string>;

using Announce = agent::AnnounceCapabilities<Side::client>;
using AnnounceOfGuest = agent::AnnounceCapabilities<Side::server>;
using Clipboard = agent::Clipboard<Side::client>;
using Grab = agent::ClipboardGrab<Side::server>;

constexpr std::uint32_t selection_cap = 1 << 6;

}  // namespace

TEST_CASE("only main, webdav and usbredir carry something inside", "[core][wire][inner]") {
  for (int channel = 0; channel < 256; ++channel) {
    const auto type = static_cast<ChannelType>(channel);
    CHECK((inner_reader(type) != nullptr) == inner_protocol(type).has_value());
  }
  CHECK(inner_protocol(ChannelType::main) == ChannelType::agent);
  CHECK(inner_protocol(ChannelType::webdav) == ChannelType::webdav_mux);
  CHECK(inner_protocol(ChannelType::usbredir) == ChannelType::usb);
  CHECK_FALSE(inner_protocol(ChannelType::port).has_value());
  CHECK_FALSE(Reading(ChannelType::main).read(Side::server, 4, Bytes(12)));
}

TEST_CASE("an agent's message is whole when its last piece came", "[core][wire][inner]") {
  Reading reading(ChannelType::main);
  const Bytes text = agent_bytes(Clipboard{.selection = {}, .type = 1, .data = Bytes(5000)});
  CHECK(reading.chunks(Side::client, BytesView(text).first(4096)));
  CHECK(reading.lines.empty());
  const auto unfinished = reading.reader->unfinished(Side::client);
  REQUIRE(unfinished.info != nullptr);
  CHECK(unfinished.info->name == "clipboard");
  CHECK(unfinished.bytes == 4096);
  CHECK(unfinished.size == 5024);
  CHECK(reading.reader->unfinished(Side::server).size == 0);
  // The other direction has its own message under way.
  CHECK(reading.chunks(Side::server, agent_bytes(agent::Reply{.type = 2})));
  CHECK(reading.chunks(Side::client, BytesView(text).subspan(4096)));
  CHECK(reading.lines == Lines{"server reply 8: type: monitors_config, error: success",
                               "client clipboard 5004: type: utf8_text, data: \"\\x00\\x00\\x00"
                               "\\x00\"…"});
  CHECK(reading.reader->unfinished(Side::client).bytes == 0);
}

TEST_CASE("a message of no bytes is one piece of 20", "[core][wire][inner]") {
  Reading reading(ChannelType::main);
  CHECK(reading.chunks(Side::client, agent_bytes(agent::ClientDisconnected{})));
  CHECK(reading.lines == Lines{"client client_disconnected 0: "});
  Bytes surplus = agent_bytes(agent::ClientDisconnected{});
  surplus.push_back(std::byte{});
  CHECK_FALSE(reading.chunks(Side::client, surplus));
  REQUIRE(reading.errors.size() == 1);
  CHECK(reading.errors[0].code == ErrorCode::malformed);
  CHECK(reading.errors[0].offset == 20);
}

TEST_CASE("capabilities are those that both ends announced so far", "[core][wire][inner]") {
  Reading reading(ChannelType::main);
  const std::vector<std::uint32_t> caps{selection_cap};
  std::uint32_t word = selection_cap;
  Context both;
  both.client_agent_caps = both.guest_agent_caps = {&word, 1};
  reading.chunks(Side::client, agent_bytes(Announce{.request = 1, .caps = caps}));
  reading.chunks(Side::server, agent_bytes(Grab{.selection = {}, .types = {1}}));
  reading.chunks(Side::server, agent_bytes(AnnounceOfGuest{.request = 0, .caps = caps}));
  reading.chunks(Side::server, agent_bytes(Grab{.selection = {2, {}}, .types = {1}}, both));
  CHECK(reading.lines.at(1) == "server clipboard_grab 4: types: [utf8_text]");
  CHECK(reading.lines.at(3) ==
        "server clipboard_grab 8: selection: {selection: secondary, "
        "reserved: 3 bytes 000000}, types: [utf8_text]");
  // An agent that comes anew has announced nothing.
  Bytes error_code(4);
  reading.read(Side::server, main_channel::AgentDisconnected::message.id, error_code);
  reading.chunks(Side::server, agent_bytes(Grab{.selection = {}, .types = {2}}));
  CHECK(reading.lines.back() == "server clipboard_grab 4: types: [image_png]");
  CHECK(reading.errors.empty());
}

TEST_CASE("what breaks the agent's framing ends its side until the agent comes anew",
          "[core][wire][inner]") {
  const auto error_of = [](const Bytes& chunk, BytesView before = {}) {
    Reading reading(ChannelType::main);
    if (!before.empty()) reading.read(Side::server, agent_down, before);
    CHECK_FALSE(reading.read(Side::server, agent_down, chunk));
    REQUIRE(reading.errors.size() == 1);
    // Nothing more of this side; the other goes on.
    CHECK_FALSE(reading.chunks(Side::server, agent_bytes(agent::Reply{.type = 2})));
    CHECK(reading.chunks(Side::client, agent_bytes(agent::ClientDisconnected{})));
    reading.read(Side::server, main_channel::AgentConnectedTokens::message.id, Bytes(4));
    CHECK(reading.chunks(Side::server, agent_bytes(agent::Reply{.type = 2})));
    CHECK(reading.lines.size() == 2);
    return reading.errors[0].text();
  };
  CHECK(error_of(Bytes(19)).find("agent_header") == 0);
  CHECK(error_of(Bytes(20)) == "agent_header.protocol: out of range at byte 0: 0, allowed 1 to 1");
  CHECK(error_of(Bytes(2049)) == "out of range at byte 0: 2049 bytes, allowed 1 to 2048");
  CHECK(error_of({}) == "out of range at byte 0: 0 bytes, allowed 1 to 2048");
  const Bytes long_one = agent_bytes(Clipboard{.selection = {}, .type = 2, .data = Bytes(2030)});
  Bytes rest(long_one.begin() + 2048, long_one.end());
  rest.push_back(std::byte{1});
  CHECK(error_of(rest, BytesView(long_one).first(2048)) ==
        "malformed at byte 6: 7 bytes, the agent's message has 6 left");
  agent::Header huge{.type = 4, .size = agent::most_message_bytes + 1};
  CHECK(error_of(encoded(agent::header_layout, &huge)).find("agent_header.size") == 0);
}

TEST_CASE("agent messages do not depend on how they are cut", "[core][wire][inner]") {
  std::vector<Bytes> messages;
  for (const std::size_t size : {0u, 1u, 2000u, 2028u, 2029u, 9000u})
    messages.push_back(agent_bytes(Clipboard{.selection = {}, .type = 2, .data = Bytes(size)}));
  Reading whole(ChannelType::main);
  for (const Bytes& message : messages) whole.chunks(Side::client, message);
  CHECK(whole.lines.size() == messages.size());
  rc::prop("any sizes of pieces", [&](const std::vector<std::uint16_t>& cuts) {
    Reading reading(ChannelType::main);
    std::size_t next = 0;
    for (const Bytes& message : messages) {
      std::size_t piece = agent::header_bytes;  // the first holds the header
      for (BytesView rest = message; !rest.empty();) {
        if (!cuts.empty()) piece += cuts[next++ % cuts.size()] % 2000u;
        const std::size_t size =
            std::min({std::max<std::size_t>(piece, 1), rest.size(), agent::most_chunk_bytes});
        RC_ASSERT(reading.read(Side::client, agent_up, rest.first(size)));
        rest = rest.subspan(size), piece = 1;
      }
    }
    RC_ASSERT(reading.lines == whole.lines);
  });
}

TEST_CASE("frames of a webdav channel share its messages", "[core][wire][inner]") {
  const Bytes stream =
      hex("0100000000000000 0300 47 45 54"  // client 1: GET
          "feffffffffffffff 0000"           // client -2 closes
          "0200000000000000 0100 78");
  Reading whole(ChannelType::webdav);
  CHECK(whole.read(Side::server, data, stream));
  CHECK(whole.lines == Lines{"server frame 13: client: 1, data: 3 bytes 474554",
                             "server frame 10: client: -2, data: 0 bytes",
                             "server frame 11: client: 2, data: 1 bytes 78"});
  rc::prop("any cut", [&](const std::vector<std::uint8_t>& cuts) {
    Reading reading(ChannelType::webdav);
    BytesView rest = stream;
    for (const std::uint8_t cut : cuts) {
      const std::size_t size = std::min<std::size_t>(cut % 16, rest.size());
      RC_ASSERT(reading.read(Side::server, data, rest.first(size)));
      rest = rest.subspan(size);
    }
    RC_ASSERT(reading.read(Side::server, data, rest));
    RC_ASSERT(reading.lines == whole.lines);
  });
}

TEST_CASE("half a frame is gone when the port closes", "[core][wire][inner]") {
  Reading reading(ChannelType::webdav);
  reading.read(Side::client, data, hex("0100000000000000 0300 47"));
  CHECK(reading.reader->unfinished(Side::client).bytes == 11);
  CHECK(reading.reader->unfinished(Side::client).size == 13);
  reading.read(Side::server, webdav::PortEventToClient::message.id, hex("01"));
  CHECK(reading.reader->unfinished(Side::client).bytes == 0);
  reading.read(Side::client, data, hex("0500000000000000 0000"));
  CHECK(reading.lines == Lines{"client frame 10: client: 5, data: 0 bytes"});
}

TEST_CASE("compressed data count as if they had come plain", "[core][wire][inner]") {
  Bytes plain = hex("0100000000000000 0004");
  plain.resize(plain.size() + 1024, std::byte{'a'});
  Bytes packed(5 + LZ4_compressBound(static_cast<int>(plain.size())));
  const int size = LZ4_compress_default(
      reinterpret_cast<const char*>(plain.data()), reinterpret_cast<char*>(packed.data() + 5),
      static_cast<int>(plain.size()), static_cast<int>(packed.size() - 5));
  REQUIRE(size > 0);
  packed.resize(5 + static_cast<std::size_t>(size));
  packed[0] = std::byte{1};
  store_little_endian(packed.data() + 1, plain.size(), 4);
  Reading reading(ChannelType::webdav);
  CHECK(reading.read(Side::server, compressed, packed));
  CHECK(reading.lines == Lines{"server frame 1034: client: 1, data: 1024 bytes 61616161…"});
  // Type none: the bytes as they are.
  Bytes stored{std::byte{0}};
  append(stored, plain);
  CHECK(reading.read(Side::client, compressed, stored));
  CHECK(reading.lines.size() == 2);

  const auto error_of = [](const Bytes& body) {
    Reading bad(ChannelType::webdav);
    CHECK_FALSE(bad.read(Side::server, compressed, body));
    REQUIRE(bad.errors.size() == 1);
    CHECK_FALSE(bad.read(Side::server, data, hex("0500000000000000 0000")));
    return bad.errors[0].path;
  };
  Bytes lie = packed;
  store_little_endian(lie.data() + 1, plain.size() + 1, 4);
  CHECK(error_of(lie) == "compressed_data");
  store_little_endian(lie.data() + 1, 16 << 20, 4);
  CHECK(error_of(lie) == "uncompressed_size");  // more than LZ4 can make of it
  lie[0] = std::byte{2};
  store_little_endian(lie.data() + 1, plain.size(), 4);
  CHECK(error_of(lie) == "type");
  CHECK(error_of({}) == "type");
}

TEST_CASE("USB packets have short ids until both ends said that they know long ones",
          "[core][wire][inner]") {
  const std::vector<std::uint32_t> caps{0xff};
  Bytes host = usb_bytes(usb::Hello<usb::host>{.version = {'h'}, .capabilities = caps}, false);
  Bytes guest = usb_bytes(usb::Hello<usb::guest>{.version = {'g'}, .capabilities = caps}, false);
  append(guest, usb_bytes(usb::SetConfiguration{1}, true, 0x100000002));
  append(host, usb_bytes(usb::ConfigurationStatus{0, 1}, true, 0x100000002));
  append(host, hex("63000000 02000000 0000000000000000 eeee"));  // no such type
  Reading whole(ChannelType::usbredir);
  const auto hello = [&](Reading& reading) {  // both hellos, in any pieces
    return reading.read(Side::client, data, BytesView(host).first(80)) &&
           reading.read(Side::server, data, BytesView(guest).first(80));
  };
  CHECK(hello(whole));
  CHECK(whole.read(Side::server, data, BytesView(guest).subspan(80)));
  CHECK(whole.read(Side::client, data, BytesView(host).subspan(80)));
  REQUIRE(whole.lines.size() == 5);
  CHECK(whole.lines[0] ==
        "client hello 68: version: \"h\\x00\\x00\\x00\"…, capabilities: "
        "[bulk_streams|connect_device_version|filter|device_disconnect_ack|"
        "ep_info_max_packet_size|64bits_ids|32bits_bulk_length|bulk_receiving]");
  CHECK(whole.lines[2] == "server set_configuration 1: configuration: 1");
  CHECK(whole.lines[3] == "client configuration_status 2: status: success, configuration: 1");
  CHECK(whole.lines[4] == "client type_99");
  rc::prop("any cut", [&](const std::vector<std::uint8_t>& cuts) {
    Reading reading(ChannelType::usbredir);
    RC_ASSERT(hello(reading));
    for (const auto& [side, all] :
         {std::pair{Side::server, BytesView(guest)}, std::pair{Side::client, BytesView(host)}}) {
      BytesView rest = all.subspan(80);
      for (const std::uint8_t cut : cuts) {
        const std::size_t size = std::min<std::size_t>(cut % 16, rest.size());
        RC_ASSERT(reading.read(side, data, rest.first(size)));
        rest = rest.subspan(size);
      }
      RC_ASSERT(reading.read(side, data, rest));
    }
    RC_ASSERT(reading.lines == whole.lines);
  });
}

TEST_CASE("a packet that claims too much is refused where it says so", "[core][wire][inner]") {
  Reading reading(ChannelType::usbredir);
  Bytes stream = usb_bytes(usb::Reset{}, false);
  append(stream, hex("65000000 01000008 00000000"));  // 128 MiB and one
  CHECK_FALSE(reading.read(Side::server, data, stream));
  CHECK(reading.lines == Lines{"server reset 0: "});
  REQUIRE(reading.errors.size() == 1);
  CHECK(reading.errors[0].text() ==
        "usb_header.length: out of range at byte 16: 134217729, allowed 0 to 134217728");
}

TEST_CASE("no bytes make an inner reader fail otherwise than by an error",
          "[core][wire][inner][hostile]") {
  for (const ChannelType channel : {ChannelType::main, ChannelType::webdav, ChannelType::usbredir})
    rc::prop(std::string(name_of(channel)),
             [&](const std::vector<std::vector<std::uint8_t>>& bodies) {
               Reading reading(channel);
               for (std::size_t i = 0; i < bodies.size(); ++i) {
                 Bytes body;
                 for (const std::uint8_t byte : bodies[i])
                   body.push_back(static_cast<std::byte>(byte < 200 ? byte % 4 : byte));
                 const std::uint16_t types[] = {data, compressed, agent_up, agent_down};
                 reading.read(i % 3 == 0 ? Side::client : Side::server, types[i % 4], body);
               }
               RC_ASSERT(reading.errors.size() <= bodies.size());
             });
}
