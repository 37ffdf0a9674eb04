// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/machine.hpp"

#include <algorithm>
#include <cassert>

#include "core/wire/device_link.hpp"
#include "core/wire/message_value.hpp"
#include "qxl-model/agent/char_devices.hpp"
#include "qxl-model/device/device.hpp"
#include "qxl-model/guest/guest.hpp"
#include "qxl-model/guest/workload.hpp"
#include "qxl-model/input_devices.hpp"
#include "qxl-model/model_bus.hpp"

namespace spicebench::qxl {

namespace device = wire::device;

namespace {
constexpr LinkId device_link = 1;
constexpr TimerId next_event_timer = 1;
constexpr Cycle millisecond = 1'000'000;

Properties properties_of(const MachineOptions& options) {
  Properties out;
  out.ram_mb = options.ram_mb;
  out.vram_mb = options.vram_mb;
  out.vgamem_mb = options.vgamem_mb;
  out.max_outputs = options.max_outputs;
  out.vram64_mb = options.vram64_mb;
  out.revision = options.revision;
  out.secondary = options.secondary;
  out.surfaces = options.surfaces;
  out.xres = options.xres;
  out.yres = options.yres;
  out.guestdebug = options.guestdebug;
  return out;
}
CostModel costs_of(const MachineOptions& options) {
  const CostModel* profile = cost_profile(options.cost_profile);
  assert(profile != nullptr);
  CostModel costs = *profile;
  for (const auto& [name, value] : options.costs) costs.*(cost_field(name)->value) = value;
  return costs;
}
}  // namespace

struct Machine::Parts final : DeviceHost {
  Parts(MachineOptions o, Random r)
      : options(std::move(o)),
        costs(costs_of(options)),
        workload(*workload_named(options.workload)),
        display(std::make_unique<Device>(properties_of(options), costs, timeline, *this)),
        inputs([this] { bus.lines_changed(); },
               [this](std::uint8_t leds) { hand(wire::value_of(device::KeyboardLeds{leds})); }),
        bus(timeline, costs, inputs),
        char_devices(
            options.agent, options.ports, timeline,
            [this](ValuePtr message) { hand(std::move(message)); },
            [this](const wire::agent::MouseState& state) { pointer(state); }),
        guest(bus, options, r, costs.ring_push,
              [this](Error error) { note(findings, std::move(error)); }) {
    bus.set_device(*display);
    if (options.sound)
      sound.emplace(*options.sound, options.seconds, timeline,
                    [this](ValuePtr message) { hand(std::move(message)); });
  }

  void hand(ValuePtr message) override {
    if (connected) outputs.emplace_back(Hand{device_link, std::move(message)});
  }
  // The agent moves the guest's pointer as a tablet would.
  void pointer(const wire::agent::MouseState& state) {
    inputs.position(
        {state.x, state.y, static_cast<std::uint16_t>(state.buttons >> 1), state.display_id});
  }
  void display_line(bool) override { bus.lines_changed(); }
  void port_completed() override { bus.port_completed(); }
  // Of the guest, by the device.
  void found(Error finding) override {
    note(workload.breaks_rules ? refusals : findings, std::move(finding));
  }
  void logged(std::string text) override {
    if (log.size() < max_log_lines) log.push_back(std::move(text));
  }
  void note(std::vector<MachineFinding>& list, Error error) {
    if (list.size() < max_findings)
      list.push_back({instant(static_cast<std::int64_t>(timeline.now())), std::move(error)});
  }

  void opened() {
    connected = true;
    display->connected();
    display->power_on();
    hand(wire::value_of(device::PointerDevice{options.absolute_pointer}));
    guest.power_on();
    char_devices.power_on(std::max(options.max_outputs, 1u));
    if (sound) sound->power_on();
    schedule_stop(0);
  }

  void schedule_stop(std::size_t which) {
    if (which == options.stops.size()) return;
    const Cycle due = millisecond * options.stops[which].at_ms;
    timeline.at(std::max(due, timeline.now()), EventClass::timer, [this, which] { stop(which); });
  }
  void stop(std::size_t which) {
    bus.pause();
    if (sound) sound->pause();
    display->stop([this, which] {
      timeline.after(millisecond * options.stops[which].for_ms, EventClass::timer,
                     [this, which] { start(which); });
    });
  }
  void start(std::size_t which) {
    if (options.stops[which].reload) reload();
    display->start();
    bus.go_on();
    if (sound) sound->go_on();
    schedule_stop(which + 1);
  }
  // Another device in place of this one, on the same memories.
  void reload() {
    const Bytes state = display->save();
    auto other = std::make_unique<Device>(properties_of(options), costs, timeline, *this,
                                          display->memory().memories());
    const auto loaded = other->load(state);
    if (!loaded) return note(findings, Error(loaded.error()).within("reload"));
    if (connected) other->connected();
    other->trace(trace);
    display = std::move(other);
    bus.set_device(*display);
  }
  void closed(Ending ending) {
    if (ending == Ending::refused)
      note(findings, {ErrorCode::io, 0, "device", "no server: the machine stays off"});
    connected = false;
    display->disconnected();
  }
  void handed(const Value& value) {
    const wire::AnyMessage& message = wire::message_in(value);
    if (display->handle(message) || char_devices.handle(message)) return;
    if (sound && sound->handle(message)) return;
    if (const auto* key = message.as<device::Key>()) {
      inputs.key(*key);
    } else if (const auto* motion = message.as<device::MouseMotion>()) {
      inputs.motion(*motion);
    } else if (const auto* buttons = message.as<device::MouseButtons>()) {
      inputs.buttons(*buttons);
    } else if (const auto* position = message.as<device::MousePosition>()) {
      inputs.position(*position);
    } else {
      note(findings,
           {ErrorCode::unsupported, 0, "device", "a message that a server does not send"});
    }
  }

