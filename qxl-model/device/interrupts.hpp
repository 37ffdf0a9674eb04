// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <optional>

#include "qxl-model/cost/cost_model.hpp"
#include "qxl-model/device/ram_header.hpp"
#include "qxl-model/device/timeline.hpp"

namespace spicebench::qxl {

// Bits of int_pending and int_mask (qxl-device.md §8).
enum Interrupt : std::uint32_t {
  interrupt_display = 1,
  interrupt_cursor = 2,
  interrupt_io_cmd = 4,
  interrupt_error = 8,
  interrupt_client = 16,
  interrupt_client_monitors = 32,
};

// The pending and mask words in the RAM header and the level of the interrupt line, which follows
// them only when it is recomputed: a little after a new bit is raised, by UPDATE_IRQ, by reset.
class Interrupts {
 public:
  Interrupts(Timeline& timeline, const CostModel& costs, RamHeader header,
             std::function<void(bool level)> line_changed,
             std::function<void(std::uint32_t bits)> raised)
      : timeline_(timeline),
        costs_(costs),
        header_(header),
        line_changed_(std::move(line_changed)),
        raised_(std::move(raised)) {}

  // While the machine is stopped, what happens is not told (§8).
  void raise(std::uint32_t bits) {
    if (stopped_) return;
    raised_(bits);
    const std::uint32_t old = header_.get32(ram::int_pending);
    header_.set32(ram::int_pending, old | bits);
    if ((old & bits) == bits || recompute_) return;
    recompute_ =
        timeline_.after(costs_.event_set + costs_.line_defer, EventClass::line_recompute, [this] {
          recompute_.reset();
          recompute();
        });
  }
  void stop() {
    stopped_ = true;
    if (recompute_) timeline_.cancel(*recompute_);
    recompute_.reset();
  }
  void start() {
    stopped_ = false;
    recompute();
  }
  void recompute() {
    const bool level = (header_.get32(ram::int_pending) & header_.get32(ram::int_mask)) != 0;
    if (level == line_) return;
    line_ = level;
    line_changed_(level);
  }
  bool line() const { return line_; }
  template <class Archive>
  void transfer(Archive& archive) {
    archive.value("line", line_);
  }

 private:
  Timeline& timeline_;
  const CostModel& costs_;
  RamHeader header_;
  std::function<void(bool)> line_changed_;
  std::function<void(std::uint32_t)> raised_;
  bool line_ = false;
  bool stopped_ = false;
  std::optional<Timeline::Key> recompute_;  // scheduled
};

}  // namespace spicebench::qxl
