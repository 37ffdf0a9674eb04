// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/screens/recorded_displays.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/common_messages.hpp"
#include "core/wire/sub_message.hpp"
#include "replayer/replay/compare.hpp"
#include "replayer/screens/recorded_picture.hpp"

namespace spicebench::replayer {

using recorder::ConnectionRow;
using recorder::MessageRow;
using wire::ChannelType;
using wire::common::ChannelWait;

RecordedDisplays::RecordedDisplays(const recorder::Reader& recording) : recording_(recording) {
  for (const ConnectionRow& row : recording.connections())
    channels_.push_back({&row, nullptr, {}, 0, false});
}

bool RecordedDisplays::is_display(const Channel& channel) const {
  return channel.row->kind == LinkKind::stream && channel.row->channel == ChannelType::display;
}
// Two legs of one relayed session have the same number, but not the same server.
bool RecordedDisplays::same_session(const Channel& a, const Channel& b) const {
  return a.row->session_id == b.row->session_id && a.row->server.endpoint == b.row->server.endpoint;
}

void RecordedDisplays::open_picture(Channel& channel) {
  std::shared_ptr<client::SharedPictures> shared;
  for (Channel& other : channels_) {
    if (&other == &channel || !other.picture) continue;
    if (other.moves && other.row->session_id == channel.row->session_id &&
        other.row->channel_id == channel.row->channel_id) {
      channel.picture = std::exchange(other.picture, nullptr);
      channel.picture->connection = channel.row->id;
      return;
    }
    if (same_session(channel, other)) shared = other.picture->shared;
  }
  if (!shared) shared = std::make_shared<client::SharedPictures>(no_limit);
  channel.picture = std::make_shared<Picture>(*this, std::move(shared), channel.row->id);
}

Result<bool> RecordedDisplays::step(Instant until, recorder::MessageId last) {
  if (!next_ && !ended_) {
    if (!cursor_)
      cursor_ = recording_.messages(
          {.connection = 0, .by = Side::server, .first = position_ + 1, .bodies = true});
    next_ = TRY(cursor_->next());
    ended_ = !next_;
  }
  if (!next_ || next_->sent > until || next_->id > last) {
    run(until);
    return false;
  }
  const MessageRow row = std::move(*next_);
  next_.reset();
  position_ = row.id;
  take(row);
  run(until);
  return true;
}

void RecordedDisplays::take(const MessageRow& row) {
  Channel& channel = channels_[row.connection - 1];
  if (row.sub_list != 0) {
    const auto subs = wire::split_sub_messages(row.body, row.sub_list);
    if (!subs) return note(row.id, subs.error());
    for (const auto& sub : *subs) queue(channel, row, sub.type, sub.body, 0);
  }
  if (row.type != wire::common::List::message.id || channel.row->kind != LinkKind::stream)
    return queue(channel, row, row.type, row.body, row.serial);
  const auto subs = wire::split_sub_messages(row.body, 0);
  if (!subs) return note(row.id, subs.error());
  for (const auto& sub : *subs)
    queue(channel, row, sub.type, sub.body, &sub == &subs->back() ? row.serial : 0);
}

void RecordedDisplays::queue(Channel& channel, const MessageRow& row, std::uint16_t type,
                             const SharedBytes& body, std::uint64_t completes) {
  Work work{row.id, row.arrived.value_or(row.sent), std::nullopt, completes};
  const wire::MessageInfo* info =
      is_display(channel) ? wire::find_message(ChannelType::display, Side::server, type) : nullptr;
  const bool concerns =
      info && (client::Renderer::takes(info->key) || info->key == wire::common::Migrate::message ||
               info->key == wire::common::WaitForChannels::message);
  if (concerns) {
    auto decoded = wire::decode_any(*info, body, context_of(*channel.row));
    if (decoded)
      work.message = std::move(decoded->message);
    else
      note(row.id, std::move(decoded.error()).within(info->name));
  }
  channel.work.push_back(std::move(work));
}

bool RecordedDisplays::must_wait(const Channel& channel,
                                 const std::vector<ChannelWait>& list) const {
  return std::ranges::any_of(list, [&](const ChannelWait& wait) {
    return std::ranges::any_of(channels_, [&](const Channel& other) {
      return &other != &channel && same_session(channel, other) &&
             other.row->channel == static_cast<ChannelType>(wait.channel_type) &&
             other.row->channel_id == wait.channel_id &&
             other.completed_serial < wait.message_serial;
    });
  });
}

bool RecordedDisplays::must_wait(Channel& channel, const wire::AnyMessage& message) {
  if (const auto* wait = message.as<wire::common::WaitForChannels>())
    return must_wait(channel, wait->wait_list);
  if (const auto* all = message.as<wire::display::InvalAllPixmaps>())
    return must_wait(channel, all->wait_list);
  if (!channel.picture || message.info().key.channel == ChannelType::common) return false;
  const bool alone = std::ranges::none_of(channels_, [&](const Channel& other) {
    return &other != &channel && is_display(other) && same_session(channel, other);
  });
  return !alone && channel.picture->renderer.is_waiting_for_images(message);
}

void RecordedDisplays::handle(Channel& channel, const Work& work) {
  if (const auto* migrate = work.message->as<wire::common::Migrate>()) {
    constexpr std::uint32_t need_data_transfer = 2;
    channel.moves = (migrate->flags & need_data_transfer) != 0;
    return;
  }
  if (work.message->info().key.channel == ChannelType::common) return;
  if (!channel.picture) open_picture(channel);
  channel.picture->at_hand = work.id;
  channel.picture->at = work.arrives;
  if (const auto* stream = work.message->as<wire::display::StreamCreate>())
    if (!channel.picture->renderer.streams().has(stream->id))
      channel.picture->stream_created[stream->id] = work.id;
  auto done = channel.picture->renderer.handle(*work.message);
  if (!done) note(work.id, std::move(done.error()).within(work.message->info().name));
}

// All that can be done, on all channels: what one does may be what another waits for.
void RecordedDisplays::run(Instant until) {
  for (bool again = true; again;) {
    again = false;
    for (Channel& channel : channels_)
      while (!channel.work.empty()) {
        const Work& work = channel.work.front();
        if (work.arrives > until || (work.message && must_wait(channel, *work.message))) break;
        constexpr std::uint64_t work_of_message = 256;
        work_ += work_of_message;
        latest_ = std::max(latest_, work.arrives);
        if (work.message) handle(channel, work);
        channel.completed_serial = std::max(channel.completed_serial, work.completes);
        channel.work.pop_front();
        again = true;
      }
  }
}

const client::Renderer* RecordedDisplays::renderer(recorder::ConnectionId connection) const {
  if (connection == 0 || connection > channels_.size()) return nullptr;
  const auto& picture = channels_[connection - 1].picture;
  return picture ? &picture->renderer : nullptr;
}

std::optional<recorder::ConnectionId> RecordedDisplays::shown(std::uint8_t channel_id) const {
  std::optional<recorder::ConnectionId> last;
  for (const Channel& channel : channels_)
    if (is_display(channel) && channel.row->channel_id == channel_id && channel.picture &&
        channel.picture->renderer.screen())
      last = channel.row->id;
  return last;
}

std::optional<recorder::MessageId> RecordedDisplays::waiting() const {
  std::optional<recorder::MessageId> first;
  for (const Channel& channel : channels_)
    if (!channel.work.empty())
      first = std::min(first.value_or(UINT64_MAX), channel.work.front().id);
  return first;
}

void RecordedDisplays::note(recorder::MessageId message, Error error) {
  ++not_shown_count_;
  if (not_shown_.size() < most_not_shown) not_shown_.push_back({message, std::move(error)});
}

}  // namespace spicebench::replayer
