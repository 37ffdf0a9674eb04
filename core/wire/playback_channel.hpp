// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/audio.hpp"

// The playback channel (protocol.md §4.6): sound of the guest. The client sends common messages
// only.
namespace spicebench::wire::playback {

using Data = audio::Data<ChannelType::playback, Side::server>;
using ModeChanged = audio::ModeChanged<ChannelType::playback, Side::server>;
struct Start {
  static constexpr MessageKey message{ChannelType::playback, Side::server, 103};
  std::uint32_t channels = 2;
  std::uint16_t format = audio::format_s16;
  std::uint32_t frequency = 48000, time = 0;
  bool operator==(const Start&) const = default;
};
struct Stop {
  static constexpr MessageKey message{ChannelType::playback, Side::server, 104};
  bool operator==(const Stop&) const = default;
};
using Volume = audio::Volume<ChannelType::playback, 105>;
using Mute = audio::Mute<ChannelType::playback, 106>;
// The least buffering that the server asks for.
struct Latency {
  static constexpr MessageKey message{ChannelType::playback, Side::server, 107};
  std::uint32_t latency_ms = 0;
  bool operator==(const Latency&) const = default;
};

}  // namespace spicebench::wire::playback
