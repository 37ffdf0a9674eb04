// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/spicevmc.hpp"

// The port channel (protocol.md §6.4): a named stream of bytes between a program in the guest and
// one at the client.
namespace spicebench::wire::port {

using DataToClient = spicevmc::Data<ChannelType::port, Side::server>;
using DataToServer = spicevmc::Data<ChannelType::port, Side::client>;
using CompressedDataToClient = spicevmc::CompressedData<ChannelType::port, Side::server>;
using CompressedDataToServer = spicevmc::CompressedData<ChannelType::port, Side::client>;
using PortInit = spicevmc::PortInit<ChannelType::port>;
using PortEventToClient = spicevmc::PortEvent<ChannelType::port, Side::server>;
using PortEventToServer = spicevmc::PortEvent<ChannelType::port, Side::client>;

}  // namespace spicebench::wire::port
