// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace spicebench::qxl {

// Lines to and from a machine; whoever owns the socket implements it.
class LineChannel {
 public:
  virtual ~LineChannel() = default;
  virtual Result<void> send(std::string_view line) = 0;
  virtual Result<std::string> receive() = 0;
};

// The requests of QEMU's qtest protocol that a guest needs: one line each, answered by a line that
// begins with OK. Lines about interrupts come between. Errors: those of the channel, and malformed
// for an answer that is none.
//
// Source: QEMU's documentation of the qtest protocol.
class Qtest {
 public:
  explicit Qtest(LineChannel& channel) : channel_(channel) {}

  // From now on the machine tells of the interrupt controller's inputs.
  Result<void> watch_interrupts();
  //   width  1, 2 or 4
  Result<void> out(std::uint16_t port, std::uint32_t value, std::uint8_t width);
  Result<std::uint32_t> in(std::uint16_t port, std::uint8_t width);
  Result<void> write(std::uint64_t address, BytesView from);
  Result<void> read(std::uint64_t address, std::span<std::byte> to);
  // Input `line` of the interrupt controller, as told so far.
  bool is_raised(unsigned line) const { return raised_.contains(line); }

 private:
  // The words after OK.
  Result<std::string> ask(const std::string& request);
  Result<void> note_interrupt(std::string_view line);

  LineChannel& channel_;
  std::set<unsigned> raised_;
};

}  // namespace spicebench::qxl
