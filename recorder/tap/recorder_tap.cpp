// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/tap/recorder_tap.hpp"

#include <cassert>
#include <deque>
#include <variant>
#include <vector>

#include "core/wire/message_value.hpp"
#include "recorder/tap/connection_recorder.hpp"

namespace spicebench::recorder {

namespace {

// A value link: its messages are encoded here and nowhere else.
class ValueRecorder {
 public:
  ValueRecorder(Writer& writer, ConnectionRow row) : writer_(writer), row_(std::move(row)) {
    row_.channel = wire::channel_named(row_.address).value_or(wire::ChannelType::common);
    row_.id = writer_.put_connection(row_);
  }
  void handed(Side by, const wire::AnyMessage& message, Instant now, Instant arrives) {
    body_.clear();
    wire::encode(*message.info().layout, message.object(), body_);
    DirectionRow& from = row_.side(by);
    from.bytes += body_.size();
    Direction& direction = directions_[static_cast<std::size_t>(by)];
    const MessageId id = writer_.add_message({.sent = now,
                                              .arrived = arrives,
                                              .connection = row_.id,
                                              .by = by,
                                              .serial = ++direction.serial,
                                              .type = message.info().key.id},
                                             body_);
    direction.flying.push_back(id);
  }
  // The next message that `by` handed over reached the other side: which one.
  MessageId arrived(Side by) {
    auto& flying = directions_[static_cast<std::size_t>(by)].flying;
    assert(!flying.empty());
    const MessageId id = flying.front();
    flying.pop_front();
    return id;
  }
  void ended(Side by, Ending ending, Instant now) {
    row_.side(by).ending = ending;
    row_.side(by).ended = now;
    writer_.put_connection(row_);
  }
  void finish(Instant) { writer_.put_connection(row_); }
  ConnectionId id() const { return row_.id; }
  const ConnectionRow& row() const { return row_; }

 private:
  struct Direction {
    std::uint64_t serial = 0;
    std::deque<MessageId> flying;
  };
  Writer& writer_;
  ConnectionRow row_;
  Direction directions_[2];
  Bytes body_;
};

}  // namespace

struct RecorderTap::State {
  using Link = std::variant<ConnectionRecorder, ValueRecorder>;
  Writer& writer;
  std::deque<Link> links;  // by link number

  ConnectionRecorder& stream(LinkNumber number) {
    return std::get<ConnectionRecorder>(links[number]);
  }
  ValueRecorder& values(LinkNumber number) { return std::get<ValueRecorder>(links[number]); }
};

RecorderTap::RecorderTap(Writer& writer) : state_(std::make_unique<State>(State{writer, {}})) {}
RecorderTap::~RecorderTap() = default;

void RecorderTap::opened(const LinkDescription& link, Instant now) {
  assert(link.number == state_->links.size());  // links are numbered in order of opening
  ConnectionRow row;
  row.link = link.number;
  row.kind = link.kind;
  row.address = link.address;
  row.opened = now;
  row.client.peer = link.client;
  row.client.link = link.client_link;
  row.server.peer = link.server;
  row.server.link = link.server_link;
  if (link.kind == LinkKind::stream)
    state_->links.emplace_back(std::in_place_type<ConnectionRecorder>, state_->writer,
                               std::move(row), ConnectionRecorder::Arrival::reported);
  else
    state_->links.emplace_back(std::in_place_type<ValueRecorder>, state_->writer, std::move(row));
}

void RecorderTap::sent(LinkNumber link, Side by, BytesView bytes, Instant now) {
  state_->stream(link).sent(by, bytes, now);
}

void RecorderTap::handed(LinkNumber link, Side by, const Value& value, Instant now,
                         Instant arrives) {
  state_->values(link).handed(by, wire::message_in(value), now, arrives);
}

void RecorderTap::ended(LinkNumber link, Side by, Ending ending, Instant now) {
  std::visit(
      [&](auto& recorder) {
        const auto& before = recorder.row().side(other(by)).ending;
        const bool news = ending != Ending::end && before != ending;  // a reset ends both sides
        recorder.ended(by, ending, now);
        if (news)
          state_->writer.add_fault(
              {now, recorder.id(), by, ending == Ending::reset ? "reset" : "refused"});
      },
      state_->links[link]);
}

void RecorderTap::delivered(PeerNumber peer, LinkNumber link, const Input& input, Instant now) {
  InputRow row{.at = now, .peer = peer};
  if (const auto* fired = std::get_if<Fired>(&input)) {
    row.kind = InputKind::fired;
    row.value = fired->timer;
    return state_->writer.add_input(row);
  }
  if (link == absent_link) {  // nobody listened: the link never was
    row.kind = InputKind::refused;
    row.value = std::get<Closed>(input).link;
    return state_->writer.add_input(row);
  }
  const ConnectionRow& connection =
      std::visit([](const auto& recorder) -> const ConnectionRow& { return recorder.row(); },
                 state_->links[link]);
  row.connection = connection.id;
  const auto at_link = [&](LinkId id) {
    const bool connected = connection.client.peer == peer && connection.client.link == id;
    row.side = connected ? Side::client : Side::server;
  };
  if (const auto* received = std::get_if<Received>(&input)) {
    at_link(received->link);
    row.kind = InputKind::received;
    row.value = received->bytes.size();
    state_->stream(link).arrived(other(row.side), received->bytes.size(), now);
  } else if (const auto* handed_over = std::get_if<Handed>(&input)) {
    at_link(handed_over->link);
    row.kind = InputKind::handed;
    row.value = state_->values(link).arrived(other(row.side));
  } else if (const auto* writable = std::get_if<Writable>(&input)) {
    at_link(writable->link);
    row.kind = InputKind::writable;
    row.value = writable->bytes;
  } else if (const auto* closed = std::get_if<Closed>(&input)) {
    at_link(closed->link);
    row.kind = InputKind::closed;
    row.value = static_cast<std::uint64_t>(closed->ending);
  } else {
    at_link(std::get<Opened>(input).link);
    row.kind = InputKind::opened;
  }
  state_->writer.add_input(row);
}

void RecorderTap::finish(Instant now) {
  for (auto& link : state_->links) std::visit([&](auto& recorder) { recorder.finish(now); }, link);
}

}  // namespace spicebench::recorder
