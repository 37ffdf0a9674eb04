// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/agent.hpp"
#include "core/wire/playback_channel.hpp"
#include "core/wire/port_channel.hpp"
#include "core/wire/record_channel.hpp"
#include "core/wire/smartcard_channel.hpp"
#include "core/wire/tables.hpp"
#include "core/wire/usb_packets.hpp"
#include "core/wire/usbredir_channel.hpp"
#include "core/wire/webdav_channel.hpp"
#include "tests/core/wire_shape.hpp"

// The channels beside the desktop's, and what lies inside main, webdav and usbredir: bytes by hand,
// limits, and what capabilities change.
using namespace spicebench;
using namespace spicebench::wire;

namespace {

template <wire::Message T>
std::string refused(const Bytes& body, const Context& context = {}) {
  return refusal(*info_of<T>().layout, body, context).text();
}
template <wire::Message T>
std::vector<std::string> findings(const T& message) {
  std::vector<std::string> texts;
  for (const Error& error : validate(AnyMessage::of(message)))
    texts.push_back(error.path + ": " + error.detail);
  return texts;
}
using Findings = std::vector<std::string>;

using Grab = agent::ClipboardGrab<Side::client>;
using Clipboard = agent::Clipboard<Side::server>;
using Status = agent::FileXferStatus<Side::server>;

struct Agreed {  // capabilities of both ends of an inner protocol
  std::uint32_t client, guest;
  Context context() const {
    Context context;
    context.client_agent_caps = {&client, 1}, context.guest_agent_caps = {&guest, 1};
    return context;
  }
};
constexpr std::uint32_t bit(agent::Cap cap) {
  return 1u << static_cast<std::uint32_t>(cap);
}

}  // namespace

TEST_CASE("H.9: a port's name stands behind the field that follows its pointer",
          "[core][wire][channels]") {
  const auto init = read<port::PortInit>(hex("06 00 00 00  09 00 00 00  01  6f 72 67 2e 78 00"));
  CHECK(as_text(init.name) == std::string_view("org.x\0", 6));
  CHECK(init.opened == 1);
  CHECK(refused<port::PortInit>(hex("06 00 00 00  00 00 00 00  01  6f 72 67 2e 78 00")) ==
        "name: malformed at byte 4: a null pointer that must not be null");
  CHECK(refused<webdav::PortInit>(hex("01 01 00 00  09 00 00 00  01")) ==
        "name_size: out of range at byte 0: 257, allowed 1 to 256");
  CHECK(findings(port::PortInit{.name = hex("6f"), .opened = 0}) ==
        Findings{": name does not end in NUL"});
}

TEST_CASE("port events are numbered by direction", "[core][wire][channels]") {
  CHECK(find_message(ChannelType::port, Side::server, 202)->name == "port_event");
  CHECK(find_message(ChannelType::port, Side::client, 201)->name == "port_event");
  CHECK(find_message(ChannelType::port, Side::client, 202) == nullptr);
  CHECK(find_message(ChannelType::usbredir, Side::server, 201) == nullptr);
  CHECK(read<port::PortEventToServer>(hex("02")).event == spicevmc::event_break);
  CHECK(findings(port::PortEventToServer{.event = 7}) == Findings{"event: unknown value 7"});
}

TEST_CASE("volumes are counted by a byte before them", "[core][wire][channels]") {
  const auto volume = read<playback::Volume>(hex("02 00ff ffff"));
  CHECK(volume.volume == std::vector<std::uint16_t>{0xff00, 0xffff});
  CHECK(refused<record::Volume>(hex("09 000000000000000000000000000000000000")) ==
        "nchannels: out of range at byte 0: 9, allowed 0 to 8");
}

TEST_CASE("sound starts with channels and a frequency that somebody could play",
          "[core][wire][channels]") {
  const auto start = read<playback::Start>(hex("02000000 0100 80bb0000 78563412"));
  CHECK(start == playback::Start{2, audio::format_s16, 48000, 0x12345678});
  CHECK(refused<playback::Start>(hex("00000000 0100 80bb0000 78563412")) ==
        "channels: out of range at byte 0: 0, allowed 1 to 8");
  CHECK(refused<record::Start>(hex("02000000 0100 9f0f0000")) ==
        "frequency: out of range at byte 6: 3999, allowed 4000 to 192000");
  CHECK(findings(record::Start{.format = 2}) == Findings{"format: unknown value 2"});
  Bytes data(4 + audio::most_data_bytes + 1);
  CHECK(refused<playback::Data>(data) ==
        "data: out of range at byte 4: size 262145, allowed 0 to 262144");
  data.pop_back();
  CHECK(read<record::Data>(data).data.size() == audio::most_data_bytes);
}

