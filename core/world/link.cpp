// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/world/link.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace spicebench {

// Time to put so many bytes on a line, rounded up.
static Duration line_time(std::size_t bytes, std::uint64_t bits_per_second) {
  if (bits_per_second == 0) return Duration{0};
  __extension__ using Wide = unsigned __int128;  // bits times ns per second pass 64 bits
  const auto bits = Wide{bytes} * 8 * 1'000'000'000u;
  return Duration{static_cast<std::int64_t>((bits + bits_per_second - 1) / bits_per_second)};
}

std::vector<LinkDirection::Segment> LinkDirection::send(Bytes bytes, Instant now) {
  assert(bytes.size() <= credit());
  outstanding_ += bytes.size();
  std::vector<Segment> segments;
  for (std::size_t from = 0; from < bytes.size();) {
    std::size_t count = bytes.size() - from;
    if (profile_.segment_max > 0) {
      const auto low = static_cast<std::int64_t>(std::max<std::size_t>(1, profile_.segment_min));
      const auto high = std::max(low, static_cast<std::int64_t>(profile_.segment_max));
      count = std::min(count, static_cast<std::size_t>(random_.between(low, high)));
    }
    line_free_ = std::max(line_free_, now) + line_time(count, profile_.bits_per_second);
    Instant arrives = line_free_ + profile_.latency;
    if (profile_.jitter > Duration{0})
      arrives += Duration{random_.between(0, profile_.jitter.count())};
    if (profile_.stall_per_million > 0 && random_.chance(profile_.stall_per_million, 1'000'000))
      arrives += profile_.stall;
    last_arrival_ = arrives = std::max(arrives, last_arrival_);
    if (count == bytes.size()) {  // whole: no copy
      segments.push_back({arrives, std::move(bytes)});
      break;
    }
    const auto first = bytes.begin() + static_cast<std::ptrdiff_t>(from);
    segments.push_back({arrives, Bytes(first, first + static_cast<std::ptrdiff_t>(count))});
    from += count;
  }
  return segments;
}

Instant LinkDirection::arrival_after_all(Instant now) const {
  return std::max(std::max(line_free_, now) + profile_.latency, last_arrival_);
}

std::size_t LinkDirection::consume(std::size_t count) {
  kept_back_ += count;
  assert(kept_back_ <= outstanding_);
  // While the sender still has credit, less than a quarter of the window is not worth an input.
  if (kept_back_ * 4 < profile_.window && credit() > 0) return 0;
  outstanding_ -= kept_back_;
  return std::exchange(kept_back_, 0);
}

}  // namespace spicebench
