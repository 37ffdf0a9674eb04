// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "core/wire/inner.hpp"
#include "core/wire/opaque.hpp"
#include "recorder/store/schema.hpp"

namespace spicebench::recorder {

nlohmann::json error_entry(MessageId message, std::uint64_t offset, std::string field,
                           std::string text);

// Messages of one protocol, a channel's or the one inside it: how many of each type, what of them
// is understood, and whether it is written again as it was read.
class MessageCounts {
 public:
  // Everything of it is understood but the opaque fields, which are not counted if something else
  // reads them. Null `info`: a type that is not known. Errors are appended as error_entry.
  void add(MessageId id, Side by, std::uint32_t type, const wire::MessageInfo* info,
           const SharedBytes& body, const wire::Context& context, bool opaque_is_read,
           nlohmann::json& errors);
  // {"messages", "opaque", "undecoded_bytes", "reencoded_identical", "reencoded_different"}
  nlohmann::json to_json() const;

 private:
  struct Type {
    const wire::MessageInfo* info = nullptr;
    std::uint64_t messages = 0;
    std::unique_ptr<wire::OpaqueCount> opaque;  // null: not described
  };
  std::map<std::pair<Side, std::uint32_t>, Type> types_;
  std::uint64_t undecoded_ = 0, identical_ = 0, different_ = 0;
  Bytes scratch_;
};

// Both protocols of a connection.
class ConnectionCounts {
 public:
  // `inner` is what InnerMessages makes of the message: whether it took it, and what that
  // completes.
  void add(const ConnectionRow& connection, const MessageRow& row, const Result<bool>& taken,
           const std::vector<wire::InnerMessage>& inner);
  // The keys of MessageCounts, and "inner": those again with "protocol" (null: the channel carries
  // nothing inside).
  nlohmann::json to_json(const ConnectionRow& connection) const;
  nlohmann::json errors = nlohmann::json::array();

 private:
  MessageCounts outer_, inner_;
};

}  // namespace spicebench::recorder
