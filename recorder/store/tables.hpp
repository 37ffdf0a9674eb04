// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <string_view>

#include "core/base/bytes.hpp"
#include "recorder/store/schema.hpp"

// The tables of a recording. Inside recorder/store only.
namespace spicebench::recorder {

extern const char* const create_tables;        // SQL, run when a recording is made
extern const char* const create_indexes;       // … when it is closed: cheaper than row by row
extern const char* const create_device_event;  // … with the first row, in traced runs only
extern const std::array<std::string_view, 10> table_names;  // that a recording must have

// The hash of a message row, chained to that of the row before it (0 before the first). Arrival is
// not in it: it becomes known later.
std::uint64_t chained_hash(std::uint64_t previous, const MessageRow& row, const Hash128& body);

}  // namespace spicebench::recorder
