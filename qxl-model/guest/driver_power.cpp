// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/driver.hpp"

// Shortage, changes of mode, suspend and resume (qxl-device.md §21).
namespace spicebench::qxl {

static constexpr Cycle millisecond = 1'000'000;

Task<> Driver::ask_for_memory() {
  const auto look = [this] {
    if (profile_.polls && pace_.commands_between_rests == 0) collect();
  };
  switch (profile_.starved) {
    case Profile::Starved::notifies_twice:
      co_await port(Port::notify_oom, 0);
      co_await port(Port::notify_oom, 0);
      co_await wait_until(bus_.now() + 10 * millisecond);
      break;
    case Profile::Starved::collects_and_sleeps:
      co_await port(Port::notify_oom, 0);
      co_await bus_.sleep_until(bus_.now() + 10 * millisecond);
      look();
      break;
    case Profile::Starved::sleeps_and_waits_between:
      co_await bus_.sleep_until(bus_.now() + 10 * millisecond);
      co_await port(Port::notify_oom, 0);
      co_await wait_until(bus_.now() + 30 * millisecond);
      co_await port(Port::notify_oom, 0);
      co_await wait_until(bus_.now() + millisecond);
      break;
  }
  // Whoever waits for rests gets nothing back before one.
  if (pace_.commands_between_rests == 0) co_return;
  if (auto rested = co_await come_to_rest(); !rested) found_(std::move(rested).error());
}

Task<Result<void>> Driver::evict_all() {
  while (!surfaces_.empty()) {
    auto evicted = co_await evict_surface(surfaces_.begin()->first);
    if (!evicted) co_return evicted;
  }
  co_return Result<void>{};
}
Task<> Driver::restore_all() {
  while (!evicted_.empty()) co_await restore_surface(evicted_.begin()->first);
}

// Until the device has taken all commands and given back what it can.
Task<> Driver::drain() {
  Cycle pause = 0;
  while (!ring(Which::command).empty() || !ring(Which::cursor).empty())
    co_await pause_between_looks(pause);
  if (pace_.commands_between_rests != 0) {
    if (auto rested = co_await come_to_rest(); !rested) found_(std::move(rested).error());
    co_return;
  }
  collect();
}

// The pixels of all surfaces are taken out before they go.
Task<Result<void>> Driver::tear_down() {
  auto done = co_await asynchronous(Port::flush_surfaces_async, 0, patience);
  if (!done) co_return done;
  for (const auto& [id, living] : surfaces_) {
    Bytes pixels(wire::device::block_bytes(living.surface));
    bus_.read(video_address(living.pixels.offset), pixels);
    evicted_.insert_or_assign(id, std::pair(living.surface, std::move(pixels)));
  }
  done = co_await destroy_all_surfaces();
  if (!done) co_return done;
  co_await drain();
  co_await port(Port::flush_release, 0);
  if (pace_.commands_between_rests == 0) collect();
  co_return Result<void>{};
}

Task<Result<void>> Driver::start_over(std::uint32_t width, std::uint32_t height) {
  auto done = co_await tear_down();
  if (!done) co_return done;
  done = co_await show(width, height);
  if (done) co_await restore_all();
  co_return done;
}

Task<Result<void>> Driver::change_mode(std::uint32_t width, std::uint32_t height) {
  if (profile_.mode_change == Profile::ModeChange::starts_over)
    co_return co_await start_over(width, height);
  if (profile_.mode_change == Profile::ModeChange::disables_and_enables) {
    auto gone = co_await suspend();
    if (!gone) co_return gone;
    co_return co_await resume(width, height);
  }
  co_return co_await show(width, height);
}

Task<Result<void>> Driver::suspend() {
  switch (profile_.suspend) {
    case Profile::Suspend::stops:
      co_return co_await evict_all();
    case Profile::Suspend::drains: {
      auto gone = co_await destroy_primary();
      if (!gone) co_return gone;
      auto evicted = co_await evict_all();
      if (!evicted) co_return evicted;
      constexpr int most_requests = 10;
      for (int i = 0; i < most_requests && outstanding_ > 0; ++i) co_await ask_for_memory();
      co_await drain();
      break;
    }
    case Profile::Suspend::resets: {
      auto evicted = co_await evict_all();
      if (!evicted) co_return evicted;
      co_await port(Port::reset, 0);
      forget();
      break;
    }
    case Profile::Suspend::tears_down: {
      auto gone = co_await tear_down();
      if (!gone) co_return gone;
      co_await port(Port::memslot_del, vram_slot);
      break;
    }
  }
  co_return Result<void>{};
}

Task<Result<void>> Driver::resume(std::uint32_t width, std::uint32_t height) {
  if (profile_.suspend == Profile::Suspend::tears_down) {
    auto shown = co_await show(width, height);
    if (!shown) co_return shown;
    auto added = co_await add_video_slot();
    if (!added) co_return added;
  } else {
    auto started = co_await restart();
    if (!started) co_return started;
    auto shown = co_await show(width, height);
    if (!shown) co_return shown;
  }
  co_await restore_all();
  co_return Result<void>{};
}

Task<Result<void>> Driver::reset(std::uint32_t width, std::uint32_t height) {
  evicted_.clear();
  auto started = co_await restart();
  if (!started) co_return started;
  co_return co_await show(width, height);
}

}  // namespace spicebench::qxl
