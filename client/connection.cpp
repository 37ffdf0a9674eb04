// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/connection.hpp"

#include <fmt/format.h>

#include "client/session.hpp"
#include "core/auth/ticket.hpp"
#include "core/video/video_decoder.hpp"
#include "core/wire/sub_message.hpp"

namespace spicebench::client {

using namespace wire::common;
using wire::ChannelType;
using wire::LinkError;
using wire::UnitKind;

namespace {

// Of what arrives while the connection waits: a whole message of the largest kind fits.
constexpr std::size_t most_waiting_bytes = 512u << 20;
constexpr Duration link_stage_limit = std::chrono::seconds(30);  // protocol.md §10.1
constexpr Duration brief_wait = std::chrono::seconds(5);         // protocol.md §9.4

std::string_view name_of(LinkError error) {
  constexpr std::string_view names[] = {"ok",
                                        "error",
                                        "invalid_magic",
                                        "invalid_data",
                                        "version_mismatch",
                                        "need_secured",
                                        "need_unsecured",
                                        "permission_denied",
                                        "bad_connection_id",
                                        "channel_not_available"};
  const auto n = static_cast<std::size_t>(error);
  return n < std::size(names) ? names[n] : "unknown";
}

wire::link::LinkMess link_message(const ClientOptions& options, std::uint32_t session_id,
                                  ChannelType type, std::uint8_t id) {
  using namespace wire::link;
  LinkMess mess{session_id, static_cast<std::uint8_t>(type), id, {}, {}};
  if (options.auth_selection) set_cap(mess.common_caps, CommonCap::auth_selection);
  if (options.mini_header) set_cap(mess.common_caps, CommonCap::mini_header);
  if (type == ChannelType::main) {
    if (options.name_and_uuid) set_cap(mess.channel_caps, MainCap::name_and_uuid);
    if (options.agent_connected_tokens) set_cap(mess.channel_caps, MainCap::agent_connected_tokens);
  }
  if (type == ChannelType::display) {
    if (options.monitors_config) set_cap(mess.channel_caps, DisplayCap::monitors_config);
    if (options.a8_surface) set_cap(mess.channel_caps, DisplayCap::a8_surface);
    if (options.lz4_compression) set_cap(mess.channel_caps, DisplayCap::lz4_compression);
    if (options.sized_stream) set_cap(mess.channel_caps, DisplayCap::sized_stream);
    if (options.stream_report) set_cap(mess.channel_caps, DisplayCap::stream_report);
    if (!options.video_codecs.empty()) set_cap(mess.channel_caps, DisplayCap::multi_codec);
    for (const std::uint8_t codec : options.video_codecs)
      set_cap(mess.channel_caps, video::codec_cap(static_cast<wire::display::VideoCodec>(codec)));
  }
  const SoundOptions& sound = options.sound;
  if (type == ChannelType::playback) {
    if (sound.volume) set_cap(mess.channel_caps, PlaybackCap::volume);
    if (sound.latency) set_cap(mess.channel_caps, PlaybackCap::latency);
    if (sound.opus) set_cap(mess.channel_caps, PlaybackCap::opus);
  }
  if (type == ChannelType::record) {
    if (sound.volume) set_cap(mess.channel_caps, RecordCap::volume);
    if (sound.opus) set_cap(mess.channel_caps, RecordCap::opus);
  }
  if (type == ChannelType::port && options.lz4_compression)
    set_cap(mess.channel_caps, SpicevmcCap::data_compress_lz4);
  return mess;
}

}  // namespace

Connection::Connection(Session& session, LinkId link, ChannelType type, std::uint8_t id)
    : session_(session), type_(type), id_(id), queue_(link) {}

Connection::~Connection() = default;

const Connection::CommonTable& Connection::common_table() {
  static constexpr CommonTable::Row rows[] = {
      state_row<&Connection::handle_migrate>(State::up, State::up),
      state_row<&Connection::handle_set_ack>(State::up, State::up),
      state_row<&Connection::handle_ping>(State::up, State::up),
      state_row<&Connection::handle_wait>(State::up, State::up),
      state_row<&Connection::handle_disconnecting>(State::up, State::up),
      state_row<&Connection::handle_notify>(State::up, State::up),
  };
  static constexpr std::string_view names[] = {"link", "up", "closed"};
  static constexpr CommonTable table("common", names, rows);
  return table;
}

// Link stage

void Connection::send_raw(const Bytes& unit) {
  framer_.feed(Side::client, unit);
  while (true) {  // our own units tell us nothing, but the framer wants to be asked
    const auto own = framer_.next(Side::client);
    if (!own || !*own) break;
  }
  queue_.push(unit);
}

void Connection::opened() {
  mess_ = link_message(session_.options(), session_.session_id, type_, id_);
  context_.client_common_caps = mess_.common_caps;
  context_.client_channel_caps = mess_.channel_caps;
  send_raw(wire::link::unit_of(mess_));
  session_.arm(link(), link_stage_limit);
}

Result<void> Connection::refused(LinkError error, std::string_view in) {
  link_error_ = error;
  const auto code =
      error == LinkError::need_secured || error == LinkError::need_unsecured
          ? ErrorCode::unsupported
      : error == LinkError::permission_denied ? ErrorCode::denied
      : error == LinkError::bad_connection_id || error == LinkError::channel_not_available
          ? ErrorCode::not_found
          : ErrorCode::malformed;
  return fail(code,
              fmt::format("the server refused the connection: {} ({}) in the link {}",
                          name_of(error), static_cast<std::uint32_t>(error), in),
              0, "error");
}

Result<void> Connection::send_ticket() {
  using namespace wire::link;
  const LinkReply& reply = *framer_.link().reply;
  if (has_cap(reply.common_caps, CommonCap::auth_selection) &&
      has_cap(mess_.common_caps, CommonCap::auth_selection)) {
    if (has_cap(reply.common_caps, CommonCap::auth_sasl) &&
        !has_cap(reply.common_caps, CommonCap::auth_spice))
      return fail(ErrorCode::unsupported, "the server wants SASL, this client has tickets only", 0,
                  "common_caps");
    Bytes mechanism;
    append_little_endian(mechanism, auth_spice, 4);
    send_raw(mechanism);
  }
  Random random = session_.random().fork(
      fmt::format("ticket {} {}", static_cast<unsigned>(type_), static_cast<unsigned>(id_)));
  const auth::Ticket ticket =
      TRY(auth::encrypt_ticket(reply.pub_key, session_.options().password, random));
  send_raw(Bytes(ticket.begin(), ticket.end()));
  return {};
}

Result<void> Connection::link_unit(const wire::Unit& unit) {
  if (unit.kind == UnitKind::link_reply) {
    const wire::link::LinkReply& reply = *framer_.link().reply;
    if (reply.error != 0) return refused(static_cast<LinkError>(reply.error), "reply");
    context_.server_common_caps = reply.common_caps;
    context_.server_channel_caps = reply.channel_caps;
    return send_ticket();
  }
  if (unit.kind == UnitKind::link_result) {
    const std::uint32_t result = framer_.link().result.value();
    if (result != 0) return refused(static_cast<LinkError>(result), "result");
    state_ = State::up;
    session_.disarm(link());
    session_.channel_up(*this);
    channel_->up();
  }
  return {};
}

const std::vector<std::uint32_t>& Connection::server_caps() const {
  return framer_.link().reply->channel_caps;
}

// Messages

Result<void> Connection::receive(BytesView bytes) {
  framer_.feed(Side::server, bytes);
  if (!waiting()) return run();
  if (framer_.unframed(Side::server).size() > most_waiting_bytes)
    return fail(ErrorCode::out_of_range,
                fmt::format("more than {} bytes behind a message that waits", most_waiting_bytes));
  return {};
}

Result<void> Connection::run() {
  while (state_ != State::closed) {
    while (!work_.empty())
      if (!TRY(step())) return {};
    auto unit = TRY(framer_.next(Side::server));
    if (!unit) return {};
    if (unit->kind != UnitKind::message) {
      CHECKED(link_unit(*unit));
      continue;
    }
    ++received_;
    serial_at_hand_ = unit->serial;
    const SharedBytes body = unit->body();
    if (unit->sub_list != 0) CHECKED(expand(body, unit->sub_list, 0));
    work_.push_back({unit->type, true, body, unit->serial, false, std::nullopt});
  }
  return {};
}

// The sub-messages of a list, in order, in front of all other work; `completes` goes with the last.
Result<void> Connection::expand(SharedBytes body, std::uint32_t list_at, std::uint64_t completes) {
  const auto subs = TRY(wire::split_sub_messages(body, list_at));
  std::deque<Work> listed;
  for (const auto& sub : subs) listed.push_back({sub.type, false, sub.body, 0, true, std::nullopt});
  if (listed.empty())
    completed_serial_ = std::max(completed_serial_, completes);
  else
    listed.back().completes = completes;
  work_.insert(work_.begin(), listed.begin(), listed.end());
  return {};
}

Result<bool> Connection::step() {
  Work& work = work_.front();
  if (!work.counted && ack_.count()) send(Ack{});
  const bool again = std::exchange(work.counted, true) && work.message;
  if (!again) {
    const wire::MessageInfo* info = wire::find_message(type_, Side::server, work.type);
    ++received_counts_[info ? info->key : wire::MessageKey{type_, Side::server, work.type}];
    if (info && info->key == List::message) {
      if (!work.top_level)
        return std::unexpected(
            located({ErrorCode::malformed, 0, "", "a list inside a list"}, "list"));
      const Work list = std::move(work);
      work_.pop_front();
      ++steps_;
      auto expanded = expand(list.body, 0, list.completes);
      if (!expanded) return std::unexpected(located(std::move(expanded.error()), "list"));
      return true;
    }
    const bool known = info && info->layout &&
                       (info->key.channel == ChannelType::common ? common_table().knows(info->key)
                                                                 : channel_->knows(info->key));
    if (known) {
      auto decoded = wire::decode_any(*info, work.body, context_);
      if (!decoded) return std::unexpected(located(std::move(decoded.error()), info->name));
      work.message = std::move(decoded->message);
    } else {
      ++skipped_;
    }
  }
  if (work.message) {
    const wire::AnyMessage& message = *work.message;
    const std::string_view name = message.info().name;
    auto ready = readiness(message);
    if (!ready) return std::unexpected(located(std::move(ready.error()), name));
    set_waiting(*ready);
    if (*ready != Readiness::ready) return false;
    Result<void> done;
    if (message.info().key.channel == ChannelType::common) {
      auto next =
          common_table().dispatch(*this, state_, message.info().key, message.object(), name);
      if (!next) done = std::unexpected(std::move(next.error()));
    } else {
      done = channel_->handle(message);
    }
    if (!done) return std::unexpected(located(std::move(done.error()), name));
  }
  completed_serial_ = std::max(completed_serial_, work_.front().completes);
  work_.pop_front();
  ++steps_;
  return true;
}

Error Connection::located(Error error, std::string_view message) const {
  return std::move(error).within(message);
}

// Waiting

Result<Readiness> Connection::wait_for(const std::vector<ChannelWait>& list) const {
  for (const ChannelWait& wait : list) {
    const auto type = static_cast<ChannelType>(wait.channel_type);
    if (type == type_ && wait.channel_id == id_ && wait.message_serial >= serial_at_hand_)
      return fail(ErrorCode::out_of_order,
                  fmt::format("message {} waits for message {} of its own channel", serial_at_hand_,
                              wait.message_serial),
                  0, "wait_list");
    const Connection* other = session_.find(type, wait.channel_id);
    if (other && other != this && other->completed_serial() < wait.message_serial)
      return Readiness::wait;
  }
  return Readiness::ready;
}

Result<Readiness> Connection::readiness(const wire::AnyMessage& message) {
  if (const auto* wait = message.as<WaitForChannels>()) return wait_for(wait->wait_list);
  if (message.info().key.channel == ChannelType::common) return Readiness::ready;
  return channel_->readiness(message);
}

void Connection::set_waiting(Readiness readiness) {
  if (readiness == waiting_) return;
  if (waiting_ == Readiness::wait_briefly) session_.disarm(link());
  if (readiness == Readiness::wait_briefly) session_.arm(link(), brief_wait);
  waiting_ = readiness;
}

Result<void> Connection::resume() {
  return waiting() ? run() : Result<void>{};
}

Result<void> Connection::expired() {
  if (state_ == State::link) return fail(ErrorCode::denied, "the link stage took more than 30 s");
  if (waiting_ != Readiness::wait_briefly) {
    if (state_ == State::up) channel_->timer_fired();
    return {};
  }
  return std::unexpected(located({ErrorCode::not_found, 0, "", "what it refers to never came"},
                                 work_.front().message->info().name));
}

// Common messages

Result<Connection::State> Connection::handle_migrate(const Migrate&) {
  return fail(ErrorCode::unsupported, "this client does not migrate");
}
Result<Connection::State> Connection::handle_set_ack(const SetAck& message) {
  ack_.set(message.window);
  send(AckSync{message.generation});
  return State::up;
}
Result<Connection::State> Connection::handle_ping(const Ping& message) {
  send(Pong{message.id, message.timestamp});
  return State::up;
}
// By the time it is handled, the waiting is over.
Result<Connection::State> Connection::handle_wait(const WaitForChannels&) {
  return State::up;
}
Result<Connection::State> Connection::handle_disconnecting(const Disconnecting& message) {
  note({ErrorCode::denied, 0, "disconnecting.reason",
        fmt::format("the server is disconnecting: {} ({})",
                    name_of(static_cast<LinkError>(message.reason)), message.reason)});
  return State::up;
}
Result<Connection::State> Connection::handle_notify(const Notify& message) {
  constexpr std::uint32_t severity_error = 2;
  if (message.severity >= severity_error)
    note({ErrorCode::denied, 0, "notify.message_text",
          fmt::format("the server says: {}", as_text(message.message_text))});
  return State::up;
}

void Connection::note(Error error) {
  session_.note(*this, std::move(error), false);
}

ChannelStatus Connection::status() const {
  ChannelStatus status{type_, id_, link(), "", waiting(), sent_counts_, received_counts_, skipped_};
  status.state = state_ == State::up ? channel_->state_name() : common_table().name_of(state_);
  return status;
}

}  // namespace spicebench::client
