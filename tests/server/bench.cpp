// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/server/bench.hpp"

#include <algorithm>

namespace spicebench::server {

Bench::Bench(ServerOptions options, std::uint64_t seed) : server(std::move(options), Random(seed)) {
  perform(server.start(now));
}

LinkId Bench::open(const Address& address) {
  const LinkId link = next_link_++;
  links_[link];
  input(Opened{link, address});
  if (address.starts_with("spice") && credit > 0) grant(link, credit);
  return link;
}

void Bench::give(LinkId link, BytesView bytes) {
  const std::size_t piece = segment == 0 ? bytes.size() : segment;
  for (std::size_t from = 0; from < bytes.size(); from += piece) {
    const BytesView part = bytes.subspan(from, std::min(piece, bytes.size() - from));
    input(Received{link, Bytes(part.begin(), part.end())});
  }
}

void Bench::hang_up(LinkId link, Ending ending) {
  input(Closed{link, ending});
}

void Bench::pass(Duration time) {
  const Instant until = now + time;
  while (!timers_.empty()) {
    const auto next = std::ranges::min_element(
        timers_, [](const auto& a, const auto& b) { return a.second < b.second; });
    if (next->second > until) break;
    now = next->second;
    const TimerId timer = next->first;
    timers_.erase(next);
    input(Fired{timer});
  }
  now = until;
}

void Bench::grant_all(std::size_t bytes) {
  for (const auto& [id, link] : links_)
    if (id != device && id != admin && !link.closed) grant(id, bytes);
}

// Inputs that outputs cause are handled after the output's own, in order.
void Bench::input(const Input& what) {
  later_.push_back(what);
  if (busy_) return;
  busy_ = true;
  while (!later_.empty()) {
    const Input next = std::move(later_.front());
    later_.pop_front();
    perform(server.handle(next, now));
    if (trickle == 0 || std::holds_alternative<Writable>(next)) continue;
    for (const auto& [id, link] : links_)
      if (id != device && id != admin && !link.closed)
        perform(server.handle(Writable{id, trickle}, now));
  }
  busy_ = false;
}

void Bench::perform(const Outputs& outputs) {
  for (const Output& output : outputs) {
    if (const auto* send = std::get_if<Send>(&output)) {
      REQUIRE_FALSE(links_.at(send->link).closed);
      REQUIRE_FALSE(links_.at(send->link).shut);
      append(links_.at(send->link).output, send->bytes);
    } else if (const auto* hand = std::get_if<Hand>(&output)) {
      const wire::AnyMessage& message = wire::message_in(*hand->value);
      if (hand->link == admin) {
        to_admin.push_back(message);
        continue;
      }
      REQUIRE(hand->link == device);
      if (const auto* fetch = message.as<wire::device::FetchCommand>()) {
        ++fetches;
        if (commands.empty()) {
          later_.push_back(
              Handed{device, wire::value_of(wire::device::NoCommand{fetch->fetch_id})});
          continue;
        }
        auto command = std::move(commands.front());
        commands.pop_front();
        if (auto* surface = std::get_if<wire::device::SurfaceCommand>(&command)) {
          surface->fetch_id = fetch->fetch_id;
          later_.push_back(Handed{device, wire::value_of(std::move(*surface))});
          continue;
        }
        auto& drawable = std::get<wire::device::Drawable>(command);
        later_.push_back(Handed{device, wire::value_of(wire::device::DrawCommand{
                                            fetch->fetch_id, std::move(drawable)})});
      } else if (const auto* cursor = message.as<wire::device::FetchCursor>()) {
        if (cursor_commands.empty()) {
          later_.push_back(
              Handed{device, wire::value_of(wire::device::NoCursor{cursor->fetch_id})});
          continue;
        }
        auto command = std::move(cursor_commands.front());
        cursor_commands.pop_front();
        command.fetch_id = cursor->fetch_id;
        later_.push_back(Handed{device, wire::value_of(std::move(command))});
      } else {
        to_device.push_back(message);
      }
    } else if (const auto* took = std::get_if<Taken>(&output)) {
      links_.at(took->link).taken += took->bytes;
    } else if (const auto* close = std::get_if<Close>(&output)) {
      links_.at(close->link).closed = true;
    } else if (const auto* shutdown = std::get_if<Shutdown>(&output)) {
      links_.at(shutdown->link).shut = true;
    } else if (const auto* arm = std::get_if<Arm>(&output)) {
      timers_[arm->timer] = arm->due;
    } else if (const auto* disarm = std::get_if<Disarm>(&output)) {
      timers_.erase(disarm->timer);
    }
  }
}

void Bench::connect_device() {
  device = next_link_;
  open("device");
}

void Bench::connect_admin() {
  admin = next_link_;
  open("admin");
}

void Bench::draw(std::vector<wire::device::Drawable> drawables) {
  for (auto& drawable : drawables) commands.push_back(std::move(drawable));
  device_says(wire::device::Wakeup{});
}

void Bench::surface_command(wire::device::SurfaceCommand command) {
  commands.push_back(std::move(command));
  device_says(wire::device::Wakeup{});
}

void Bench::move_cursor(std::vector<wire::device::CursorCommand> list) {
  for (auto& command : list) cursor_commands.push_back(std::move(command));
  device_says(wire::device::Wakeup{});
}

std::vector<std::uint64_t> Bench::released() const {
  std::vector<std::uint64_t> ids;
  for (const auto& release : device_heard<wire::device::Release>())
    ids.push_back(release.release_id);
  return ids;
}

wire::link::LinkMess link_mess(wire::ChannelType type, std::uint32_t connection_id,
                               bool mini_header) {
  wire::link::LinkMess mess{.connection_id = connection_id,
                            .channel_type = static_cast<std::uint8_t>(type),
                            .channel_id = 0,
                            .common_caps = {},
                            .channel_caps = {}};
  wire::link::set_cap(mess.common_caps, wire::link::CommonCap::auth_selection);
  if (mini_header) wire::link::set_cap(mess.common_caps, wire::link::CommonCap::mini_header);
  return mess;
}

Bytes ticket(const std::string& password) {
  Random random(7);
  const auto encrypted =
      auth::encrypt_ticket(auth::TicketKey::fixture().public_key(), password, random);
  REQUIRE(encrypted.has_value());
  return Bytes(encrypted->begin(), encrypted->end());
}

Bytes word(std::uint32_t value) {
  Bytes bytes;
  append_little_endian(bytes, value, 4);
  return bytes;
}

FakeChannel::FakeChannel(Bench& bench, wire::ChannelType type, std::uint32_t session_id,
                         bool mini_header, std::vector<std::uint32_t> caps,
                         const std::string& password)
    : link(bench.open("spice")), bench_(bench), mini_header_(mini_header) {
  auto mess = link_mess(type, session_id, mini_header);
  mess.channel_caps = std::move(caps);
  bench.give(link, wire::link::unit_of(mess));
  bench.give(link, word(1));
  bench.give(link, ticket(password));
  const Bytes& output = bench.output(link);
  if (output.size() < 16) return;
  const std::size_t reply = 16 + load_little_endian(output.data() + 12, 4);
  if (output.size() < reply + 4) return;
  result_ = static_cast<std::uint32_t>(load_little_endian(output.data() + reply, 4));
  read_ = reply + 4;
}

std::vector<Said> FakeChannel::take() {
  std::vector<Said> said;
  const Bytes& output = bench_.output(link);
  const std::size_t header = mini_header_ ? 6 : 18;
  while (output.size() - read_ >= header) {
    const std::byte* head = output.data() + read_;
    Said one;
    one.type = static_cast<std::uint16_t>(load_little_endian(head + (mini_header_ ? 0 : 8), 2));
    const std::size_t size = load_little_endian(head + (mini_header_ ? 2 : 10), 4);
    if (!mini_header_) {
      one.serial = load_little_endian(head, 8);
      one.sub_list = static_cast<std::uint32_t>(load_little_endian(head + 14, 4));
    }
    if (output.size() - read_ < header + size) break;
    one.body = SharedBytes::copy_of(BytesView(head + header, size));
    said.push_back(std::move(one));
    read_ += header + size;
  }
  return said;
}

std::vector<std::uint16_t> FakeChannel::take_types() {
  std::vector<std::uint16_t> types;
  for (const Said& one : take()) types.push_back(one.type);
  return types;
}

void FakeChannel::acknowledge(std::uint32_t generation) {
  say(wire::common::AckSync{generation});
}

FakeSession::FakeSession(Bench& bench, const std::string& password)
    : main(bench, wire::ChannelType::main, 0, true, {0xffff'ffff}, password) {
  REQUIRE(main.result() == 0);
  id = main.take().front().as<wire::main_channel::Init>().session_id;
}

namespace draw {

using namespace wire::display;

wire::device::Drawable fill(std::uint64_t release_id, Rect box, std::uint32_t colour) {
  return {.release_id = release_id,
          .type = static_cast<std::uint8_t>(wire::device::DrawType::fill),
          .body = DrawFill{.base = {.box = box},
                           .brush = {.type = static_cast<std::uint8_t>(BrushType::solid),
                                     .body = SolidBrush{colour}}}};
}

wire::device::Drawable image(std::uint64_t release_id, std::uint64_t image_id, std::int32_t x,
                             std::int32_t y, std::uint32_t side, std::uint8_t value, bool cache) {
  const auto edge = static_cast<std::int32_t>(side);
  Image source{.id = image_id,
               .flags = cache ? std::uint8_t{cache_me} : std::uint8_t{0},
               .width = side,
               .height = side,
               .payload = Bitmap{.x = side,
                                 .y = side,
                                 .stride = 4 * side,
                                 .data = SharedBytes(Bytes(4 * side * side, std::byte{value}))}};
  return {.release_id = release_id,
          .type = static_cast<std::uint8_t>(wire::device::DrawType::copy),
          .body = DrawCopy{.base = {.box = {y, x, y + edge, x + edge}},
                           .src_bitmap = std::move(source),
                           .src_area = {0, 0, edge, edge}}};
}

wire::device::Drawable copy_bits(std::uint64_t release_id, Rect box, Point from) {
  return {.release_id = release_id,
          .type = static_cast<std::uint8_t>(wire::device::DrawType::copy_bits),
          .body = CopyBits{.base = {.box = box}, .src_pos = from}};
}

wire::device::SurfaceCreate primary(std::uint32_t width, std::uint32_t height) {
  return {.surface_id = 0,
          .width = width,
          .height = height,
          .stride = static_cast<std::int32_t>(4 * width),
          .format = surface_32_xrgb,
          .mouse_mode = 1};
}

}  // namespace draw
}  // namespace spicebench::server
