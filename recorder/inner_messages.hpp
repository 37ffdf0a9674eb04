// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>
#include <memory>
#include <vector>

#include "core/wire/inner.hpp"
#include "recorder/store/schema.hpp"

namespace spicebench::recorder {

// What the messages of a recording carry inside, for all of its connections. A connection that a
// seamless migration led to goes on where the one before it stopped: capabilities and a message
// half sent go with it.
class InnerMessages {
 public:
  // The next message of the recording; all must pass in their order. As wire::InnerReader::read.
  Result<bool> read(const ConnectionRow& connection, const MessageRow& row,
                    std::vector<wire::InnerMessage>& out);
  wire::InnerReader::Unfinished unfinished(ConnectionId connection, Side by) const;

 private:
  struct Of {  // a connection
    wire::ChannelType channel{};
    std::uint8_t channel_id = 0;
    std::unique_ptr<wire::InnerReader> reader;  // null: nothing inside
    bool begun = false;                         // on its own, or where another stopped
  };
  Of& of(const ConnectionRow& connection);
  void go_on(ConnectionId connection, Of& of);

  std::map<ConnectionId, Of> connections_;
};

}  // namespace spicebench::recorder
