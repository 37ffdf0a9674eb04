// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"

namespace spicebench {

// The one seam of the product. Server, client, device, user script, recorded trace and real socket
// are peers; they meet only on links. Simulation, proxy and replay differ only in what is plugged
// in.

// A link as one of its two peers knows it. A peer that connects chooses numbers below
// first_accepted; links that it accepts come with numbers from first_accepted up.
using LinkId = std::uint32_t;
constexpr LinkId first_accepted = 0x8000'0000;
using TimerId = std::uint32_t;
using Address = std::string;  // what a peer can be reached at: "server", "device", "tcp:host:5900"

enum class Ending : std::uint8_t { end, reset, refused };

// What travels on a value link (device link, user link): handed over in process, whole and in
// order. The world does not look inside.
struct Value {
  virtual ~Value() = default;
};
using ValuePtr = std::shared_ptr<const Value>;

// Inputs
struct Opened {
  LinkId link;
  Address address;
};  // accepted: the address that was connected to
struct Received {
  LinkId link;
  Bytes bytes;
};  // any split of the stream, as a socket gives it
struct Handed {
  LinkId link;
  ValuePtr value;
};  // value links only
struct Writable {
  LinkId link;
  std::size_t bytes;
};  // so many more bytes may be sent (credit adds up)
struct Closed {
  LinkId link;
  Ending ending;
};  // end: no more from the other side
struct Fired {
  TimerId timer;
};
using Input = std::variant<Opened, Received, Handed, Writable, Closed, Fired>;

// Outputs
struct Connect {
  LinkId link;
  Address to;
};
struct Send {
  LinkId link;
  Bytes bytes;
};  // at most what was granted
struct Hand {
  LinkId link;
  ValuePtr value;
};  // value links only; needs no credit
struct Shutdown {
  LinkId link;
};  // no more from our side
struct Close {
  LinkId link;
};  // both directions; the link id is then forgotten
struct Arm {
  TimerId timer;
  Instant due;
};  // a later Arm of the same timer replaces it
struct Disarm {
  TimerId timer;
};
// Only from a peer that the world asks when it has taken bytes (Taking::later): these of what it
// received on a stream link are done with, and their sender may send as many more.
struct Taken {
  LinkId link;
  std::size_t bytes;
};
using Output = std::variant<Connect, Send, Hand, Shutdown, Close, Arm, Disarm, Taken>;
using Outputs = std::vector<Output>;

class Peer {
 public:
  virtual ~Peer() = default;
  // Called once, before any input: listeners say nothing, initiators connect and arm.
  virtual Outputs start(Instant now) = 0;
  virtual Outputs handle(const Input& input, Instant now) = 0;
};

}  // namespace spicebench
