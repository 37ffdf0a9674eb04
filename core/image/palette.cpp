// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/palette.hpp"

#include <fmt/format.h>

namespace spicebench::image {

using namespace wire::display;

Result<const Palette*> palette_of(const PaletteChoice& choice, PaletteCache* cache) {
  if ((choice.flags & pal_from_cache) != 0) {
    const Palette* cached = cache ? cache->find(choice.id) : nullptr;
    if (!cached)
      return fail(ErrorCode::not_found, fmt::format("palette {:#x} is not in the cache", choice.id),
                  0, "palette_id");
    return cached;
  }
  if (!choice.own) return fail(ErrorCode::malformed, "indexed pixels need a palette", 0, "palette");
  if ((choice.flags & pal_cache_me) != 0 && cache && !cache->put(*choice.own))
    return fail(ErrorCode::out_of_range,
                fmt::format("more than {} cached palettes", PaletteCache::capacity), 0, "palette");
  return choice.own;
}

}  // namespace spicebench::image
