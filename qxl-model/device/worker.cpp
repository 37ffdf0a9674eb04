// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/worker.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/message_value.hpp"
#include "qxl-model/command/cursor_command.hpp"
#include "qxl-model/command/drawable.hpp"
#include "qxl-model/command/other_commands.hpp"
#include "qxl-model/command/rendering_cost.hpp"
#include "qxl-model/command/surface_command.hpp"
#include "qxl-model/device/host_update.hpp"

namespace spicebench::qxl {

namespace device = wire::device;

// Waking and looking

void Worker::wake() {
  wake(Trigger::message);
}
void Worker::wake(Trigger trigger) {
  for (RingState& ring : rings_) ring.trigger = trigger;
  if (!connected_ || wake_up_ || !core_.running) return;
  const Cycle delay = core_.costs.msg_queue + (idle() ? core_.costs.wk_wake : 0);
  wake_up_ = core_.timeline.after(delay, EventClass::timer, [this] {
    wake_up_.reset();
    core_.note(TraceKind::woken);
    core_.host.hand(wire::value_of(device::Wakeup{}));
  });
}

bool Worker::idle() const {
  return !step_ && operations_.empty() && busy_until_ <= core_.timeline.now();
}

// In the guest-bug state the command ring is dead, the cursor ring is not (§11).
bool Worker::readable(Which which) const {
  if (core_.mode == Mode::vga || !core_.running) return false;
  return which == Which::cursor || !core_.bug_latched;
}

void Worker::cancel(std::optional<Timeline::Key>& key) {
  if (key) core_.timeline.cancel(*key);
  key.reset();
}

void Worker::schedule_look(Which which) {
  RingState& ring = state(which);
  if (ring.look) return;
  const Cycle gap =
      ring.trigger == Trigger::message ? core_.costs.repoll_gap : core_.costs.poll_window;
  ring.look = core_.timeline.after(gap, EventClass::timer, [this, which] { look(which); });
}

void Worker::look(Which which) {
  state(which).look.reset();
  if (!readable(which)) return;
  busy_until_ = std::max(busy_until_, core_.timeline.now()) + core_.costs.ring_arm;
  if (!ring(which).wait_for_item()) return wake(Trigger::look);
  core_.note(TraceKind::armed, static_cast<std::uint64_t>(which), ring(which).produced() + 1);
}

// Fetching

void Worker::fetch(Fetch request) {
  if (fetches_.size() >= max_fetches || !core_.running) return core_.host.hand(nothing(request));
  fetches_.push_back(request);
  next_step();
}

void Worker::next_step() {
  if (step_ || fetches_.empty()) return;
  const Cycle start = std::max(busy_until_, core_.timeline.now());
  if (start == core_.timeline.now()) return step();
  step_ = core_.timeline.at(start, EventClass::timer, [this] { step(); });
}

void Worker::step() {
  Cycle cost = 0;
  answer_ = read(fetches_.front(), cost);
  busy_until_ = core_.timeline.now() + cost;
  step_ = core_.timeline.at(busy_until_, EventClass::worker_step_end, [this] { end_step(); });
}

void Worker::end_step() {
  step_.reset();
  fetches_.pop_front();
  core_.host.hand(std::move(answer_));
  next_step();
  advance_operation();
  tell_stopped();
}

ValuePtr Worker::nothing(const Fetch& request) {
  if (request.which == Which::command) return wire::value_of(device::NoCommand{request.id});
  return wire::value_of(device::NoCursor{request.id});
}

// Pops until there is something for the server. At most a ring full, since the guest does not run
// meanwhile.
ValuePtr Worker::read(const Fetch& request, Cycle& cost) {
  if (core_.mode == Mode::vga && request.which == Which::command) return read_host(request, cost);
  for (;;) {
    cost += core_.costs.ring_check;
    if (!readable(request.which)) return nothing(request);
    auto source = ring(request.which);
    if (source.broken()) {
      core_.guest_bug({ErrorCode::malformed, 0, "ring", "counters or size that no ring has"});
      return nothing(request);
    }
    const auto popped = source.pop();
    if (!popped) {
      schedule_look(request.which);
      return nothing(request);
    }
    cancel(state(request.which).look);
    cost += core_.costs.ring_pop;
    core_.note(TraceKind::popped, static_cast<std::uint64_t>(request.which), source.consumed() - 1,
               popped->item.type);
    if (popped->wake == DeviceCommandRing::Wake::yes)
      core_.interrupts.raise(request.which == Which::command ? interrupt_display
                                                             : interrupt_cursor);
    if (auto answer = parse(request, popped->item, cost)) return answer;
  }
}

// The host's commands of mode VGA (qxl-device.md §18.1). Their memory is the host's, too: nothing
// is copied or checked.
ValuePtr Worker::read_host(const Fetch& request, Cycle& cost) {
  cost += core_.costs.ring_check;
  const LiveSurface* primary = core_.surfaces.find(0);
  if (core_.host_updates.empty() || !primary || !core_.running) return nothing(request);
  const HostUpdate update = std::move(core_.host_updates.front());
  core_.host_updates.pop_front();
  device::DrawCommand out{.fetch_id = request.id};
  out.drawable = drawable_of(update);
  out.drawable.release_id = core_.handles.add({});
  out.drawable.mm_time = mm_time();
  const std::uint64_t painted = update.pixels.size() / 4;
  cost += core_.costs.ring_pop + core_.costs.cmd_fixed + core_.costs.obj_fixed +
          core_.costs.tree_fixed + core_.costs.render_fixed +
          rendering_cost(core_.costs, out.drawable, painted, *primary);
  ++core_.counters.draws_fetched;
  return wire::value_of(std::move(out));
}

std::uint32_t Worker::mm_time() const {
  return static_cast<std::uint32_t>(core_.timeline.now() / 1'000'000);
}

ValuePtr Worker::parse(const Fetch& request, const RingCommand& entry, Cycle& cost) {
  cost += core_.costs.cmd_fixed;
  Reader reader(core_.slots, core_.costs, core_.command_form);
  const auto type = static_cast<CommandType>(entry.type);
  ValuePtr answer;
  if (request.which == Which::cursor && type == CommandType::cursor) {
    answer = parse_cursor(request, entry.data, reader);
  } else if (request.which == Which::command && type == CommandType::draw) {
    answer = parse_draw(request, entry.data, reader);
  } else if (request.which == Which::command && type == CommandType::surface) {
    answer = parse_surface(request, entry.data, reader);
  } else {
    answer = parse_other(request, entry, reader);
  }
  cost += reader.cost();
  return answer;
}

// UPDATE and MESSAGE have no effect and are given back; the rest should not be here.
ValuePtr Worker::parse_other(const Fetch& request, const RingCommand& entry, Reader& reader) {
  const auto info = reader.at(entry.data, release_info_bytes, "command");
  if (!info) return refuse(info.error(), std::nullopt);
  const Resource resource{load_little_endian(info->data(), 8), *info};
  const auto type = static_cast<CommandType>(entry.type);
  const bool in_place = request.which == Which::command;
  Parsed<void> checked;
  if (in_place && type == CommandType::update) {
    checked = check_update_command(reader, entry.data);
  } else if (in_place && type == CommandType::message) {
    checked = check_message_command(reader, entry.data);
  } else {
    checked = refuse_fatally({ErrorCode::unsupported, 0, "type",
                              fmt::format("command type {} in the {} ring", entry.type,
                                          in_place ? "command" : "cursor")});
  }
  if (!checked) return refuse(std::move(checked).error(), resource);
  put_back(resource);
  return nullptr;
}

ValuePtr Worker::parse_draw(const Fetch& request, std::uint64_t address, Reader& reader) {
  const auto bytes = reader.at(address, drawable_bytes(reader.form()), "drawable");
  if (!bytes) return refuse(bytes.error(), std::nullopt);
  const Resource resource{load_little_endian(bytes->data(), 8), bytes->first(release_info_bytes)};
  auto parsed = read_drawable(reader, *bytes, core_.surfaces);
  if (!parsed) return refuse(std::move(parsed).error(), resource);
  if (!*parsed) {
    put_back(resource);
    return nullptr;
  }
  device::DrawCommand out{.fetch_id = request.id, .drawable = std::move(**parsed)};
  out.drawable.release_id = core_.handles.add(resource);
  out.drawable.mm_time = mm_time();
  ++core_.counters.draws_fetched;
  return wire::value_of(std::move(out));
}

// Surfaces come and go here in the order of the ring; the server follows in the same order.
ValuePtr Worker::parse_surface(const Fetch& request, std::uint64_t address, Reader& reader) {
  const auto bytes = reader.at(address, surface_command_bytes, "surface_command");
  if (!bytes) return refuse(bytes.error(), std::nullopt);
  const Resource resource{load_little_endian(bytes->data(), 8), bytes->first(release_info_bytes)};
  auto parsed = read_surface_command(reader, *bytes, core_.properties.surfaces);
  if (!parsed) return refuse(std::move(parsed).error(), resource);
  const device::SurfaceCreate& surface = parsed->surface;
  const bool create = parsed->action == static_cast<std::uint8_t>(device::SurfaceAction::create);
  if (create == (core_.surfaces.find(surface.surface_id) != nullptr))
    return refuse(
        {{create ? ErrorCode::out_of_order : ErrorCode::not_found, 0, "surface_id",
          fmt::format("surface {} {}", surface.surface_id, create ? "exists" : "does not exist")}},
        resource);
  if (create) {
    core_.note(TraceKind::surface_made, surface.surface_id, surface.width, surface.height);
    core_.surfaces.add(surface.surface_id, {surface.width, surface.height, surface.stride,
                                            surface.format, surface.memory.pixels});
    reader.charge(core_.costs.surface_new);
    if ((surface.flags & device::guest_surface_keep_data) == 0) {
      reader.charge(
          CostModel::at_rate(surface.memory.pixels.size(), core_.costs.clear_bytes_per_cycle));
      std::ranges::fill(surface.memory.pixels, std::byte{0});
    }
  } else {
    core_.note(TraceKind::surface_gone, surface.surface_id);
    core_.surfaces.remove(surface.surface_id);
    reader.charge(core_.costs.surface_del);
  }
  parsed->fetch_id = request.id;
  parsed->release_id = core_.handles.add(resource);
  return wire::value_of(*std::move(parsed));
}

ValuePtr Worker::parse_cursor(const Fetch& request, std::uint64_t address, Reader& reader) {
  const auto bytes = reader.at(address, cursor_command_bytes, "cursor_command");
  if (!bytes) return refuse(bytes.error(), std::nullopt);
  const Resource resource{load_little_endian(bytes->data(), 8), bytes->first(release_info_bytes)};
  auto parsed = read_cursor_command(reader, *bytes);
  if (!parsed) return refuse(std::move(parsed).error(), resource);
  parsed->fetch_id = request.id;
  parsed->release_id = core_.handles.add(resource);
  ++core_.counters.cursors_fetched;
  return wire::value_of(*std::move(parsed));
}

// The command is dropped, and given back if its id could be read.
ValuePtr Worker::refuse(Refusal refusal, const std::optional<Resource>& resource) {
  ++core_.counters.refused;
  if (refusal.fatal) {
    core_.guest_bug(std::move(refusal.error));
  } else {
    core_.host.found(std::move(refusal.error));
  }
  if (resource) put_back(*resource);
  return nullptr;
}

// Giving back

void Worker::put_back(const Resource& resource) {
  ++core_.counters.released;
  const std::uint32_t entry = core_.header.release_ring().produced();
  const auto outcome = core_.releases.put(resource);
  core_.note(TraceKind::released, resource.id, core_.releases.open_count());
  if (outcome.published) core_.note(TraceKind::published, entry);
  busy_until_ = std::max(busy_until_, core_.timeline.now()) + core_.costs.release_put +
                (outcome.published ? core_.costs.release_push : 0);
  if (outcome.wake) core_.interrupts.raise(interrupt_display);
}

void Worker::release(std::uint64_t handle) {
  if (!core_.running) return releases_.push_back(handle);
  const auto resource = core_.handles.take(handle);
  if (!resource) return core_.host.found(resource.error());
  if (*resource && !(*resource)->location.empty()) put_back(**resource);
}

void Worker::out_of_memory() {
  if (reclaiming_ || !core_.header.release_ring().empty()) return;
  reclaiming_ = true;
  submit({.drains = true,
          .cost = core_.costs.oom_fixed,
          .execute = [this] { return publish_releases() ? std::nullopt : any_surface(); },
          .done =
              [this] {
                reclaiming_ = false;
                publish_releases();
              }});
}

bool Worker::publish_releases() {
  if (core_.releases.open_count() == 0) return false;
  const std::uint32_t entry = core_.header.release_ring().produced();
  const auto outcome = core_.releases.flush();
  if (outcome.published) core_.note(TraceKind::published, entry);
  if (outcome.wake) core_.interrupts.raise(interrupt_display);
  return true;
}

std::optional<device::UpdateArea> Worker::whole_surface(std::uint32_t id) const {
  const LiveSurface* surface = core_.surfaces.find(id);
  if (!surface) return std::nullopt;
  device::UpdateArea request{.surface_id = id};
  const auto side = [](std::uint32_t pixels) {
    return static_cast<std::int32_t>(std::min<std::uint32_t>(pixels, INT32_MAX));
  };
  request.area = {0, 0, side(surface->height), side(surface->width)};
  return request;
}

std::optional<device::UpdateArea> Worker::any_surface() const {
  const auto& all = core_.surfaces.all();
  return all.empty() ? std::nullopt : whole_surface(all.begin()->first);
}

// Operations

void Worker::submit(Operation operation) {
  const Cycle delay = core_.costs.msg_queue + (idle() ? core_.costs.wk_wake : 0);
  operations_.push_back(std::move(operation));
  if (operations_.size() > 1) return;
  stage_ = Stage::scheduled;
  const Cycle start = std::max(busy_until_, core_.timeline.now() + delay);
  operation_event_ = core_.timeline.at(start, EventClass::timer, [this] { begin_operation(); });
}

void Worker::begin_operation() {
  operation_event_.reset();
  if (may_begin()) return execute_operation();
  stage_ = Stage::draining;
  if (operations_.front().drains) wake(Trigger::message);
}
// Not while the answer to a fetch, which is of before it, is in work.
bool Worker::may_begin() {
  return operations_.front().drains ? drained() : !step_;
}

bool Worker::drained() {
  if (!connected_) return true;
  const auto read_out = [this](Which which) { return !readable(which) || ring(which).empty(); };
  return !step_ && fetches_.empty() && read_out(Which::command) && read_out(Which::cursor);
}

void Worker::advance_operation() {
  if (!operations_.empty() && stage_ == Stage::draining && may_begin()) execute_operation();
}

void Worker::execute_operation() {
  core_.note(TraceKind::operation_begun);
  auto request = operations_.front().execute();
  if (request && connected_) {
    stage_ = Stage::rendering;
    request->request_id = ++last_request_;
    return core_.host.hand(wire::value_of(*std::move(request)));
  }
  finish_operation();
}

void Worker::area_updated(std::uint32_t request_id) {
  if (operations_.empty() || stage_ != Stage::rendering || request_id != last_request_)
    return core_.host.found({ErrorCode::not_found, 0, "area_updated.request_id",
                             fmt::format("{} is not awaited", request_id)});
  finish_operation();
}

void Worker::finish_operation() {
  stage_ = Stage::ending;
  busy_until_ = std::max(busy_until_, core_.timeline.now()) + operations_.front().cost;
  operation_event_ = core_.timeline.at(busy_until_, EventClass::async_completion, [this] {
    operation_event_.reset();
    core_.note(TraceKind::operation_done);
    const Operation operation = std::move(operations_.front());
    operations_.pop_front();
    if (!operations_.empty()) {
      stage_ = Stage::scheduled;
      operation_event_ = core_.timeline.after(core_.costs.msg_queue, EventClass::timer,
                                              [this] { begin_operation(); });
    }
    operation.done();
  });
}

// Stopping

void Worker::stop(std::function<void()> stopped) {
  submit({.execute = [this] { return any_surface(); },
          .done =
              [this, stopped = std::move(stopped)] {
                core_.running = false;
                cancel(wake_up_);
                for (RingState& ring : rings_) cancel(ring.look);
                stopped_ = stopped;
                tell_stopped();
              }});
}
void Worker::tell_stopped() {
  if (!stopped_ || step_ || !fetches_.empty() || !operations_.empty()) return;
  std::exchange(stopped_, nullptr)();
}
void Worker::start() {
  core_.running = true;
  for (const std::uint64_t handle : std::exchange(releases_, {})) release(handle);
  wake();
}

void Worker::reset() {
  cancel(wake_up_);
  reclaiming_ = false;
  cancel(step_);
  cancel(operation_event_);
  for (RingState& ring : rings_) {
    cancel(ring.look);
    ring.trigger = Trigger::message;
  }
  for (const Fetch& request : fetches_) core_.host.hand(nothing(request));
  fetches_.clear();
  answer_.reset();
  operations_.clear();
  busy_until_ = core_.timeline.now();
}

void Worker::disconnected() {
  connected_ = false;
  cancel(wake_up_);
  cancel(step_);
  fetches_.clear();
  if (operations_.empty()) return;
  if (stage_ == Stage::draining) {
    execute_operation();
  } else if (stage_ == Stage::rendering) {
    finish_operation();
  }
}

}  // namespace spicebench::qxl
