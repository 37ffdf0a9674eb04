// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <variant>
#include <vector>

#include "core/draw/draw.hpp"
#include "core/wire/device_link.hpp"
#include "core/wire/link.hpp"
#include "server/display/dirty_region.hpp"
#include "server/display/puller.hpp"
#include "server/display/release.hpp"

namespace spicebench::server {

// What waits in a client's pipe: a message as it is, or a guest command, whose images become
// messages only when it is sent, since what the client's caches hold is known only then.
struct DrawItem {
  wire::AnyMessage command;  // a wire::device::DrawCommand
  ResourceHold hold;
  const wire::device::Drawable& drawable() const {
    return command.as<wire::device::DrawCommand>()->drawable;
  }
};
using DisplayItem = std::variant<wire::AnyMessage, DrawItem>;

// A client's display channel, as the worker sees it.
class DisplayClient {
 public:
  virtual ~DisplayClient() = default;
  virtual void append(DisplayItem item) = 0;
  virtual std::size_t pipe_length() const = 0;
  // Commands that draw on the surface need not be sent any more: it will be destroyed. What was
  // queued before a command that reads the surface stays.
  virtual void drop_draws(std::uint32_t surface_id) = 0;
  virtual bool has_cap(wire::link::DisplayCap cap) const = 0;
};

// The graphics of one device: pulls its commands, keeps its surfaces and queues what clients need
// to see the same. A command is rendered when it is accepted, so what a client has been sent plus
// what is queued for it is always what the surfaces show.
//
// Source: display-pipeline.md §2, §7, §9–§13. DIFFERS: the reference renders late and leaves out
// what later commands hide.
class DisplayWorker {
 public:
  explicit DisplayWorker(Services& services) : services_(services) {}

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

  void pump() { puller_.pump(services_, pipes_full()); }
  bool waits_for_clients() const { return puller_.waiting(); }

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
  // False: nothing to draw.
  Result<bool> accept(const wire::device::Drawable& drawable);
  template <class Command>
  Result<bool> accept(const Command& command);
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
};

}  // namespace spicebench::server
