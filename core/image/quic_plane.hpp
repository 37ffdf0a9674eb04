// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "core/image/quic_model.hpp"
#include "core/image/quic_pixels.hpp"
#include "core/image/quic_runs.hpp"

namespace spicebench::image::quic {

// Rows are worked on in blocks, which compilers turn into vector instructions; the last block of a
// row may reach beyond its width.
inline constexpr std::size_t block = 16;

// A row of pixels or symbols, with room for a column to its left and a block to its right.
class Row {
 public:
  explicit Row(std::size_t width) : width_(width), lanes_(margin + width + block) {}
  std::size_t width() const { return width_; }
  Lanes* data() { return lanes_.data() + margin; }
  const Lanes* data() const { return lanes_.data() + margin; }

 private:
  static constexpr std::size_t margin = 4;
  std::size_t width_;
  std::vector<Lanes> lanes_;
};

// Components that are coded together: red, green and blue, or alpha or gray alone. What encoder and
// decoder keep in step from pixel to pixel and row to row of an image (image-codecs.md §4.5, §4.6).
template <unsigned Components, unsigned Bits, unsigned Step>
struct Plane {
  explicit Plane(std::size_t width) : symbols(width) {}

  // Components are coded from the highest lane down.
  static constexpr unsigned shift(unsigned component) { return 8 * (Components - 1 - component); }
  static std::uint32_t component(Lanes lanes, unsigned which) {
    return lanes >> shift(which) & 255;
  }
  // Calls step(0), step(1) …: written out, so that no loop stands between the components.
  template <class Call>
  static void each_component(Call call) {
    [&]<unsigned... which>(std::integer_sequence<unsigned, which...>) {
      (call(which), ...);
    }
    (std::make_integer_sequence<unsigned, Components>());
  }
  // After the pixels from `first` to before `end` were coded, the first in the context given.
  void coded(std::size_t first, std::size_t end, Lanes context) {
    if (!schedule.coded(static_cast<std::uint32_t>(end - first))) return;
    const Lanes* coded = symbols.data() + end - 1;
    const Lanes before = end - first > 1 ? coded[-1] : context;
    each_component([&](unsigned which) {
      models[which].learn(component(before, which), component(*coded, which), schedule.trigger());
    });
  }
  // The symbols before column x; those above it when there are none.
  Lanes context(std::size_t x) const { return symbols.data()[x == 0 ? 0 : x - 1]; }

  Model<Bits, Step> models[Components];
  Schedule schedule;
  RunState run;
  Row symbols;  // coded last in each column; those of pixels in runs stay as they were
};

// A run may begin at a pixel when the two before it are equal, and the one above it equals its own
// neighbour to the left; not in the first columns, and not in the first row (image-codecs.md §4.7).
inline constexpr std::size_t first_run = 3;
inline bool runs_meet(const Lanes* above, const Lanes* row, std::ptrdiff_t x) {
  return ((above[x - 1] ^ above[x]) | (row[x - 1] ^ row[x - 2])) == 0;
}

}  // namespace spicebench::image::quic
