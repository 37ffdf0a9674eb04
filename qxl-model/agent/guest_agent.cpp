// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/agent/guest_agent.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/wire/link.hpp"

namespace spicebench::qxl {

using namespace wire::agent;

namespace {

enum VdiPort : std::uint32_t { client_port = 1, server_port = 2 };  // channels.md §12.1
constexpr std::size_t chunk_header = 8;
constexpr std::size_t most_chunk = 64 * 1024;  // that the agent writes
constexpr std::uint32_t most_chunk_read = 1 << 20;
constexpr std::uint32_t most_own_message = 64 * 1024;  // of the server

std::vector<std::uint32_t> capabilities_of(const AgentOptions& options) {
  std::vector<std::uint32_t> caps;
  for (const Cap cap :
       {Cap::mouse_state, Cap::monitors_config, Cap::reply, Cap::display_config,
        Cap::clipboard_by_demand, Cap::clipboard_selection, Cap::sparse_monitors_config,
        options.crlf ? Cap::guest_lineend_crlf : Cap::guest_lineend_lf, Cap::max_clipboard,
        Cap::audio_volume_sync, Cap::monitors_config_position, Cap::file_xfer_detailed_errors,
        Cap::graphics_device_info, Cap::clipboard_no_release_on_regrab, Cap::clipboard_grab_serial})
    wire::link::set_cap(caps, cap);
  if (!options.receives_files) wire::link::set_cap(caps, Cap::file_xfer_disabled);
  return caps;
}

// A text as one line of a log.
std::string quoted(BytesView text) {
  constexpr std::size_t most = 60;
  std::string out = "\"";
  for (const char c : as_text(text).substr(0, most)) switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        out += c;
    }
  return out + (text.size() > most ? "…\"" : "\"");
}

}  // namespace

GuestAgent::GuestAgent(const AgentOptions& options, CharPort& port,
                       std::function<void(const MouseState&)> pointer)
    : options_(options),
      port_(port),
      pointer_(std::move(pointer)),
      from_client_(most_message_bytes),
      from_server_(most_own_message),
      own_caps_(capabilities_of(options)),
      clipboard_(*this),
      files_(
          options.disk_bytes, [this](wire::AnyMessage message) { send(std::move(message)); },
          [this](const FileReceiver::File& file) {
            note(fmt::format("received {}, {} bytes, {}", file.name, file.bytes, file.hash.hex()));
          }) {
  port_.set_program(this);
}

void GuestAgent::note(std::string line) {
  if (log_.size() < max_log_lines) log_.push_back(std::move(line));
}

void GuestAgent::perform(const AgentStep& step) {
  switch (step.action) {
    case AgentAction::start:
      return port_.open();
    case AgentAction::stop:
      return port_.close();
    case AgentAction::copy:
      copied_ = step.text;
      if (port_.is_open())
        clipboard_.copy(0, {{clipboard_utf8_text, SharedBytes::copy_of(copied_)}});
      return;
    case AgentAction::release:
      copied_.clear();
      return clipboard_.release(0);
    case AgentAction::paste:
      return clipboard_.paste(0, clipboard_utf8_text);
  }
}

// The port

void GuestAgent::opened() {
  announce(true);
}

void GuestAgent::closed() {
  unread_.clear();
  from_server_.reset();
  reset_client();
}

// What was agreed with a client goes with it.
void GuestAgent::reset_client() {
  from_client_.reset();
  client_caps_.clear();
  clipboard_.reset();
  clipboard_.set_abilities(false, false, false);
  clipboard_.set_most(agent::most_clipboard_default);
  files_.cancel_all();
  files_.set_details(false);
}

void GuestAgent::received(BytesView bytes) {
  append(unread_, bytes);
  if (auto taken = take_chunks(); !taken) {
    note("refused: " + taken.error().text());
    from_client_.reset();
  }
}

Result<void> GuestAgent::take_chunks() {
  std::size_t at = 0;
  Result<void> first_error;
  while (unread_.size() - at >= chunk_header) {
    const auto port = load_little_endian(unread_.data() + at, 4);
    const auto size = load_little_endian(unread_.data() + at + 4, 4);
    if (size > most_chunk_read || (port != client_port && port != server_port)) {
      unread_.clear();
      return fail(ErrorCode::malformed, fmt::format("chunk of {} bytes for port {}", size, port));
    }
    if (unread_.size() - at - chunk_header < size) break;
    const auto block = SharedBytes::copy_of(BytesView(unread_).subspan(at + chunk_header, size));
    at += chunk_header + size;
    if (block.empty()) continue;
    auto whole = (port == client_port ? from_client_ : from_server_).take(block);
    Result<void> done;
    if (!whole)
      done = std::unexpected(std::move(whole).error());
    else if (*whole)
      done = handle(**whole);
    if (!done && first_error) first_error = std::move(done);
  }
  unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(at));
  return first_error;
}

wire::Context GuestAgent::context() const {
  wire::Context context;
  context.client_agent_caps = client_caps_;
  context.guest_agent_caps = own_caps_;
  return context;
}

