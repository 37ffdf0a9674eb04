// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/display_types.hpp"

namespace spicebench::image {

// The server's half of the GLZ dictionary (image-codecs.md §6.4): encodes images against the
// pixels of earlier ones. One per client and dictionary number, shared by its display channels.
//
// Images are not copied: the dictionary keeps each bitmap's SharedBytes until the image leaves the
// window, so an owner that wants to know hands in bytes whose `owner` tells it, and must not change
// them before.
class GlzDictionary {
 public:
  // The capacity comes from the client's display-init message; `next_id` is not 0 when a migrated
  // dictionary is continued. Precondition: capacity_pixels <= 2^25.
  explicit GlzDictionary(std::uint64_t capacity_pixels, std::uint64_t next_id = 0);

  // Whether GLZ can take it: 16BIT, 24BIT, 32BIT or RGBA, smaller than the window, its data there.
  bool takes(const wire::display::Bitmap& bitmap) const;
  // The stream for a GLZ_RGB image. It must be sent, and in this order within one channel: a number
  // that never arrives keeps the client from releasing anything. Precondition: takes(bitmap).
  SharedBytes encode(const wire::display::Bitmap& bitmap);
  // Gives up the pixels of an image, which keeps its number and its place in the pixel count but is
  // never referred to again. Images that have left are no error.
  void withdraw(std::uint64_t id);

  std::uint64_t capacity() const { return capacity_; }
  std::uint64_t next_id() const { return next_id_; }                // of the next encode
  std::uint64_t head() const { return next_id_ - images_.size(); }  // oldest in the window
  std::uint64_t pixels() const { return pixels_; }                  // of the images in the window

 private:
  struct Image {
    std::uint8_t type = 0;
    std::uint32_t units = 0;
    SharedBytes pixels;  // tight rows in storage order; empty: withdrawn
  };
  template <class Unit>
  class Search;

  void make_room(std::uint64_t units);

  std::uint64_t capacity_, next_id_, pixels_ = 0;
  std::deque<Image> images_;  // by id, the newest is next_id_ - 1
  // By hash: where such units were last seen.
  unsigned table_bits_;
  std::vector<std::uint64_t> table_;
};

}  // namespace spicebench::image
