// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/hash.hpp"
#include "core/world/tap.hpp"

namespace spicebench::replayer {

// One hash over all that happens in a world of ours, with its times: equal for two runs that are
// the same. Costs a fraction of a recording.
class RollingHash final : public Tap {
 public:
  void opened(const LinkDescription& link, Instant now) override;
  void sent(LinkNumber link, Side by, BytesView bytes, Instant now) override;
  void handed(LinkNumber link, Side by, const Value& value, Instant now, Instant arrives) override;
  void ended(LinkNumber link, Side by, Ending ending, Instant now) override;
  void delivered(PeerNumber peer, LinkNumber link, const Input& input, Instant now) override;

  Hash128 value() const { return hasher_.value(); }

 private:
  void add(std::uint64_t what, LinkNumber link, std::uint64_t which, Instant now);

  Hasher hasher_;
  Bytes encoded_;  // of the last handed message, kept for its memory
};

}  // namespace spicebench::replayer
