// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/core/wire_shape.hpp"

// The awkward structures of the protocol, described here with the same tables: proof that the shape
// of layout.hpp carries them without a change to any walk. Drawing commands are in
// wire_awkward_drawing_test.cpp.
using namespace spicebench;
using namespace spicebench::wire;

namespace {

// agent clipboard_grab: a prefix that depends on capabilities of both ends, a list to the end
struct Selection {
  std::uint8_t selection = 0;
  std::array<std::uint8_t, 3> reserved{};
};
struct ClipboardGrab {
  std::optional<Selection> selection;
  std::uint32_t serial = 0;
  std::vector<std::uint32_t> types;
};
constexpr Field selection_fields[] = {
    scalar(MEMBER(Selection, selection)),
    array(MEMBER(Selection, reserved)),
};
constexpr Layout selection_layout = describes<Selection>("selection", selection_fields);
constexpr Field clipboard_grab_fields[] = {
    structure(MEMBER(ClipboardGrab, selection), selection_layout).when(both_agents(6)),
    scalar(MEMBER(ClipboardGrab, serial)).when(both_agents(17)),
    list(MEMBER(ClipboardGrab, types)).to_end().limited(0, 256),
};
constexpr Layout clipboard_grab_layout =
    describes<ClipboardGrab>("clipboard_grab", clipboard_grab_fields);

// playback volume
struct Volume {
  std::vector<std::uint16_t> volume;
};
constexpr Field volume_fields[] = {
    count("nchannels", 1, 0).limited(0, 8),
    list(MEMBER(Volume, volume)).counted(0),
};
constexpr Layout volume_layout = describes<Volume>("volume", volume_fields);

// compressed_data: a field that is absent for one value of the type, then a tail
struct CompressedData {
  std::uint8_t type = 0;
  std::uint32_t uncompressed_size = 0;
  SharedBytes data;
};
constexpr Field compressed_data_fields[] = {
    scalar(MEMBER(CompressedData, type)),
    scalar(MEMBER(CompressedData, uncompressed_size))
        .limited(1, 16 << 20)
        .unless(is(MEMBER(CompressedData, type), 0)),
    bytes(MEMBER(CompressedData, data)).called("compressed_data").to_end(),
};
constexpr Layout compressed_data_layout =
    describes<CompressedData>("compressed_data", compressed_data_fields);

// VSC: a choice inside a counted run of bytes, with a tail inside it
struct VscInit {
  std::uint32_t magic = 0, version = 0;
  std::array<std::uint32_t, 1> capabilities{};
};
struct VscError {
  std::uint32_t code = 0;
};
struct VscAtr {
  SharedBytes atr;
};
struct VscMessage {
  std::uint32_t type = 0, reader_id = 0;
  std::variant<std::monostate, VscInit, VscError, VscAtr> payload;
  SharedBytes after;  // for the test: what follows the counted part
};
constexpr Field vsc_init_fields[] = {
    scalar(MEMBER(VscInit, magic)),
    scalar(MEMBER(VscInit, version)),
    array(MEMBER(VscInit, capabilities)),
};
constexpr Layout vsc_init_layout = describes<VscInit>("init", vsc_init_fields);
constexpr Field vsc_error_fields[] = {scalar(MEMBER(VscError, code))};
constexpr Layout vsc_error_layout = describes<VscError>("error", vsc_error_fields);
constexpr Field vsc_atr_fields[] = {bytes(MEMBER(VscAtr, atr)).to_end().limited(0, 40)};
constexpr Layout vsc_atr_layout = describes<VscAtr>("atr", vsc_atr_fields);
constexpr Case vsc_cases[] = {
    {.value = 1, .alternative = 1, .layout = &vsc_init_layout},
    {.value = 2, .alternative = 2, .layout = &vsc_error_layout},
    {.value = 5, .alternative = 3, .layout = &vsc_atr_layout},
};
constexpr Name vsc_type_entries[] = {
    {1, "init"}, {2, "error"}, {4, "reader_remove"}, {5, "atr"}, {6, "card_remove"}};
constexpr Names vsc_type_names{false, vsc_type_entries};
constexpr Field vsc_fields[] = {
    scalar(MEMBER(VscMessage, type)).named(vsc_type_names),
    scalar(MEMBER(VscMessage, reader_id)),
    count("length", 4, 0),
    choice(MEMBER(VscMessage, payload), MEMBER(VscMessage, type), vsc_cases).counted(0),
    bytes(MEMBER(VscMessage, after)).to_end(),
};
constexpr Layout vsc_layout = describes<VscMessage>("vsc_message", vsc_fields);

// display migration data: a pointer to a list in one of two forms, which no byte marks
struct LossySurface {
  std::uint32_t id = 0;
  std::int32_t left = 0, top = 0, right = 0, bottom = 0;
};
struct Surfaces {
  std::vector<std::uint32_t> ids;
  std::vector<LossySurface> lossy;
};
struct DisplayMigration {
  std::uint32_t magic = 0x444d4344, version = 1;  // "DCMD"
  std::uint64_t message_serial = 0;
  std::uint8_t low_bandwidth = 0, cache_id = 0;
  std::int64_t cache_size = 0;
  std::uint8_t freezer = 0;
  std::array<std::uint64_t, 4> cache_clients{};
  std::uint8_t glz_id = 0;
  std::uint32_t glz_size = 0, max_encoders = 0;
  std::uint64_t last_image_id = 0;
  std::optional<Surfaces> surfaces;
};
constexpr Field lossy_surface_fields[] = {
    scalar(MEMBER(LossySurface, id)),     scalar(MEMBER(LossySurface, left)),
    scalar(MEMBER(LossySurface, top)),    scalar(MEMBER(LossySurface, right)),
    scalar(MEMBER(LossySurface, bottom)),
};
constexpr Layout lossy_surface_layout =
    describes<LossySurface>("lossy_surface", lossy_surface_fields);
constexpr Field surfaces_fields[] = {
    count("count", 4, 0),
    list(MEMBER(Surfaces, ids)).counted(0).unless(lossy_images()),
    list(MEMBER(Surfaces, lossy), lossy_surface_layout).counted(0).when(lossy_images()),
};
constexpr Layout surfaces_layout = describes<Surfaces>("surfaces", surfaces_fields);
constexpr Field display_migration_fields[] = {
    scalar(MEMBER(DisplayMigration, magic)).limited(0x444d4344, 0x444d4344),
    scalar(MEMBER(DisplayMigration, version)).limited(1, 1),
    scalar(MEMBER(DisplayMigration, message_serial)),
    scalar(MEMBER(DisplayMigration, low_bandwidth)),
    scalar(MEMBER(DisplayMigration, cache_id)),
    scalar(MEMBER(DisplayMigration, cache_size)),
    scalar(MEMBER(DisplayMigration, freezer)),
    array(MEMBER(DisplayMigration, cache_clients)),
    scalar(MEMBER(DisplayMigration, glz_id)),
    scalar(MEMBER(DisplayMigration, glz_size)),
    scalar(MEMBER(DisplayMigration, max_encoders)),
    scalar(MEMBER(DisplayMigration, last_image_id)),
    structure(MEMBER(DisplayMigration, surfaces), surfaces_layout)
        .called("surfaces_ptr")
        .by_pointer(),
};
constexpr Layout display_migration_layout =
    describes<DisplayMigration>("display_migration", display_migration_fields);

// port_init: the count stands before the pointer, a field behind it
struct PortInit {
  SharedBytes name;
  std::uint8_t opened = 0;
};
constexpr Field port_init_fields[] = {
    count("name_size", 4, 0).limited(1, 256),
    bytes(MEMBER(PortInit, name)).counted(0).text().by_pointer(Place::required_pointer),
    scalar(MEMBER(PortInit, opened)),
};
constexpr Layout port_init_layout = describes<PortInit>("port_init", port_init_fields);

// agent monitors_config: one count for two lists, the second there by a flag
struct Monitor {
  std::uint32_t height = 0, width = 0;
};
struct Millimetres {
  std::uint16_t height = 0, width = 0;
};
struct MonitorsConfig {
  std::uint32_t flags = 0;
  std::vector<Monitor> monitors;
  std::vector<Millimetres> sizes;
};
constexpr Field monitor_fields[] = {
    scalar(MEMBER(Monitor, height)),
    scalar(MEMBER(Monitor, width)),
};
constexpr Layout monitor_layout = describes<Monitor>("monitor", monitor_fields);
constexpr Field millimetres_fields[] = {
    scalar(MEMBER(Millimetres, height)),
    scalar(MEMBER(Millimetres, width)),
};
constexpr Layout millimetres_layout = describes<Millimetres>("millimetres", millimetres_fields);
constexpr Field monitors_fields[] = {
    count("num_of_monitors", 4, 0).limited(0, 256),
    scalar(MEMBER(MonitorsConfig, flags)),
    list(MEMBER(MonitorsConfig, monitors), monitor_layout).counted(0),
    list(MEMBER(MonitorsConfig, sizes), millimetres_layout)
        .counted(0)
        .when(has_bits(MEMBER(MonitorsConfig, flags), 2)),
};
constexpr Layout monitors_layout = describes<MonitorsConfig>("monitors_config", monitors_fields);

}  // namespace

