// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/client.hpp"

#include "client/channels/cursor.hpp"
#include "client/channels/display.hpp"
#include "client/channels/main.hpp"
#include "client/channels/playback.hpp"
#include "client/channels/port.hpp"
#include "client/channels/record.hpp"
#include "client/session.hpp"

namespace spicebench::client {

struct Client::State {
  Session session;
};

Client::Client(ClientOptions options, Random random)
    : state_(new State{Session(std::move(options), random)}) {}
Client::~Client() = default;

Outputs Client::start(Instant now) {
  state_->session.start(now);
  return state_->session.take_outputs();
}
Outputs Client::handle(const Input& input, Instant now) {
  state_->session.handle(input, now);
  return state_->session.take_outputs();
}

const draw::Surface* Client::surface(std::uint8_t channel, std::uint32_t surface_id) const {
  const Display* display = state_->session.display(channel);
  return display ? display->find_surface(surface_id) : nullptr;
}
const draw::Surface* Client::screen(std::uint8_t channel) const {
  const Display* display = state_->session.display(channel);
  return display ? display->screen() : nullptr;
}
Hash128 Client::screen_hash(std::uint8_t channel) const {
  const Display* display = state_->session.display(channel);
  return display ? display->screen_hash() : Hash128{};
}
bool Client::screen_ready(std::uint8_t channel) const {
  const Display* display = state_->session.display(channel);
  return display && display->ready();
}
const CursorStatus* Client::cursor(std::uint8_t channel) const {
  const Cursor* cursor = state_->session.cursor(channel);
  return cursor ? &cursor->status() : nullptr;
}
CacheStatus Client::pixmap_cache() const {
  const ImageCache& images = state_->session.pictures().images;
  return {images.size(), images.pixels()};
}
AgentStatus Client::agent() const {
  const Main* main = state_->session.main();
  return main ? main->agent().status() : AgentStatus{};
}
std::optional<PlaybackStatus> Client::playback() const {
  const Playback* playback = state_->session.playback();
  return playback ? std::optional(playback->status()) : std::nullopt;
}
std::optional<RecordStatus> Client::record() const {
  const Record* record = state_->session.record();
  return record ? std::optional(record->status()) : std::nullopt;
}
const MediaClock& Client::media_clock() const {
  return state_->session.media_clock;
}
std::optional<PortStatus> Client::port(std::uint8_t channel) const {
  const Port* port = state_->session.port(channel);
  if (!port) return std::nullopt;
  return port->status();
}
std::vector<wire::display::Head> Client::monitors(std::uint8_t channel) const {
  const Display* display = state_->session.display(channel);
  return display ? display->heads() : std::vector<wire::display::Head>{};
}
std::uint32_t Client::mouse_mode() const {
  return state_->session.mouse_mode();
}
std::uint32_t Client::session_id() const {
  return state_->session.session_id;
}
bool Client::ended() const {
  return state_->session.ended();
}
std::vector<ChannelStatus> Client::channels() const {
  return state_->session.channels();
}
const std::vector<ClientError>& Client::errors() const {
  return state_->session.errors();
}
std::uint64_t Client::error_count() const {
  return state_->session.error_count();
}

}  // namespace spicebench::client