TEST_CASE("compressed data of type none has no size", "[core][wire][channels]") {
  using Compressed = usbredir::CompressedDataToClient;
  CHECK(read<Compressed>(hex("00 aabb")).compressed_data.size() == 2);
  const auto lz4 = read<Compressed>(hex("01 00010000 aabb"));
  CHECK(lz4.uncompressed_size == 256);
  CHECK(refused<Compressed>(hex("01 01000001 aabb")) ==
        "uncompressed_size: out of range at byte 1: 16777217, allowed 1 to 16777216");
  CHECK(refused<Compressed>(hex("01 00000000 aabb")) ==
        "uncompressed_size: out of range at byte 1: 0, allowed 1 to 16777216");
}

TEST_CASE("a smartcard message's payload lies inside its length", "[core][wire][channels]") {
  const auto atr = read<smartcard::DataToServer>(hex("05000000 00000000 03000000 3b0011"));
  CHECK(std::get<smartcard::Atr>(atr.payload).atr == SharedBytes(hex("3b0011")));
  const auto add = read<smartcard::DataToServer>(hex("03000000 ffffffff 03000000 61 62 63"));
  CHECK(add.reader_id == smartcard::undefined_reader);
  CHECK(as_text(std::get<smartcard::ReaderAdd>(add.payload).name) == "abc");
  const auto init =
      read<smartcard::DataToServer>(hex("01000000 00000000 0c000000 56534344 02000000 00000000"));
  CHECK(std::get<smartcard::Init>(init.payload) == smartcard::Init{});
  const auto other = read<smartcard::DataToClient>(hex("63000000 00000000 02000000 eeee"));
  CHECK(std::get<smartcard::Unknown>(other.payload).data == SharedBytes(hex("eeee")));
  CHECK(findings(other) == Findings{"type: unknown value 99"});

  // Bytes behind the length are ignored; an error code does not reach beyond it.
  smartcard::DataToClient message;
  const Layout& layout = *info_of<smartcard::DataToClient>().layout;
  CHECK(decode(layout, &message, SharedBytes(hex("02000000 00000000 04000000 01000000 99"))) ==
        16u);
  CHECK(refused<smartcard::DataToClient>(hex("02000000 00000000 02000000 01000000")) ==
        "payload.code: truncated at byte 12: 4 bytes needed, 2 left");
  CHECK(refused<smartcard::DataToClient>(hex("02000000 00000000 08000000 01000000")) ==
        "payload: truncated at byte 12: 8 bytes needed, 4 left");
}

TEST_CASE("answers to reset, APDUs and reader names have limits", "[core][wire][channels]") {
  const auto of = [](std::uint32_t type, std::size_t size) {
    Bytes body;
    append_little_endian(body, type, 4);
    append_little_endian(body, 0, 4);
    append_little_endian(body, size, 4);
    body.resize(body.size() + size);
    return body;
  };
  for (const auto& [type, most] : {std::pair{5u, 40u}, std::pair{7u, 270u}, std::pair{3u, 256u}}) {
    (void)read<smartcard::DataToServer>(of(type, most));
    const auto error = refusal(*info_of<smartcard::DataToServer>().layout, of(type, most + 1));
    CHECK(error.code == ErrorCode::out_of_range);
    CHECK(error.offset == 12);
  }
}

TEST_CASE("the prefix of a clipboard grab follows the capabilities of both agents",
          "[core][wire][channels]") {
  const std::uint32_t selection = bit(agent::Cap::clipboard_selection),
                      both = selection | bit(agent::Cap::clipboard_grab_serial);
  const Bytes body = hex("01000000 07000000 02000000");
  CHECK(read<Grab>(body, Agreed{both, 0}.context()).types == std::vector<std::uint32_t>{1, 7, 2});
  const auto selected = read<Grab>(body, Agreed{both, selection}.context());
  CHECK(selected.selection.selection == 1);
  CHECK(selected.types == std::vector<std::uint32_t>{7, 2});
  const auto serial = read<Grab>(body, Agreed{both, both}.context());
  CHECK(serial.serial == 7);
  CHECK(serial.types == std::vector<std::uint32_t>{2});
  CHECK(refusal(*info_of<Grab>().layout, hex("0100000007")).path == "types");
  CHECK(refused<Grab>(Bytes(4 * 257)) ==
        "types: out of range at byte 0: size 257, allowed 0 to 256");
}

TEST_CASE("the clipboard's text is text", "[core][wire][channels]") {
  CHECK(to_text(AnyMessage::of(read<Clipboard>(hex("01000000 68 69")))) ==
        "type: utf8_text, data: \"hi\"");
  CHECK(to_text(AnyMessage::of(read<Clipboard>(hex("02000000 89 50")))) ==
        "type: image_png, data: 2 bytes 8950");
  CHECK(to_text(AnyMessage::of(read<Clipboard>(hex("00000000")))) == "type: none, data: 0 bytes");
}

