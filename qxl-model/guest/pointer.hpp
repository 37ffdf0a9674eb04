// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/random.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

// The guest's pointer: where it is and what it looks like.
class Pointer {
 public:
  explicit Pointer(const WorkloadSetting& setting)
      : Pointer(setting, setting.width, setting.height) {}
  // On a surface of another size than the setting has.
  Pointer(const WorkloadSetting& setting, std::uint32_t width, std::uint32_t height);

  // One of three shapes, each with an id of its own: two arrows and a beam.
  Task<> show(std::uint64_t which);
  // Moves it; what is beyond the surface is its edge.
  Task<> to(std::int64_t x, std::int64_t y);
  Task<> wander(Random& random);
  // Where the user wants it. Other events: nothing.
  Task<> follow(const InputEvent& event);
  // Sleeps until then, and does meanwhile as the user wants, but for what is no movement.
  Task<> follow_until(Cycle due);

 private:
  wire::display::Point16 at() const {
    return {static_cast<std::int16_t>(x_), static_cast<std::int16_t>(y_)};
  }
  Bus& bus_;
  Driver& driver_;
  std::int64_t width_, height_;
  std::int64_t x_, y_;
};

}  // namespace spicebench::qxl
