// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>
#include <rapidcheck/state.h>

#include <catch2/catch.hpp>
#include <deque>

#include "qxl-model/device/ram_header.hpp"

namespace spicebench::qxl {
namespace {

struct RingUnderTest {
  Bytes memory = Bytes(DeviceReleaseRing::bytes);
  DeviceReleaseRing ring() { return DeviceReleaseRing({memory}); }
  std::uint32_t field(std::size_t offset) const {
    return static_cast<std::uint32_t>(load_little_endian(&memory[offset], 4));
  }
  // As if everything since `index` items had come and gone.
  void start_at(std::uint32_t index) {
    ring().init();
    store_little_endian(&memory[4], index, 4);
    store_little_endian(&memory[12], index, 4);
    store_little_endian(&memory[8], index + 1, 4);
    store_little_endian(&memory[16], index, 4);
  }
};

// What the rules of the ring say, with counters that never wrap.
struct Model {
  std::deque<std::uint64_t> items;
  std::uint64_t pushed = 0, popped = 0, wake_consumer_at = 1, wake_producer_at = 0;
};
using Command = rc::state::Command<Model, RingUnderTest>;

struct Push : Command {
  std::uint64_t value = *rc::gen::arbitrary<std::uint64_t>();
  void checkPreconditions(const Model& model) const override {
    RC_PRE(model.items.size() < release_ring_items);
  }
  void apply(Model& model) const override {
    model.items.push_back(value);
    ++model.pushed;
  }
  void run(const Model& model, RingUnderTest& sut) const override {
    const bool woken = sut.ring().push({value}) == DeviceReleaseRing::Wake::yes;
    RC_ASSERT(woken == (model.pushed + 1 == model.wake_consumer_at));
  }
};
struct Pop : Command {
  void apply(Model& model) const override {
    if (model.items.empty()) return;
    model.items.pop_front();
    ++model.popped;
  }
  void run(const Model& model, RingUnderTest& sut) const override {
    const auto popped = sut.ring().pop();
    RC_ASSERT(popped.has_value() == !model.items.empty());
    if (!popped) return;
    RC_ASSERT(popped->item.head == model.items.front());
    const bool woken = popped->wake == DeviceReleaseRing::Wake::yes;
    RC_ASSERT(woken == (model.popped + 1 == model.wake_producer_at));
  }
};
struct WaitForItem : Command {
  void apply(Model& model) const override {
    if (model.items.empty()) model.wake_consumer_at = model.pushed + 1;
  }
  void run(const Model& model, RingUnderTest& sut) const override {
    RC_ASSERT(sut.ring().wait_for_item() == model.items.empty());
  }
};
struct WaitForRoom : Command {
  void apply(Model& model) const override {
    if (model.items.size() == release_ring_items) model.wake_producer_at = model.popped + 1;
  }
  void run(const Model& model, RingUnderTest& sut) const override {
    RC_ASSERT(sut.ring().wait_for_room() == (model.items.size() == release_ring_items));
  }
};

}  // namespace

TEST_CASE("a ring is a bounded queue that wakes exactly at the marks", "[qxl][ring]") {
  rc::prop("every sequence agrees with std::deque, across the wrap of the counters too", [] {
    RingUnderTest sut;
    sut.start_at(*rc::gen::element(0u, 5u, 0xffff'fffdu));
    rc::state::check(Model{}, sut,
                     rc::state::gen::execOneOfWithArgs<Push, Pop, WaitForItem, WaitForRoom>());
  });
}

TEST_CASE("a fresh ring has the marks of the device's contract", "[qxl][ring]") {
  RingUnderTest sut;
  sut.ring().init();
  CHECK(sut.field(0) == 8);   // num_items
  CHECK(sut.field(4) == 0);   // prod
  CHECK(sut.field(8) == 1);   // notify_on_prod: the very first push kicks
  CHECK(sut.field(12) == 0);  // cons
  CHECK(sut.field(16) == 0);  // notify_on_cons
  CHECK(sut.ring().push({7}) == DeviceReleaseRing::Wake::yes);
  CHECK(sut.ring().push({8}) == DeviceReleaseRing::Wake::no);
  CHECK(load_little_endian(&sut.memory[20], 8) == 7);
  CHECK(load_little_endian(&sut.memory[28], 8) == 8);
}

TEST_CASE("a ring that its other end has tampered with is recognised", "[qxl][ring]") {
  RingUnderTest sut;
  sut.ring().init();
  CHECK_FALSE(sut.ring().broken());
  SECTION("a size that it does not have") {
    store_little_endian(&sut.memory[0], 64, 4);
  }
  SECTION("more items than it holds") {
    store_little_endian(&sut.memory[4], 9, 4);
  }
  SECTION("fewer than none") {
    store_little_endian(&sut.memory[12], 1, 4);
  }
  CHECK(sut.ring().broken());
}

}  // namespace spicebench::qxl
