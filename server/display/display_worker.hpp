// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "core/draw/draw.hpp"
#include "core/wire/device_link.hpp"
#include "server/display/dirty_region.hpp"
#include "server/display/display_client.hpp"
#include "server/display/puller.hpp"
#include "server/video/video_streams.hpp"

namespace spicebench::server {

// The graphics of one device: pulls its commands, keeps its surfaces and queues what clients need
// to see the same. A command is rendered when it is accepted, so what a client has been sent plus
// what is queued for it is always what the surfaces show.
//
// Source: display-pipeline.md §2, §7, §9–§13, §17. DIFFERS: the reference renders late; what later
// commands hide leaves the pipes all the same (culling.hpp).
class DisplayWorker {
 public:
  // Fires when a film has paused for too long.
  static constexpr TimerId film_timer = 3;

  explicit DisplayWorker(Services& services);

  // From the device.
  void device_gone();
  void wake() { puller_.wake(); }
  //   hold  the resource that the surface's memory belongs to; null: none
  void create(const wire::device::SurfaceCreate& request, ResourceHold hold = nullptr);
  void destroy(std::uint32_t surface_id);
  void reset();
  // `message`: a wire::device::DrawCommand, answer to a fetch.
  void draw(const wire::AnyMessage& message);
  // The other answer to a fetch.
  void surface_command(const wire::device::SurfaceCommand& command);
  void no_command(const wire::device::NoCommand& answer);
  void update_area(const wire::device::UpdateArea& request);
  void set_monitors(const wire::device::MonitorsConfig& config);

  // Queues all that a new client needs to show what is there.
  void attach(DisplayClient& client);
  void detach(DisplayClient& client);
  // Tells the device what its clients can show.
  void announce_capabilities();

  void pump();
  void film_paused() { streams_.expire(); }
  // Streams begin anew, with what clients now want.
  void restart_streams() { streams_.stop_all(); }
  bool has_client() const { return !clients_.empty(); }
  bool waits_for_clients() const { return puller_.waiting(); }

  // As Server::inexact, Server::shows_film.
  draw::Region inexact(std::uint32_t surface_id) const;
  bool shows_film() const { return streams_.next_expiry().has_value(); }

  const draw::Surface* surface(std::uint32_t id) const;
  nlohmann::json describe() const;

 private:
  struct Target {
    wire::display::SurfaceCreate description;
    wire::device::SurfaceMemory memory;
    draw::Surface pixels;
    DirtyRegion dirty;
    ResourceHold hold;
    wire::display::Transform transform{};  // draw::Images::surface_transform
  };
  class TargetImages;

  bool pipes_full() const;
  void append_to_all(const DisplayItem& item);
  template <wire::Message T>
  void tell_all(T message) {
    if (!clients_.empty()) append_to_all(wire::AnyMessage::of(std::move(message)));
  }
  void show(DisplayClient& client, const Target& target);
  // What the command may change of its surface; empty: nothing to draw.
  Result<draw::Region> region_of(const wire::device::Drawable& drawable) const;
  template <class Command>
  Result<draw::Region> region_of(const Command& command) const;
  Result<void> render(const wire::device::Drawable& drawable);
  Result<void> accept(const wire::AnyMessage& message, ResourceHold hold);
  wire::AnyMessage picture(std::uint32_t surface_id, const wire::display::Rect& area);
  template <class Command>
  Result<void> check_source(const Command& command) const;
  void append_monitors(DisplayClient& client);

  Services& services_;
  Puller<wire::device::FetchCommand> puller_;
  std::map<std::uint32_t, Target> targets_;
  std::vector<DisplayClient*> clients_;
  wire::display::MonitorsConfig monitors_{.max_allowed = 1, .heads = {}};
  bool driver_sets_monitors_ = false;
  std::uint64_t last_picture_ = 0;
  VideoStreams streams_;
  std::optional<Instant> film_timer_due_;
};

}  // namespace spicebench::server
