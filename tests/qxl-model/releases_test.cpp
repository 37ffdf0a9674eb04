// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/releases.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <array>
#include <catch2/catch.hpp>
#include <deque>
#include <map>

#include "qxl-model/guest/command_block.hpp"
#include "tests/qxl-model/device_bench.hpp"

// When released resources reach the guest (qxl-device.md §14).
namespace spicebench::qxl::test {

namespace device = wire::device;

namespace {

using Ids = std::vector<std::uint64_t>;

enum class Act : std::uint8_t { put, flush, pop };
struct Acts {
  Act act{};
  std::uint32_t times = 0;
};
void showValue(const Acts& acts, std::ostream& out) {
  out << static_cast<int>(acts.act) << " x " << acts.times;
}
rc::Gen<Acts> any_acts() {
  return rc::gen::construct<Acts>(
      rc::gen::weightedElement<Act>({{6, Act::put}, {2, Act::flush}, {1, Act::pop}}),
      rc::gen::inRange<std::uint32_t>(1, 70));
}

// A release ring and its queue in a header of their own, beside what §14.2 says of them.
struct QueueAndModel {
  explicit QueueAndModel(std::uint32_t start) {
    header.init();
    for (const std::uint32_t counter : {4, 12}) header.set32(ram::release_ring + counter, start);
    header.release_ring().store_open({0});
    armed_for = header.get32(ram::release_ring + 8);
  }

  void put() {
    const std::uint64_t id = ++last_id;
    auto& location = locations[id];
    store_little_endian(location.data(), id, 8);
    const auto outcome = queue.put({id, location});
    open.push_back(id);
    expect(outcome, open.size() >= 32);
  }
  void flush() { expect(queue.flush(), true); }
  // The guest takes one list, and asks for an interrupt when there is none.
  void pop() {
    auto ring = header.release_ring();
    if (const auto entry = ring.pop()) {
      RC_ASSERT(!published.empty());
      RC_ASSERT(chain(entry->item.head) == published.front());
      published.pop_front();
    } else {
      RC_ASSERT(published.empty());
      RC_ASSERT(ring.wait_for_item());
      armed_for = ring.produced() + 1;
    }
  }
  void expect(const ReleaseQueue::Outcome& outcome, bool wanted) {
    const bool pushes = wanted && published.size() < 7;
    RC_ASSERT(outcome.published == pushes);
    if (pushes) published.push_back(std::exchange(open, {}));
    auto ring = header.release_ring();
    RC_ASSERT(outcome.wake == (pushes && ring.produced() == armed_for));
    RC_ASSERT(ring.size() == published.size());
    RC_ASSERT(queue.open_count() == open.size());
    RC_ASSERT(chain(header.get64(ram::release_ring + 20 + ring.produced() % 8 * 8)) == open);
  }
  Ids chain(std::uint64_t head) {
    Ids ids;
    for (std::uint64_t id = head; id != 0 && ids.size() <= locations.size();) {
      ids.push_back(id);
      RC_ASSERT(locations.contains(id));
      id = load_little_endian(locations[id].data(), 8);
    }
    return ids;
  }

