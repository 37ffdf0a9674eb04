// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/workload_recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>

#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

namespace device = wire::device;
using device::GuestSurface;

namespace {

class Player {
 public:
  explicit Player(const WorkloadSetting& setting)
      : driver_(setting.driver), bus_(setting.bus), found_(setting.found) {}

  Task<> run(std::span<const device::GuestAction> actions, Cycle longest_pause) {
    Cycle due = bus_.now();
    Duration before{};
    for (const device::GuestAction& action : actions) {
      const auto pause = static_cast<Cycle>((action.after - before).count());
      due += std::min(pause, longest_pause);
      before = action.after;
      while (bus_.now() < due) co_await driver_.wait_until(due);
      Task<Result<void>> step =
          std::visit([this](const auto& what) { return act(what); }, action.what);
      const Result<void> done = co_await step;
      if (!done) found_(Error(done.error()).within("recording"));
    }
  }

 private:
  Task<Result<void>> act(const device::Drawable& drawable) {
    co_await driver_.draw(CommandBlock::of(drawable));
    co_return Result<void>{};
  }
  Task<Result<void>> act(const device::CursorCommand& command) {
    co_await driver_.cursor(CommandBlock::of(command));
    co_return Result<void>{};
  }
  Task<Result<void>> act(const GuestSurface& made) {
    if (made.surface.surface_id == 0)
      co_return co_await driver_.create_primary(made.surface, made.content, !made.content.empty());
    co_await driver_.create_surface(made.surface, made.content);
    co_return Result<void>{};
  }
  Task<Result<void>> act(const device::SurfaceDestroy& gone) {
    if (gone.surface_id == 0) co_return co_await driver_.destroy_primary();
    co_await driver_.destroy_surface(gone.surface_id);
    co_return Result<void>{};
  }
  Task<Result<void>> act(const device::DestroyAllSurfaces&) {
    co_return co_await driver_.destroy_all_surfaces();
  }

  Driver& driver_;
  Bus& bus_;
  const std::function<void(Error)>& found_;
};

// The most memory that a pool needs for blocks that come and go.
class PoolNeed {
 public:
  MemoryPool::Block take(std::uint64_t bytes) {
    const MemoryPool::Block block{0, MemoryPool::size_class(bytes)};
    auto& [now, most] = blocks_[block.size_class];
    if (++now > most) {
      most = now;
      bytes_ = std::min(bytes_ + (std::uint64_t{1} << block.size_class), more_than_any);
    }
    return block;
  }
  void give_back(const MemoryPool::Block& block) { --blocks_[block.size_class].first; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::map<unsigned, std::pair<std::uint64_t, std::uint64_t>> blocks_;  // by class: now, most
  static constexpr std::uint64_t more_than_any = std::uint64_t{1} << 62;
  std::uint64_t bytes_ = 0;
};

// What a recording needs of each of the device's memories, in bytes.
class MemoryNeed {
 public:
  std::uint64_t screen = 0, surfaces = 0, largest_command = 0;

  void operator()(const device::Drawable& drawable) { command(CommandBlock::of(drawable)); }
  void operator()(const device::CursorCommand& cursor) { command(CommandBlock::of(cursor)); }
  void operator()(const GuestSurface& made) {
    const auto& surface = made.surface;
    if (surface.surface_id == 0) {
      screen = std::max(screen, block_bytes(surface));
      return;
    }
    (*this)(device::SurfaceDestroy{surface.surface_id});
    live_.emplace(surface.surface_id, pool_.take(block_bytes(surface)));
    surfaces = pool_.bytes();
  }
  void operator()(const device::SurfaceDestroy& gone) {
    const auto found = live_.find(gone.surface_id);
    if (found == live_.end()) return;
    pool_.give_back(found->second);
    live_.erase(found);
  }
  void operator()(const device::DestroyAllSurfaces&) {
    for (const auto& [id, block] : live_) pool_.give_back(block);
    live_.clear();
  }

 private:
  void command(const CommandBlock& block) {
    largest_command = std::max<std::uint64_t>(largest_command, block.size());
  }

  PoolNeed pool_;
  std::map<std::uint32_t, MemoryPool::Block> live_;
};

Result<void> make_room(std::string_view memory, std::uint32_t& megabytes, std::uint64_t needed,
                       std::uint32_t most) {
  constexpr std::uint64_t mib = 1 << 20;
  const std::uint64_t wanted = std::bit_ceil((needed + mib - 1) / mib);
  if (wanted > most)
    return fail(ErrorCode::out_of_range,
                fmt::format("the recording needs {} MiB, a device has {} at most", wanted, most), 0,
                std::string(memory));
  megabytes = std::max(megabytes, static_cast<std::uint32_t>(wanted));
  return {};
}

}  // namespace

Result<MachineOptions> machine_for(std::shared_ptr<const std::vector<device::GuestAction>> recorded,
                                   MachineOptions options) {
  MemoryNeed need;
  for (const device::GuestAction& action : *recorded) std::visit(need, action.what);
  CHECKED(make_room("vgamem_mb", options.vgamem_mb, need.screen, 256));
  CHECKED(make_room("vram_mb", options.vram_mb, need.surfaces, 2048));
  // Behind the screen, a few commands may be under way at a time; the header lies there too.
  const std::uint64_t commands = 4 * std::bit_ceil(need.largest_command) + (1 << 20);
  const std::uint64_t screen = std::bit_ceil(std::uint64_t{options.vgamem_mb} << 20);
  CHECKED(make_room("ram_mb", options.ram_mb, screen + commands, 2048));
  options.workload = recording_workload;
  options.recorded = std::move(recorded);
  return options;
}

Task<> recording(WorkloadSetting setting) {
  const Result<void> up = co_await setting.driver.set_up();
  if (!up) {
    setting.found(Error(up.error()).within("driver"));
    co_return;
  }
  Player player(setting);
  co_await player.run(setting.recorded, setting.longest_pause);
}

}  // namespace spicebench::qxl
