// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/wiring/rolling_hash.hpp"

#include "core/wire/message_value.hpp"

namespace spicebench::replayer {

void RollingHash::add(std::uint64_t what, LinkNumber link, std::uint64_t which, Instant now) {
  hasher_.add(what);
  hasher_.add(std::uint64_t{link});
  hasher_.add(which);
  hasher_.add(static_cast<std::uint64_t>(nanoseconds(now)));
}

void RollingHash::opened(const LinkDescription& link, Instant now) {
  add(1, link.number, link.client, now);
  hasher_.add(as_bytes(link.address));
}

void RollingHash::sent(LinkNumber link, Side by, BytesView bytes, Instant now) {
  add(2, link, static_cast<std::uint64_t>(by), now);
  hasher_.add(bytes);
}

void RollingHash::handed(LinkNumber link, Side by, const Value& value, Instant now, Instant) {
  const wire::AnyMessage& message = wire::message_in(value);
  encoded_.clear();
  wire::encode(*message.info().layout, message.object(), encoded_);
  add(3, link, static_cast<std::uint64_t>(by), now);
  hasher_.add(std::uint64_t{message.info().key.id});
  hasher_.add(encoded_);
}

void RollingHash::ended(LinkNumber link, Side by, Ending ending, Instant now) {
  add(4, link, static_cast<std::uint64_t>(by) << 8 | static_cast<std::uint64_t>(ending), now);
}

void RollingHash::delivered(PeerNumber peer, LinkNumber link, const Input& input, Instant now) {
  add(5, link, std::uint64_t{peer} << 8 | input.index(), now);
  if (const auto* received = std::get_if<Received>(&input))
    hasher_.add(std::uint64_t{received->bytes.size()});
  else if (const auto* writable = std::get_if<Writable>(&input))
    hasher_.add(std::uint64_t{writable->bytes});
  else if (const auto* fired = std::get_if<Fired>(&input))
    hasher_.add(std::uint64_t{fired->timer});
}

}  // namespace spicebench::replayer
