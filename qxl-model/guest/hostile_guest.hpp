// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "qxl-model/guest/bus.hpp"
#include "qxl-model/guest/choices.hpp"
#include "qxl-model/guest/command_block.hpp"
#include "qxl-model/guest/pci.hpp"
#include "qxl-model/guest/task.hpp"

namespace spicebench::qxl {

// A guest that keeps no rule: whatever its script of choices says it writes into ports, PCI
// configuration, RAM header, rings and memory, among them commands that were right before bytes of
// them were changed. It waits for nothing that the device owes it.
class HostileGuest {
 public:
  HostileGuest(Bus& bus, BytesView script) : bus_(bus), script_(script) {}

  // Until the script or the time is over, whichever is first; ends with a reset.
  Task<> run(Cycle until);

 private:
  // What it does next: the first byte of each step chooses, the step reads what else it needs.
  using Step = Task<> (HostileGuest::*)();
  static const Step steps[16];
  Task<> find_device();
  Task<> come_up();
  Task<> write_port();
  Task<> write_legacy_port();
  Task<> write_pci();
  Task<> write_header();
  Task<> write_pool();
  Task<> write_anywhere();
  Task<> push_damaged();
  Task<> push_value();
  Task<> push_anything();
  Task<> collect();
  Task<> pause();

  Task<> port(std::uint8_t number, std::uint8_t value);
  Task<> push(bool cursor_ring, std::uint64_t address, std::uint32_t type);
  CommandBlock block(std::uint8_t kind);
  CommandBlock painting();

  Bus& bus_;
  Choices script_;
  PciFunction pci_;
  std::uint64_t header_ = 0;  // guest-physical
  std::uint64_t pool_ = 0;    // of command memory, offset in BAR 0
};

}  // namespace spicebench::qxl
