// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/links.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "server/channels/cursor_channel.hpp"
#include "server/channels/display_channel.hpp"
#include "server/channels/inputs_channel.hpp"
#include "server/channels/playback_channel.hpp"
#include "server/channels/record_channel.hpp"
#include "server/channels/vmc_channel.hpp"

namespace spicebench::server {

using wire::ChannelType;
namespace link = wire::link;

Links::Links(Services& services, Guest& guest, Random random)
    : services_(services),
      guest_(guest),
      random_(random),
      key_(auth::TicketKey::fixture()),
      policy_(TransportPolicy::of(services.options.secure_channels, services.options.plain_channels)
                  .value()),
      tickets_(services.options) {}

Links::~Links() = default;

std::vector<Links::ChannelKey> Links::offered(bool to_first) const {
  std::vector<ChannelKey> keys{
      {ChannelType::display, 0}, {ChannelType::cursor, 0}, {ChannelType::inputs, 0}};
  for (const ChannelType type : {ChannelType::record, ChannelType::playback})
    if (guest_.sound.offers(type)) keys.emplace_back(type, 0);
  if (!to_first) return keys;
  for (const auto& device : guest_.vmc.channels())
    keys.emplace_back(static_cast<ChannelType>(device.type), device.id);
  return keys;
}

// Link host

wire::LinkError Links::may_come(ChannelType type, const LinkOrigin& origin) const {
  return policy_.check(type, origin.transport);
}

std::optional<std::vector<std::uint32_t>> Links::channel_caps(ChannelType type,
                                                              std::uint8_t id) const {
  std::vector<std::uint32_t> caps;
  if (type == ChannelType::main) {  // whatever its id
    link::set_cap(caps, link::MainCap::name_and_uuid);
    return caps;
  }
  const std::vector<ChannelKey> keys = offered();
  if (std::ranges::find(keys, ChannelKey{type, id}) == keys.end()) return std::nullopt;
  if (type == ChannelType::display) {
    link::set_cap(caps, link::DisplayCap::monitors_config);
    link::set_cap(caps, link::DisplayCap::pref_compression);
    link::set_cap(caps, link::DisplayCap::lz4_compression);
    link::set_cap(caps, link::DisplayCap::stream_report);
    link::set_cap(caps, link::DisplayCap::pref_video_codec_type);
  }
  if (guest_.vmc.find(static_cast<std::uint8_t>(type), id))
    link::set_cap(caps, link::SpicevmcCap::data_compress_lz4);
  if (type == ChannelType::inputs) link::set_cap(caps, link::InputsCap::key_scancode);
  if (type == ChannelType::playback) {
    link::set_cap(caps, link::PlaybackCap::volume);
    if (audio::opus_carries(guest_.sound.playback.state().rate))
      link::set_cap(caps, link::PlaybackCap::opus);
  }
  if (type == ChannelType::record) {
    link::set_cap(caps, link::RecordCap::volume);
    if (audio::opus_carries(guest_.sound.record.state().rate))
      link::set_cap(caps, link::RecordCap::opus);
  }
  return caps;
}

Result<void> Links::check_ticket(BytesView ticket) const {
  return tickets_.check(key_, ticket, services_.now);
}

wire::LinkError Links::may_attach(const link::LinkMess& request) const {
  if (key_of(request).first == ChannelType::main)  // another id: a migration that nobody announced
    return request.connection_id == 0 ? wire::LinkError::ok : wire::LinkError::bad_connection_id;
  const Session* session = find_session(request.connection_id);
  if (!session) return wire::LinkError::bad_connection_id;
  return session->channels.contains(key_of(request)) ? wire::LinkError::error : wire::LinkError::ok;
}

Duration Links::answer_delay(const LinkOrigin& origin) const {
  return failed_attempts_.delay(origin.peer, services_.now);
}

void Links::answered(const LinkOrigin& origin, wire::LinkError result) {
  if (result == wire::LinkError::ok) return failed_attempts_.succeeded(origin.peer);
  if (result != wire::LinkError::error)  // a duplicate is a mistake, no guess
    failed_attempts_.failed(origin.peer, services_.now);
}

const Links::Session* Links::find_session(std::uint32_t id) const {
  const auto found = std::ranges::find(sessions_, id, &Session::id);
  return found == sessions_.end() ? nullptr : &*found;
}
Links::Session* Links::find_session(std::uint32_t id) {
  return const_cast<Session*>(std::as_const(*this).find_session(id));
}

Links::ChannelKey Links::key_of(const link::LinkMess& mess) {
  const auto type = static_cast<ChannelType>(mess.channel_type);
  return {type, type == ChannelType::main ? std::uint8_t{0} : mess.channel_id};
}

// Inputs

void Links::opened(LinkId id, LinkOrigin origin) {
  ++services_.counters.links_accepted;
  const ServerOptions& options = services_.options;
  services_.to_admin(
      wire::admin::LinkConnected{id, origin.secure(), SharedBytes::copy_of(origin.peer)});
  if (!origin.peer.empty()) make_room(options.half_open_links_per_address, &origin.peer);
  make_room(options.half_open_links, nullptr);
  connections_.emplace(id, std::make_unique<Connection>(
                               id, services_, static_cast<LinkHost&>(*this), std::move(origin)));
  services_.outputs.emplace_back(
      Arm{id, services_.now + std::chrono::seconds(options.link_timeout_s)});
}

void Links::make_room(std::uint32_t most, const std::string* peer) {
  const auto counts = [peer](const auto& entry) {
    const Connection& connection = *entry.second;
    return connection.phase() == Connection::Phase::link &&
           (!peer || connection.origin().peer == *peer);
  };
  if (std::cmp_less(std::ranges::count_if(connections_, counts), most)) return;
  Connection& oldest = *std::ranges::find_if(connections_, counts)->second;
  ++services_.counters.links_refused;
  fail_connection(oldest, {ErrorCode::denied,
                           0,
                           {},
                           peer ? "too many links without authentication from one address"
                                : "too many links without authentication"});
}

void Links::received(LinkId id, BytesView bytes) {
  Connection& connection = *connections_.at(id);
  connection.kept += bytes.size();
  if (connection.phase() == Connection::Phase::draining) return;
  if (connection.liveness) connection.liveness->heard();
  connection.feed(bytes);
  if (connection.phase() == Connection::Phase::link) advance_link(connection);
  if (!connections_.contains(id)) return;  // its device belongs to another client
  if (connection.is_held() && connection.waiting_bytes() > most_bytes_ahead)
    return fail_connection(
        connection, {ErrorCode::out_of_range,
                     0,
                     {},
                     fmt::format("more than {} bytes before the link result", most_bytes_ahead)});
  if (connection.phase() == Connection::Phase::up) read_messages(connection);
}

void Links::advance_link(Connection& connection) {
  const auto up = connection.advance_link();
  if (!up) {
    ++services_.counters.links_refused;
    report(connection, up.error(), true);
    connection.refuse();
  } else if (*up) {
    make_channel(connection);
  } else if (connection.is_held()) {
    services_.outputs.emplace_back(Arm{connection.id(), services_.now + connection.held_for()});
  }
}

void Links::read_messages(Connection& connection) {
  const LinkId id = connection.id();
  while (connections_.contains(id) && connection.may_read()) {
    const auto message = connection.next_message();
    if (!message) return fail_connection(connection, message.error());
    if (!*message) return;
    ++services_.counters.messages_received;
    if (auto handled = connection.channel()->receive(**message); !handled)
      return fail_connection(connection, std::move(handled).error());
  }
}

void Links::writable(LinkId id, std::size_t bytes) {
  Connection& connection = *connections_.at(id);
  if (connection.liveness) connection.liveness->moved();
  connection.outbox().grant(bytes);
}

void Links::closed(LinkId id, Ending) {
  end(id);
}

void Links::deadline(LinkId id) {
  Connection& connection = *connections_.at(id);
  if (Channel* channel = connection.channel()) {
    if (auto kept = channel->deadline_passed(); !kept)
      fail_connection(connection, std::move(kept).error());
    return;
  }
  if (connection.phase() == Connection::Phase::draining) return end(id);  // reported before
  if (connection.is_held()) {
    connection.release();
    advance_link(connection);
    if (!connections_.contains(id)) return;
    if (connection.phase() == Connection::Phase::up) return read_messages(connection);
    services_.outputs.emplace_back(  // for reading the answer
        Arm{id, services_.now + std::chrono::seconds(services_.options.link_timeout_s)});
    return;
  }
  ++services_.counters.links_refused;
  fail_connection(connection, {ErrorCode::denied,
                               0,
                               {},
                               fmt::format("link stage not over after {} s",
                                           services_.options.link_timeout_s)});
}

void Links::watch(TimerId timer) {
  const auto found = connections_.find((timer & ~watch_bit) + first_accepted);
  if (found == connections_.end() || !found->second->liveness) return;
  Connection& connection = *found->second;
  const auto pings =
      connection.liveness->proceed(!connection.outbox().queue().empty(), services_.now);
  if (!pings) return fail_connection(connection, pings.error());
  for (const auto& ping : *pings) connection.outbox().send(ping);
  services_.outputs.emplace_back(Arm{timer, connection.liveness->due()});
}

Result<void> Links::administer(const wire::AnyMessage& request) {
  using namespace wire::admin;
  const auto answer = [this](const auto& result) {
    if (result) return services_.to_admin(Done{});
    services_.to_admin(Refused{SharedBytes::copy_of(result.error().text())});
  };
  if (const auto* set = request.as<SetPassword>()) {
    const auto clients = tickets_.set(*set, has_session(), services_.now);
    if (clients && *clients == Tickets::Clients::go)
      while (has_session()) end_session(sessions_.front().id);
    answer(clients);
  } else if (const auto* expire = request.as<ExpirePassword>()) {
    answer(tickets_.expire(*expire, services_.now));
  } else if (request.as<SetNoauth>()) {
    tickets_.set_noauth();
    answer(Result<void>());
  } else {
    return fail(ErrorCode::out_of_order, fmt::format("{} from the admin", request.info().name));
  }
  return {};
}

void Links::guest_stalled() {
  std::vector<LinkId> full;
  for (const auto& [id, connection] : connections_)
    if (Channel* channel = connection->channel();
        channel && channel->pipe_length() > services_.options.pipe_limit)
      full.push_back(id);
  for (const LinkId id : full)
    fail_connection(
        *connections_.at(id),
        {ErrorCode::out_of_range,
         0,
         {},
         fmt::format("the client has kept the guest waiting for {} s", client_wait_limit_s)});
}

// Channels

// Null: another client has the device.
template <ChannelType type>
std::unique_ptr<Channel> Links::make_vmc(ChannelLink link, std::uint8_t id) {
  VmcDevice& device = *guest_.vmc.find(static_cast<std::uint8_t>(type), id);
  if (device.taken()) return nullptr;
  return std::make_unique<VmcChannel<type>>(std::move(link), device);
}

void Links::make_channel(Connection& connection) {
  ++services_.counters.links_up;
  services_.outputs.emplace_back(Disarm{connection.id()});
  const link::LinkMess& mess = *connection.link().mess;
  const ChannelKey key = key_of(mess);
  ChannelLink link{services_, connection.outbox(), connection.id(), mess.channel_caps,
                   connection.origin().transport};
  if (key.first == ChannelType::main && services_.options.watch_clients &&
      connection.origin().transport != Transport::unix_socket) {
    connection.liveness.emplace(random_.fork("pings"), services_.now);
    link.liveness = &*connection.liveness;
    services_.outputs.emplace_back(Arm{watch_timer(connection.id()), connection.liveness->due()});
  }
  // may_attach admitted it: there is that session.
  Session& session =
      key.first == ChannelType::main ? begin_session() : *find_session(mess.connection_id);
  std::unique_ptr<Channel> channel;
  switch (key.first) {
    case ChannelType::main: {
      std::vector<wire::main_channel::ChannelId> list;
      for (const auto& [type, id] : offered(sessions_.size() == 1))
        list.push_back({static_cast<std::uint8_t>(type), id});
      channel = std::make_unique<MainChannel>(std::move(link), guest_.mouse, guest_.agent,
                                              session.id, std::move(list));
      break;
    }
    case ChannelType::display:
      channel = std::make_unique<DisplayChannel>(
          std::move(link), guest_.display,
          DisplayChannel::Setting{
              .ack_window = ack_window(session),
              .zlib_glz = wanted(session, services_.options.zlib_glz_wan_compression),
              .jpeg = wanted(session, services_.options.jpeg_wan_compression),
              .net = main_channel(session).net_test()});
      break;
    case ChannelType::cursor:
      channel =
          std::make_unique<CursorChannel>(std::move(link), guest_.cursor, ack_window(session));
      break;
    case ChannelType::playback:
      end_elsewhere(key);
      channel = std::make_unique<PlaybackChannel>(std::move(link), guest_.sound.playback);
      break;
    case ChannelType::record:
      end_elsewhere(key);
      channel = std::make_unique<RecordChannel>(std::move(link), guest_.sound.record);
      break;
    case ChannelType::port:
      channel = make_vmc<ChannelType::port>(std::move(link), key.second);
      break;
    case ChannelType::webdav:
      channel = make_vmc<ChannelType::webdav>(std::move(link), key.second);
      break;
    case ChannelType::usbredir:
      channel = make_vmc<ChannelType::usbredir>(std::move(link), key.second);
      break;
    default:  // may_attach admitted it, so it is the one that is left
      channel = std::make_unique<InputsChannel>(std::move(link), guest_.keyboard, guest_.mouse,
                                                guest_.agent);
      if (!connection.origin().secure()) main_channel(session).warn_of_insecure_keyboard();
  }
  if (!channel)
    return fail_connection(connection,
                           {ErrorCode::denied, 0, {}, "another client has this device"});
  session.channels.emplace(key, connection.id());
  services_.to_admin(wire::admin::LinkInitialized{connection.id(), session.id,
                                                  static_cast<std::uint8_t>(key.first), key.second,
                                                  connection.origin().secure()});
  connection.start(std::move(channel));
}

// The newcomer is authenticated by now: only then somebody else may have to go.
Links::Session& Links::begin_session() {
  while (sessions_.size() >= services_.options.max_clients) end_session(sessions_.front().id);
  ++services_.counters.sessions;
  std::uint32_t id = 0;
  do {
    id = static_cast<std::uint32_t>(random_.between(1, UINT32_MAX));
  } while (find_session(id));
  return sessions_.emplace_back(Session{id, {}});
}

// The newcomer has no such channel yet: may_attach saw to it.
void Links::end_elsewhere(const ChannelKey& key) {
  for (const Session& session : sessions_)
    if (const auto found = session.channels.find(key); found != session.channels.end())
      return end(found->second);
}

void Links::tell_of_new_channels() {
  std::size_t count = guest_.vmc.size();
  for (const ChannelType type : {ChannelType::record, ChannelType::playback})
    count += guest_.sound.offers(type) ? 1 : 0;
  if (std::exchange(channels_told_, count) >= count) return;
  for (const Session& session : sessions_)
    for (const auto& [type, id] : offered(&session == &sessions_.front()))
      main_channel(session).offer({static_cast<std::uint8_t>(type), id});
}

MainChannel& Links::main_channel(const Session& session) {
  const LinkId id = session.channels.at({ChannelType::main, 0});
  return static_cast<MainChannel&>(*connections_.at(id)->channel());
}

std::uint32_t Links::ack_window(const Session& session) {
  const std::uint32_t normal = services_.options.ack_window;
  return main_channel(session).net_test()->low_bandwidth()
             ? normal * ack_window_low_bandwidth_factor
             : normal;
}

bool Links::wanted(const Session& session, const std::string& when) {
  return when == "always" || (when == "auto" && main_channel(session).net_test()->low_bandwidth());
}

// Ends

void Links::report(const Connection& connection, Error error, bool fatal) {
  services_.report({.connection = connection.id(),
                    .channel = connection.phase() == Connection::Phase::up
                                   ? connection.link().channel()
                                   : ChannelType::common,
                    .channel_id = connection.link().channel_id(),
                    .message = connection.messages_received(),
                    .fatal = fatal,
                    .error = std::move(error),
                    .peer = connection.origin().peer});
}

void Links::fail_connection(Connection& connection, Error error) {
  report(connection, std::move(error), true);
  end(connection.id());
}

void Links::end(LinkId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection& connection = *found->second;
  if (connection.phase() == Connection::Phase::up) {
    const ChannelKey key = key_of(*connection.link().mess);
    for (Session& session : sessions_) {
      const auto registered = session.channels.find(key);
      if (registered == session.channels.end() || registered->second != id) continue;
      if (key.first == ChannelType::main) return end_session(session.id);
      session.channels.erase(registered);
      break;
    }
  }
  connection.end_channel();
  if (connection.liveness) services_.outputs.emplace_back(Disarm{watch_timer(id)});
  services_.outputs.emplace_back(Disarm{id});
  services_.outputs.emplace_back(Close{id});
  services_.to_admin(wire::admin::LinkDisconnected{id});
  connections_.erase(found);
}

// Nothing in the pipes is flushed. The channels go in the order of their keys, main first.
void Links::end_session(std::uint32_t id) {
  Session* session = find_session(id);
  if (!session) return;
  const auto channels = std::move(session->channels);
  std::erase_if(sessions_, [id](const Session& one) { return one.id == id; });
  for (const auto& [key, link_id] : channels) end(link_id);
}

// Sending

void Links::pump() {
  std::vector<LinkId> unread;
  for (const auto& [id, connection] : connections_)
    if (connection->kept > 0 && connection->phase() == Connection::Phase::up &&
        connection->may_read())
      unread.push_back(id);
  for (const LinkId id : unread)
    if (const auto found = connections_.find(id); found != connections_.end())
      read_messages(*found->second);
  tell_of_new_channels();
  std::vector<LinkId> over;
  for (const auto& [id, connection] : connections_) {
    flush(*connection);
    if (connection->outbox().queue().messages() > most_waiting_messages) over.push_back(id);
  }
  for (const LinkId id : over)
    if (const auto found = connections_.find(id); found != connections_.end())
      fail_connection(*found->second,
                      {ErrorCode::out_of_range,
                       0,
                       {},
                       fmt::format("more than {} messages wait for a client that does not read",
                                   most_waiting_messages)});
}

void Links::take() {
  for (const auto& [id, connection] : connections_)
    if (connection->kept > 0 && connection->may_read())
      services_.outputs.emplace_back(Taken{id, std::exchange(connection->kept, 0)});
}

void Links::flush(Connection& connection) {
  if (Channel* channel = connection.channel()) channel->pump();
  connection.outbox().flush();
  if (connection.phase() == Connection::Phase::draining && connection.outbox().queue().empty() &&
      !connection.shut_down) {
    connection.shut_down = true;
    services_.outputs.emplace_back(Shutdown{connection.id()});
  }
}

nlohmann::json Links::describe() const {
  nlohmann::json links = nlohmann::json::array();
  for (const auto& [id, connection] : connections_) links.push_back(connection->describe());
  nlohmann::json json{{"connections", std::move(links)}};
  json["sessions"] = nlohmann::json::array();
  for (const Session& session : sessions_) json["sessions"].push_back(session.id);
  return json;
}

}  // namespace spicebench::server
