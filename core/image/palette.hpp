// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>

#include "core/base/result.hpp"
#include "core/wire/display_types.hpp"

namespace spicebench::image {

// The palettes that a display channel has been told to keep (protocol.md §4.2.6). The sender
// decides what leaves; `capacity` only bounds what a lying sender can make us hold.
class PaletteCache {
 public:
  static constexpr std::size_t capacity = 4096;

  const wire::display::Palette* find(std::uint64_t unique) const {
    const auto found = palettes_.find(unique);
    return found == palettes_.end() ? nullptr : &found->second;
  }
  // False: full.
  bool put(const wire::display::Palette& palette) {
    if (palettes_.size() >= capacity && !palettes_.contains(palette.unique)) return false;
    palettes_.insert_or_assign(palette.unique, palette);
    return true;
  }
  void erase(std::uint64_t unique) { palettes_.erase(unique); }
  void clear() { palettes_.clear(); }
  std::size_t size() const { return palettes_.size(); }
  const std::map<std::uint64_t, wire::display::Palette>& all() const { return palettes_; }

 private:
  std::map<std::uint64_t, wire::display::Palette> palettes_;
};

// What a bitmap or an LZ image says about its palette.
struct PaletteChoice {
  std::uint8_t flags = 0;  // wire::display::BitmapFlags
  std::uint64_t id = 0;    // of a cached palette
  const wire::display::Palette* own = nullptr;
};
// The palette meant, which enters the cache if the image says so. Without a cache nothing is cached
// there. Errors: not_found (cached palette), malformed (none given), out_of_range (cache full).
Result<const wire::display::Palette*> palette_of(const PaletteChoice& choice, PaletteCache* cache);

}  // namespace spicebench::image