TEST_CASE("H.9: a port's name stands behind the field that follows its pointer",
          "[core][wire][shape]") {
  const auto init =
      through<PortInit>(port_init_layout, hex("06 00 00 00  09 00 00 00  01  6f 72 67 2e 78 00"));
  CHECK(as_text(init.name) == std::string_view("org.x\0", 6));
  CHECK(init.opened == 1);
  const Error error =
      refusal(port_init_layout, hex("06 00 00 00  00 00 00 00  01  6f 72 67 2e 78 00"));
  CHECK(error.text() == "name: malformed at byte 4: a null pointer that must not be null");
}

TEST_CASE("the prefix of a clipboard grab follows the capabilities of both agents",
          "[core][wire][shape]") {
  const std::vector<std::uint32_t> none{0}, selection{1 << 6}, both{1 << 6 | 1 << 17};
  const auto context = [](const auto& client, const auto& guest) {
    Context c;
    c.client_agent_caps = client, c.guest_agent_caps = guest;
    return c;
  };
  const Bytes body = hex("01000000 07000000 02000000");
  const auto plain = through<ClipboardGrab>(clipboard_grab_layout, body, context(both, none));
  CHECK(plain.types == std::vector<std::uint32_t>{1, 7, 2});
  CHECK_FALSE(plain.selection.has_value());
  const auto selected =
      through<ClipboardGrab>(clipboard_grab_layout, body, context(both, selection));
  CHECK(selected.selection->selection == 1);
  CHECK(selected.types == std::vector<std::uint32_t>{7, 2});
  const auto serial = through<ClipboardGrab>(clipboard_grab_layout, body, context(both, both));
  CHECK(serial.serial == 7);
  CHECK(serial.types == std::vector<std::uint32_t>{2});
  check_round_trips(clipboard_grab_layout, context(both, both), "all capabilities");
  check_round_trips(clipboard_grab_layout);
  CHECK(refusal(clipboard_grab_layout, hex("0100000007")).path == "types");
}

