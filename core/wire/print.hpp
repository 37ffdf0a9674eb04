// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/wire/message.hpp"

namespace spicebench::wire {

// One line: "surface_id: 0, box: {top: 10, left: 20, …}, clip: {type: none}". Values of
// enumerations and flags by name, runs of bytes by their size and first `most_bytes`.
std::string to_text(const Layout& layout, const void* object, const Context& context = {},
                    std::size_t most_bytes = 16);
inline std::string to_text(const AnyMessage& message, const Context& context = {},
                           std::size_t most_bytes = 16) {
  return to_text(*message.info().layout, message.object(), context, most_bytes);
}

// An object whose members stand in wire order. Numbers are numbers, or names where the field has
// some; text is a string (bytes above 0x7e as \xNN); bytes are {"size": n, "hex": "…"} with at most
// `most_bytes` of them; an absent value is null; a choice is an object, null if nothing is there.
nlohmann::ordered_json to_json(const Layout& layout, const void* object,
                               const Context& context = {}, std::size_t most_bytes = 64);
nlohmann::ordered_json to_json(const AnyMessage& message, const Context& context = {},
                               std::size_t most_bytes = 64);

}  // namespace spicebench::wire
