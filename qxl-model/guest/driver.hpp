// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/base/result.hpp"
#include "core/image/pixmap.hpp"
#include "core/wire/guest_action.hpp"
#include "qxl-model/device/port.hpp"
#include "qxl-model/device/ram_header.hpp"
#include "qxl-model/guest/bus.hpp"
#include "qxl-model/guest/command_block.hpp"
#include "qxl-model/guest/input_reader.hpp"
#include "qxl-model/guest/memory_pool.hpp"
#include "qxl-model/guest/pci.hpp"
#include "qxl-model/guest/profile.hpp"
#include "qxl-model/guest/task.hpp"

namespace spicebench::qxl {

// Memory of a ring behind a bus.
struct BusMemory {
  Bus* bus = nullptr;
  std::uint64_t base = 0;
  void read(std::uint32_t offset, std::span<std::byte> to) const { bus->read(base + offset, to); }
  void write(std::uint32_t offset, BytesView from) { bus->write(base + offset, from); }
};

// How a guest waits for its device, so that what it does depends on what the device does and not on
// how fast (zeros: it does not wait). After each port write it lets `settle` pass before it reads
// anything that the device writes; it takes back resources only when it has come to rest, which it
// does after every so many commands: all drawn, all given back.
struct Pace {
  Cycle settle = 0;
  std::uint32_t commands_between_rests = 0;
};

// A surface of this size, top row first, rows of whole words.
inline wire::device::SurfaceCreate surface_of(std::uint32_t id, std::uint32_t width,
                                              std::uint32_t height, std::uint32_t format) {
  const std::uint32_t bits = image::bits_per_pixel(static_cast<image::Format>(format));
  return {.surface_id = id,
          .width = width,
          .height = height,
          .stride = static_cast<std::int32_t>((width * bits + 31) / 32 * 4),
          .format = format};
}

struct DriverCounters {
  std::uint64_t draws_pushed = 0, cursors_pushed = 0, collected = 0;
  std::uint64_t ring_full_waits = 0, memory_full_waits = 0;
};

// A guest's QXL driver, in the manner of a profile: memory slots for BAR 0 and BAR 1, command
// memory of its own, interrupts or polling, release ring.
class Driver {
 public:
  //   push_cost  what a push costs the processor
  //   found      is told what the device does wrong: a resource released twice, …
  Driver(Bus& bus, const Profile& profile, Cycle push_cost, std::function<void(Error)> found,
         Pace pace = {})
      : bus_(bus),
        profile_(profile),
        push_cost_(push_cost),
        found_(std::move(found)),
        pace_(pace),
        inputs_(bus) {}
  const Profile& profile() const { return profile_; }

  // Finds, resets and sets up the device, with a 32-bit primary surface of this size.
  Task<Result<void>> bring_up(std::uint32_t width, std::uint32_t height);
  // The same without a surface.
  Task<Result<void>> set_up();
  // A 32-bit primary surface as this driver has them.
  wire::device::SurfaceCreate screen(std::uint32_t width, std::uint32_t height) const;
  // A primary surface in place of the one that there may be.
  //   content  what it shows from the start; empty: zeros
  Task<Result<void>> create_primary(const wire::device::SurfaceCreate& surface, BytesView content,
                                    std::optional<bool> keep = std::nullopt);
  // The primary surface of a mode of the ROM's table, by its place there. Commands are written in
  // the compat form from then on, until the driver sets up again. Precondition: nothing was pushed.
  Task<Result<void>> set_compat_mode(std::uint8_t place);
  Task<Result<void>> destroy_primary();
  Task<Result<void>> destroy_all_surfaces();
  // What each monitor shows of the primary surface; at most `most_heads`.
  Task<Result<void>> configure_monitors(std::span<const wire::display::Head> heads);
  static constexpr std::size_t most_heads = 4;
  // The client's monitors, if the device has rung with others since this was last asked
  // (qxl-device.md §17.2); as many as this driver has heads for. Nothing: no news.
  std::optional<std::vector<wire::display::Head>> take_client_monitors();
  // A word of the primary surface's memory, by its number.
  std::uint32_t read_primary(std::uint64_t word) {
    return bus_.read32(primary_address_ + 4 * word);
  }
  // Geometry of the primary surface, if there is one.
  const std::optional<wire::device::SurfaceCreate>& primary() const { return primary_; }

  // Pushes a command; waits as long as memory or ring are full.
  Task<> draw(CommandBlock block) { return push(CommandType::draw, std::move(block)); }
  Task<> cursor(CommandBlock block) { return push(CommandType::cursor, std::move(block)); }
  // Off-screen surfaces, by command. Their pixels lie in video memory until the device gives the
  // command back that made them. Waits as push does.
  //   content  as of create_primary
  Task<> create_surface(wire::device::SurfaceCreate surface, BytesView content);
  Task<> destroy_surface(std::uint32_t id);
  // Video memory is wanted for something else: the pixels go into the guest's own memory, the
  // surface is destroyed; later it is created again with them. Precondition: it lives, is evicted.
  Task<Result<void>> evict_surface(std::uint32_t id);
  Task<> restore_surface(std::uint32_t id);

