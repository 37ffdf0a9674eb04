// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/agent/file_receiver.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace spicebench::qxl {

namespace agent = wire::agent;

namespace {

struct Announced {
  std::string name;
  std::uint64_t size = 0;
};

// The key file of FILE_XFER_START. Nothing: it is none, or has not both keys.
std::optional<Announced> announced_in(std::string_view text) {
  text = text.substr(0, text.find('\0'));
  bool in_group = false, sized = false;
  Announced out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('[')) in_group = line == "[vdagent-file-xfer]";
    if (!in_group) continue;
    if (line.starts_with("name=")) out.name = line.substr(5);
    if (line.starts_with("size=")) {
      const std::string_view digits = line.substr(5);
      const auto [stop, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), out.size);
      sized = error == std::errc() && stop == digits.data() + digits.size();
    }
  }
  if (!sized) return std::nullopt;
  return out;
}

// Whether it names a file in the folder of arrivals, and nothing else.
bool is_plain(const std::string& name) {
  return !name.empty() && name.size() <= FileReceiver::most_name_bytes && name != "." &&
         name != ".." && name.find_first_of("/\\") == std::string::npos;
}

}  // namespace

void FileReceiver::say(std::uint32_t id, agent::FileXferResult result) {
  if (!details_ && result >= agent::xfer_not_enough_space) result = agent::xfer_error;
  agent::FileXferStatus<Side::server> status{.id = id, .result = result};
  if (result == agent::xfer_not_enough_space) status.detail = agent::FileXferSpaceDetail{{free_}};
  if (result == agent::xfer_error) status.detail = agent::FileXferErrorDetail{};
  send_(wire::AnyMessage::of(std::move(status)));
}

void FileReceiver::end(std::uint32_t id, agent::FileXferResult result) {
  running_.erase(id);
  say(id, result);
}

void FileReceiver::handle(const agent::FileXferStart& message) {
  const auto file = announced_in(as_text(message.data));
  if (!file || !is_plain(file->name) || running_.contains(message.id) ||
      running_.size() >= most_running)
    return end(message.id, agent::xfer_error);
  if (file->size > free_) return end(message.id, agent::xfer_not_enough_space);
  std::string name = file->name;
  const auto dot = std::min(file->name.rfind('.'), file->name.size());
  for (int copy = 1; !names_.insert(name).second; ++copy)
    name = fmt::format("{} ({}){}", file->name.substr(0, dot), copy, file->name.substr(dot));
  running_.emplace(message.id, Transfer{std::move(name), file->size, 0, {}});
  say(message.id, agent::xfer_can_send_data);
}

void FileReceiver::handle(const agent::FileXferData& message) {
  const auto found = running_.find(message.id);
  if (found == running_.end()) return say(message.id, agent::xfer_error);
  Transfer& transfer = found->second;
  if (message.data.size() > transfer.size - transfer.taken)
    return end(message.id, agent::xfer_error);
  transfer.hasher.add(message.data);
  transfer.taken += message.data.size();
  if (transfer.taken < transfer.size) return;
  free_ -= transfer.size;
  received_({transfer.name, transfer.taken, transfer.hasher.value()});
  end(message.id, agent::xfer_success);
}

// The client says that it will not send the rest.
void FileReceiver::handle(const agent::FileXferStatus<Side::client>& message) {
  running_.erase(message.id);
}

void FileReceiver::cancel_all() {
  running_.clear();
}

}  // namespace spicebench::qxl
