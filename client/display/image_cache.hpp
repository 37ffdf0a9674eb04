// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <optional>

#include "core/base/result.hpp"
#include "core/image/pixmap.hpp"

namespace spicebench::client {

// The pictures that the server has told the display channels of a session to keep (protocol.md
// §4.2.7, canvas.md §12.1). The server decides what goes; we only hold it to the size we announced.
class ImageCache {
 public:
  struct Entry {
    std::optional<image::Pixmap> picture;  // absent: no decoder for it, but it takes its place
    std::uint64_t area = 0;                // pixels
    bool lossy = false;
    std::uint32_t puts = 0;
  };

  explicit ImageCache(std::int64_t capacity)
      : capacity_(capacity < 0 ? 0 : static_cast<std::uint64_t>(capacity)) {}

  const Entry* find(std::uint64_t id) const {
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : &found->second;
  }
  // An id that is there already counts one more put. Errors: out_of_range (beyond the capacity).
  Result<void> put(std::uint64_t id, std::uint64_t area, std::optional<image::Pixmap> picture,
                   bool lossy) {
    const Entry* old = find(id);
    const std::uint64_t pixels = pixels_ - (old ? old->area : 0) + area;
    if (pixels > capacity_)
      return fail(
          ErrorCode::out_of_range,
          fmt::format("the image cache would hold {} pixels, {} were announced", pixels, capacity_),
          0, "id");
    const std::uint32_t puts = old ? old->puts + 1 : 1;
    entries_.insert_or_assign(id, Entry{std::move(picture), area, lossy, puts});
    pixels_ = pixels;
    return {};
  }
  // A lossless version in place of a lossy one; the number of puts stays.
  Result<void> replace(std::uint64_t id, std::uint64_t area, std::optional<image::Pixmap> picture) {
    const std::uint32_t puts = find(id) ? find(id)->puts : 1;
    CHECKED(put(id, area, std::move(picture), false));
    entries_[id].puts = puts;
    return {};
  }
  // Takes back one put; the entry goes with the last. Unknown ids are nobody's fault.
  void release(std::uint64_t id) {
    const auto found = entries_.find(id);
    if (found == entries_.end() || --found->second.puts > 0) return;
    pixels_ -= found->second.area;
    entries_.erase(found);
  }
  const std::map<std::uint64_t, Entry>& entries() const { return entries_; }
  // An entry as it was, with its puts. Errors: those of put.
  Result<void> restore(std::uint64_t id, Entry entry) {
    const std::uint32_t puts = entry.puts;
    CHECKED(put(id, entry.area, std::move(entry.picture), entry.lossy));
    entries_[id].puts = puts;
    return {};
  }
  void clear() {
    entries_.clear();
    pixels_ = 0;
  }
  std::size_t size() const { return entries_.size(); }
  std::uint64_t pixels() const { return pixels_; }

 private:
  std::uint64_t capacity_;  // pixels
  std::map<std::uint64_t, Entry> entries_;
  std::uint64_t pixels_ = 0;
};

}  // namespace spicebench::client
