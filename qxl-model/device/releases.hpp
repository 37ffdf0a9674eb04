// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>

#include "core/base/result.hpp"
#include "qxl-model/device/ram_header.hpp"
#include "qxl-model/device/reusing_map.hpp"

namespace spicebench::qxl {

// A command's release_info, where it lies in guest memory: an id before the release, the next
// released id after it.
struct Resource {
  std::uint64_t id = 0;           // the guest's name for it
  std::span<std::byte> location;  // its 8 bytes; none: the host's own, nobody waits for it
};

// Resources on their way back to the guest (qxl-device.md §14.2). They are chained in the order of
// release; the chain's head lies in the ring's open slot, and is published when 32 are together and
// the ring has room, or when somebody asks for it.
class ReleaseQueue {
 public:
  static constexpr std::uint32_t bunch = 32;

  explicit ReleaseQueue(RamHeader header) : header_(header) {}

  struct Outcome {
    bool published = false;
    bool wake = false;  // the guest asked for an interrupt at this entry
  };
  Outcome put(const Resource& resource);
  // Publishes the open slot, be it empty, unless the ring is full.
  Outcome flush();
  void clear() {
    count_ = 0;
    last_ = {};
  }
  std::uint32_t open_count() const { return count_; }
  template <class Archive>
  void transfer(Archive& archive, auto& memory) {
    archive.value("count", count_);
    archive.part("last", [&] { memory.transfer_place(archive, last_); });
    if constexpr (Archive::loads)
      if (last_.size() != (count_ == 0 ? 0u : 8u)) archive.refuse("last", "no release_info");
  }

 private:
  Outcome publish();
  RamHeader header_;
  std::uint32_t count_ = 0;
  std::span<std::byte> last_;
};

// The handles under which the server knows resources: numbers of the device's own, each valid for
// one release.
class Handles {
 public:
  std::uint64_t add(const Resource& resource) {
    held_.add(next_, resource);
    return next_++;
  }
  // The resource of a handle, which is then no longer valid. Nothing: of before the last reset.
  //   errors  not_found: released before, or never given out
  Result<std::optional<Resource>> take(std::uint64_t handle);
  // A hard reset: nothing that is held will come back.
  void forget_all() {
    held_.clear();
    first_valid_ = next_;
  }
  std::size_t size() const { return held_.map().size(); }
  template <class Archive>
  void transfer(Archive& archive, auto& memory) {
    archive.value("next", next_);
    archive.value("first_valid", first_valid_);
    auto count = static_cast<std::uint32_t>(size());
    archive.value("count", count);
    if constexpr (Archive::loads) held_.clear();
    auto held = held_.map().begin();
    for (std::uint32_t i = 0; i < count && !archive.failed(); ++i) {
      std::uint64_t handle = 0;
      Resource resource;
      if constexpr (!Archive::loads) {
        std::tie(handle, resource) = *held++;
      }
      archive.value("handle", handle, first_valid_, next_ - 1);
      archive.value("id", resource.id);
      memory.transfer_place(archive, resource.location);
      if constexpr (Archive::loads) {
        if (!resource.location.empty() && resource.location.size() != 8)
          archive.refuse("location", "no release_info");
        held_.add(handle, resource);
      }
    }
  }

 private:
  ReusingMap<std::uint64_t, Resource> held_;
  std::uint64_t next_ = 1;
  std::uint64_t first_valid_ = 1;
};

}  // namespace spicebench::qxl
