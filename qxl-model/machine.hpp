// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/base/hash.hpp"
#include "core/base/random.hpp"
#include "core/base/result.hpp"
#include "core/world/peer.hpp"
#include "qxl-model/guest/bus_access.hpp"
#include "qxl-model/machine_options.hpp"
#include "qxl-model/sound/sound_device.hpp"

namespace spicebench::qxl {

class MemoryMap;
class TraceSink;

// A surface's pixels where they lie in guest memory.
struct GuestMemoryView {
  std::uint32_t width = 0, height = 0;
  std::int32_t stride = 0;           // bytes; negative: the block holds the bottom row first
  std::uint32_t format = 0;          // wire::display::SurfaceFormat
  std::span<const std::byte> block;  // |stride| * height bytes
  // Row y, counted from the top: |stride| bytes. Precondition: y < height.
  std::span<const std::byte> row(std::uint32_t y) const {
    const auto bytes = static_cast<std::size_t>(stride < 0 ? -std::int64_t{stride} : stride);
    return block.subspan((stride < 0 ? height - 1 - y : y) * bytes, bytes);
  }
};

struct MachineCounters {
  std::uint64_t draws_pushed = 0, cursors_pushed = 0;    // by the guest, into its rings
  std::uint64_t draws_fetched = 0, cursors_fetched = 0;  // handed to the server
  std::uint64_t refused = 0;            // popped, but not handed over: see findings()
  std::uint64_t released = 0;           // put on the release ring by the device
  std::uint64_t collected = 0;          // taken back by the guest
  std::uint64_t outstanding = 0;        // pushed and not collected yet
  std::uint64_t interrupts = 0;         // delivered to the guest from the display device
  std::uint64_t kicks = 0;              // writes to NOTIFY_CMD and NOTIFY_CURSOR
  std::uint64_t keys_seen = 0;          // key presses that the guest read
  std::uint64_t motions_seen = 0;       // pointer movements that the guest read
  std::uint64_t buttons_seen = 0;       // button presses that the guest read
  std::uint64_t inputs_dropped = 0;     // input reports lost because a queue was full
  std::uint64_t ring_full_waits = 0;    // the guest slept because a ring had no room
  std::uint64_t memory_full_waits = 0;  // the guest slept because command memory was used up
  bool operator==(const MachineCounters&) const = default;
};

struct MachineFinding {
  Instant at{};
  Error error;
};

// A computer with a QXL device, its guest driver and a workload, as one peer. It connects to
// "device" (a value link that carries wire::device messages) and powers on when that link opens; it
// does nothing without a server. The device renders nothing itself: the server draws into guest
// memory, which it gets with SurfaceCreate.
class Machine final : public Peer {
 public:
  // Precondition: options came from machine_options_from_json or keep its rules.
  Machine(MachineOptions options, Random random);
  ~Machine() override;

  Outputs start(Instant now) override;
  Outputs handle(const Input& input, Instant now) override;

  const MachineOptions& options() const;
  // All that live, by id; the primary one is 0.
  std::map<std::uint32_t, GuestMemoryView> surfaces() const;
  // Nothing while there is no primary surface.
  std::optional<GuestMemoryView> primary() const;
  MachineCounters counters() const;
  SoundCounters sound() const;  // zeros without a sound device
  // What the device refused and what the guest found wrong, oldest first; at most max_findings are
  // kept.
  std::span<const MachineFinding> findings() const;
  // What the device refused of a workload that breaks rules on purpose; of any other that is a
  // finding. As many are kept.
  std::span<const MachineFinding> refusals() const;
  static constexpr std::size_t max_findings = 1000;
  // What the guest said through port LOG, with guestdebug; at most max_log_lines are kept.
  std::span<const std::string> guest_log() const;
  static constexpr std::size_t max_log_lines = 1000;
  // What the guest's agent and the programs behind its ports have to tell.
  std::vector<std::string> agent_log() const;
  // The digest layer "guest": of every access of the guest to its bus, in order, with its cycle.
  Hash128 guest_digest() const;
  // Is told of every access of the guest, from now on. Null: nobody.
  void observe(BusObserver* observer);
  // The same of what happens in the device (device/trace.hpp).
  void trace(TraceSink* sink);
  // The device's side of what the guest sees: where its memories lie and what is in them, and the
  // level of its interrupt line.
  const MemoryMap& device_memory() const;
  bool display_line() const;
  // The workload pushed its last command, and all resources that can come back are back.
  bool finished() const;
  // The guest came to its end, well or not.
  bool over() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace spicebench::qxl
