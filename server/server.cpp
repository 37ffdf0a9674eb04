// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/server.hpp"

#include "server/session/guest.hpp"
#include "server/session/links.hpp"

namespace spicebench::server {

// In the order of their lives: what is below uses what is above.
struct Server::Parts {
  Parts(ServerOptions options, const Random& random)
      : services(std::move(options)),
        guest(services),
        links(services, guest, random.fork("session")) {}

  void handle(const Input& input);
  void opened(const Opened& input);
  void closed(const Closed& input);
  void fired(TimerId timer);

  Services services;
  Guest guest;
  Links links;
};

Server::Server(ServerOptions options, Random random)
    : parts_(std::make_unique<Parts>(std::move(options), random)) {}
Server::~Server() = default;

Outputs Server::start(Instant now) {
  parts_->services.now = now;
  return {};
}

// The effects of one input, then all that may be sent and fetched after it.
Outputs Server::handle(const Input& input, Instant now) {
  Parts& parts = *parts_;
  parts.services.now = now;
  parts.handle(input);
  do parts.links.pump();
  while (parts.guest.pump_char_devices());
  parts.guest.pump();
  parts.links.take();
  return std::exchange(parts.services.outputs, {});
}

void Server::Parts::handle(const Input& input) {
  if (const auto* received = std::get_if<Received>(&input)) {
    if (links.knows(received->link)) links.received(received->link, received->bytes);
  } else if (const auto* writable = std::get_if<Writable>(&input)) {
    if (links.knows(writable->link)) links.writable(writable->link, writable->bytes);
  } else if (const auto* handed = std::get_if<Handed>(&input)) {
    const wire::AnyMessage& message = wire::message_in(*handed->value);
    if (services.admin == handed->link) {
      if (auto taken = links.administer(message); !taken)
        services.report({.connection = handed->link,
                         .channel = wire::ChannelType::admin,
                         .error = std::move(taken).error()});
      return;
    }
    if (services.device != handed->link) return;
    if (auto taken = guest.handle(message); !taken)
      services.report_device(std::move(taken).error());
  } else if (const auto* open = std::get_if<Opened>(&input)) {
    opened(*open);
  } else if (const auto* close = std::get_if<Closed>(&input)) {
    closed(*close);
  } else {
    fired(std::get<Fired>(input).timer);
  }
}

void Server::Parts::opened(const Opened& input) {
  if (auto origin = link_origin(input.address)) return links.opened(input.link, *std::move(origin));
  if (input.address == "device" && !services.device) return guest.linked(input.link);
  if (input.address == "admin" && !services.admin) {
    services.admin = input.link;
    return;
  }
  const bool second = input.address == "device" || input.address == "admin";
  services.report({.connection = input.link,
                   .fatal = true,
                   .error = {ErrorCode::denied,
                             0,
                             {},
                             second ? "there is one at " + input.address + " already"
                                    : "nothing listens at " + input.address}});
  services.outputs.emplace_back(Close{input.link});
}

void Server::Parts::closed(const Closed& input) {
  if (links.knows(input.link)) return links.closed(input.link, input.ending);
  if (services.admin == input.link)
    services.admin.reset();
  else if (services.device == input.link)
    guest.gone();
  else
    return;
  services.outputs.emplace_back(Close{input.link});
}

void Server::Parts::fired(TimerId timer) {
  if (timer == Keyboard::settle_timer) return guest.keyboard.settle();
  if (timer == Guest::stall_timer) return links.guest_stalled();
  if (timer == DisplayWorker::film_timer) return guest.display.film_paused();
  if (Links::is_watch_timer(timer)) return links.watch(timer);
  if (links.knows(timer)) links.deadline(timer);
}

const ServerOptions& Server::options() const {
  return parts_->services.options;
}
ServerCounters Server::counters() const {
  return parts_->services.counters;
}
std::span<const Finding> Server::errors() const {
  return parts_->services.findings();
}
bool Server::has_client() const {
  return parts_->links.has_session();
}
bool Server::has_display_client() const {
  return parts_->guest.display.has_client();
}

std::optional<image::PixelView> Server::surface(std::uint32_t surface_id) const {
  const draw::Surface* found = parts_->guest.display.surface(surface_id);
  if (!found) return std::nullopt;
  return found->view();
}

draw::Region Server::inexact(std::uint32_t surface_id) const {
  return parts_->guest.display.inexact(surface_id);
}
bool Server::shows_film() const {
  return parts_->guest.display.shows_film();
}

nlohmann::json Server::describe() const {
  nlohmann::json json = parts_->links.describe();
  const Guest& guest = parts_->guest;
  json["display"] = guest.display.describe();
  json["cursor"] = guest.cursor.describe();
  json["sound"] = guest.sound.describe();
  json["keys_down"] = guest.keyboard.keys_down();
  json["locks"] = guest.keyboard.locks();
  json["agent"] = guest.agent.describe();
  json["char_devices"] = guest.char_devices.describe();
  json["mouse_mode"] = guest.mouse.current();
  json["device"] = parts_->services.device.has_value();
  return json;
}

}  // namespace spicebench::server
