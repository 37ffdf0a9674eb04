// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/audio.hpp"

// The record channel (protocol.md §4.7): sound for the guest.
namespace spicebench::wire::record {

// Server to client
struct Start {
  static constexpr MessageKey message{ChannelType::record, Side::server, 101};
  std::uint32_t channels = 2;
  std::uint16_t format = audio::format_s16;
  std::uint32_t frequency = 48000;
  bool operator==(const Start&) const = default;
};
struct Stop {
  static constexpr MessageKey message{ChannelType::record, Side::server, 102};
  bool operator==(const Stop&) const = default;
};
using Volume = audio::Volume<ChannelType::record, 103>;
using Mute = audio::Mute<ChannelType::record, 104>;

// Client to server
using Data = audio::Data<ChannelType::record, Side::client>;
using ModeChanged = audio::ModeChanged<ChannelType::record, Side::client>;
struct StartMark {
  static constexpr MessageKey message{ChannelType::record, Side::client, 103};
  std::uint32_t time = 0;  // multimedia time of the first sample
  bool operator==(const StartMark&) const = default;
};

}  // namespace spicebench::wire::record
