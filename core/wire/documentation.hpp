// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/wire/layout.hpp"

// The protocol's reference, made from the descriptions that encode and decode.
namespace spicebench::wire {

// A field as a reference writes it: "src_bitmap:*image", "channels:channel_id[num_of_channels]",
// "data:u8[]" (up to the end), "opt:?*u8[n]!" (? may be absent, * by offset, ! offset not 0).
std::string notation(const Layout& layout, const Field& field);
// All fields of a structure, "a:u32; b:u8[a]".
std::string notation(const Layout& layout);

// {"channel", "sender", "id", "name", "capability" (null: none is needed), "fields"}, where a field
// is {"name", "notation", "type"} and, where they apply, "limits" {"low", "high", "enforced"},
// "values" or "bits" by name ("parts" are numbers among the bits), "condition" and the "fields" of
// its structure ("cases" of a choice). "rules" of a message, structure or case are limits between
// its fields: {"says", "enforced"}.
// A structure that lies in itself is named there only.
nlohmann::ordered_json reference_of(const MessageInfo& message);
nlohmann::ordered_json reference_of(const Layout& layout);

}  // namespace spicebench::wire
