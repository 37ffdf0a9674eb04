// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/agent/agent.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "client/agent/line_ends.hpp"
#include "client/connection.hpp"
#include "client/session.hpp"
#include "core/wire/link.hpp"
#include "core/wire/main_channel.hpp"
#include "core/wire/user_agent.hpp"

namespace spicebench::client {

using namespace wire::agent;
namespace user = wire::user;
using wire::AnyMessage;

namespace {

constexpr std::uint64_t least_message_limit = 1 << 20, beside_clipboard = 64 << 10;  // C §12.4

std::vector<std::uint32_t> own_capabilities() {  // channels.md §12.5
  std::vector<std::uint32_t> caps;
  for (const Cap cap : {Cap::mouse_state, Cap::monitors_config, Cap::reply, Cap::display_config,
                        Cap::clipboard_by_demand, Cap::clipboard_selection,
                        Cap::monitors_config_position, Cap::file_xfer_detailed_errors,
                        Cap::clipboard_no_release_on_regrab, Cap::clipboard_grab_serial})
    wire::link::set_cap(caps, cap);
  return caps;
}

std::uint32_t most_message(std::int64_t most_clipboard) {
  const auto clipboard = most_clipboard < 0 ? std::uint64_t{most_message_bytes}
                                            : static_cast<std::uint64_t>(most_clipboard);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(
      std::max(clipboard, least_message_limit) + beside_clipboard, UINT32_MAX));
}

}  // namespace

Agent::Agent(Connection& main)
    : main_(main),
      queue_([this](const SharedBytes& block) {
        main_.send(wire::main_channel::AgentDataToServer{block});
      }),
      assembler_(most_message(main.session().options().max_clipboard)),
      own_caps_(own_capabilities()),
      clipboard_(*this),
      files_([this](AnyMessage message) { send(std::move(message)); },
             [this](std::uint32_t id, std::uint32_t result) {
               status_.files[id] = result;
               main_.session().tell(wire::value_of(user::FileSent{id, result}));
             }) {
  if (const auto most = main.session().options().max_clipboard; most >= 0)
    clipboard_.set_most(static_cast<std::uint64_t>(most));
}

AgentStatus Agent::status() const {
  AgentStatus status = status_;
  status.connected = connected_;
  status.tokens = queue_.tokens();
  status.guest_caps = guest_caps_;
  return status;
}

bool Agent::guest_can(Cap cap) const {
  return wire::link::has_cap(guest_caps_, cap);
}

wire::Context Agent::context() const {
  wire::Context context;
  context.client_agent_caps = own_caps_;
  context.guest_agent_caps = guest_caps_;
  return context;
}

// The main channel's news

void Agent::connected() {
  if (connected_) disconnected();
  connected_ = true;
  // All the credit there is, as nothing but main's own limit bounds what we take.
  main_.send(wire::main_channel::AgentStart{UINT32_MAX});
  main_.session().tell(wire::value_of(user::AgentIs{1}));
  announce(true);
}

void Agent::disconnected() {
  if (!std::exchange(connected_, false)) return;
  queue_.clear();
  assembler_.reset();
  if (windows_due_ || release_due_) {
    windows_due_.reset();
    release_due_.reset();
    arm_timer();
  }
  clipboard_.reset();
  clipboard_.set_abilities(false, false, false);
  guest_caps_.clear();
  told_settings_ = false;
  files_.fail_all(xfer_vdagent_not_connected);
  main_.session().tell(wire::value_of(user::AgentIs{0}));
}

void Agent::grant(std::uint32_t tokens) {
  if (!connected_) return;
  queue_.grant(tokens);
  send_pieces();
}

Result<void> Agent::data(const SharedBytes& block) {
  if (!connected_) return {};
  const auto whole = TRY(assembler_.take(block));
  if (!whole) return {};
  if (auto done = handle(*whole); !done) main_.note(std::move(done).error());
  send_pieces();
  return {};
}

Result<void> Agent::handle(const agent::Assembler::Whole& whole) {
  const auto* info = whole.type > UINT16_MAX
                         ? nullptr
                         : wire::find_message(wire::ChannelType::agent, Side::server,
                                              static_cast<std::uint16_t>(whole.type));
  if (!info)
    return fail(ErrorCode::unsupported, fmt::format("agent's message of type {}", whole.type));
  const auto decoded = wire::decode_any(*info, whole.body, context());
  if (!decoded) return std::unexpected(Error(decoded.error()).within(info->name));
  const AnyMessage& message = decoded->message;
  if (const auto* caps = message.as<AnnounceCapabilities<Side::server>>()) capabilities(*caps);
  if (const auto* status = message.as<FileXferStatus<Side::server>>()) files_.handle(*status);
  if (!main_.session().options().share_clipboard) return {};
  if (const auto* grab = message.as<ClipboardGrab<Side::server>>()) {
    if (std::exchange(release_due_, std::nullopt)) arm_timer();
    clipboard_.handle(*grab);
  }
  if (const auto* ask = message.as<ClipboardRequest<Side::server>>()) clipboard_.handle(*ask);
  if (const auto* data = message.as<Clipboard<Side::server>>()) clipboard_.handle(*data);
  if (const auto* gone = message.as<ClipboardRelease<Side::server>>()) {
    if (guest_can(Cap::clipboard_no_release_on_regrab) || gone->selection.selection != 0)
      clipboard_.handle(*gone);
    else
      release_due_ = main_.session().now() + release_delay;
    arm_timer();
  }
  return {};
}

