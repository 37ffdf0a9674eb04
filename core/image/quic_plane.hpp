// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "core/image/quic_model.hpp"
#include "core/image/quic_pixels.hpp"
#include "core/image/quic_runs.hpp"

namespace spicebench::image::quic {

// Components that are coded together: red, green and blue, or alpha or gray alone. What encoder and
// decoder keep in step from pixel to pixel and row to row of an image (image-codecs.md §4.5, §4.6).
template <unsigned Components, unsigned Bits>
struct Plane {
  explicit Plane(std::uint32_t width) : symbols(width) {}

  // Components are coded from the highest lane down.
  static constexpr unsigned shift(unsigned component) { return 8 * (Components - 1 - component); }
  static std::uint32_t component(Lanes lanes, unsigned which) {
    return lanes >> shift(which) & 255;
  }
  // The code family of a component after the symbols `context`.
  unsigned best(unsigned which, Lanes context) const {
    return models[which].best(component(context, which));
  }
  // Calls step(0), step(1) …: written out, so that no loop stands between the components.
  template <class Step>
  static void each_component(Step step) {
    [&]<unsigned... which>(std::integer_sequence<unsigned, which...>) {
      (step(which), ...);
    }
    (std::make_integer_sequence<unsigned, Components>());
  }
  // After `pixels` were coded, the last with these symbols behind this context.
  void coded(std::uint32_t pixels, Lanes context, Lanes last) {
    if (!schedule.coded(pixels)) return;
    each_component([&](unsigned which) {
      models[which].learn(component(context, which), component(last, which), schedule.trigger());
    });
  }
  // The symbols before column x; those above it when there are none.
  Lanes context(std::size_t x) const { return symbols[x == 0 ? 0 : x - 1]; }

  Model<Bits> models[Components];
  Schedule schedule;
  RunState run;
  std::vector<Lanes>
      symbols;  // coded last in each column; those of pixels in runs stay as they were
};

// Whether a run may begin at x of a row that has one above it: two equal pixels to the left, and
// the same one column further above (image-codecs.md §4.7).
inline bool may_run(const Lanes* above, const Lanes* row, std::size_t x) {
  return x > 2 && ((above[x - 1] ^ above[x]) | (row[x - 1] ^ row[x - 2])) == 0;
}

}  // namespace spicebench::image::quic
