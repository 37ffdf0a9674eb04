// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/common_messages.hpp"
#include "core/wire/migration_data.hpp"
#include "tests/core/wire_shape.hpp"

// Migration data: what servers of QEMU guests really sent, and the limits of each body.
using namespace spicebench;
using namespace spicebench::wire;

namespace {

const Layout& layout_of(ChannelType channel) {
  return *find_message(channel, Side::server, common::MigrateData::message.id)->layout;
}
template <class T>
T read(ChannelType channel, const Bytes& body, const Context& context = {}) {
  T object = through<T>(layout_of(channel), body, context);
  CHECK(validate(layout_of(channel), &object, context).empty());
  return object;
}
template <class T>
std::string refused(ChannelType channel, const T& object) {
  return refusal(layout_of(channel), encoded(layout_of(channel), &object)).text();
}

}  // namespace

TEST_CASE("every channel that migrates with data has its own form of it", "[core][wire]") {
  const auto form = [](ChannelType channel, Side sender) {
    return find_message(channel, sender,
                        sender == Side::server ? common::MigrateData::message.id
                                               : common::ClientMigrateData::message.id)
        ->key.channel;
  };
  for (const Side sender : {Side::client, Side::server}) {
    for (const ChannelType channel :
         {ChannelType::main, ChannelType::display, ChannelType::inputs, ChannelType::smartcard,
          ChannelType::usbredir, ChannelType::port, ChannelType::webdav})
      CHECK(form(channel, sender) == channel);
    for (const ChannelType channel :
         {ChannelType::cursor, ChannelType::playback, ChannelType::record})
      CHECK(form(channel, sender) == ChannelType::common);
  }
}

TEST_CASE("the migration data of a real session reads as what it was", "[core][wire]") {
  const auto main = read<migration::Main>(
      ChannelType::main,
      hex("4d4e4d44 01000000  01000000 01 06000000 feffffff 00000000 00000000 00000000"
          "01  00000000 01000000 1c000000 00 00000000 00000000 00000000 00  00000000 00"));
  CHECK(main.agent.connected == 1);
  CHECK(main.agent.num_client_tokens == 6);
  CHECK(main.agent.num_send_tokens == 0xfffffffe);
  CHECK(main.agent.write_data.empty());
  CHECK(main.client_agent_started == 1);
  CHECK(main.from_agent.chunk_header == migration::ChunkHeader{1, 28});

  const auto display = read<migration::Display>(
      ChannelType::display,
      hex("44434d44 01000000 b200000000000000 00 01 0000400100000000 01"
          "0000000000000000 0000000000000000 0000000000000000 0000000000000000"
          "01 00fc5f00 04000000 9100000000000000 50000000  01000000 00000000"));
  CHECK(display.message_serial == 178);
  CHECK(display.pixmap_cache_size == 20971520);
  CHECK(display.glz_dict_size == 6290432);
  CHECK(display.glz_last_image_id == 145);
  CHECK(display.surfaces->ids == std::vector<std::uint32_t>{0});

  CHECK(read<migration::Inputs>(ChannelType::inputs, hex("49434d44 01000000 0200")).motion_count ==
        2);
  const auto port = read<migration::Spicevmc>(
      ChannelType::port,
      hex("53564d44 01000000  01000000 01 ffffffff ffffffff 00000000 00000000 00000000"));
  CHECK(port.device.num_client_tokens == 0xffffffff);
}

TEST_CASE("what a device has not taken yet travels behind the fixed part", "[core][wire]") {
  migration::Smartcard card;
  card.device.connected = 1;
  card.device.write_data = SharedBytes(hex("010203"));
  card.device.write_num_client_tokens = 1;
  card.reader_added = 1;
  card.read_data = SharedBytes(hex("aabb"));
  const Bytes body = encoded(layout_of(ChannelType::smartcard), &card);
  CHECK(body.size() == 42 + 3 + 2);
  CHECK(load_little_endian(&body[21], 4) == 3);
  CHECK(load_little_endian(&body[29], 4) == 42);
  CHECK(load_little_endian(&body[34], 4) == 2);
  CHECK(load_little_endian(&body[38], 4) == 45);
  CHECK(read<migration::Smartcard>(ChannelType::smartcard, body) == card);

  migration::Main main;
  main.from_agent.msg_header = SharedBytes(Bytes(19));
  const Bytes main_body = encoded(layout_of(ChannelType::main), &main);
  CHECK(main_body.size() == 65 + 19);
  CHECK(load_little_endian(&main_body[51], 4) == 65);
  CHECK(read<migration::Main>(ChannelType::main, main_body) == main);
}

TEST_CASE("the surface list of display migration data has two forms", "[core][wire][shape]") {
  const Layout& layout = layout_of(ChannelType::display);
  migration::Display data;
  data.pixmap_cache_clients = {1, 2, 3, 0xffffffffffffffff};
  data.surfaces = migration::Surfaces{{0, 7}, {}};
  const Bytes body = encoded(layout, &data);
  CHECK(body.size() == 80 + 4 + 8);
  CHECK(as_text(BytesView(body).first(4)) == "DCMD");
  CHECK(load_little_endian(&body[76], 4) == 80);
  CHECK(read<migration::Display>(ChannelType::display, body) == data);

  Context lossy;
  lossy.lossy_images = true;
  data.surfaces = migration::Surfaces{{}, {{7, 1, 2, 3, 4}}};
  const Bytes lossy_body = encoded(layout, &data, lossy);
  CHECK(lossy_body.size() == 80 + 4 + 20);
  CHECK(read<migration::Display>(ChannelType::display, lossy_body, lossy) == data);
  check_round_trips(layout, lossy, "lossy images");
}

TEST_CASE("migration data keeps to its limits", "[core][wire][bounds]") {
  CHECK(refusal(layout_of(ChannelType::inputs), hex("49434d45 01000000 0200")).text() ==
        "magic: out of range at byte 0: 1162691401, allowed 1145914185 to 1145914185");
  CHECK(refused(ChannelType::inputs, migration::Inputs{.version = 2}) ==
        "version: out of range at byte 4: 2, allowed 0 to 1");
  migration::Main main;
  main.from_agent.chunk_header_size = 9;
  CHECK(refused(ChannelType::main, main) ==
        "from_agent.chunk_header_size: out of range at byte 34: 9, allowed 0 to 8");
  main.from_agent.chunk_header_size = 8;
  main.from_agent.msg_header = SharedBytes(Bytes(20));
  CHECK(refused(ChannelType::main, main) ==
        "from_agent.msg_header_partial_len: out of range at byte 47: 20, allowed 0 to 19");
  CHECK(refused(ChannelType::display, migration::Display{.glz_dict_size = -1})
            .starts_with("glz_dict_size: out of range at byte 60: -1"));

  Bytes beyond =
      hex("53564d44 01000000  01000000 01 00000000 00000000 05000000 00000000 21000000 aabbccdd");
  CHECK(refusal(layout_of(ChannelType::webdav), beyond).text() ==
        "device.write_data_ptr: truncated at byte 33: 5 bytes needed, 4 left");

  migration::Display display;
  display.surfaces = migration::Surfaces{{3, 9, 3}, {}};
  const Layout& layout = layout_of(ChannelType::display);
  CHECK(validate(layout, &display).front().text() ==
        "surfaces_ptr: out of range at byte 0: surface 3 is there twice");
  display.surfaces = migration::Surfaces{{1024}, {}};
  CHECK(validate(layout, &display).front().text() ==
        "surfaces_ptr: out of range at byte 0: surface 1024, at most 1023");
}
