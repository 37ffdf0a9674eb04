// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <span>
#include <tuple>

#include "core/base/result.hpp"

namespace spicebench::qxl {

// A surface as the worker has it, whatever the ports believe.
struct LiveSurface {
  std::uint32_t width = 0, height = 0;
  std::int32_t stride = 0;   // bytes; negative: bottom row first in memory
  std::uint32_t format = 0;  // SurfaceFormat
  std::span<std::byte> pixels;
};

// Row y from the top, |stride| bytes. Precondition: y < height.
inline std::span<std::byte> row_of(const LiveSurface& surface, std::uint32_t y) {
  const auto bytes = static_cast<std::size_t>(surface.stride < 0 ? -std::int64_t{surface.stride}
                                                                 : std::int64_t{surface.stride});
  return surface.pixels.subspan((surface.stride < 0 ? surface.height - 1 - y : y) * bytes, bytes);
}

// The bytes of guest memory that a surface of this geometry takes (qxl-device.md §15.1).
//   errors  out_of_range (no such format, no pixels, rows longer than the stride, too large)
Result<std::uint64_t> surface_bytes(const LiveSurface& geometry);

// The surfaces that commands may draw on and read from, by id.
class Surfaces {
 public:
  // Null: there is none of this id.
  const LiveSurface* find(std::uint32_t id) const {
    const auto found = live_.find(id);
    return found == live_.end() ? nullptr : &found->second;
  }
  // Precondition: there is none of this id.
  void add(std::uint32_t id, const LiveSurface& surface) { live_.emplace(id, surface); }
  // False: there was none of this id.
  bool remove(std::uint32_t id) { return live_.erase(id) != 0; }
  void clear() { live_.clear(); }
  const std::map<std::uint32_t, LiveSurface>& all() const { return live_; }
  template <class Archive>
  void transfer(Archive& archive, auto& memory) {
    auto count = static_cast<std::uint32_t>(live_.size());
    archive.value("count", count);
    if constexpr (Archive::loads) live_.clear();
    auto entry = live_.begin();
    for (std::uint32_t i = 0; i < count && !archive.failed(); ++i) {
      std::uint32_t id = 0;
      LiveSurface surface;
      if constexpr (!Archive::loads) {
        std::tie(id, surface) = *entry++;
      }
      archive.value("id", id);
      archive.value("width", surface.width);
      archive.value("height", surface.height);
      archive.value("stride", surface.stride);
      archive.value("format", surface.format);
      archive.part("pixels", [&] { memory.transfer_place(archive, surface.pixels); });
      if constexpr (Archive::loads) {
        const auto needed = surface_bytes(surface);
        if (!needed || *needed != surface.pixels.size())
          archive.refuse("pixels", "not those of this geometry");
        live_.emplace(id, surface);
      }
    }
  }

 private:
  std::map<std::uint32_t, LiveSurface> live_;
};

}  // namespace spicebench::qxl
