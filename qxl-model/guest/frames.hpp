// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>

#include "core/base/random.hpp"
#include "qxl-model/guest/bus.hpp"

namespace spicebench::qxl {

// The times at which a workload draws: so many a second from now on, each up to 8 ms early, as
// programs are that do not know of each other.
class Frames {
 public:
  // `random` is drawn from by each `next`.
  Frames(const Bus& bus, std::uint32_t seconds, std::uint32_t per_second, Random& random)
      : start_(bus.now()),
        period_(Cycle{1'000'000'000} / per_second),
        count_(std::uint64_t{seconds} * per_second),
        random_(random) {}

  // When the next frame is due. Empty: there was the last.
  std::optional<Cycle> next() {
    if (begun_ == count_) return std::nullopt;
    ++begun_;
    return start_ + begun_ * period_ - random_.below(most_early);
  }
  // Of the frame that `next` told last, from 0 on.
  std::uint64_t number() const { return begun_ - 1; }

 private:
  static constexpr Cycle most_early = 8'000'000;
  Cycle start_, period_;
  std::uint64_t count_, begun_ = 0;
  Random& random_;
};

}  // namespace spicebench::qxl
