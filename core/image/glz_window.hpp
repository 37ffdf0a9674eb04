// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"

namespace spicebench::image {

// The client's half of the GLZ dictionary (image-codecs.md §6.3): the images that later ones may
// refer to. One for all display channels of a session that name the same dictionary; images of
// different channels may arrive in any order. An image leaves when the sender's window has moved
// past it, which only images without a gap before them can tell.
class GlzWindow {
 public:
  struct Picture {
    std::uint8_t type = 0;            // of the stream: 6 RGB16, 7 RGB24, 8 RGB32, 9 RGBA
    std::uint32_t head_distance = 0;  // id - head_distance: the oldest that may still be needed
    std::uint64_t units = 0;          // pixels
    SharedBytes pixels;               // 32-bit words in coded order
  };

  // `most_pixels` bounds what a sender can make us hold; twice the announced window leaves room for
  // images that wait behind a gap.
  explicit GlzWindow(std::uint64_t most_pixels = std::uint64_t{1} << 26)
      : most_pixels_(most_pixels) {}

  const Picture* find(std::uint64_t id) const;
  // False: it was there and has left, so that nothing may refer to it any more.
  bool may_still_come(std::uint64_t id) const { return id >= tail_; }
  // Errors: out_of_range (the id was there before, or more pixels than allowed).
  Result<void> check_room(std::uint64_t id, std::uint64_t units) const;
  // Precondition: check_room(id, picture.units).
  void store(std::uint64_t id, Picture picture);

  std::uint64_t stored() const { return stored_; }  // images ever stored
  std::uint64_t pixels() const { return pixels_; }  // held now
  std::size_t size() const { return pictures_.size(); }
  const std::map<std::uint64_t, Picture>& pictures() const { return pictures_; }
  std::uint64_t tail() const { return tail_; }
  // Brings back what there was; precondition: the window is new.
  // Errors: out_of_range (more pixels than allowed).
  Result<void> restore(std::uint64_t tail, std::uint64_t stored,
                       std::map<std::uint64_t, Picture> pictures);
  void clear();  // connect, disconnect, switch-host; not at a seamless migration

 private:
  std::map<std::uint64_t, Picture> pictures_;
  std::uint64_t most_pixels_;
  std::uint64_t tail_ = 0;  // first id that has not arrived
  std::uint64_t pixels_ = 0, stored_ = 0;
};

}  // namespace spicebench::image
