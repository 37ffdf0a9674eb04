// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/fuzz/targets.hpp"

#include <algorithm>

namespace spicebench::fuzz {

std::span<const Target> targets() {
  static constexpr Target all[] = {
      {"framer", framer},
      {"message_main", message_main},
      {"message_display", message_display},
      {"message_inputs", message_inputs},
      {"message_cursor", message_cursor},
      {"message_playback", message_playback},
      {"message_record", message_record},
      {"message_smartcard", message_smartcard},
      {"message_usbredir", message_usbredir},
      {"message_port", message_port},
      {"message_webdav", message_webdav},
      {"message_inner", message_inner},
      {"quic", quic},
      {"lz", lz},
      {"lz4", lz4},
      {"jpeg", jpeg},
      {"jpeg_alpha", jpeg_alpha},
      {"bitmap", bitmap},
      {"glz", glz},
      {"video", video},
      {"canvas", canvas},
      {"device", device},
  };
  return all;
}

std::uint64_t Input::number(std::size_t bytes) {
  const BytesView there = take(bytes);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < there.size(); ++i)
    value |= std::to_integer<std::uint64_t>(there[i]) << (8 * i);
  return value;
}

BytesView Input::take(std::size_t bytes) {
  const BytesView taken = rest_.first(std::min(bytes, rest_.size()));
  rest_ = rest_.subspan(taken.size());
  return taken;
}

}  // namespace spicebench::fuzz
