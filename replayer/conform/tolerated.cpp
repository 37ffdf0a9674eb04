// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/conform/tolerated.hpp"

#include <algorithm>

#include "qxl-model/device/ram_header.hpp"

namespace spicebench::replayer {

namespace ram = qxl::ram;

static constexpr std::uint32_t release_items =
    ram::release_ring + qxl::DeviceReleaseRing::header_bytes;

static constexpr Tolerated list[] = {
    {"open list of the release ring before a flush",
     "the real server renders late and holds what it has not rendered; ours renders at once",
     ram::release_ring, ram::update_area, true},
    {"order within a list of released resources",
     "the real server gives back what a later command hides before what it renders; the lists hold "
     "the same resources",
     release_items, ram::update_area, false},
    {"pad of the pixels of a surface",
     "nobody sees it; what blending leaves there depends on the processor on which QEMU runs", 0, 0,
     false},
};

std::span<const Tolerated> tolerated() {
  return list;
}

bool is_tolerated_in_header(std::uint32_t offset, bool flushed) {
  return std::ranges::any_of(list, [&](const Tolerated& one) {
    return offset >= one.begin && offset < one.end && !(one.only_before_flushing && flushed);
  });
}

}  // namespace spicebench::replayer