TEST_CASE("as many physical sizes as monitors, if the flag says so", "[core][wire][channels]") {
  const auto config = read<agent::MonitorsConfig>(
      hex("01000000 03000000 58020000 20030000 20000000 01000000 feffffff 2c01 9001"));
  CHECK(config.monitors == std::vector{agent::Monitor{600, 800, 32, 1, -2}});
  CHECK(config.physical_sizes == std::vector{agent::PhysicalSize{300, 400}});
  CHECK(read<agent::MonitorsConfig>(
            hex("01000000 01000000 58020000 20030000 20000000 01000000 feffffff"))
            .physical_sizes.empty());
  CHECK(findings(agent::MonitorsConfig{.flags = 2, .monitors = {{}}, .physical_sizes = {}}) ==
        Findings{": as many physical sizes as monitors are needed"});
  CHECK(refused<agent::MonitorsConfig>(hex("01010000 00000000")) ==
        "num_of_monitors: out of range at byte 0: 257, allowed 0 to 256");
}

TEST_CASE("what follows a file transfer's result depends on it", "[core][wire][channels]") {
  const auto text = [](const char* body) {
    return to_text(AnyMessage::of(read<Status>(hex(body))));
  };
  CHECK(text("01000000 00000000") == "id: 1, result: can_send_data, detail: {data: 0 bytes}");
  CHECK(text("01000000 02000000") == "id: 1, result: error, detail: {error: []}");
  CHECK(text("01000000 02000000 00 1c000000") ==
        "id: 1, result: error, detail: {error: [{error_type: 0, error_code: 28}]}");
  CHECK(text("01000000 04000000 0010000000000000") ==
        "id: 1, result: not_enough_space, detail: {disk_free_space: [4096]}");
  CHECK(refusal(*info_of<Status>().layout, hex("01000000 02000000 00 1c00")).path ==
        "detail.error");
  CHECK(refused<agent::FileXferData>(hex("01000000 0400000000000001 aa")) ==
        "data: truncated at byte 12: 72057594037927940 bytes needed, 1 left");
}

TEST_CASE("an agent's header has limits", "[core][wire][channels]") {
  const auto refused_header = [](const char* header) {
    return refusal(agent::header_layout, hex(header)).text();
  };
  agent::Header header;
  CHECK(decode(agent::header_layout, &header,
               SharedBytes(hex("01000000 04000000 0000000000000000 00004006"))) == 20u);
  CHECK(refused_header("02000000 04000000 0000000000000000 00000000") ==
        "protocol: out of range at byte 0: 2, allowed 1 to 1");
  CHECK(refused_header("01000000 04000000 0000000000000000 01004006") ==
        "size: out of range at byte 16: 104857601, allowed 0 to 104857600");
  CHECK(refusal(agent::header_layout, hex("01000000 02000000 0000000000000000 09180000")).code ==
        ErrorCode::out_of_range);
  CHECK(decode(agent::header_layout, &header,
               SharedBytes(hex("01000000 02000000 0000000000000000 08180000"))) == 20u);
}

TEST_CASE("device addresses and transfer texts end in NUL", "[core][wire][channels]") {
  CHECK(findings(agent::GraphicsDeviceInfo{{{0, 0, 0, hex("6162")}}}) ==
        Findings{"displays[0]: device_address does not end in NUL"});
  CHECK(findings(agent::FileXferStart{1, hex("6162")}) == Findings{": data does not end in NUL"});
  CHECK(refused<agent::GraphicsDeviceInfo>(hex("01000000 00000000 00000000 00000000 01010000")) ==
        "displays[0].device_address_len: out of range at byte 16: 257, allowed 1 to 256");
}

TEST_CASE("what both ends of a redirection can do says which fields are there",
          "[core][wire][channels]") {
  using Bulk = usb::BulkPacket<usb::guest>;
  const auto bit_of = [](usb::Cap cap) { return 1u << static_cast<std::uint32_t>(cap); };
  const std::uint32_t length = bit_of(usb::Cap::bulk_length_of_32_bits);
  const Bytes body = hex("81 00 0002 00000000 aabb");
  CHECK(read<Bulk>(body, Agreed{length, 0}.context()).data.size() == 2);
  const auto with = read<Bulk>(body, Agreed{length, length}.context());
  CHECK(with.length_high == 0xbbaa);
  CHECK(with.data.empty());
  const Bytes connect = hex("02 00 00 00 3412 7856 0001");
  CHECK(read<usb::DeviceConnect>(connect, Agreed{2, 2}.context()).device_version_bcd == 0x100);
  CHECK(least_bytes(*info_of<usb::EpInfo>().layout) == 96);
  (void)read<usb::EpInfo>(Bytes(96 + 64 + 128), Agreed{0x11, 0x11}.context());
}
