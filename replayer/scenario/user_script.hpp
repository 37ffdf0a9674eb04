// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <vector>

#include "core/base/random.hpp"
#include "core/world/peer.hpp"
#include "replayer/scenario/user_options.hpp"

namespace spicebench::replayer {

// A user who follows a script: connects to "user" and does each step when its time has come,
// whatever the screen shows.
class UserScript final : public Peer {
 public:
  UserScript(const UserOptions& options, Random random);

  Outputs start(Instant now) override;
  Outputs handle(const Input& input, Instant now) override;

 private:
  struct Event {
    Instant at;
    ValuePtr message;  // wire::user
  };
  static constexpr LinkId link = 0;
  static constexpr TimerId next_event = 0;

  void add(const UserStep& step);
  Outputs proceed(Instant now);

  std::vector<Event> events_;  // by time
  std::size_t done_ = 0;
  std::uint32_t x_ = 0, y_ = 0;  // where the script last moved to
};

}  // namespace spicebench::replayer