TEST_CASE("volumes are counted by a byte before them", "[core][wire][shape]") {
  const auto volume = through<Volume>(volume_layout, hex("02 00ff ffff"));
  CHECK(volume.volume == std::vector<std::uint16_t>{0xff00, 0xffff});
  CHECK(refusal(volume_layout, hex("09 000000000000000000000000000000000000")).text() ==
        "nchannels: out of range at byte 0: 9, allowed 0 to 8");
  check_round_trips(volume_layout);
}

TEST_CASE("compressed data of type none has no size", "[core][wire][shape]") {
  CHECK(through<CompressedData>(compressed_data_layout, hex("00 aabb")).data.size() == 2);
  const auto lz4 = through<CompressedData>(compressed_data_layout, hex("01 00010000 aabb"));
  CHECK(lz4.uncompressed_size == 256);
  CHECK(refusal(compressed_data_layout, hex("01 01000001 aabb")).path == "uncompressed_size");
  check_round_trips(compressed_data_layout);
}

TEST_CASE("a smartcard message's payload lies inside its length", "[core][wire][shape]") {
  const auto atr = through<VscMessage>(vsc_layout, hex("05000000 00000000 03000000 3b0011 99"));
  CHECK(std::get<VscAtr>(atr.payload).atr == SharedBytes(hex("3b0011")));
  CHECK(atr.after == SharedBytes(hex("99")));
  // What a payload leaves of its length, and all of one of unknown type, is skipped.
  VscMessage message;
  const auto used = decode(vsc_layout, &message,
                           SharedBytes(hex("02000000 00000000 06000000 01000000eeee 99")), {});
  REQUIRE(used.has_value());
  CHECK(std::get<VscError>(message.payload).code == 1);
  CHECK(message.after == SharedBytes(hex("99")));
  REQUIRE(decode(vsc_layout, &message, SharedBytes(hex("63000000 00000000 02000000 eeee 77")), {}));
  CHECK(message.after == SharedBytes(hex("77")));
  const Error error = refusal(vsc_layout, hex("02000000 00000000 02000000 01000000"));
  CHECK(error.path == "payload.code");  // not beyond its length, though the body has more
  CHECK(error.offset == 12);
  check_round_trips(vsc_layout);
}

