// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/replay/output_check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "replayer/replay/compare.hpp"
#include "replayer/replay/recorded_direction.hpp"

namespace spicebench::replayer {

using recorder::ConnectionRow;
using Found = Result<std::optional<Divergence>>;

// One of our links: what the recording still holds of it, and whether we may still send.
class OutputCheck::Direction : public RecordedDirection {
 public:
  using RecordedDirection::RecordedDirection;
  bool ended = false;
};

OutputCheck::OutputCheck(const recorder::Reader& recording, PeerNumber peer)
    : recording_(recording), peer_(peer), labels_(labels_of(recording)) {}
OutputCheck::~OutputCheck() = default;

std::optional<Divergence> OutputCheck::odd(Instant now, std::string name, std::string expected,
                                           std::string found) const {
  Divergence divergence;
  divergence.at = now;
  divergence.name = std::move(name);
  divergence.expected = std::move(expected);
  divergence.found = std::move(found);
  return divergence;
}

OutputCheck::Direction* OutputCheck::direction_of(LinkId link) {
  const auto found = directions_.find(link);
  return found == directions_.end() ? nullptr : found->second.get();
}

std::optional<Divergence> OutputCheck::overdue_timer(Instant now) const {
  for (const auto& [timer, due] : timers_)
    if (due < now)
      return odd(due, fmt::format("timer {}", timer), "not armed", "armed for this time");
  return std::nullopt;
}

Found OutputCheck::overdue(Instant now) {
  std::optional<Divergence> first;
  const auto keep_first = [&first](std::optional<Divergence> divergence) {
    if (divergence && (!first || divergence->at < first->at)) first = std::move(divergence);
  };
  keep_first(overdue_timer(now));  // first: what a timer leads to happens at the same time
  for (auto& [link, direction] : directions_) {
    keep_first(TRY(direction->overdue(now)));
    const auto& side = direction->connection().side(direction->by());
    if (!direction->ended && side.ending == Ending::end && side.ended && *side.ended < now) {
      auto divergence = odd(*side.ended, "the end of the stream", "now", "not yet");
      divergence->connection = labels_.at(direction->connection().id);
      divergence->by = direction->by();
      keep_first(std::move(divergence));
    }
  }
  const auto& connections = recording_.connections();
  for (std::size_t i = next_connection_; i < connections.size(); ++i)
    if (connections[i].client.peer == peer_) {
      if (connections[i].opened < now)
        keep_first(odd(connections[i].opened, "connect", connections[i].address, "nothing"));
      break;
    }
  return first;
}

Found OutputCheck::before(const Input& input, const ConnectionRow* connection, Instant now) {
  if (auto divergence = TRY(overdue(now))) return divergence;
  if (const auto* fired = std::get_if<Fired>(&input)) {
    const auto armed = timers_.find(fired->timer);
    if (armed == timers_.end() || armed->second != now)
      return odd(now, fmt::format("timer {}", fired->timer), "armed for this time",
                 armed == timers_.end() ? "not armed" : "armed for " + seconds_text(armed->second));
    timers_.erase(armed);
    return std::nullopt;
  }
  if (!connection) return std::nullopt;
  const Side side = connection->client.peer == peer_ ? Side::client : Side::server;
  const LinkId link = connection->side(side).link;
  if (std::holds_alternative<Opened>(input)) {
    if (!directions_.contains(link))
      directions_.emplace(link, std::make_unique<Direction>(recording_, *connection, side,
                                                            labels_.at(connection->id)));
  } else if (Direction* direction = direction_of(link)) {
    if (const auto* received = std::get_if<Received>(&input))
      CHECKED(direction->heard(received->bytes));
    else if (const auto* writable = std::get_if<Writable>(&input))
      direction->grant(writable->bytes);
    else if (const auto* closed = std::get_if<Closed>(&input);
             closed && closed->ending != Ending::end)
      direction->ended = true;
  }
  return std::nullopt;
}

std::optional<Divergence> OutputCheck::connected(const Connect& connect, Instant now) {
  const auto& connections = recording_.connections();
  while (next_connection_ < connections.size() &&
         connections[next_connection_].client.peer != peer_)
    ++next_connection_;
  if (next_connection_ == connections.size()) return odd(now, "connect", "nothing", connect.to);
  const ConnectionRow& expected = connections[next_connection_++];
  if (expected.address != connect.to || expected.client.link != connect.link)
    return odd(now, "connect", fmt::format("{} as link {}", expected.address, expected.client.link),
               fmt::format("{} as link {}", connect.to, connect.link));
  if (expected.opened != now)
    return odd(now, "connect", seconds_text(expected.opened), seconds_text(now));
  directions_.insert_or_assign(
      connect.link,
      std::make_unique<Direction>(recording_, expected, Side::client, labels_.at(expected.id)));
  return std::nullopt;
}

Found OutputCheck::perform(const Output& output, Instant now) {
  if (const auto* arm = std::get_if<Arm>(&output)) {
    timers_[arm->timer] = std::max(arm->due, now);
    return std::nullopt;
  }
  if (const auto* disarm = std::get_if<Disarm>(&output)) {
    timers_.erase(disarm->timer);
    return std::nullopt;
  }
  // What is taken shows in what the other end may send: an input of its own.
  if (std::holds_alternative<Taken>(output)) return std::nullopt;
  if (const auto* connect = std::get_if<Connect>(&output)) return connected(*connect, now);

  const LinkId link = std::visit(
      [](const auto& request) -> LinkId {
        if constexpr (requires { request.link; }) return request.link;
        return 0;
      },
      output);
  Direction* direction = direction_of(link);
  if (!direction) return std::nullopt;  // closed or reset in the meantime, as with a socket
  RecordedDirection::Verdict verdict;
  if (const auto* send = std::get_if<Send>(&output)) {
    if (direction->ended) return std::nullopt;
    verdict = TRY(direction->sent(send->bytes, now));
  } else if (const auto* hand = std::get_if<Hand>(&output)) {
    verdict = TRY(direction->handed(*hand->value, now));
  } else if (!direction->ended) {
    direction->ended = true;
    const auto& side = direction->connection().side(direction->by());
    if (side.ending != Ending::end || side.ended != now) {
      auto divergence = odd(now, "the end of the stream",
                            side.ending == Ending::end && side.ended ? seconds_text(*side.ended)
                                                                     : std::string("none"),
                            seconds_text(now));
      divergence->connection = labels_.at(direction->connection().id);
      divergence->by = direction->by();
      return divergence;
    }
  }
  messages_ += verdict.messages;
  if (verdict.divergence) return std::move(verdict.divergence);
  if (verdict.last_message > 0) {
    // Ids are in the order of the tap: what was sent first over all links has the lower one.
    if (verdict.last_message < last_message_) {
      auto divergence = odd(now, "order", fmt::format("before message {}", last_message_),
                            "after it, on another link");
      divergence->connection = labels_.at(direction->connection().id);
      divergence->by = direction->by();
      divergence->message = verdict.last_message;
      return divergence;
    }
    last_message_ = verdict.last_message;
  }
  if (std::holds_alternative<Close>(output) && direction->ended) {
    if (auto rest = TRY(direction->missing())) return rest;
    directions_.erase(link);
  }
  return std::nullopt;
}

Found OutputCheck::after(const Outputs& outputs, Instant now) {
  for (const Output& output : outputs)
    if (auto divergence = TRY(perform(output, now))) return divergence;
  return std::nullopt;
}

Found OutputCheck::at_end() {
  if (auto divergence = TRY(overdue(recording_.end()))) return divergence;
  for (auto& [link, direction] : directions_)
    if (auto divergence = TRY(direction->missing())) return divergence;
  return std::nullopt;
}

}  // namespace spicebench::replayer
