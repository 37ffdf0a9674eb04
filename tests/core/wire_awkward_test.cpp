// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/core/wire_shape.hpp"

// Awkward structures, described here with the same tables: proof that the shape of layout.hpp
// carries them without a change to any walk. Drawing commands are in wire_awkward_drawing_test.cpp.
using namespace spicebench;
using namespace spicebench::wire;

namespace {

// a list counted by a byte before it
struct Volume {
  std::vector<std::uint16_t> volume;
};
constexpr Field volume_fields[] = {
    count("nchannels", 1, 0).limited(0, 8),
    list(MEMBER(Volume, volume)).counted(0),
};
constexpr Layout volume_layout = describes<Volume>("volume", volume_fields);

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

}  // namespace

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
