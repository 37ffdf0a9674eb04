// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/spicevmc.hpp"

// The webdav channel (protocol.md §6.4): a port with a fixed name, whose data are frames of several
// HTTP connections side by side, taken apart by inner.hpp.
namespace spicebench::wire::webdav {

using DataToClient = spicevmc::Data<ChannelType::webdav, Side::server>;
using DataToServer = spicevmc::Data<ChannelType::webdav, Side::client>;
using CompressedDataToClient = spicevmc::CompressedData<ChannelType::webdav, Side::server>;
using CompressedDataToServer = spicevmc::CompressedData<ChannelType::webdav, Side::client>;
using PortInit = spicevmc::PortInit<ChannelType::webdav>;
using PortEventToClient = spicevmc::PortEvent<ChannelType::webdav, Side::server>;
using PortEventToServer = spicevmc::PortEvent<ChannelType::webdav, Side::client>;

// What the data carry: server to client means from the guest.
template <Side sender>
struct Frame {
  static constexpr MessageKey message{ChannelType::webdav_mux, sender, 1};
  std::int64_t client = 0;  // chosen by the guest for each HTTP connection; at most 256 at a time
  SharedBytes data;         // u16 size; empty: this connection is closed
  bool operator==(const Frame&) const = default;
};

}  // namespace spicebench::wire::webdav
