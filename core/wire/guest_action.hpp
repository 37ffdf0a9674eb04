// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/shared_bytes.hpp"
#include "core/base/time.hpp"
#include "core/wire/device_link.hpp"

// What a guest asked of its QXL device, as values: what the device saw, without where it lay in the
// guest's memory. An import makes them, a workload does them again.
namespace spicebench::wire::device {

// A new surface: the primary one (id 0, by port), or another one by a command.
struct GuestSurface {
  SurfaceCreate surface;
  // What the guest had in its memory and wanted to keep (KEEP_DATA), |stride| * height bytes,
  // lowest address first. Empty: the surface begins as zeros.
  SharedBytes content;
  bool operator==(const GuestSurface&) const = default;
};
// Bytes of the memory of a surface.
constexpr std::uint64_t block_bytes(const SurfaceCreate& surface) {
  const std::int64_t stride = surface.stride;
  return static_cast<std::uint64_t>(stride < 0 ? -stride : stride) * surface.height;
}
// By port: the primary surface and all others are gone.
struct DestroyAllSurfaces {
  bool operator==(const DestroyAllSurfaces&) const = default;
};
// Release ids, addresses and fetch ids in the commands mean nothing.
struct GuestAction {
  Duration after{};  // since the first action
  std::variant<Drawable, CursorCommand, GuestSurface, SurfaceDestroy, DestroyAllSurfaces> what;
  bool operator==(const GuestAction&) const = default;
};

}  // namespace spicebench::wire::device
