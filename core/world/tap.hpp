// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <string>

#include "core/base/bytes.hpp"
#include "core/base/side.hpp"
#include "core/base/time.hpp"
#include "core/world/peer.hpp"

namespace spicebench {

using PeerNumber = std::uint32_t;  // order of addition to the world, from 0
using LinkNumber = std::uint32_t;  // order of connection in the world, from 0

enum class LinkKind : std::uint8_t { stream, value };

struct LinkDescription {
  LinkNumber number = 0;
  LinkKind kind = LinkKind::stream;
  std::string address;                      // what was connected to
  PeerNumber client = 0, server = 0;        // who connected, who accepted
  LinkId client_link = 0, server_link = 0;  // the numbers under which the two know the link
};

// Everything that listens. A tap changes nothing: no peer can tell whether one is there.
class Tap {
 public:
  virtual ~Tap() = default;
  virtual void opened(const LinkDescription& link, Instant now) = 0;
  // A peer gave these bytes to a stream link; they arrive at the other side later, perhaps in other
  // pieces (see `delivered`).
  virtual void sent(LinkNumber link, Side by, BytesView bytes, Instant now) = 0;
  // A peer handed this value to a value link; it arrives at `arrives`.
  virtual void handed(LinkNumber link, Side by, const Value& value, Instant now,
                      Instant arrives) = 0;
  // One side of a link ended its direction (end), or the link as a whole was reset or refused.
  virtual void ended(LinkNumber link, Side by, Ending ending, Instant now) = 0;
  // The next input of a peer, in the order in which the world handles them, before it is handled.
  // `link` is the world's number of the input's link; absent_link for timers.
  virtual void delivered(PeerNumber peer, LinkNumber link, const Input& input, Instant now) = 0;
};
constexpr LinkNumber absent_link = UINT32_MAX;

}  // namespace spicebench
