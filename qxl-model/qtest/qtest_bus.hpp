// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <optional>

#include "qxl-model/guest/bus.hpp"
#include "qxl-model/qtest/qtest.hpp"

namespace spicebench::qxl {

// The bus of a machine in QEMU: a guest on it drives the real device. Its time is the clock's,
// which the real device's worker follows too.
//
//   guest.power_on();
//   while (!guest.done() && !bus.failure())
//     if (!bus.step()) ...wait a little...
class QtestBus final : public Bus {
 public:
  //   clock  nanoseconds, from anywhere, never back
  QtestBus(Qtest& qtest, std::function<Cycle()> clock) : qtest_(qtest), clock_(std::move(clock)) {}

  // Does what the guest waits for and lets it go on. False: it waits for time or an interrupt.
  bool step();
  // The machine went away or answered nonsense: nothing happens any more.
  const std::optional<Error>& failure() const { return failure_; }
  std::uint64_t display_interrupts() const { return display_interrupts_; }

  Cycle now() const override { return clock_(); }
  void spend(Cycle) override {}  // the time it takes is spent anyway
  void read(std::uint64_t address, std::span<std::byte> to) override;
  void write(std::uint64_t address, BytesView from) override;

 protected:
  void begin(const Request& request, std::coroutine_handle<> guest) override {
    request_ = request;
    guest_ = guest;
  }
  std::uint32_t result() const override { return result_; }

 private:
  bool perform();
  std::uint8_t lines();
  void check(const Result<void>& done);

  Qtest& qtest_;
  std::function<Cycle()> clock_;
  Request request_{};
  std::coroutine_handle<> guest_;
  std::uint32_t result_ = 0;
  std::uint64_t display_interrupts_ = 0;
  std::optional<Error> failure_;
};

}  // namespace spicebench::qxl
