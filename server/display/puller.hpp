// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <fmt/format.h>

#include <cstdint>

#include "server/session/services.hpp"

namespace spicebench::server {

// Takes the commands of one ring of the device, one fetch at a time, from a wake-up until the
// device says that there is none. `Fetch` is device::FetchCommand or device::FetchCursor.
//
// The link keeps the order, so a wake-up that comes after "none" is a new one, and one that comes
// while a fetch is under way is answered by that fetch.
template <wire::Message Fetch>
class Puller {
 public:
  void wake() { wanted_ = true; }
  void forget() { *this = Puller(); }  // the device is gone

  // Asks for the next command if there is reason to.
  void pump(Services& services, bool pipes_full) {
    if (!wanted_ || under_way_) return;
    if (pipes_full) {
      if (!waiting_) ++services.counters.pipe_full_waits;
      waiting_ = true;
      return;
    }
    waiting_ = false;
    under_way_ = true;
    services.to_device(Fetch{++fetch_id_});
  }
  // The device answered. Errors: out_of_order (not what was asked).
  Result<void> answered(std::uint32_t fetch_id, bool has_command) {
    if (!under_way_ || fetch_id != fetch_id_)
      return fail(ErrorCode::out_of_order,
                  fmt::format("answer to fetch {}, last asked is {}", fetch_id, fetch_id_));
    under_way_ = false;
    wanted_ = has_command;
    return {};
  }
  // The ring has work, but a client's pipe is full.
  bool waiting() const { return waiting_; }

 private:
  bool wanted_ = false, under_way_ = false, waiting_ = false;
  std::uint32_t fetch_id_ = 0;
};

}  // namespace spicebench::server
