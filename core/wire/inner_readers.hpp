// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/inner.hpp"

namespace spicebench::wire {

// What inner_reader chooses from.
std::unique_ptr<InnerReader> agent_reader();
std::unique_ptr<InnerReader> webdav_reader();
std::unique_ptr<InnerReader> usb_reader();

}  // namespace spicebench::wire
