// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "device_bench.hpp"

namespace spicebench::qxl::test {
namespace {
std::uint32_t word(BytesView bytes, std::size_t at) {
  return static_cast<std::uint32_t>(load_little_endian(&bytes[at], 4));
}
}  // namespace

TEST_CASE("the configuration space names a QXL display of revision 5", "[qxl][pci]") {
  const Properties properties;
  PciConfig pci(properties, sizes_of(properties));
  CHECK(pci.read(0x00, 4) == 0x0100'1b36);
  CHECK(pci.read(0x08, 4) == 0x0300'0005);
  CHECK(pci.read(0x2c, 4) == 0x1100'1af4);
  CHECK(pci.read(0x3d, 1) == 1);
  pci.write(0x00, 4, 0);
  CHECK(pci.read(0x00, 4) == 0x0100'1b36);
}

TEST_CASE("writing ones to a BAR reads back its size", "[qxl][pci]") {
  const Properties properties;
  PciConfig pci(properties, sizes_of(properties));
  for (const std::uint8_t at : {0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x30}) pci.write(at, 4, ~0u);
  CHECK(pci.read(0x10, 4) == 0xfc00'0000);
  CHECK(pci.read(0x14, 4) == 0xfc00'0000);
  CHECK(pci.read(0x18, 4) == 0xffff'e000);
  CHECK(pci.read(0x1c, 4) == 0xffff'ffe1);
  CHECK(pci.read(0x20, 4) == 0);  // no 64-bit window: vram64 is not larger than vram32
  CHECK(pci.read(0x30, 4) == 0);
}

TEST_CASE("a 64-bit window exists when vram64 is larger than vram32", "[qxl][pci]") {
  const Properties properties{.vram64_mb = 256};
  PciConfig pci(properties, sizes_of(properties));
  pci.write(0x20, 4, ~0u);
  pci.write(0x24, 4, ~0u);
  CHECK(pci.read(0x20, 4) == 0xf000'000c);
  CHECK(pci.read(0x24, 4) == 0xffff'ffff);
  pci.write(0x20, 4, 0);
  pci.write(0x24, 4, 8);
  CHECK_FALSE(pci.base(4));
  pci.write(0x04, 2, 2);
  CHECK(pci.base(4) == 0x8'0000'0000u);
}

TEST_CASE("sizes follow from the properties in the documented order", "[qxl][pci]") {
  const Sizes small = sizes_of({.ram_mb = 1, .vram_mb = 0, .vgamem_mb = 1});
  CHECK(small.vgamem == 8u << 20);  // at least 8 MiB
  CHECK(small.ram == 16u << 20);    // at least twice vgamem
  CHECK(small.vram32 == 4096);
  const Sizes odd = sizes_of({.ram_mb = 65, .vram_mb = 3, .vgamem_mb = 9});
  CHECK(odd.ram == 128u << 20);
  CHECK(odd.vram32 == 4u << 20);
  CHECK(odd.vgamem == 16u << 20);
}

TEST_CASE("the ROM of the default sizes has the documented bytes", "[qxl][rom]") {
  const Properties properties;
  const Bytes rom = build_rom(properties, sizes_of(properties));
  REQUIRE(rom.size() == 8192);
  CHECK(as_text(BytesView(rom).first(4)) == "QXRO");
  CHECK(word(rom, 24) == 1160);
  CHECK(word(rom, 28) == 12286);
  CHECK(word(rom, 32) == 0x0100'0000);
  CHECK(word(rom, 36) == 0);
  CHECK(word(rom, 40) == 0x0100'0000);
  CHECK(word(rom, 44) == 0x03ff'e000);
  CHECK(word(rom, 48) == 0);
  CHECK(word(rom, 52) == 1024);
  CHECK(word(rom, 64) == 0x0808'0701);  // slots 1 to 7, 8 + 8 bits
  CHECK(word(rom, 1160) == 128);
  const std::uint32_t first[] = {0, 640, 480, 16, 1280, 187, 140, 0};
  const std::uint32_t second[] = {1, 640, 480, 32, 2560, 187, 140, 0};
  for (std::size_t i = 0; i < 8; ++i) {
    CHECK(word(rom, 1164 + 4 * i) == first[i]);
    CHECK(word(rom, 1164 + 32 + 4 * i) == second[i]);
  }
  CHECK(word(rom, 1164 + 4 * 32) == 4);
  CHECK(word(rom, 1164 + 4 * 32 + 4) == 800);
}

TEST_CASE("the mode table leaves out what does not fit", "[qxl][rom]") {
  const std::pair<std::uint32_t, std::uint32_t> expected[] = {{8, 106},  {16, 128},  {32, 138},
                                                              {64, 142}, {128, 146}, {256, 148}};
  for (const auto& [megabytes, count] : expected) {
    const Properties properties{.vgamem_mb = megabytes};
    CHECK(word(build_rom(properties, sizes_of(properties)), 1160) == count);
  }
}

TEST_CASE("the checksum of a monitors configuration is the documented one", "[qxl][rom]") {
  Bytes monitors(rom::monitors_bytes);
  CHECK(monitors_crc(monitors) == 0);
  store_little_endian(&monitors[0], 1, 2);
  store_little_endian(&monitors[4 + 8], 768, 4);
  store_little_endian(&monitors[4 + 12], 1024, 4);
  CHECK(monitors_crc(monitors) == 0x3dec'149c);
}

TEST_CASE("the RAM header is where the ROM says, as reset leaves it", "[qxl][ram]") {
  DeviceBench bench;
  const auto header = bench.ram().subspan(0x03ff'e000);
  CHECK(as_text(BytesView(header).first(4)) == "QXRA");
  CHECK(word(header, 4) == 0);
  CHECK(word(header, 8) == 0);
  for (const auto& [at, items] : {std::pair{4108u, 32u}, {4640u, 32u}, {5172u, 8u}}) {
    CHECK(word(header, at) == items);
    CHECK(word(header, at + 4) == 0);
    CHECK(word(header, at + 8) == 1);
    CHECK(word(header, at + 12) == 0);
    CHECK(word(header, at + 16) == 0);
  }
  CHECK(ram::header_bytes == 5348);
  CHECK(ram::create_mem == 5292 + 32);
}

TEST_CASE("guest writes to the ROM are discarded", "[qxl][rom]") {
  DeviceBench bench;
  const std::byte junk[4]{};
  CHECK(bench.device.memory().write(DeviceBench::rom_base, junk));
  std::byte read[4];
  REQUIRE(bench.device.memory().read(DeviceBench::rom_base, read));
  CHECK(as_text(read) == "QXRO");
  CHECK_FALSE(bench.device.memory().read(DeviceBench::rom_base + 8190, read));
}

}  // namespace spicebench::qxl::test
