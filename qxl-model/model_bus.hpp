// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <coroutine>
#include <functional>
#include <vector>

#include "core/base/hash.hpp"
#include "qxl-model/device/device.hpp"
#include "qxl-model/guest/bus.hpp"
#include "qxl-model/guest/bus_access.hpp"
#include "qxl-model/input_devices.hpp"

namespace spicebench::qxl {

// The Bus of the modelled machine: one processor, the QXL device as function 00:02.0 of PCI bus 0
// behind the configuration ports 0xcf8 and 0xcfc, and the input devices. Every access goes into the
// digest, with its cycle.
class ModelBus final : public Bus {
 public:
  static constexpr std::uint16_t pci_address_port = 0xcf8, pci_data_port = 0xcfc;
  static constexpr std::uint32_t display_function = 2u << 11;  // in the configuration address

  // The device is set before the guest runs.
  ModelBus(Timeline& timeline, const CostModel& costs, InputDevices& inputs)
      : timeline_(timeline), costs_(costs), inputs_(inputs) {}
  void set_device(Device& device) { device_ = &device; }

  // The processor stands still: nothing of the guest happens until it goes on.
  void pause() { paused_ = true; }
  void go_on();

  Cycle now() const override { return timeline_.now() + lag_; }
  void spend(Cycle cycles) override { lag_ += cycles; }
  void read(std::uint64_t address, std::span<std::byte> to) override;
  void write(std::uint64_t address, BytesView from) override;

  void at_rest() override {
    if (observer_) observer_->at_rest();
  }

  // From the machine: the level of a line may have changed; the blocked port access is done.
  void lines_changed();
  void port_completed();

  // Null: nobody.
  void observe(BusObserver* observer) { observer_ = observer; }

  Hash128 digest() const { return digest_.value(); }
  std::uint64_t display_interrupts() const { return display_interrupts_; }

 private:
  void begin(const Request& request, std::coroutine_handle<> guest) override;
  std::uint32_t result() const override { return result_; }

  std::optional<std::uint32_t> in_vga_window(std::uint64_t address, std::size_t bytes) const;
  void charge_vga(std::size_t bytes);
  std::uint8_t lines() const;
  Cycle take_lag();
  void perform_port_access();
  std::optional<Cycle> port_out();
  std::uint32_t port_in();
  std::uint32_t pci_access(bool is_write);
  // Now, or when the processor goes on.
  void when_running(void (ModelBus::*action)());
  void resume_at(Cycle due);
  void resume();
  void wake_up();
  void schedule_delivery(Cycle due);
  void deliver();
  void note(BusAccess access);

  Timeline& timeline_;
  const CostModel& costs_;
  Device* device_ = nullptr;
  InputDevices& inputs_;
  Cycle lag_ = 0;  // spent by the guest since the timeline last saw it
  Request request_{};
  std::coroutine_handle<> guest_;  // suspended in request_
  std::uint32_t result_ = 0;
  std::uint32_t pci_address_ = 0;
  bool paused_ = false;
  std::vector<void (ModelBus::*)()> held_;  // what was due meanwhile, in order
  bool waiting_ = false;                    // for a line or the deadline
  std::optional<Timeline::Key> deadline_, delivery_;
  Cycle raised_at_ = 0;  // when the first of the asserted lines rose
  std::uint8_t known_lines_ = 0;
  std::uint64_t display_interrupts_ = 0;
  Hasher digest_;
  BusObserver* observer_ = nullptr;
};

}  // namespace spicebench::qxl