  // What happens to a computer, each driver's way. Off-screen surfaces keep their pixels but over
  // a reset; what the primary one shows is lost, and so may be the pointer's shape.
  Task<Result<void>> change_mode(std::uint32_t width, std::uint32_t height);
  Task<Result<void>> suspend();
  // After suspend, with a primary surface of this size.
  Task<Result<void>> resume(std::uint32_t width, std::uint32_t height);
  // As after a crash.
  Task<Result<void>> reset(std::uint32_t width, std::uint32_t height);
  // Command or video memory is used up.
  Task<> ask_for_memory();

  // Sleeps until something happened (interrupts are served, input is read) or the deadline has
  // come.
  Task<> wait_until(Cycle deadline);
  // Brings the pixels of a surface in guest memory up to date. Takes as long as the server needs
  // to fetch what was pushed, which a slow client delays.
  Task<Result<void>> update_area(wire::display::Rect area, std::uint32_t surface = 0);
  // Draws all, takes back all that comes back, and tells the bus.
  Task<Result<void>> come_to_rest();
  // Asks for released resources until at most `keep` are out and those of the surfaces, or for as
  // long as `patience`. True: got them.
  Task<bool> collect_all(std::size_t keep);
  static constexpr Cycle patience = 300'000'000'000;

  InputReader& inputs() { return inputs_; }
  const InputReader& inputs() const { return inputs_; }
  std::size_t outstanding() const { return outstanding_; }
  const DriverCounters& counters() const { return counters_; }

 private:
  enum class Which : std::uint8_t { command, cursor };
  using CommandRing = Ring<BusMemory, RingCommand, command_ring_items>;
  using ReleaseRing = Ring<BusMemory, ReleaseEntry, release_ring_items>;
  struct Object {
    MemoryPool::Block block;
    bool out = false;
    std::optional<MemoryPool::Block> pixels{};  // of the surface that the command made
  };

  Task<> push(CommandType type, CommandBlock block,
              std::optional<MemoryPool::Block> pixels = std::nullopt);
  Task<MemoryPool::Block> take(MemoryPool& memory, std::uint64_t bytes);
  Task<Result<void>> read_rom();
  Task<Result<void>> add_slot(std::uint8_t slot, std::uint64_t start, std::uint64_t end);
  static constexpr Cycle port_timeout = 5'000'000'000;
  Task<Result<void>> asynchronous(Port port, std::uint8_t value, Cycle timeout = port_timeout);
  // By the one or by the other, as the profile has it.
  Task<Result<void>> operation(Port synchronous, Port asynchronous_twin, std::uint8_t value,
                               Cycle timeout = port_timeout);
  Task<> port(Port number, std::uint8_t value);
  void look_for_completion();
  Task<> pause_between_looks(Cycle& pause);
  Task<Result<void>> show(std::uint32_t width, std::uint32_t height);
  Task<Result<void>> show_transient_primary(std::span<const wire::display::Head> heads);
  Task<> draw_nothing(std::uint32_t width, std::uint32_t height);
  Task<Result<void>> restart();
  Task<Result<void>> add_video_slot();
  void forget();
  Task<Result<void>> evict_all();
  Task<> restore_all();
  Task<> drain();
  Task<Result<void>> tear_down();
  Task<Result<void>> start_over(std::uint32_t width, std::uint32_t height);
  Task<> serve_display();
  void collect();
  void follow(std::uint64_t head);
  std::uint64_t take_id(const Object& object);

  std::uint64_t header(std::uint32_t offset) const { return header_ + offset; }
  CommandRing ring(Which which);
  ReleaseRing release_ring();
  std::uint64_t pool_address(std::uint64_t offset) const { return ram_base_ + pool_ + offset; }
  std::uint64_t encoded_pool_address(std::uint64_t offset) const;
  std::uint64_t video_address(std::uint64_t offset) const { return pci_.bars[1].base + offset; }
  std::uint64_t encoded_video_address(std::uint64_t offset) const;

  static constexpr std::uint8_t ram_slot = 1, vram_slot = 2;
  static constexpr unsigned slot_shift = 56;

  Bus& bus_;
  const Profile& profile_;
  Cycle push_cost_;
  std::function<void(Error)> found_;
  Pace pace_;
  std::uint32_t commands_since_rest_ = 0;
  InputReader inputs_;
  PciFunction pci_;
  std::uint16_t ports_ = 0;
  std::uint64_t ram_base_ = 0, header_ = 0, rom_base_ = 0;  // guest-physical
  std::uint64_t pool_ = 0;                                  // of command memory, offset in BAR 0
  std::uint64_t pool_bytes_ = 0;
  std::uint64_t primary_address_ = 0;               // guest-physical
  std::optional<MemoryPool::Block> primary_block_;  // where it lies in video memory
  MemoryPool memory_, video_memory_;
  std::optional<MemoryPool::Block> monitors_;  // the object that the device may read at any time
  std::vector<Object> objects_;                // by release id - 1
  // Off-screen surfaces: those that live with where their pixels are, and those that are evicted.
  struct OffScreen {
    wire::device::SurfaceCreate surface;
    MemoryPool::Block pixels;
  };
  std::map<std::uint32_t, OffScreen> surfaces_;
  std::map<std::uint32_t, std::pair<wire::device::SurfaceCreate, Bytes>> evicted_;
  std::vector<std::uint64_t> free_ids_;
  std::size_t outstanding_ = 0;
  bool io_done_ = false;
  bool monitors_news_ = false;
  bool compat_ = false;  // in a mode of the table
  std::optional<wire::device::SurfaceCreate> primary_;
  DriverCounters counters_;
};

}  // namespace spicebench::qxl