Result<void> GuestAgent::handle(const agent::Assembler::Whole& whole) {
  const auto* info = whole.type > UINT16_MAX
                         ? nullptr
                         : wire::find_message(wire::ChannelType::agent, Side::client,
                                              static_cast<std::uint16_t>(whole.type));
  if (!info) return fail(ErrorCode::unsupported, fmt::format("message of type {}", whole.type));
  const auto decoded = wire::decode_any(*info, whole.body, context());
  if (!decoded) return std::unexpected(Error(decoded.error()).within(info->name));
  const wire::AnyMessage& message = decoded->message;
  if (const auto* caps = message.as<Capabilities<Side::client>>()) capabilities(*caps);
  if (const auto* grab = message.as<ClipboardGrab<Side::client>>()) clipboard_.handle(*grab);
  if (const auto* ask = message.as<ClipboardRequest<Side::client>>()) clipboard_.handle(*ask);
  if (const auto* data = message.as<wire::agent::Clipboard<Side::client>>())
    clipboard_.handle(*data);
  if (const auto* gone = message.as<ClipboardRelease<Side::client>>()) clipboard_.handle(*gone);
  if (const auto* most = message.as<MaxClipboard>())
    clipboard_.set_most(most->max < 0 ? UINT64_MAX : static_cast<std::uint64_t>(most->max));
  if (const auto* start = message.as<FileXferStart>()) files_.handle(*start);
  if (const auto* data = message.as<FileXferData>()) files_.handle(*data);
  if (const auto* status = message.as<FileXferStatus<Side::client>>()) files_.handle(*status);
  if (const auto* config = message.as<MonitorsConfig>()) monitors(*config);
  if (const auto* sound = message.as<AudioVolumeSync>())
    note(fmt::format("volume of {} {}{}", sound->is_playback ? "playback" : "record",
                     fmt::join(sound->volume, " "), sound->mute ? ", mute" : ""));
  if (const auto* mouse = message.as<MouseState>()) pointer_(*mouse);
  if (const auto* displays = message.as<GraphicsDeviceInfo>())
    for (const DeviceDisplayInfo& one : displays->displays)
      note(fmt::format("display {}/{} is {} at {}", one.channel_id, one.monitor_id,
                       one.device_display_id,
                       as_text(one.device_address).substr(0, one.device_address.size() - 1)));
  if (message.as<ClientDisconnected>()) reset_client();
  return {};
}

// Messages

void GuestAgent::announce(bool ask) {
  send(wire::AnyMessage::of(Capabilities<Side::server>{ask, own_caps_}));
}

// A client that asks begins: what the guest's user has copied is on offer to it too.
void GuestAgent::capabilities(const Capabilities<Side::client>& message) {
  clipboard_.reset();
  client_caps_ = message.caps;
  const auto both = [this](Cap cap) { return wire::link::has_cap(client_caps_, cap); };
  clipboard_.set_abilities(both(Cap::clipboard_selection), both(Cap::clipboard_grab_serial),
                           !both(Cap::clipboard_no_release_on_regrab));
  files_.set_details(both(Cap::file_xfer_detailed_errors));
  if (message.request != 0) announce(false);
  if (!copied_.empty()) clipboard_.copy(0, {{clipboard_utf8_text, SharedBytes::copy_of(copied_)}});
}

void GuestAgent::monitors(const MonitorsConfig& message) {
  monitors_ = message;
  std::string line = "monitors";
  for (const Monitor& one : message.monitors)
    line += fmt::format(" {}x{}+{}+{}", one.width, one.height, one.x, one.y);
  note(std::move(line));
  send(wire::AnyMessage::of(Reply{.type = MonitorsConfig::message.id}));
}

// The clipboard's host

void GuestAgent::send(wire::AnyMessage message) {
  if (!port_.is_open()) return;
  const Bytes whole = agent::bytes_of(message, context());
  for (std::size_t at = 0; at < whole.size(); at += most_chunk) {
    const std::size_t size = std::min(most_chunk, whole.size() - at);
    Bytes chunk;
    append_little_endian(chunk, client_port, 4);
    append_little_endian(chunk, size, 4);
    append(chunk, BytesView(whole).subspan(at, size));
    port_.write(chunk);
  }
}

void GuestAgent::offered(agent::SelectionId selection, const std::vector<std::uint32_t>& types) {
  if (selection == 0 && !types.empty()) copied_.clear();
  const bool text = std::ranges::find(types, clipboard_utf8_text) != types.end();
  if (options_.keeps_clipboard && text) clipboard_.paste(selection, clipboard_utf8_text);
}

void GuestAgent::pasted(agent::SelectionId selection, std::uint32_t type, const SharedBytes& data) {
  if (type == clipboard_none)
    note(fmt::format("pasted nothing (selection {})", selection));
  else
    note(fmt::format("pasted {} bytes: {}", data.size(), quoted(data)));
}

}  // namespace spicebench::qxl
