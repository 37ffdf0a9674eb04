// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/spicevmc.hpp"

// The usbredir channel (protocol.md §6.1): its data are packets of the USB redirection protocol,
// described in usb_packets.hpp and taken apart by inner.hpp.
namespace spicebench::wire::usbredir {

using DataToClient = spicevmc::Data<ChannelType::usbredir, Side::server>;
using DataToServer = spicevmc::Data<ChannelType::usbredir, Side::client>;
using CompressedDataToClient = spicevmc::CompressedData<ChannelType::usbredir, Side::server>;
using CompressedDataToServer = spicevmc::CompressedData<ChannelType::usbredir, Side::client>;

}  // namespace spicebench::wire::usbredir
