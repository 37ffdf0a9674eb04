// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "core/base/result.hpp"
#include "core/wire/message.hpp"
#include "recorder/store/reader.hpp"

namespace spicebench::replayer {

// How often there is what a server could say; every name is there from the start, with zero.
class Occurrences {
 public:
  using Counts = std::map<std::string, std::uint64_t>;

  Occurrences();

  // Adds all that servers said in a recording. Errors: those of reading. Bodies that do not decode
  // count as messages.
  Result<void> add(const recorder::Reader& recording);

  // Of the channels of the protocol: "display.draw_copy"; what all channels have: "common.ping".
  Counts messages;
  // Of images and of frames of streams: "lz_rgb", "vp8".
  Counts codecs;
  // "CACHE.OUTCOME": pixmap, palette and cursor; hit (named instead of sent), miss (sent and to be
  // kept), evict (told to drop one), inval (told to drop all).
  Counts caches;

 private:
  void add_message(const recorder::ConnectionRow& connection, std::uint16_t type,
                   const SharedBytes& body);
  void look_into(const wire::AnyMessage& message);

  std::map<std::pair<recorder::ConnectionId, std::uint32_t>, std::uint8_t> streams_;  // codec
  recorder::ConnectionId connection_ = 0;  // of the message that is being looked into
};

}  // namespace spicebench::replayer