  Bytes memory = Bytes(ram::header_bytes);
  RamHeader header{memory};
  ReleaseQueue queue{header};
  std::map<std::uint64_t, std::array<std::byte, 8>> locations;
  std::uint64_t last_id = 0;
  std::uint32_t armed_for = 0;
  std::deque<Ids> published;
  Ids open;
};

// Fills, drawn when the test says so.
struct ReleaseBench : DeviceBench {
  ReleaseBench() { come_up(); }
  // The handle of one more fill, whose id is the number of fills.
  std::uint64_t fill() {
    const std::uint64_t offset = pool + ++fills * 65536;
    auto block = CommandBlock::fill({0, 0, 768, 1024}, {}, 0, wire::display::ropd_put);
    poke(offset, block.place(slot1(offset), fills));
    push(slot1(offset));
    const auto* command = fetch();
    REQUIRE(command != nullptr);
    return command->drawable.release_id;
  }
  DeviceReleaseRing releases() {
    return RamHeader(ram().subspan(header(), ram::header_bytes)).release_ring();
  }
  Ids take_list() {
    const auto entry = releases().pop();
    REQUIRE(entry);
    Ids ids;
    for (std::uint64_t id = entry->item.head; id != 0 && ids.size() <= fills;) {
      ids.push_back(id);
      id = load_little_endian(&ram()[pool + id * 65536], 8);
    }
    return ids;
  }
  std::uint64_t fills = 0;
};

Ids from_to(std::uint64_t first, std::uint64_t last) {
  Ids ids;
  for (std::uint64_t id = first; id <= last; ++id) ids.push_back(id);
  return ids;
}

}  // namespace

TEST_CASE("releases are collected and published exactly as the contract says", "[qxl][releases]") {
  rc::prop("lists, their order, wake-ups and what is open, with a slow reader", [] {
    const auto start = *rc::gen::element<std::uint32_t>(0, 5, 0xffff'fffd);
    QueueAndModel both(start);
    for (const Acts& acts : *rc::gen::container<std::vector<Acts>>(any_acts()))
      for (std::uint32_t i = 0; i < acts.times; ++i) {
        if (acts.act == Act::put) both.put();
        // A few of these are as good as many.
        if (acts.act == Act::flush && i < 3) both.flush();
        if (acts.act == Act::pop && i < 9) both.pop();
      }
  });
}

TEST_CASE("a full release ring: the open list grows, and goes out whole with the next release",
          "[qxl][releases]") {
  ReleaseBench bench;
  for (int i = 0; i < 7; ++i) bench.port(Port::flush_release);
  for (int i = 0; i < 50; ++i) bench.send(device::Release{bench.fill()});
  CHECK(bench.releases().size() == 7);
  for (int i = 0; i < 7; ++i) CHECK(bench.take_list().empty());
  CHECK(bench.releases().empty());  // room alone publishes nothing
  bench.send(device::Release{bench.fill()});
  CHECK(bench.take_list() == from_to(1, 51));
}

TEST_CASE("forty fills that hide each other: NOTIFY_OOM publishes what is open, then renders",
          "[qxl][releases]") {
  ReleaseBench bench;
  std::vector<std::uint64_t> handles;
  for (int i = 0; i < 40; ++i) handles.push_back(bench.fill());
  // All but the last are hidden.
  for (std::size_t i = 0; i < 39; ++i) bench.send(device::Release{handles[i]});
  bench.messages.clear();
  bench.port(Port::notify_oom);  // the guest has something to take
  CHECK(bench.releases().size() == 1);
  CHECK(bench.take_list() == from_to(1, 32));
  bench.port(Port::notify_oom);
  CHECK(bench.take_list() == from_to(33, 39));
  CHECK(bench.last<device::UpdateArea>() == nullptr);
  bench.port(Port::notify_oom);
  const auto* update = bench.last<device::UpdateArea>();
  REQUIRE(update != nullptr);
  bench.send(device::Release{handles[39]});
  bench.send(device::AreaUpdated{update->request_id, {}});
  CHECK(bench.take_list() == from_to(40, 40));
}

TEST_CASE("NOTIFY_OOM renders nothing while releases wait for room in the ring",
          "[qxl][releases]") {
  ReleaseBench bench;
  const std::uint64_t handle = bench.fill();
  bench.messages.clear();
  const auto write = [&bench](Port port) {
    bench.device.write_port(static_cast<std::uint8_t>(port), 0);
  };
  write(Port::notify_oom);
  // Before the worker comes to it the ring is full.
  for (int i = 0; i < 7; ++i) write(Port::flush_release);
  bench.send(device::Release{handle});
  CHECK(bench.releases().size() == 7);
  CHECK(bench.last<device::UpdateArea>() == nullptr);
  for (int i = 0; i < 7; ++i) CHECK(bench.take_list().empty());
  bench.port(Port::notify_oom);
  CHECK(bench.take_list() == from_to(1, 1));
}

}  // namespace spicebench::qxl::test
