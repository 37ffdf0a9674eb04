// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/replay/recorded_inputs.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "core/wire/device_link.hpp"
#include "core/wire/message_value.hpp"

namespace spicebench::replayer {

using recorder::ConnectionRow;
using recorder::InputKind;
using recorder::InputRow;

Result<PeerNumber> recorded_peer(const recorder::Reader& recording, std::string_view name) {
  for (const auto& peer : recording.peers())
    if (peer.name == name) return peer.number;
  return fail(ErrorCode::unsupported,
              fmt::format("{}: has no {} of ours to replay against: it is no recording of a run",
                          recording.path().string(), name));
}

namespace {

constexpr std::uint64_t largest_surface = std::uint64_t{256} << 20;  // bytes

// A device's surface, with memory of its own instead of the guest's.
Result<void> give_memory(wire::device::SurfaceCreate& create) {
  const std::uint64_t bytes = static_cast<std::uint64_t>(std::llabs(create.stride)) * create.height;
  if (bytes > largest_surface)
    return fail(ErrorCode::out_of_range,
                fmt::format("a surface of {} bytes, at most {}", bytes, largest_surface));
  auto memory = std::make_shared<Bytes>(static_cast<std::size_t>(bytes));
  create.memory = {memory, *memory};
  return {};
}
Result<wire::AnyMessage> with_memory(const wire::AnyMessage& message) {
  if (const auto* create = message.as<wire::device::SurfaceCreate>()) {
    auto complete = *create;
    CHECKED(give_memory(complete));
    return wire::AnyMessage::of(std::move(complete));
  }
  if (const auto* command = message.as<wire::device::SurfaceCommand>()) {
    auto complete = *command;
    CHECKED(give_memory(complete.surface));
    return wire::AnyMessage::of(std::move(complete));
  }
  return message;
}

Result<ValuePtr> value_of_row(const recorder::MessageRow& row, const ConnectionRow& connection) {
  const auto at = [&](Error error) {
    error.path = fmt::format("message {}{}{}", row.id, error.path.empty() ? "" : ": ", error.path);
    return std::unexpected(std::move(error));
  };
  const auto* info = wire::find_message(connection.channel, row.by, row.type);
  if (!info || !info->layout)
    return at({ErrorCode::malformed, 0, "type", fmt::format("{} is not known here", row.type)});
  auto decoded = wire::decode_any(*info, row.body);
  if (!decoded) return at(std::move(decoded.error()));
  auto message = with_memory(decoded->message);
  if (!message) return at(std::move(message.error()));
  return std::make_shared<const wire::MessageValue>(*std::move(message));
}

}  // namespace

RecordedInputs::RecordedInputs(const recorder::Reader& recording, PeerNumber peer)
    : recording_(recording), peer_(peer), rows_(recording.inputs()) {}

Result<Input> RecordedInputs::input_of(const InputRow& row, const ConnectionRow& connection) {
  const LinkId link = connection.side(row.side).link;
  switch (row.kind) {
    case InputKind::opened:
      return Opened{link, connection.address};
    case InputKind::writable:
      return Writable{link, static_cast<std::size_t>(row.value)};
    case InputKind::closed:
      if (row.value > static_cast<std::uint64_t>(Ending::refused)) break;
      return Closed{link, static_cast<Ending>(row.value)};
    case InputKind::received: {
      auto stream = streams_.find(connection.id);
      if (stream == streams_.end())
        stream = streams_.emplace(connection.id, recording_.stream(connection.id, other(row.side)))
                     .first;
      return Received{link, TRY(stream->second.take(static_cast<std::size_t>(row.value)))};
    }
    case InputKind::handed: {
      const auto message = TRY(recording_.message(row.value));
      return Handed{link, TRY(value_of_row(message, connection))};
    }
    case InputKind::fired:
    case InputKind::refused:
      break;  // of no connection
  }
  return fail(ErrorCode::malformed,
              fmt::format("{}: an input of kind {} with value {}", recording_.path().string(),
                          static_cast<int>(row.kind), row.value));
}

Result<std::optional<RecordedInputs::Next>> RecordedInputs::next() {
  for (;;) {
    const auto row = TRY(rows_.next());
    if (!row) return std::nullopt;
    if (row->peer != peer_) continue;
    if (row->kind == InputKind::fired)
      return Next{row->at, nullptr, {}, Fired{static_cast<TimerId>(row->value)}};
    if (row->kind == InputKind::refused)
      return Next{row->at, nullptr, {}, Closed{static_cast<LinkId>(row->value), Ending::refused}};
    const ConnectionRow* connection = recording_.connection(row->connection);
    if (!connection)
      return fail(ErrorCode::malformed,
                  fmt::format("{}: an input of connection {}, which is not there",
                              recording_.path().string(), row->connection));
    return Next{row->at, connection, row->side, TRY(input_of(*row, *connection))};
  }
}

}  // namespace spicebench::replayer