// What we say

void Agent::announce(bool ask) {
  send(AnyMessage::of(AnnounceCapabilities<Side::client>{ask, own_caps_}));
}

void Agent::capabilities(const AnnounceCapabilities<Side::server>& message) {
  guest_caps_ = message.caps;
  clipboard_.set_abilities(guest_can(Cap::clipboard_selection),
                           guest_can(Cap::clipboard_grab_serial),
                           !guest_can(Cap::clipboard_no_release_on_regrab));
  if (message.request != 0) announce(false);
  if (std::exchange(told_settings_, true)) return;
  if (guest_can(Cap::display_config)) send(AnyMessage::of(DisplayConfig{}));
  if (guest_can(Cap::audio_volume_sync))
    for (const std::uint8_t playback : {1, 0})
      send(AnyMessage::of(AudioVolumeSync{playback, 0, {UINT16_MAX, UINT16_MAX}}));
  if (guest_can(Cap::max_clipboard))
    send(AnyMessage::of(MaxClipboard{static_cast<std::int32_t>(
        std::min<std::int64_t>(main_.session().options().max_clipboard, INT32_MAX))}));
  offer_copied();
  tell_windows();
}

void Agent::offer_copied() {
  if (!copied_ || !main_.session().options().share_clipboard ||
      !guest_can(Cap::clipboard_by_demand))
    return;
  const std::string text = guest_can(Cap::guest_lineend_crlf) ? with_crlf(*copied_) : *copied_;
  clipboard_.copy(0, {{clipboard_utf8_text, SharedBytes::copy_of(text)}});
}

void Agent::tell_windows() {
  windows_due_.reset();
  if (!connected_ || !windows_.any()) return;
  send(AnyMessage::of(windows_.config(guest_can(Cap::sparse_monitors_config),
                                      guest_can(Cap::monitors_config_position))));
}

void Agent::send_pieces() {
  while (connected_ && queue_.empty() && files_.send_piece()) {
  }
}

void Agent::send(AnyMessage message) {
  if (connected_) queue_.push(message, context());
}

// Time

void Agent::arm_timer() {
  Session& session = main_.session();
  if (!windows_due_ && !release_due_) return session.disarm(main_.link());
  const Instant due =
      std::min(windows_due_.value_or(Instant::max()), release_due_.value_or(Instant::max()));
  session.arm(main_.link(), due - session.now());
}

void Agent::timer_fired() {
  const Instant now = main_.session().now();
  if (windows_due_ && *windows_due_ <= now) tell_windows();
  if (release_due_ && *release_due_ <= now) {
    release_due_.reset();
    clipboard_.handle(ClipboardRelease<Side::server>{});
  }
  if (windows_due_ || release_due_) arm_timer();
}

// Users

void Agent::user_event(const AnyMessage& event) {
  if (const auto* copy = event.as<user::CopyText>()) {
    copied_ = without_nuls(as_text(copy->text));
    offer_copied();
  }
  if (event.as<user::ReleaseText>()) {
    copied_.reset();
    clipboard_.release(0);
  }
  if (event.as<user::PasteText>()) clipboard_.paste(0, clipboard_utf8_text);
  if (const auto* file = event.as<user::SendFile>()) {
    const std::uint32_t id = ++last_file_;
    const auto refused = [&](FileXferResult why) {
      status_.files[id] = why;
      main_.session().tell(wire::value_of(user::FileSent{id, why}));
    };
    if (!connected_) return refused(xfer_vdagent_not_connected);
    if (guest_can(Cap::file_xfer_disabled)) return refused(xfer_disabled);
    files_.start(id, std::string(as_text(file->name)), file->data);
  }
  if (const auto* cancel = event.as<user::CancelFile>()) files_.cancel(cancel->id);
  if (const auto* size = event.as<user::Resize>();
      size && windows_.resize(size->display_id, size->width, size->height) && connected_) {
    windows_due_ = main_.session().now() + settle;
    arm_timer();
  }
}

// The clipboard's host

void Agent::offered(agent::SelectionId selection, const std::vector<std::uint32_t>& types) {
  if (selection != 0) return;
  if (!types.empty()) copied_.reset();
  const bool text = std::ranges::find(types, clipboard_utf8_text) != types.end();
  if (std::exchange(guest_offers_, text) != text || text)
    main_.session().tell(wire::value_of(user::GuestOffers{text}));
}

void Agent::pasted(agent::SelectionId selection, std::uint32_t type, const SharedBytes& data) {
  if (selection != 0) return;
  const bool given = type != clipboard_none;
  std::string text(without_nuls(as_text(data)));
  if (guest_can(Cap::guest_lineend_crlf)) text = without_cr(text);
  status_.pasted.push_back(text);
  if (status_.pasted.size() > AgentStatus::most_pasted) status_.pasted.pop_front();
  main_.session().tell(wire::value_of(user::Pasted{given, SharedBytes::copy_of(text)}));
}

}  // namespace spicebench::client
