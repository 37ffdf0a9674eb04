// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/model_bus.hpp"

#include <algorithm>
#include <utility>

namespace spicebench::qxl {

namespace {
constexpr std::uint32_t pci_enable = 0x8000'0000, pci_function_mask = 0x00ff'ff00;
constexpr unsigned io_bar = 3;

std::uint32_t ones(std::uint8_t width) {
  return width == 4 ? 0xffff'ffffu : (1u << (8 * width)) - 1;
}
}  // namespace

void ModelBus::note(BusAccess access) {
  access.at = now();
  std::byte record[32];
  store_little_endian(record, static_cast<std::uint64_t>(access.kind), 8);
  store_little_endian(record + 8, access.at, 8);
  store_little_endian(record + 16, access.where, 8);
  store_little_endian(record + 24, access.bytes.empty() ? access.value : access.bytes.size(), 8);
  digest_.add(BytesView(record));
  digest_.add(access.bytes);
  if (observer_) observer_->accessed(access);
}

// Memory

// Where an access to the VGA window begins in it; nothing: it is none.
std::optional<std::uint32_t> ModelBus::in_vga_window(std::uint64_t address,
                                                     std::size_t bytes) const {
  if (device_->vga() == nullptr || address < VgaCore::window ||
      address + bytes > VgaCore::window + VgaCore::window_bytes)
    return std::nullopt;
  return static_cast<std::uint32_t>(address - VgaCore::window);
}
// Planes are not memory: each access to them leaves the guest, four bytes at a time.
void ModelBus::charge_vga(std::size_t bytes) {
  if (!device_->vga()->is_flat()) lag_ += (bytes + 3) / 4 * costs_.pio_exit;
}

void ModelBus::read(std::uint64_t address, std::span<std::byte> to) {
  if (const auto offset = in_vga_window(address, to.size())) {
    for (std::size_t i = 0; i < to.size(); ++i)
      to[i] = std::byte{device_->vga()->read(*offset + static_cast<std::uint32_t>(i))};
    charge_vga(to.size());
  } else if (!device_->memory().read(address, to)) {
    std::ranges::fill(to, std::byte{0xff});
  }
  note({.kind = BusAccess::Kind::read, .where = address, .bytes = to});
}

void ModelBus::write(std::uint64_t address, BytesView from) {
  if (const auto offset = in_vga_window(address, from.size())) {
    for (std::size_t i = 0; i < from.size(); ++i)
      device_->vga()->write(*offset + static_cast<std::uint32_t>(i),
                            std::to_integer<std::uint8_t>(from[i]));
    charge_vga(from.size());
  } else {
    device_->memory().write(address, from);
  }
  note({.kind = BusAccess::Kind::write, .where = address, .bytes = from});
}

// Awaited accesses

Cycle ModelBus::take_lag() {
  return timeline_.now() + std::exchange(lag_, 0);
}

void ModelBus::begin(const Request& request, std::coroutine_handle<> guest) {
  request_ = request;
  guest_ = guest;
  const Cycle start = take_lag();
  if (request.kind == Request::Kind::wait) {
    waiting_ = true;
    if (request.deadline != never)
      deadline_ = timeline_.at(std::max(start, request.deadline), EventClass::timer, [this] {
        deadline_.reset();
        when_running(&ModelBus::deliver);
      });
    if (lines() != 0) schedule_delivery(std::max(start, raised_at_ + costs_.irq_deliver));
  } else if (request.kind == Request::Kind::sleep) {
    timeline_.at(std::max(start, request.deadline), EventClass::timer,
                 [this] { when_running(&ModelBus::wake_up); });
  } else if (start == timeline_.now()) {
    perform_port_access();
  } else {
    timeline_.at(start, EventClass::port_write,
                 [this] { when_running(&ModelBus::perform_port_access); });
  }
}

void ModelBus::perform_port_access() {
  if (request_.kind == Request::Kind::in) {
    result_ = port_in() & ones(request_.width);
    note({.kind = BusAccess::Kind::in,
          .where = request_.port,
          .width = request_.width,
          .value = result_});
    return resume_at(timeline_.now() + costs_.pio_exit);
  }
  note({.kind = BusAccess::Kind::out,
        .where = request_.port,
        .width = request_.width,
        .value = request_.value});
  result_ = 0;
  // Without a cost the processor is blocked, until port_completed.
  if (const auto cost = port_out()) resume_at(timeline_.now() + costs_.pio_exit + *cost);
}

std::optional<Cycle> ModelBus::port_out() {
  const std::uint16_t port = request_.port;
  if (port == pci_address_port && request_.width == 4) {
    pci_address_ = request_.value;
    return 0;
  }
  if (port >= pci_data_port && port < pci_data_port + 4) {
    pci_access(true);
    return 0;
  }
  if (inputs_.out(port, request_.value)) return 0;
  if (device_->has_vga_port(port))
    return device_->write_vga_port(port, request_.value, request_.width);
  const auto base = device_->memory().pci().base(io_bar);
  // The window takes single bytes only.
  if (!base || port < *base || port - *base >= device_->memory().sizes().io || request_.width != 1)
    return 0;
  return device_->write_port(static_cast<std::uint8_t>(port - *base),
                             static_cast<std::uint8_t>(request_.value));
}

std::uint32_t ModelBus::port_in() {
  const std::uint16_t port = request_.port;
  if (port == pci_address_port && request_.width == 4) return pci_address_;
  if (port >= pci_data_port && port < pci_data_port + 4) return pci_access(false);
  if (const auto value = inputs_.in(port)) return *value;
  if (device_->has_vga_port(port))
    return device_->read_vga_port(port, request_.width).value_or(ones(request_.width));
  return ones(request_.width);  // the device's own ports, too, read as ones
}

std::uint32_t ModelBus::pci_access(bool is_write) {
  const std::uint32_t offset = (pci_address_ & 0xfc) + (request_.port - pci_data_port);
  const bool ours = (pci_address_ & pci_enable) != 0 &&
                    (pci_address_ & pci_function_mask) == display_function &&
                    (request_.port - pci_data_port) + request_.width <= 4;
  if (!ours) return ones(request_.width);
  auto& pci = device_->memory().pci();
  if (is_write) pci.write(static_cast<std::uint8_t>(offset), request_.width, request_.value);
  return pci.read(static_cast<std::uint8_t>(offset), request_.width);
}

void ModelBus::wake_up() {
  result_ = 0;
  note({.kind = BusAccess::Kind::sleep, .where = request_.deadline});
  resume();
}

void ModelBus::when_running(void (ModelBus::*action)()) {
  if (paused_)
    held_.push_back(action);
  else
    (this->*action)();
}
void ModelBus::go_on() {
  paused_ = false;
  for (const auto action : std::exchange(held_, {})) when_running(action);
}

void ModelBus::port_completed() {
  when_running(&ModelBus::resume);
}
void ModelBus::resume_at(Cycle due) {
  timeline_.at(due, EventClass::guest_step, [this] { when_running(&ModelBus::resume); });
}
void ModelBus::resume() {
  std::exchange(guest_, {}).resume();
}

// Interrupts

std::uint8_t ModelBus::lines() const {
  return static_cast<std::uint8_t>(inputs_.lines() | (device_->line() ? line_display : 0));
}

void ModelBus::lines_changed() {
  const std::uint8_t before = std::exchange(known_lines_, lines());
  if (before == 0 && known_lines_ != 0) raised_at_ = timeline_.now();
  if (known_lines_ != 0 && waiting_) schedule_delivery(timeline_.now() + costs_.irq_deliver);
}

void ModelBus::schedule_delivery(Cycle due) {
  if (delivery_ && delivery_->due <= due) return;
  if (delivery_) timeline_.cancel(*delivery_);
  delivery_ = timeline_.at(due, EventClass::interrupt_delivery, [this] {
    delivery_.reset();
    if (lines() != 0) when_running(&ModelBus::deliver);
  });
}

void ModelBus::deliver() {
  if (!waiting_) return;
  waiting_ = false;
  for (auto* event : {&deadline_, &delivery_}) {
    if (*event) timeline_.cancel(**event);
    event->reset();
  }
  result_ = lines();
  if (result_ & line_display) ++display_interrupts_;
  note({.kind = BusAccess::Kind::wait, .where = request_.deadline, .value = result_});
  resume();
}

}  // namespace spicebench::qxl
