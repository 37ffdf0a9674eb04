// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/bytes.hpp"
#include "qxl-model/cost/cycle.hpp"

namespace spicebench::qxl {

// One thing that a guest did on its bus, with what came of it.
struct BusAccess {
  enum class Kind : std::uint8_t { read, write, in, out, wait, sleep } kind{};
  Cycle at = 0;
  std::uint64_t where = 0;  // guest-physical address, port; of a wait or sleep its deadline
  std::uint8_t width = 0;   // bytes; of port accesses only
  std::uint32_t value = 0;  // of a port; of a wait the lines that ended it
  BytesView bytes;          // memory read or written
};

// Is told each access right after it took effect on the model.
class BusObserver {
 public:
  virtual ~BusObserver() = default;
  virtual void accessed(const BusAccess& access) = 0;
  // The guest has come to rest (Bus::at_rest).
  virtual void at_rest() {}
};

}  // namespace spicebench::qxl
