// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/core/wire_shape.hpp"

// Awkward bodies of a structure that is described here.
using namespace spicebench;
using namespace spicebench::wire;

namespace {

struct Volume {
  std::vector<std::uint16_t> volume;
};

}  // namespace

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
