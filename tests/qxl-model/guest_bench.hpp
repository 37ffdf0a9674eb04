// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "qxl-model/guest/command_block.hpp"
#include "tests/qxl-model/device_bench.hpp"

namespace spicebench::qxl::test {

// One thing that a guest or a server does, drawn by chance; what `a` and `b` mean is said where the
// step is done.
struct Step {
  enum class Kind : std::uint8_t {
    draw,             // a fill whose colour is its number among the commands
    refused_draw,     // one that reaches beyond its surface
    cursor,           // a pointer that moves
    make_surface,     // a: id
    drop_surface,     // a: id
    serve,            // the server fetches one command of each ring
    release,          // a: which of those that the server holds
    answer,           // an update that the device waits for
    time,             // a: cycles
    take_interrupts,  // the guest's handler
    collect,          // what came back
    any_port,         // a: number, b: value
    update,           // asynchronously, of an area of surface a
    flush,            // FLUSH_SURFACES_ASYNC
    flush_release,
    out_of_memory,
    destroy_all,
    come_up,  // b: counters of both rings start 3 before they wrap
    count
  };
  Kind kind{};
  std::uint32_t a = 0, b = 0;
};

// A device between a guest and a server that know what they did, so that what the device does can
// be held against it. Checks throw through `wrong`.
struct GuestBench : DeviceBench {
  explicit GuestBench(std::function<void(const std::string&)> found_wrong);

  void perform(const Step& step);
  // A good server and time, until nothing is under way.
  void settle();
  // Everything that must hold at any time, and what must hold when nothing is under way.
  void check_always();
  void check_settled();
  // Ends all surfaces and takes everything back: nothing may be missing.
  void check_all_comes_back();

  bool in_use() const { return device.mode() == Mode::native && !device.bug_latched(); }

 private:
  struct Object {
    std::uint64_t offset = 0;  // in BAR 0
    Bytes bytes;               // as they were pushed
  };

  void hand(ValuePtr message) override;
  void come_up_again(bool near_wrap);
  void push_command(CommandType type, CommandBlock block);
  void write(std::uint8_t number, std::uint8_t value);
  void collect();
  void watched(const std::function<void()>& action);
  void follow(std::uint64_t head, std::vector<std::uint64_t>& ids);
  void take_back(std::uint64_t id);
  void forget_all();
  std::size_t released_in_memory();

  std::function<void(const std::string&)> wrong_;
  std::map<std::uint64_t, Object> objects_;  // with the device, by release id
  std::vector<std::uint64_t> free_cells_;
  std::uint64_t next_id_ = 1, next_cell_ = 0;
  std::uint32_t drawn_ = 0, last_seen_ = 0;  // numbers of fills
  std::deque<std::uint64_t> held_;           // handles with the server
  std::deque<std::uint32_t> updates_;        // to be answered
  bool woken_ = false;
  std::array<bool, 2> dry_{};  // the last answer of each ring was that it is empty
  int blocked_on_ = 0;         // of ports_completed, until which the processor is held
  bool expects_io_ = false;    // an asynchronous port was accepted
  bool flushed_ = false;       // what is published may be short
  std::uint64_t collected_ = 0, released_before_ = 0;
};

}  // namespace spicebench::qxl::test
