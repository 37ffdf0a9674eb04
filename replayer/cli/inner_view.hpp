// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/wire/inner.hpp"
#include "recorder/store/reader.hpp"

namespace spicebench::cli {

// What one message holds of its channel's inner protocol.
struct InnerView {
  std::vector<wire::InnerMessage>
      messages;                          // those that it completes; if it completes none but has
                                         // a piece of one, that one as soon as it is complete
  recorder::MessageId completed_by = 0;  // the message that completes the last; 0: none does
  wire::InnerReader::Unfinished unfinished;  // what is never completed
  std::optional<Error> error;                // of the inner framing
};
// Reads the recording from its beginning. Empty: the message has nothing inside.
Result<std::optional<InnerView>> inner_view(const recorder::Reader& recording,
                                            const recorder::ConnectionRow& connection,
                                            const recorder::MessageRow& row);

// "clipboard", or "type_123".
std::string name_of(const wire::InnerMessage& message);
// "clipboard{type: utf8_text, data: …}"
std::string text_of(const wire::InnerMessage& message);
// {"protocol", "name", "type", "header", "fields" or "error"}; header only if there is one.
nlohmann::ordered_json json_of(const wire::InnerMessage& message, wire::ChannelType protocol);

}  // namespace spicebench::cli
