// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "core/wire/device_link.hpp"
#include "qxl-model/command/reader.hpp"
#include "qxl-model/device/core.hpp"

namespace spicebench::qxl {

// Something that a port asks of the worker. The worker does one after the other.
struct Operation {
  bool drains = false;  // only after all that was pushed before is with the server
  Cycle cost = 0;
  // Runs at the start. What it returns, if anything, must be rendered before the operation is done.
  std::function<std::optional<wire::device::UpdateArea>()> execute;
  std::function<void()> done;
};

// The half of the device that reads the rings, one step at a time: it answers the server's fetches
// when the cost model says that the work is done, and sees to it that no push is forgotten
// (qxl-device.md §13.1, §22). The server is the other part of what the reference calls the worker;
// it takes no time.
//
// A fetch from an empty ring is followed by one more look, after repoll_gap if a message caused the
// reading and after poll_window if a look did; only then the wake mark is armed. A look that finds
// something wakes the server.
class Worker {
 public:
  explicit Worker(DeviceCore& core) : core_(core) {}

  void connected() { connected_ = true; }
  // Nobody fetches or renders any more: what waits for that is done.
  void disconnected();

  // The guest, or an operation, wants the rings read. Coalesced while a wake-up is on its way.
  void wake();
  // The guest has no memory left: what was released is published; if that is nothing, all that is
  // queued gets rendered, so that it can be released.
  void out_of_memory();
  void submit(Operation operation);
  // The machine stops: what ports asked for is done, all that was fetched is drawn, then `stopped`
  // is called; nothing of the worker is under way any more, until `start`.
  void stop(std::function<void()> stopped);
  void start();
  // Of a stopped worker.
  template <class Archive>
  void transfer(Archive& archive) {
    archive.value("busy_until", busy_until_);
    archive.value("last_request", last_request_);
    auto count = static_cast<std::uint32_t>(releases_.size());
    archive.value("releases", count);
    for (std::uint32_t i = 0; i < count && !archive.failed(); ++i) {
      std::uint64_t handle = Archive::loads ? 0 : releases_[i];
      archive.value("release", handle);
      if constexpr (Archive::loads) releases_.push_back(handle);
    }
  }

  // Hard reset: drops all that is under way. Fetches are answered with nothing.
  void reset();

  void fetch(const wire::device::FetchCommand& message) {
    fetch({Which::command, message.fetch_id});
  }
  void fetch(const wire::device::FetchCursor& message) { fetch({Which::cursor, message.fetch_id}); }
  void release(std::uint64_t handle);
  void area_updated(std::uint32_t request_id);
  // A request to render all of a surface. Nothing: there is none.
  std::optional<wire::device::UpdateArea> whole_surface(std::uint32_t id) const;
  // The same of one surface, whichever: the server renders in the order of the ring, so then all
  // are rendered.
  std::optional<wire::device::UpdateArea> any_surface() const;

  static constexpr std::size_t max_fetches = 64;  // outstanding; further ones get nothing at once

 private:
  enum class Which : std::uint8_t { command, cursor };
  enum class Trigger : std::uint8_t { message, look };
  struct Fetch {
    Which which{};
    std::uint32_t id = 0;
  };
  struct RingState {
    Trigger trigger = Trigger::message;
    std::optional<Timeline::Key> look;  // scheduled
  };

  void fetch(Fetch request);
  void next_step();
  void step();
  void end_step();
  ValuePtr read(const Fetch& request, Cycle& cost);
  ValuePtr read_host(const Fetch& request, Cycle& cost);
  std::uint32_t mm_time() const;
  ValuePtr parse(const Fetch& request, const RingCommand& entry, Cycle& cost);
  ValuePtr parse_other(const Fetch& request, const RingCommand& entry, Reader& reader);
  ValuePtr parse_draw(const Fetch& request, std::uint64_t address, Reader& reader);
  ValuePtr parse_surface(const Fetch& request, std::uint64_t address, Reader& reader);
  ValuePtr parse_cursor(const Fetch& request, std::uint64_t address, Reader& reader);
  ValuePtr refuse(Refusal refusal, const std::optional<Resource>& resource);
  void put_back(const Resource& resource);
  static ValuePtr nothing(const Fetch& request);

  DeviceCommandRing ring(Which which) {
    return which == Which::command ? core_.header.command_ring() : core_.header.cursor_ring();
  }
  RingState& state(Which which) { return rings_[static_cast<std::size_t>(which)]; }
  bool readable(Which which) const;
  void wake(Trigger trigger);
  void schedule_look(Which which);
  void look(Which which);
  void cancel(std::optional<Timeline::Key>& key);

  void tell_stopped();
  bool idle() const;
  bool drained();
  bool may_begin();
  // False: nothing is on its way back to the guest. What a full ring does not take counts too.
  bool publish_releases();
  void begin_operation();
  void advance_operation();
  void execute_operation();
  void finish_operation();

  DeviceCore& core_;
  bool connected_ = false;
  Cycle busy_until_ = 0;
  std::array<RingState, 2> rings_;
  std::optional<Timeline::Key> wake_up_, step_, operation_event_;
  std::deque<Fetch> fetches_;         // the front one is in work while step_ is set
  ValuePtr answer_;                   // of the step in work
  std::deque<Operation> operations_;  // the front one is in work
  enum class Stage : std::uint8_t { scheduled, draining, rendering, ending };
  Stage stage_ = Stage::scheduled;
  std::function<void()> stopped_;        // to be called when the last step is over
  std::vector<std::uint64_t> releases_;  // that came while the machine was stopped
  bool reclaiming_ = false;              // an out_of_memory is under way
  std::uint32_t last_request_ = 0;       // id of the last UpdateArea
};

}  // namespace spicebench::qxl