  // Everything up to and including `now`, then the next time at which something happens by itself.
  Outputs take_outputs() {
    timeline.run_until(timeline.now());
    const auto next = timeline.next();
    if (next != armed) {
      if (next) {
        outputs.emplace_back(Arm{next_event_timer, instant(static_cast<std::int64_t>(*next))});
      } else {
        outputs.emplace_back(Disarm{next_event_timer});
      }
      armed = next;
    }
    return std::exchange(outputs, {});
  }

  const MachineOptions options;
  const CostModel costs;
  const Workload& workload;
  Timeline timeline;
  Outputs outputs;
  std::vector<MachineFinding> findings, refusals;
  TraceSink* trace = nullptr;
  std::vector<std::string> log;
  std::optional<Cycle> armed;
  bool connected = false;
  std::unique_ptr<Device> display;
  InputDevices inputs;
  ModelBus bus;
  CharDevices char_devices;
  Guest guest;
  std::optional<SoundDevice> sound;
};

Machine::Machine(MachineOptions options, Random random)
    : parts_(std::make_unique<Parts>(std::move(options), random)) {}
Machine::~Machine() = default;

Outputs Machine::start(Instant now) {
  parts_->timeline.run_until(static_cast<Cycle>(nanoseconds(now)));
  return {Connect{device_link, "device"}};
}

Outputs Machine::handle(const Input& input, Instant now) {
  Parts& parts = *parts_;
  parts.timeline.run_until(static_cast<Cycle>(nanoseconds(now)));
  if (std::holds_alternative<Opened>(input)) {
    parts.opened();
  } else if (const auto* handed = std::get_if<Handed>(&input)) {
    parts.handed(*handed->value);
  } else if (const auto* closed = std::get_if<Closed>(&input)) {
    parts.closed(closed->ending);
  } else if (std::holds_alternative<Fired>(input)) {
    parts.armed.reset();
  }
  return parts.take_outputs();
}

const MachineOptions& Machine::options() const {
  return parts_->options;
}

static GuestMemoryView view_of(const LiveSurface& surface) {
  return {surface.width, surface.height, surface.stride, surface.format, surface.pixels};
}
std::map<std::uint32_t, GuestMemoryView> Machine::surfaces() const {
  std::map<std::uint32_t, GuestMemoryView> out;
  for (const auto& [id, surface] : parts_->display->surfaces().all())
    out.emplace(id, view_of(surface));
  return out;
}
std::optional<GuestMemoryView> Machine::primary() const {
  const LiveSurface* primary = parts_->display->surfaces().find(0);
  if (!primary) return std::nullopt;
  return view_of(*primary);
}

MachineCounters Machine::counters() const {
  const auto& seen = parts_->display->counters();
  const auto& pushed = parts_->guest.driver().counters();
  const auto& read = parts_->guest.driver().inputs();
  return {.draws_pushed = pushed.draws_pushed,
          .cursors_pushed = pushed.cursors_pushed,
          .draws_fetched = seen.draws_fetched,
          .cursors_fetched = seen.cursors_fetched,
          .refused = seen.refused,
          .released = seen.released,
          .collected = pushed.collected,
          .outstanding = parts_->guest.driver().outstanding(),
          .interrupts = parts_->bus.display_interrupts(),
          .kicks = seen.kicks,
          .keys_seen = read.keys_seen(),
          .motions_seen = read.motions_seen(),
          .buttons_seen = read.buttons_seen(),
          .inputs_dropped = parts_->inputs.dropped(),
          .ring_full_waits = pushed.ring_full_waits,
          .memory_full_waits = pushed.memory_full_waits};
}

std::span<const MachineFinding> Machine::findings() const {
  return parts_->findings;
}
std::span<const MachineFinding> Machine::refusals() const {
  return parts_->refusals;
}
std::span<const std::string> Machine::guest_log() const {
  return parts_->log;
}
std::vector<std::string> Machine::agent_log() const {
  return parts_->char_devices.log();
}
// What a guest without a microphone hears is no part of it.
Hash128 Machine::guest_digest() const {
  const Hash128 accesses = parts_->bus.digest();
  if (!parts_->sound || !parts_->options.sound->record.present) return accesses;
  Hasher both;
  both.add(accesses.bytes());
  both.add(parts_->sound->counters().recorded.bytes());
  return both.value();
}
SoundCounters Machine::sound() const {
  return parts_->sound ? parts_->sound->counters() : SoundCounters{};
}
void Machine::observe(BusObserver* observer) {
  parts_->bus.observe(observer);
}
void Machine::trace(TraceSink* sink) {
  parts_->trace = sink;
  parts_->display->trace(sink);
}
const MemoryMap& Machine::device_memory() const {
  return parts_->display->memory();
}
bool Machine::display_line() const {
  return parts_->display->line();
}
bool Machine::finished() const {
  return parts_->guest.finished();
}
bool Machine::over() const {
  return parts_->guest.done();
}

}  // namespace spicebench::qxl
