// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <coroutine>
#include <cstdint>
#include <span>

#include "core/base/bytes.hpp"
#include "qxl-model/cost/cycle.hpp"

namespace spicebench::qxl {

// Interrupt lines as the guest's processor sees them, all level triggered.
enum Line : std::uint8_t {
  line_display = 1,   // INTA# of the QXL device
  line_keyboard = 2,  // IRQ 1: the controller holds a byte of the keyboard
  line_pointer = 4,   // IRQ 12: … of the mouse; also the tablet's line
};

// All that guest code knows of its machine: ports, memory, interrupts, time. A driver written
// against it runs on the model (model_bus.hpp) or on any other machine that offers the same.
// Port accesses and sleeping are awaited, since time passes and the device acts meanwhile:
//
//   co_await bus.out(port, value);
//   const std::uint32_t low = co_await bus.in(port);
//   const std::uint8_t lines = co_await bus.wait_until(deadline);
//   co_await bus.sleep_until(deadline);
//
// Memory is read and written at once. `spend` charges the processor for work between accesses; it
// delays the next awaited one.
class Bus {
 public:
  struct Request {
    enum class Kind : std::uint8_t { out, in, wait, sleep } kind;
    std::uint16_t port = 0;
    std::uint8_t width = 1;  // bytes: 1, 2 or 4
    std::uint32_t value = 0;
    Cycle deadline = never;
  };
  class Access {
   public:
    Access(Bus& bus, const Request& request) : bus_(bus), request_(request) {}
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> guest) { bus_.begin(request_, guest); }
    std::uint32_t await_resume() { return bus_.result(); }

   private:
    Bus& bus_;
    Request request_;
  };

  virtual ~Bus() = default;

  Access out(std::uint16_t port, std::uint32_t value, std::uint8_t width = 1) {
    return {*this, {Request::Kind::out, port, width, value, never}};
  }
  Access in(std::uint16_t port, std::uint8_t width = 1) {
    return {*this, {Request::Kind::in, port, width, 0, never}};
  }
  // Sleeps until a line is asserted or the deadline has come; at once if that is so already. The
  // result has the asserted lines (Line), 0 at the deadline.
  Access wait_until(Cycle deadline) { return {*this, {Request::Kind::wait, 0, 0, 0, deadline}}; }

  // Sleeps until the deadline, whatever the lines do; the result is 0.
  Access sleep_until(Cycle deadline) { return {*this, {Request::Kind::sleep, 0, 0, 0, deadline}}; }

  // The guest says that it has come to rest: all that it pushed was done and is given back. For who
  // watches the bus.
  virtual void at_rest() {}

  virtual Cycle now() const = 0;
  virtual void spend(Cycle cycles) = 0;
  // Guest-physical memory, PCI memory windows included. What no memory answers reads as ones, and
  // writes to it are lost.
  virtual void read(std::uint64_t address, std::span<std::byte> to) = 0;
  virtual void write(std::uint64_t address, BytesView from) = 0;

  std::uint32_t read32(std::uint64_t address) {
    std::byte raw[4];
    read(address, raw);
    return static_cast<std::uint32_t>(load_little_endian(raw, 4));
  }
  std::uint64_t read64(std::uint64_t address) {
    std::byte raw[8];
    read(address, raw);
    return load_little_endian(raw, 8);
  }
  void write32(std::uint64_t address, std::uint32_t value) {
    std::byte raw[4];
    store_little_endian(raw, value, 4);
    write(address, raw);
  }
  void write64(std::uint64_t address, std::uint64_t value) {
    std::byte raw[8];
    store_little_endian(raw, value, 8);
    write(address, raw);
  }

 protected:
  // Starts an awaited access; the bus resumes `guest` when it is complete.
  virtual void begin(const Request& request, std::coroutine_handle<> guest) = 0;
  virtual std::uint32_t result() const = 0;  // of the access completed last
};

}  // namespace spicebench::qxl