TEST_CASE("the surface list of display migration data has two forms", "[core][wire][shape]") {
  DisplayMigration data;
  data.cache_clients = {1, 2, 3, 0xffffffffffffffff};
  data.surfaces = Surfaces{{0, 7}, {}};
  const Bytes body = encoded(display_migration_layout, &data);
  CHECK(body.size() == 80 + 4 + 8);
  CHECK(as_text(BytesView(body).first(4)) == "DCMD");
  CHECK(load_little_endian(&body[76], 4) == 80);
  CHECK(through<DisplayMigration>(display_migration_layout, body).surfaces->ids ==
        std::vector<std::uint32_t>{0, 7});

  Context lossy;
  lossy.lossy_images = true;
  data.surfaces = Surfaces{{}, {{7, 1, 2, 3, 4}}};
  const Bytes lossy_body = encoded(display_migration_layout, &data, lossy);
  CHECK(lossy_body.size() == 80 + 4 + 20);
  const auto again = through<DisplayMigration>(display_migration_layout, lossy_body, lossy);
  CHECK(again.surfaces->lossy.at(0).bottom == 4);
  check_round_trips(display_migration_layout);
  check_round_trips(display_migration_layout, lossy, "lossy images");
}

TEST_CASE("one count may serve two lists", "[core][wire][shape]") {
  const auto config = through<MonitorsConfig>(monitors_layout,
                                              hex("01000000 02000000 00040000 00050000 2c01 9001"));
  CHECK(config.monitors.at(0).width == 0x500);
  CHECK(config.sizes.at(0).width == 0x190);
  CHECK(through<MonitorsConfig>(monitors_layout, hex("01000000 01000000 00040000 00050000"))
            .sizes.empty());
}

TEST_CASE("pointers that overlap are read, but not without end", "[core][wire][shape]") {
  // Every one of many pointers names the same large target.
  struct Part {
    std::optional<Volume> a, b, c, d;
  };
  struct Whole {
    std::vector<Part> parts;
  };
  static constexpr Field big_fields[] = {
      count("nchannels", 2, 0),
      list(MEMBER(Volume, volume)).counted(0),
  };
  static constexpr Layout big_layout = describes<Volume>("big", big_fields);
  static constexpr Field part_fields[] = {
      structure(MEMBER(Part, a), big_layout).by_pointer(),
      structure(MEMBER(Part, b), big_layout).by_pointer(),
      structure(MEMBER(Part, c), big_layout).by_pointer(),
      structure(MEMBER(Part, d), big_layout).by_pointer(),
  };
  static constexpr Layout part_layout = describes<Part>("part", part_fields);
  static constexpr Field whole_fields[] = {
      count("count", 2, 0),
      list(MEMBER(Whole, parts), part_layout).counted(0),
  };
  static constexpr Layout whole_layout = describes<Whole>("whole", whole_fields);
  const auto body_of = [](std::size_t pointers) {
    Bytes body;
    append_little_endian(body, pointers / 4, 2);
    for (std::size_t i = 0; i < pointers; ++i) append_little_endian(body, 2 + 4 * pointers, 4);
    append_little_endian(body, 1000, 2);
    body.resize(body.size() + 2000);
    return body;
  };
  Whole whole;
  CHECK(decode(whole_layout, &whole, SharedBytes(body_of(4)), {}).has_value());
  const Error error = refusal(whole_layout, body_of(400));
  CHECK(error.code == ErrorCode::out_of_range);
  CHECK(error.path == "parts[3].b.volume");
}
