// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/releases.hpp"

#include <fmt/format.h>

namespace spicebench::qxl {

ReleaseQueue::Outcome ReleaseQueue::put(const Resource& resource) {
  if (count_ == 0) {
    header_.release_ring().store_open({resource.id});
  } else {
    store_little_endian(last_.data(), resource.id, 8);
  }
  store_little_endian(resource.location.data(), 0, 8);
  last_ = resource.location;
  ++count_;
  return count_ < bunch ? Outcome{} : publish();
}

ReleaseQueue::Outcome ReleaseQueue::flush() {
  return publish();
}

ReleaseQueue::Outcome ReleaseQueue::publish() {
  auto ring = header_.release_ring();
  // One slot is always the open one: one entry less than the ring has items.
  if (ring.size() + 1 >= release_ring_items) return {};
  const auto wake = ring.publish_open();
  ring.store_open({0});
  clear();
  return {true, wake == DeviceReleaseRing::Wake::yes};
}

Result<std::optional<Resource>> Handles::take(std::uint64_t handle) {
  if (handle != 0 && handle < first_valid_) return std::optional<Resource>{};
  const auto held = held_.map().find(handle);
  if (held == held_.map().end())
    return fail(
        ErrorCode::not_found,
        fmt::format("release of {}, which {}", handle,
                    handle != 0 && handle < next_ ? "was released before" : "was never given out"));
  return std::optional(held_.take(held).second);
}

}  // namespace spicebench::qxl
