// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "qxl-model/agent/agent_options.hpp"
#include "qxl-model/sound/sound_options.hpp"

namespace spicebench::wire::device {
struct GuestAction;
}

namespace spicebench::qxl {

// A time at which the machine is stopped for a while, guest and device.
struct MachineStop {
  std::uint32_t at_ms = 0, for_ms = 0;
  bool reload = false;  // the device is saved, and another one loaded in its place
  bool operator==(const MachineStop&) const = default;
};

// What a machine is built from; with the seed, all that decides what its guest does.
struct MachineOptions {
  std::uint32_t width = 1024, height = 768;  // of the primary surface, pixels, 32-bit xRGB
  std::uint32_t seconds = 20;                // virtual time over which the workload draws
  std::string guest = "linux-drm";           // its driver: a name of guest/profile.hpp
  std::string workload = "desktop";          // a name of guest/workload.hpp
  std::string cost_profile = "ideal";        // a name of cost/cost_model.hpp
  // Entries of that profile that are others here, by their names in the cost table, in cycles.
  std::map<std::string, std::uint64_t> costs{};
  std::uint32_t ram_mb = 64, vram_mb = 64, vgamem_mb = 16;  // MiB, rounded up to powers of two
  std::uint32_t vram64_mb = 0;                              // MiB; 0: as vram_mb
  std::uint8_t revision = 5;                                // of the device, 1 to 5
  bool secondary = false;                                   // a device that is not the console's
  std::uint32_t surfaces = 1024;                            // how many there may be
  std::uint32_t xres = 0, yres = 0;                         // of a client head from the start
  std::uint32_t guestdebug = 0;                             // > 0: the guest's log is kept
  std::uint32_t max_outputs = 0;                            // heads one device may drive; 0: one
  bool absolute_pointer = false;                            // the guest has a tablet
  // The guest's Pace (guest/driver.hpp): microseconds and commands; zeros: as fast as it can.
  std::uint32_t settle_us = 0, commands_between_rests = 0;
  std::vector<MachineStop> stops{};     // in order of time
  std::optional<AgentOptions> agent{};  // absent: none runs in the guest
  std::vector<PortOptions> ports{};
  std::optional<SoundOptions> sound{};  // absent: the machine has no sound device
  // Of the workload "recording": longer pauses are cut to this; the name of what is done again,
  // which tells one recording from another; and that itself, which the JSON has not.
  std::uint32_t longest_pause_ms = 86'400'000;
  std::string recording;
  std::shared_ptr<const std::vector<wire::device::GuestAction>> recorded;
  // What the workload "hostile" does, byte by byte (guest/hostile_guest.hpp). Null: by chance. Not
  // in the JSON either.
  std::shared_ptr<const Bytes> script;

  bool operator==(const MachineOptions&) const = default;
};

nlohmann::json to_json(const MachineOptions& options);
// Missing keys keep their defaults.
//   errors    malformed (unknown key, wrong type, unknown workload or profile), out_of_range; the
//             path names the key
Result<MachineOptions> machine_options_from_json(const nlohmann::json& json);

}  // namespace spicebench::qxl
