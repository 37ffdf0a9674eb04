// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "qxl-model/guest/bus_access.hpp"
#include "qxl-model/machine.hpp"
#include "qxl-model/qtest/qtest.hpp"
#include "replayer/conform/real_screen.hpp"

namespace spicebench::replayer {

// Something that the model and the real device do not have in common.
struct Nonconformity {
  std::string what;                // a field, a port, "interrupt line", "pixels"
  std::string expected, found;     // the real device's, the model's
  std::uint64_t access = 0;        // number of the guest's access after which it was seen
  std::vector<std::string> trail;  // the accesses before, oldest first
  std::string text() const;
};

struct MirrorCounters {
  std::uint64_t accesses = 0, mirrored = 0, reads_compared = 0, states_compared = 0;
  std::uint64_t interrupts = 0;  // rises of the line seen on both
  std::uint64_t resources = 0;   // given back by both
  std::uint64_t pixels = 0;      // compared
};

// Makes each access of a modelled machine's guest on a real device too, and compares. The real
// machine's interrupts are routed (qtest/pc_interrupts.hpp).
class Mirror final : public qxl::BusObserver {
 public:
  // Called while the two differ: waits a little; false when the real device had its time.
  using Patience = std::function<bool(unsigned attempt)>;

  //   screen  of the real device, for the surface of mode VGA, which is not in its memory
  Mirror(qxl::Qtest& real, const qxl::Machine& model, RealScreenSource screen, Patience patience)
      : real_(real), model_(model), screen_(std::move(screen)), patience_(std::move(patience)) {}

  void accessed(const qxl::BusAccess& access) override;
  // Compares all that can be seen.
  void at_rest() override;

  // The first one; the mirror is silent from then on. An Error: the real device went away.
  const std::optional<Nonconformity>& nonconformity() const { return nonconformity_; }
  const std::optional<Error>& failure() const { return failure_; }
  bool stopped() const { return nonconformity_ || failure_; }
  const MirrorCounters& counters() const { return counters_; }

 private:
  Result<void> mirror(const qxl::BusAccess& access);
  Result<void> mirror_port(const qxl::BusAccess& access);
  Result<void> mirror_read(const qxl::BusAccess& access);
  bool is_ours(std::uint16_t port) const;
  Result<void> compare_rest(bool flushed);
  Result<void> compare_memory(std::uint64_t base, BytesView model, std::string_view area,
                              std::function<bool(std::uint32_t offset)> counts,
                              std::string (*name_of)(std::uint32_t offset));
  Result<void> compare_line();
  Result<void> compare_pixels();
  Result<void> compare_screen(const qxl::GuestMemoryView& surface);
  bool shows_the_same(const qxl::BusAccess& access, BytesView real) const;
  Result<void> compare_releases();
  void differs(std::string what, std::string expected, std::string found);
  void remember(const qxl::BusAccess& access);

  qxl::Qtest& real_;
  const qxl::Machine& model_;
  RealScreenSource screen_;
  Patience patience_;
  std::uint32_t pci_address_ = 0;
  // Lists of released resources that the guest followed since it was at rest last: where each list
  // begins on the real device, and where the model keeps the `next` of each resource.
  std::vector<std::uint64_t> real_heads_;
  std::map<std::uint64_t, std::uint64_t> places_;  // of `next`, by resource
  std::uint64_t next_resource_ = 0;                // in the list that the guest follows; 0: none
  std::deque<std::string> trail_;
  bool line_was_high_ = false;
  std::optional<Nonconformity> nonconformity_;
  std::optional<Error> failure_;
  MirrorCounters counters_;
};

}  // namespace spicebench::replayer
