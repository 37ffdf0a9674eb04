// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/memory_slots.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "qxl-model/device/memory_region.hpp"

namespace spicebench::qxl {
namespace {
struct TwoBars {
  MemoryRegion ram{64 * 1024}, vram{32 * 1024};
  std::vector<MappedMemory> memories{{0x10000, ram.bytes(), ram.owner()},
                                     {0x80000, vram.bytes(), vram.owner()}};
  MemorySlots slots;
};
}  // namespace

TEST_CASE("addresses are encoded as slot, generation, offset", "[qxl][slots]") {
  CHECK(encode_address(1, 0, 0x1234) == 0x0100'0000'0000'1234);
  CHECK(encode_address(2, 0, 0x4000) == 0x0200'0000'0000'4000);
  const EncodedAddress address{0x0203'0000'0000'4000};
  CHECK(address.slot() == 2);
  CHECK(address.generation() == 3);
  CHECK(address.offset() == 0x4000);
}

TEST_CASE("a slot may cover any part of one BAR, to its last byte", "[qxl][slots]") {
  TwoBars bars;
  CHECK(bars.slots.add(1, 0x10000, 0x20000, bars.memories));
  CHECK(bars.slots.add(2, 0x80000, 0x88000, bars.memories));
  CHECK(bars.slots.add(3, 0x11000, 0x12000, bars.memories));  // overlapping is allowed
  CHECK_FALSE(bars.slots.add(8, 0x10000, 0x20000, bars.memories));
  CHECK_FALSE(bars.slots.add(1, 0x10000, 0x20000, bars.memories));  // in use
  CHECK_FALSE(bars.slots.add(4, 0x12000, 0x11000, bars.memories));
  CHECK_FALSE(bars.slots.add(4, 0x10000, 0x20001, bars.memories));
  CHECK_FALSE(bars.slots.add(4, 0x0ffff, 0x11000, bars.memories));
  CHECK_FALSE(bars.slots.add(4, 0x11000, 0x81000, bars.memories));
  CHECK(bars.slots.add(4, 0x20000, 0x20000, bars.memories));  // nothing, at the end
  CHECK_FALSE(bars.slots.decode(encode_address(4, 0, 0), 1));
}

TEST_CASE("decoding checks slot, generation and range", "[qxl][slots]") {
  TwoBars bars;
  REQUIRE(bars.slots.add(1, 0x11000, 0x13000, bars.memories));
  const auto good = bars.slots.decode(encode_address(1, 0, 0x1ff0), 16);
  REQUIRE(good);
  CHECK(good->data() == bars.ram.bytes().data() + 0x1000 + 0x1ff0);
  CHECK_FALSE(bars.slots.decode(encode_address(1, 0, 0x1ff0), 17));
  CHECK_FALSE(bars.slots.decode(encode_address(1, 1, 0), 1));
  CHECK_FALSE(bars.slots.decode(encode_address(2, 0, 0), 1));
  CHECK_FALSE(bars.slots.decode(encode_address(200, 0, 0), 1));
  CHECK_FALSE(bars.slots.decode(encode_address(1, 0, 0xffff'ffff'ffff), 1));
  CHECK_FALSE(bars.slots.decode(encode_address(1, 0, 16), UINT64_MAX));
  REQUIRE(bars.slots.remove(1));
  CHECK_FALSE(bars.slots.decode(encode_address(1, 0, 0), 1));
}

TEST_CASE("decode undoes encode inside a slot and refuses everything else", "[qxl][slots]") {
  rc::prop("for any slot, address and range", [] {
    TwoBars bars;
    const auto start = *rc::gen::inRange<std::uint64_t>(0, 0x8000);
    const auto size = *rc::gen::inRange<std::uint64_t>(0, 0x8000);
    const auto slot = *rc::gen::inRange<std::uint8_t>(0, 8);
    RC_ASSERT(bars.slots.add(slot, 0x10000 + start, 0x10000 + start + size, bars.memories));
    const auto offset = *rc::gen::inRange<std::uint64_t>(0, 0x10000);
    const auto length = *rc::gen::inRange<std::uint64_t>(0, 0x10000);
    const auto decoded = bars.slots.decode(encode_address(slot, 0, offset), length);
    RC_ASSERT(decoded.has_value() == (offset + length <= size));
    if (!decoded) return;
    RC_ASSERT(decoded->data() == bars.ram.bytes().data() + start + offset);
    RC_ASSERT(decoded->size() == length);
  });
}

}  // namespace spicebench::qxl
