// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "replayer/screens/recorded_picture.hpp"

// The states of RecordedDisplays as checkpoints of a recording.
namespace spicebench::replayer {

using nlohmann::json;
using recorder::Checkpoints;
using recorder::MessageId;

namespace {

constexpr std::string_view kind = "pictures";
constexpr std::uint64_t work_between = std::uint64_t{1} << 28;

class Parts final : public client::PixelStore {
 public:
  explicit Parts(Checkpoints& checkpoints) : write_(&checkpoints), read_(checkpoints) {}
  explicit Parts(const Checkpoints& checkpoints) : read_(checkpoints) {}
  Result<Hash128> put(BytesView pixels) override { return write_->put_part(pixels); }
  Result<SharedBytes> get(const Hash128& hash, std::size_t size) override {
    return read_.part(hash, size);
  }

 private:
  Checkpoints* write_ = nullptr;
  const Checkpoints& read_;
};

}  // namespace

bool RecordedDisplays::checkpoint_due() const {
  return work_ >= work_between && !waiting();
}

Result<void> RecordedDisplays::save() {
  work_ = 0;
  // A file that is being read cannot be written.
  cursor_.reset();
  next_.reset();
  ended_ = false;
  auto checkpoints = TRY(Checkpoints::open(recording_.path(), Checkpoints::Access::write));
  CHECKED(write(checkpoints));
  return std::move(checkpoints).commit();
}

Result<void> RecordedDisplays::write(Checkpoints& checkpoints) {
  Parts parts(checkpoints);
  json channels = json::array(), shared = json::array(), pictures = json::array();
  std::vector<const client::SharedPictures*> sessions;
  for (const Channel& channel : channels_) {
    channels.push_back({{"completed_serial", channel.completed_serial}, {"moves", channel.moves}});
    if (!channel.picture) continue;
    const Picture& picture = *channel.picture;
    auto session = std::ranges::find(sessions, picture.shared.get());
    if (session == sessions.end()) {
      shared.push_back(TRY(client::state_of(*picture.shared, parts)));
      sessions.push_back(picture.shared.get());
      session = sessions.end() - 1;
    }
    json streams = json::array();
    for (const auto& [id, stream] : picture.renderer.streams().all())
      streams.push_back({id, picture.stream_created.at(id)});
    pictures.push_back({{"connection", channel.row->id},
                        {"shared", session - sessions.begin()},
                        {"streams", std::move(streams)},
                        {"renderer", TRY(client::state_of(picture.renderer, parts))}});
  }
  json problems = json::array();
  for (const NotShown& one : not_shown_)
    problems.push_back({one.message, static_cast<int>(one.error.code), one.error.offset,
                        one.error.path, one.error.detail});
  const json state{{"latest", nanoseconds(latest_)}, {"channels", std::move(channels)},
                   {"shared", std::move(shared)},    {"pictures", std::move(pictures)},
                   {"not_shown", not_shown_count_},  {"problems", std::move(problems)}};
  const auto bytes = json::to_cbor(state);
  return checkpoints.add(position_, kind, std::as_bytes(std::span(bytes)));
}

Result<bool> RecordedDisplays::resume(const Checkpoints& checkpoints, Instant until,
                                      MessageId last) {
  for (;;) {
    const auto found = TRY(checkpoints.at_or_before(last, kind));
    if (!found) return false;
    const auto state = json::from_cbor(as_text(found->state), true, false);
    try {
      if (state.is_discarded()) return fail(ErrorCode::malformed, "a checkpoint that is no CBOR");
      if (instant(state.at("latest").get<std::int64_t>()) > until) {
        if (found->message == 0) return false;
        last = found->message - 1;
        continue;
      }
      Parts parts(checkpoints);
      position_ = found->message;
      CHECKED(restore(state, parts));
    } catch (const json::exception& error) {
      return fail(ErrorCode::malformed, fmt::format("checkpoint: {}", error.what()));
    }
    cursor_.reset();
    return true;
  }
}

Result<void> RecordedDisplays::restore(const json& state, client::PixelStore& store) {
  latest_ = instant(state.at("latest").get<std::int64_t>());
  const json& channels = state.at("channels");
  if (channels.size() != channels_.size())
    return fail(ErrorCode::malformed, "a checkpoint of other connections");
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    channels_[i].completed_serial = channels[i].at("completed_serial");
    channels_[i].moves = channels[i].at("moves");
  }
  std::vector<std::shared_ptr<client::SharedPictures>> sessions;
  for (const json& one : state.at("shared")) {
    sessions.push_back(std::make_shared<client::SharedPictures>(no_limit));
    CHECKED(client::restore(*sessions.back(), one, store));
  }
  for (const json& one : state.at("pictures")) {
    const recorder::ConnectionId connection = one.at("connection");
    const std::size_t session = one.at("shared");
    if (connection == 0 || connection > channels_.size() || session >= sessions.size())
      return fail(ErrorCode::malformed, "a checkpoint of other connections");
    auto picture = std::make_shared<Picture>(*this, sessions[session], connection);
    CHECKED(client::restore(picture->renderer, one.at("renderer"), store));
    for (const json& stream : one.at("streams"))
      CHECKED(hear_again(*picture, stream.at(0), stream.at(1)));
    channels_[connection - 1].picture = std::move(picture);
  }
  not_shown_count_ = state.at("not_shown");
  for (const json& one : state.at("problems"))
    not_shown_.push_back({one.at(0), Error{static_cast<ErrorCode>(one.at(1).get<int>()), one.at(2),
                                           one.at(3), one.at(4)}});
  return {};
}

// Brings the decoder of a stream to where it was: it hears all its frames since its beginning.
Result<void> RecordedDisplays::hear_again(Picture& picture, std::uint32_t stream,
                                          MessageId created) {
  picture.stream_created[stream] = created;
  const auto first = TRY(recording_.message(created)).connection;  // another one before a migration
  auto messages =
      recording_.messages({.connection = 0, .by = Side::server, .first = created, .bodies = true});
  for (;;) {
    const auto row = TRY(messages.next());
    if (!row || row->id > position_) return {};
    if (row->connection != first && row->connection != picture.connection) continue;
    const auto* info = wire::find_message(wire::ChannelType::display, Side::server, row->type);
    if (!info || (info->key != wire::display::StreamData::message &&
                  info->key != wire::display::StreamDataSized::message))
      continue;
    const auto decoded = wire::decode_any(*info, row->body);
    if (!decoded) continue;
    if (const auto* frame = decoded->message.as<wire::display::StreamData>();
        frame && frame->id == stream)
      picture.renderer.hear(*frame);
    if (const auto* frame = decoded->message.as<wire::display::StreamDataSized>();
        frame && frame->id == stream)
      picture.renderer.hear(*frame);
  }
}

}  // namespace spicebench::replayer
