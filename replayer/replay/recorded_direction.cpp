// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/replay/recorded_direction.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/message_value.hpp"
#include "replayer/replay/compare.hpp"

namespace spicebench::replayer {

using recorder::MessageRow;
using recorder::StreamBytesRow;

RecordedDirection::RecordedDirection(const recorder::Reader& recording,
                                     const recorder::ConnectionRow& connection, Side by,
                                     std::string label)
    : connection_(connection),
      by_(by),
      label_(std::move(label)),
      messages_(recording.messages({.connection = connection.id, .by = by})) {
  auto pieces = recording.stream_bytes(connection.id);
  if (!pieces)
    unreadable_ = std::move(pieces.error());
  else
    for (StreamBytesRow& piece : *pieces)
      if (piece.by == by) pieces_.push_back(std::move(piece));
  std::ranges::stable_sort(pieces_, {}, &StreamBytesRow::offset);
}

Divergence RecordedDirection::here(Instant at, const MessageRow* row) const {
  Divergence divergence;
  divergence.at = at;
  divergence.connection = label_;
  divergence.by = by_;
  if (row) {
    divergence.message = row->id;
    divergence.number = number_ + 1;
    divergence.name = message_name(connection_.channel, by_, row->type);
  }
  return divergence;
}

Result<void> RecordedDirection::look_ahead() {
  if (unreadable_) return std::unexpected(*unreadable_);
  if (looked_ahead_) return {};
  next_message_ = TRY(messages_.next());
  looked_ahead_ = true;
  return {};
}

Result<std::optional<Divergence>> RecordedDirection::check_message(const MessageRow& found,
                                                                   Instant now, Verdict& verdict) {
  CHECKED(look_ahead());
  if (!next_message_) {
    Divergence divergence = here(now);
    divergence.number = number_ + 1;
    divergence.name = message_name(connection_.channel, by_, found.type);
    divergence.expected = "nothing more";
    divergence.found = "this message";
    return divergence;
  }
  const bool headers = connection_.kind == LinkKind::stream;
  if (auto difference = compare(connection_, *next_message_, found, headers)) {
    Divergence divergence = here(now, &*next_message_);
    divergence.field = std::move(difference->field);
    divergence.expected = std::move(difference->expected);
    divergence.found = std::move(difference->found);
    return divergence;
  }
  if (next_message_->sent != now) {
    Divergence divergence = here(now, &*next_message_);
    divergence.field = "time";
    divergence.expected = seconds_text(next_message_->sent);
    divergence.found = seconds_text(now);
    return divergence;
  }
  verdict.last_message = next_message_->id;
  ++verdict.messages;
  ++number_;
  looked_ahead_ = false;
  return std::nullopt;
}

std::optional<Divergence> RecordedDirection::check_bytes(const wire::Unit& unit, Instant now) {
  Divergence divergence = here(now);
  const auto kind = static_cast<recorder::StreamBytesKind>(unit.kind);
  divergence.name = recorder::name_of(kind);
  if (next_piece_ == pieces_.size()) {
    divergence.expected = "nothing more";
    divergence.found = fmt::format("{} bytes", unit.bytes.size());
    return divergence;
  }
  const StreamBytesRow& piece = pieces_[next_piece_];
  if (auto difference = compare_bytes(piece.bytes, unit.bytes)) {
    divergence.field = std::move(difference->field);
    divergence.expected = std::move(difference->expected);
    divergence.found = std::move(difference->found);
    return divergence;
  }
  if (piece.sent != now) {
    divergence.field = "time";
    divergence.expected = seconds_text(piece.sent);
    divergence.found = seconds_text(now);
    return divergence;
  }
  ++next_piece_;
  return std::nullopt;
}

Result<RecordedDirection::Verdict> RecordedDirection::sent(BytesView bytes, Instant now) {
  Verdict verdict;
  if (unreadable_) return std::unexpected(*unreadable_);
  if (bytes.size() > credit_) {
    verdict.divergence = here(now);
    verdict.divergence->name = "write credit";
    verdict.divergence->expected = fmt::format("at most {} bytes", credit_);
    verdict.divergence->found = fmt::format("{} bytes", bytes.size());
    return verdict;
  }
  credit_ -= bytes.size();
  framer_.feed(by_, bytes);
  for (;;) {
    auto unit = framer_.next(by_);
    if (!unit) {  // our own peer sends what is not SPICE: the recording cannot hold the same as
                  // units
      verdict.divergence = here(now);
      verdict.divergence->name = "framing";
      verdict.divergence->expected = "a message";
      verdict.divergence->found = unit.error().text();
      return verdict;
    }
    if (!*unit) return verdict;
    const wire::Unit& whole = **unit;
    if (whole.kind == wire::UnitKind::message) {
      MessageRow found;
      found.by = by_;
      found.serial = whole.serial;
      found.type = whole.type;
      found.sub_list = whole.sub_list;
      found.body = whole.body();
      verdict.divergence = TRY(check_message(found, now, verdict));
    } else {
      verdict.divergence = check_bytes(whole, now);
    }
    if (verdict.divergence) return verdict;
  }
}

Result<RecordedDirection::Verdict> RecordedDirection::handed(const Value& value, Instant now) {
  Verdict verdict;
  const wire::AnyMessage& message = wire::message_in(value);
  encoded_.clear();
  wire::encode(*message.info().layout, message.object(), encoded_);
  MessageRow found;
  found.by = by_;
  found.type = message.info().key.id;
  found.body = SharedBytes::copy_of(encoded_);
  verdict.divergence = TRY(check_message(found, now, verdict));
  return verdict;
}

Result<void> RecordedDirection::heard(BytesView bytes) {
  if (framer_.link().up()) return {};
  framer_.feed(other(by_), bytes);
  // Bytes that are not SPICE are heard by the peer too; what it answers is compared all the same.
  for (;;)
    if (auto unit = framer_.next(other(by_)); !unit || !*unit) return {};
}

Result<std::optional<Divergence>> RecordedDirection::not_sent_before(std::optional<Instant> now) {
  CHECKED(look_ahead());
  if (next_piece_ < pieces_.size() && (!now || pieces_[next_piece_].sent < *now)) {
    const StreamBytesRow& piece = pieces_[next_piece_];
    // What was torn off may be under way in our framer.
    const bool torn = piece.kind == recorder::StreamBytesKind::torn;
    if (!torn || !std::ranges::equal(framer_.unframed(by_), BytesView(piece.bytes))) {
      if (torn && now) return std::nullopt;
      Divergence divergence = here(piece.sent);
      divergence.name = recorder::name_of(piece.kind);
      divergence.expected = fmt::format("{} bytes", piece.bytes.size());
      divergence.found = "nothing";
      return divergence;
    }
  }
  if (next_message_ && (!now || next_message_->sent < *now)) {
    Divergence divergence = here(next_message_->sent, &*next_message_);
    divergence.expected = "this message";
    divergence.found = "nothing";
    return divergence;
  }
  return std::nullopt;
}

Result<std::optional<Divergence>> RecordedDirection::overdue(Instant now) {
  return not_sent_before(now);
}

Result<std::optional<Divergence>> RecordedDirection::missing() {
  return not_sent_before(std::nullopt);
}

}  // namespace spicebench::replayer
