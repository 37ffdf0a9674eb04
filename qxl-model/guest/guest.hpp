// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>

#include "core/base/random.hpp"
#include "core/base/result.hpp"
#include "qxl-model/guest/bus.hpp"
#include "qxl-model/guest/driver.hpp"
#include "qxl-model/guest/task.hpp"
#include "qxl-model/machine_options.hpp"

namespace spicebench::qxl {

// All that runs on a machine's processor, from power on: the driver and one workload, on any bus.
class Guest {
 public:
  // Precondition: options came from machine_options_from_json or keep its rules.
  //   push_cost  as of Driver
  //   found      is told what goes wrong that a good device would not let happen
  Guest(Bus& bus, const MachineOptions& options, const Random& random, Cycle push_cost,
        std::function<void(Error)> found);

  // Runs up to the first thing that it waits for; the bus wakes it from then on.
  void power_on();
  // The workload pushed its last command, and all resources that can come back are back.
  bool finished() const { return finished_; }
  // It came to its end, well or not.
  bool done() const { return switched_on_ && life_.done(); }
  const Driver& driver() const { return driver_; }

 private:
  Task<> live();

  Bus& bus_;
  const MachineOptions& options_;
  Random random_;
  std::function<void(Error)> found_;
  Driver driver_;
  bool switched_on_ = false, finished_ = false;
  Task<> life_;  // last: its frames refer to all of the above
};

}  // namespace spicebench::qxl
