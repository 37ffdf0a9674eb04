// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/wire/framer.hpp"

namespace spicebench::wire {

// Behind a gl_scanout_unix stands a byte that carries its file descriptor (protocol.md §4.3.1);
// behind one without a scanout, too, if the sender is spice-server. Watches one direction.
class DescriptorByte {
 public:
  enum class Verdict : std::uint8_t {
    none,   // a message comes next
    wait,   // more bytes are needed to tell
    there,  // the next byte is it
    wrong,  // it should be
  };
  // After any message.
  void sent(ChannelType channel, Side by, const Unit& message);
  // What the next bytes are; `serial`: of the last message. none and there settle it.
  Verdict next(BytesView bytes, bool mini_header, std::uint64_t serial);

 private:
  enum class Due : std::uint8_t { no, yes, perhaps } due_ = Due::no;
};

}  // namespace spicebench::wire
