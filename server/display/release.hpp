// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>

#include "server/session/services.hpp"

namespace spicebench::server {

// Guest memory of one command, given back to the device when the last who needs it lets go: so each
// resource is released exactly once (display-pipeline.md §11.1).
class Resource {
 public:
  Resource(Services& services, std::uint64_t release_id)
      : services_(services), device_(services.device), release_id_(release_id) {}
  Resource(const Resource&) = delete;
  Resource& operator=(const Resource&) = delete;
  ~Resource() {
    if (!device_ || services_.device != device_) return;  // its device is gone
    ++services_.counters.released;
    services_.to_device(wire::device::Release{release_id_});
  }

 private:
  Services& services_;
  std::optional<LinkId> device_;
  std::uint64_t release_id_;
};
using ResourceHold = std::shared_ptr<const Resource>;

}  // namespace spicebench::server
