// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/agent/file_sender.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spicebench::client {

namespace protocol = wire::agent;
using wire::AnyMessage;

void FileSender::start(std::uint32_t id, const std::string& name, SharedBytes data) {
  const std::string key_file =
      fmt::format("[vdagent-file-xfer]\nname={}\nsize={}\n", name, data.size());
  Bytes text(key_file.size() + 1);  // ends in NUL
  std::ranges::copy(as_bytes(key_file), text.begin());
  files_[id] = {.data = std::move(data)};
  send_(AnyMessage::of(protocol::FileXferStart{id, std::move(text)}));
}

bool FileSender::cancel(std::uint32_t id) {
  if (!files_.contains(id)) return false;
  send_(AnyMessage::of(
      protocol::FileXferStatus<Side::client>{.id = id, .result = protocol::xfer_cancelled}));
  end(id, protocol::xfer_cancelled);
  return true;
}

void FileSender::end(std::uint32_t id, std::uint32_t result) {
  files_.erase(id);
  ended_(id, result);
}

// Of files that are not under way, and to go on where we do already: passed over.
void FileSender::handle(const protocol::FileXferStatus<Side::server>& message) {
  const auto found = files_.find(message.id);
  if (found == files_.end()) return;
  File& file = found->second;
  if (message.result == protocol::xfer_can_send_data) {
    if (file.state == File::State::waits) file.state = File::State::sending;
    return;
  }
  const bool whole = file.state == File::State::sent_all;
  const bool early = message.result == protocol::xfer_success && !whole;
  end(message.id, early ? std::uint32_t{protocol::xfer_error} : message.result);
}

bool FileSender::send_piece() {
  const auto sending = [](const auto& entry) { return entry.second.state == File::State::sending; };
  auto next = std::find_if(files_.upper_bound(last_), files_.end(), sending);
  if (next == files_.end()) next = std::ranges::find_if(files_, sending);
  if (next == files_.end()) return false;
  auto& [id, file] = *next;
  const std::size_t size = std::min(piece_bytes, file.data.size() - file.sent);
  const SharedBytes piece = file.data.slice(file.sent, size);
  file.sent += size;
  if (file.sent == file.data.size()) file.state = File::State::sent_all;
  last_ = id;
  send_(AnyMessage::of(protocol::FileXferData{id, piece}));
  return true;
}

void FileSender::fail_all(protocol::FileXferResult result) {
  while (!files_.empty()) end(files_.begin()->first, result);
}

}  // namespace spicebench::client
