// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "qxl-model/guest/command_block.hpp"
#include "tests/qxl-model/any_drawable.hpp"
#include "tests/qxl-model/device_bench.hpp"

namespace spicebench::qxl::test {

// A device with a primary surface and the off-screen surface that any_drawable draws on and reads.
struct DrawBench : DeviceBench {
  DrawBench() {
    come_up();
    wire::device::SurfaceCreate made{.surface_id = other_surface, .width = 40, .height = 30};
    made.stride = 160;
    made.format = wire::display::surface_32_argb;
    push_block(CommandBlock::create_surface(made, slot1(0x0200'0000), false), CommandType::surface);
    fetch();
    messages.clear();
  }
  void push_block(CommandBlock block, CommandType type = CommandType::draw) {
    const std::uint64_t offset = pool + next++ * 65536;
    poke(offset, block.place(slot1(offset), next));
    push(slot1(offset), type);
  }
  template <class Change>
  void push_changed(CommandBlock block, Change change) {
    const std::uint64_t offset = pool + next++ * 65536;
    Bytes bytes(block.size());
    std::ranges::copy(block.place(slot1(offset), next), bytes.begin());
    change(bytes, offset);
    poke(offset, bytes);
    push(slot1(offset));
  }
  // The id at the head of the open chain of releases.
  std::uint64_t open_release() { return get64(ram::release_ring + 20); }
  std::uint64_t next = 0;
};

}  // namespace spicebench::qxl::test
