// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/replay/captured_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

#include "core/wire/framer.hpp"
#include "replayer/replay/compare.hpp"

namespace spicebench::replayer {
namespace {

using recorder::ConnectionRow;

// Plays the server's end of each connection that the client opens: recorded bytes, whatever the
// client says.
class ServerVoice {
 public:
  ServerVoice(const recorder::Reader& recording, const ConnectionRow& main, Instant at)
      : recording_(recording), main_(main), at_(at) {
    client::ClientOptions options;
    options.mini_header = main.header_bytes == 6;
    options.pixmap_cache_size = INT64_MAX / 2;  // whatever the captured client announced
    client_ = std::make_unique<client::Client>(options, Random(0));
  }

  Result<CapturedClient> run() {
    CHECKED(perform(client_->start(main_.opened)));
    auto messages = recording_.messages();
    for (;;) {
      const auto row = TRY(messages.next());
      if (!row || row->sent > at_) break;
      now_ = std::max(now_, row->sent);
      if (row->by != Side::server) continue;
      Voice* voice = voice_of(row->connection);
      if (!voice) continue;
      Bytes frame = TRY(voice->stream.take(voice->connection->header_bytes + row->size));
      CHECKED(perform(client_->handle(Received{voice->link, std::move(frame)}, now_)));
    }
    for (const auto& error : client_->errors())
      if (error.fatal)
        return fail(ErrorCode::unsupported,
                    fmt::format("{}: a client of ours would have ended the session: {}/{} message "
                                "{}: {}",
                                recording_.path().string(), wire::name_of(error.channel),
                                error.channel_id, error.message, error.error.text()));
    auto missing = what_is_missing();
    return CapturedClient{std::move(client_), std::move(missing)};
  }

 private:
  struct Voice {
    LinkId link;
    const ConnectionRow* connection = nullptr;  // null: the client has not said what it wants
    wire::ConnectionFramer heard;
    recorder::StreamCursor stream;
    std::deque<std::size_t> link_stage;  // sizes of the pieces that are to be said
  };

  Voice* voice_of(recorder::ConnectionId connection) {
    for (auto& [link, voice] : voices_)
      if (voice.connection && voice.connection->id == connection) return &voice;
    return nullptr;
  }

  const ConnectionRow* wanted(wire::ChannelType channel, std::uint8_t id) const {
    if (channel == wire::ChannelType::main) return &main_;
    for (const ConnectionRow& connection : recording_.connections())
      if (connection.transport == recorder::Transport::spice && connection.channel == channel &&
          connection.channel_id == id && connection.session_id == client_->session_id())
        return &connection;
    return nullptr;
  }

  // Does what the client asks for, and what follows from that.
  Result<void> perform(Outputs outputs) {
    for (const Output& output : outputs) {
      if (const auto* connect = std::get_if<Connect>(&output)) {
        voices_.emplace(
            connect->link,
            Voice{connect->link, nullptr, {}, recording_.stream(main_.id, Side::server), {}});
        CHECKED(perform(client_->handle(Opened{connect->link, connect->to}, now_)));
        CHECKED(perform(client_->handle(Writable{connect->link, std::size_t{1} << 40}, now_)));
      } else if (const auto* send = std::get_if<Send>(&output)) {
        CHECKED(hear(*send));
      }
    }
    return {};
  }

  Result<void> hear(const Send& send) {
    const auto found = voices_.find(send.link);
    if (found == voices_.end()) return {};
    Voice& voice = found->second;
    if (!voice.connection) {
      voice.heard.feed(Side::client, send.bytes);
      while (TRY(voice.heard.next(Side::client))) {
      }
      const auto& link = voice.heard.link();
      if (!link.mess) return {};
      voice.connection = wanted(link.channel(), link.channel_id());
      if (!voice.connection) return {};  // not in the capture: the client waits for ever
      voice.stream = recording_.stream(voice.connection->id, Side::server);
      for (const auto& piece : TRY(recording_.stream_bytes(voice.connection->id)))
        if (piece.by == Side::server && piece.kind <= recorder::StreamBytesKind::link_result)
          voice.link_stage.push_back(piece.bytes.size());
    }
    while (!voice.link_stage.empty()) {
      Bytes piece = TRY(voice.stream.take(voice.link_stage.front()));
      voice.link_stage.pop_front();
      CHECKED(perform(client_->handle(Received{voice.link, std::move(piece)}, now_)));
    }
    return {};
  }

  // Codecs and messages that are not there yet come first: other errors may follow from them.
  std::optional<std::string> what_is_missing() const {
    const auto& errors = client_->errors();
    const auto of_display = [](const client::ClientError& error) {
      return error.channel == wire::ChannelType::display;
    };
    const auto text = [](const client::ClientError& error) {
      return fmt::format("display/{} message {}: {}", error.channel_id, error.message,
                         error.error.detail);
    };
    for (const auto& error : errors)
      if (of_display(error) && error.error.code == ErrorCode::unsupported) return text(error);
    for (const auto& channel : client_->channels()) {
      if (channel.type != wire::ChannelType::display) continue;
      for (const auto& [key, count] : channel.received) {
        const auto* info = wire::find_message(key.channel, key.sender, key.id);
        if (!info || !info->layout)
          return fmt::format("display/{}: {} messages {} are not understood yet", channel.id, count,
                             message_name(key.channel, key.sender, key.id));
      }
    }
    const auto first = std::ranges::find_if(errors, of_display);
    return first == errors.end() ? std::nullopt : std::optional(text(*first));
  }

  const recorder::Reader& recording_;
  const ConnectionRow& main_;
  Instant at_, now_{};
  std::unique_ptr<client::Client> client_;
  std::map<LinkId, Voice> voices_;
};

}  // namespace

Result<CapturedClient> captured_client_at(const recorder::Reader& recording, Instant at) {
  const ConnectionRow* main = nullptr;
  for (const ConnectionRow& connection : recording.connections())
    if (connection.transport == recorder::Transport::spice &&
        connection.channel == wire::ChannelType::main && connection.opened <= at)
      main = &connection;
  if (!main)
    return fail(ErrorCode::not_found, fmt::format("{}: no main connection had been opened by then",
                                                  recording.path().string()));
  return ServerVoice(recording, *main, at).run();
}

}  // namespace spicebench::replayer
