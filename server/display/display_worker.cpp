// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/display/display_worker.hpp"

#include <algorithm>

#include "core/draw/region_sets.hpp"
#include "server/display/picture.hpp"

namespace spicebench::server {

namespace display = wire::display;
namespace device = wire::device;

// What a guest command may refer to beside its own bytes: surfaces.
class DisplayWorker::TargetImages final : public draw::Images {
 public:
  explicit TargetImages(DisplayWorker& worker) : worker_(worker) {}
  std::optional<draw::PixelView> surface(std::uint32_t id) const override {
    const draw::Surface* found = worker_.surface(id);
    if (!found) return std::nullopt;
    return found->view();
  }
  display::Transform* surface_transform(std::uint32_t id) override {
    const auto found = worker_.targets_.find(id);
    return found == worker_.targets_.end() ? nullptr : &found->second.transform;
  }

 private:
  DisplayWorker& worker_;
};

DisplayWorker::DisplayWorker(Services& services)
    : services_(services),
      streams_(services, clients_, [this](const display::Rect& area) { return picture(0, area); }) {
}

void DisplayWorker::pump() {
  puller_.pump(services_, pipes_full());
  const std::optional<Instant> due = streams_.next_expiry();
  if (due == film_timer_due_) return;
  film_timer_due_ = due;
  if (due)
    services_.outputs.emplace_back(Arm{film_timer, *due});
  else
    services_.outputs.emplace_back(Disarm{film_timer});
}

const draw::Surface* DisplayWorker::surface(std::uint32_t id) const {
  const auto found = targets_.find(id);
  return found == targets_.end() ? nullptr : &found->second.pixels;
}

bool DisplayWorker::pipes_full() const {
  return std::ranges::any_of(clients_, [this](const DisplayClient* client) {
    return client->pipe_length() > services_.options.pipe_limit;
  });
}

void DisplayWorker::append_to_all(const DisplayItem& item) {
  for (DisplayClient* client : clients_) client->append(item);
}

// Surfaces

void DisplayWorker::create(const device::SurfaceCreate& request, ResourceHold hold) {
  if (request.surface_id >= most_surfaces) {
    services_.report_device({ErrorCode::out_of_range, 0, "surface_create.surface_id",
                             fmt::format("{}, at most {}", request.surface_id, most_surfaces - 1)});
    return;
  }
  destroy(request.surface_id);  // one that still exists is let go
  device::SurfaceMemory memory = request.memory;
  const std::uint64_t bytes = static_cast<std::uint64_t>(std::abs(std::int64_t{request.stride})) *
                              std::min(request.height, surface_side_max + 1);
  if (memory.pixels.empty() && request.height <= surface_side_max && bytes <= surface_bytes_max) {
    auto own = std::make_shared<Bytes>(bytes);
    memory = {own, *own};
  }
  auto pixels = draw::Surface::over(memory.pixels, request.width, request.height, request.stride,
                                    request.format);
  if (!pixels) {
    services_.report_device(std::move(pixels.error()).within("surface_create"));
    return;
  }
  const bool keeps = (request.flags & device::guest_surface_keep_data) != 0;
  if (!keeps) pixels->clear();
  const bool primary = request.surface_id == 0;
  const display::Rect bounds = draw::bounds_of(*pixels);
  const auto [at, fresh] = targets_.emplace(
      request.surface_id,
      Target{.description = {.surface_id = request.surface_id,
                             .width = request.width,
                             .height = request.height,
                             .format = request.format,
                             .flags = primary ? std::uint32_t{display::surface_primary} : 0u},
             .memory = std::move(memory),
             .pixels = *pixels,
             .dirty = DirtyRegion(bounds),
             .hold = std::move(hold)});
  for (DisplayClient* client : clients_) {
    if (keeps)
      show(*client, at->second);
    else
      client->append(wire::AnyMessage::of(at->second.description));
  }
  if (!primary) return;
  monitors_.heads = {{.width = request.width, .height = request.height}};
  if (!driver_sets_monitors_)
    for (DisplayClient* client : clients_) append_monitors(*client);
  tell_all(display::Mark{});
}

void DisplayWorker::destroy(std::uint32_t surface_id) {
  const auto found = targets_.find(surface_id);
  if (found == targets_.end()) return;
  for (DisplayClient* client : clients_) client->drop_draws(surface_id);
  if (surface_id == 0) streams_.drop_all();
  tell_all(display::SurfaceDestroy{surface_id});
  targets_.erase(found);
}

// DIFFERS: clients are told to empty their pixmap caches, since a rebooted guest may use its image
// ids again; the reference lives with the old pictures.
void DisplayWorker::reset() {
  while (!targets_.empty()) destroy(targets_.begin()->first);
  tell_all(display::InvalAllPalettes{});
  tell_all(display::InvalAllPixmaps{});
  driver_sets_monitors_ = false;
}

void DisplayWorker::device_gone() {
  reset();
  puller_.forget();
}

void DisplayWorker::show(DisplayClient& client, const Target& target) {
  client.append(wire::AnyMessage::of(target.description));
  const std::uint32_t id = target.description.surface_id;
  if (target.pixels.format() == display::surface_1_a) {
    for (auto& fill : set_bits_of(id, target.pixels))
      client.append(wire::AnyMessage::of(std::move(fill)));
    return;
  }
  client.append(picture(id, draw::bounds_of(target.pixels)));
}

// Precondition: there is such a surface, and the area lies in it.
wire::AnyMessage DisplayWorker::picture(std::uint32_t surface_id, const display::Rect& area) {
  return wire::AnyMessage::of(
      picture_of(surface_id, *surface(surface_id), area, ++last_picture_ << 32 | red_image_group));
}

// Commands

void DisplayWorker::draw(const wire::AnyMessage& message) {
  const auto& command = *message.as<device::DrawCommand>();
  const auto hold = std::make_shared<const Resource>(services_, command.drawable.release_id);
  if (auto asked = puller_.answered(command.fetch_id, true); !asked) {
    services_.report_device(std::move(asked.error()).within("draw_command"));
    return;
  }
  ++services_.counters.commands_fetched;
  if (auto accepted = accept(message, hold); !accepted) {
    ++services_.counters.commands_refused;
    services_.report_device(std::move(accepted.error()).within("draw_command"));
  }
}

// What clients hold of lesser quality than the command needs is made exact before it is drawn,
// while the surface still shows what they should have.
Result<void> DisplayWorker::accept(const wire::AnyMessage& message, ResourceHold hold) {
  const device::Drawable& drawable = message.as<device::DrawCommand>()->drawable;
  draw::Region region = TRY(region_of(drawable));
  if (region.empty()) return {};
  const DrawItem item = drawing_of(message, std::move(hold), std::move(region), services_.now);
  streams_.make_way(*item);
  for (DisplayClient* client : clients_)
    for (const auto& [id, area] : client->make_exact(*item))
      if (const draw::Surface* found = surface(id))
        client->append(picture(id, draw::intersection(area, draw::bounds_of(*found))));
  CHECKED(render(drawable));
  ++services_.counters.commands_drawn;
  streams_.drawn(item);
  return {};
}

// The resource of the create goes first, then that of the destroy.
void DisplayWorker::surface_command(const device::SurfaceCommand& command) {
  const auto hold = std::make_shared<const Resource>(services_, command.release_id);
  if (auto asked = puller_.answered(command.fetch_id, true); !asked) {
    services_.report_device(std::move(asked.error()).within("surface_command"));
    return;
  }
  ++services_.counters.commands_fetched;
  const std::uint32_t id = command.surface.surface_id;
  if (command.action == static_cast<std::uint8_t>(device::SurfaceAction::create)) {
    create(command.surface, hold);
  } else if (surface(id)) {
    destroy(id);
  } else {
    services_.report_device({ErrorCode::not_found, 0, "surface_command.surface_id",
                             fmt::format("surface {} does not exist", id)});
  }
}

void DisplayWorker::no_command(const device::NoCommand& answer) {
  if (auto asked = puller_.answered(answer.fetch_id, false); !asked)
    services_.report_device(std::move(asked.error()).within("no_command"));
}

// The source area must be a part of the source: clients reject or misread others.
template <class Command>
Result<void> DisplayWorker::check_source(const Command& command) const {
  if (!command.src_bitmap) return fail(ErrorCode::malformed, "no source image", 0, "src_bitmap");
  const display::Image& image = *command.src_bitmap;
  std::uint64_t width = image.width, height = image.height;
  if (const auto* reference = std::get_if<display::SurfaceReference>(&image.payload)) {
    const draw::Surface* source = surface(reference->surface_id);
    if (!source)
      return fail(ErrorCode::not_found,
                  fmt::format("surface {} does not exist", reference->surface_id), 0, "src_bitmap");
    width = source->width(), height = source->height();
  }
  const display::Rect& area = command.src_area;
  if (is_empty(area) || area.left < 0 || area.top < 0 || std::cmp_greater(area.right, width) ||
      std::cmp_greater(area.bottom, height))
    return fail(ErrorCode::out_of_range,
                fmt::format("left {}, top {}, right {}, bottom {} of an image of {}x{}", area.left,
                            area.top, area.right, area.bottom, width, height),
                0, "src_area");
  return {};
}

template <class Command>
Result<draw::Region> DisplayWorker::region_of(const Command& command) const {
  const auto found = targets_.find(command.base.surface_id);
  if (found == targets_.end())
    return fail(ErrorCode::not_found,
                fmt::format("surface {} does not exist", command.base.surface_id), 0,
                "base.surface_id");
  const display::Rect& box = command.base.box;
  const display::Rect bounds = draw::bounds_of(found->second.pixels);
  if (box.left < 0 || box.top < 0 || box.right > bounds.right || box.bottom > bounds.bottom)
    return fail(ErrorCode::out_of_range,
                fmt::format("left {}, top {}, right {}, bottom {} on a surface of {}x{}", box.left,
                            box.top, box.right, box.bottom, bounds.right, bounds.bottom),
                0, "base.box");
  draw::Region region = TRY(draw::region_of(box, bounds, command.base.clip));
  if (region.empty()) return region;
  if constexpr (requires { command.src_area; }) CHECKED(check_source(command));
  return region;
}

Result<draw::Region> DisplayWorker::region_of(const device::Drawable& drawable) const {
  return std::visit(
      [&](const auto& body) -> Result<draw::Region> {
        if constexpr (requires { body.base; }) return region_of(body);
        if (drawable.type == static_cast<std::uint8_t>(device::DrawType::nop))
          return draw::Region{};
        return fail(ErrorCode::unsupported, fmt::format("drawable type {}", drawable.type), 0,
                    "type");
      },
      drawable.body);
}

Result<void> DisplayWorker::render(const device::Drawable& drawable) {
  return std::visit(
      [&](const auto& body) -> Result<void> {
        if constexpr (requires { body.base; }) {
          Target& target = targets_.at(body.base.surface_id);
          TargetImages images(*this);
          CHECKED(draw::render(target.pixels, body, images));
          target.dirty.add(body.base.box);
        }
        return {};
      },
      drawable.body);
}

// The device asks only when all that it pushed before has been fetched, and what was fetched is
// rendered.
void DisplayWorker::update_area(const device::UpdateArea& request) {
  const auto found = targets_.find(request.surface_id);
  device::AreaUpdated answer{.request_id = request.request_id, .dirty = {}};
  if (found == targets_.end()) {
    services_.report_device({ErrorCode::not_found, 0, "update_area.surface_id",
                             fmt::format("surface {} does not exist", request.surface_id)});
  } else {
    answer.dirty = found->second.dirty.rects();
    if (request.clear_dirty != 0) found->second.dirty.clear();
    ++services_.counters.areas_updated;
  }
  services_.to_device(std::move(answer));
}

void DisplayWorker::set_monitors(const device::MonitorsConfig& config) {
  if (config.heads.empty() || config.heads.size() > config.max_allowed) return;
  driver_sets_monitors_ = true;
  monitors_ = {.max_allowed = config.max_allowed, .heads = config.heads};
  std::erase_if(monitors_.heads, [](const auto& h) { return h.width == 0 || h.height == 0; });
  for (DisplayClient* client : clients_) append_monitors(*client);
}

void DisplayWorker::append_monitors(DisplayClient& client) {
  if (client.has_cap(wire::link::DisplayCap::monitors_config))
    client.append(wire::AnyMessage::of(monitors_));
}

// Clients

void DisplayWorker::attach(DisplayClient& client) {
  clients_.push_back(&client);
  announce_capabilities();
  if (targets_.empty()) return;
  client.append(wire::AnyMessage::of(display::InvalAllPalettes{}));
  for (const auto& [id, target] : targets_) {
    show(client, target);
    if (id != 0) continue;
    append_monitors(client);
    client.append(wire::AnyMessage::of(display::Mark{}));
  }
  streams_.show(client);
}

void DisplayWorker::detach(DisplayClient& client) {
  if (std::erase(clients_, &client) > 0) announce_capabilities();
}

// The guest may count on what every client can and this server passes on. DIFFERS: told after a
// client has left, so that "no client" is told too.
void DisplayWorker::announce_capabilities() {
  device::ClientCapabilities message{.client_present =
                                         clients_.empty() ? std::uint8_t{0} : std::uint8_t{1}};
  constexpr auto cap = wire::link::DisplayCap::monitors_config;
  if (!clients_.empty() && std::ranges::all_of(clients_, [](const DisplayClient* client) {
        return client->has_cap(cap);
      }))
    message.capabilities[static_cast<unsigned>(cap) / 8] |=
        static_cast<std::uint8_t>(1u << static_cast<unsigned>(cap) % 8);
  services_.to_device(message);
}

draw::Region DisplayWorker::inexact(std::uint32_t surface_id) const {
  draw::Region all;
  for (const DisplayClient* client : clients_) all = draw::united(all, client->inexact(surface_id));
  return all;
}

nlohmann::json DisplayWorker::describe() const {
  nlohmann::json surfaces = nlohmann::json::array();
  for (const auto& [id, target] : targets_)
    surfaces.push_back({{"id", id},
                        {"width", target.description.width},
                        {"height", target.description.height},
                        {"format", target.description.format},
                        {"dirty_rects", target.dirty.rects().size()}});
  return {{"surfaces", std::move(surfaces)},
          {"clients", clients_.size()},
          {"streams", streams_.describe()},
          {"waits_for_clients", waits_for_clients()},
          {"monitors", monitors_.heads.size()}};
}

}  // namespace spicebench::server
