// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <bit>
#include <cassert>
#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"

namespace spicebench::qxl {

// Items of the three rings, as they lie in guest memory.
struct RingCommand {
  static constexpr std::uint32_t bytes = 16;
  std::uint64_t data = 0;  // encoded address
  std::uint32_t type = 0;  // CommandType
  void store(std::byte* to) const {
    store_little_endian(to, data, 8);
    store_little_endian(to + 8, type, 8);  // and the padding
  }
  static RingCommand load(const std::byte* from) {
    return {load_little_endian(from, 8),
            static_cast<std::uint32_t>(load_little_endian(from + 8, 4))};
  }
  bool operator==(const RingCommand&) const = default;
};
struct ReleaseEntry {
  static constexpr std::uint32_t bytes = 8;
  std::uint64_t head = 0;  // id of the first resource of a list; 0: an empty list
  void store(std::byte* to) const { store_little_endian(to, head, 8); }
  static ReleaseEntry load(const std::byte* from) { return {load_little_endian(from, 8)}; }
  bool operator==(const ReleaseEntry&) const = default;
};

// One producer-consumer ring in guest memory (qxl-device.md §5), the same code for both ends. The
// counters run freely through 2^32; only their difference and their low bits have meaning. A wake
// mark names one exact index: who does not ask is not woken.
//   Memory  void read(std::uint32_t offset, std::span<std::byte>), void write(std::uint32_t offset,
//           BytesView), relative to the ring's header
template <class Memory, class Item, std::uint32_t Capacity>
class Ring {
  static_assert(std::has_single_bit(Capacity), "the index is the low bits of the counter");

 public:
  static constexpr std::uint32_t header_bytes = 20;
  static constexpr std::uint32_t bytes = header_bytes + Capacity * Item::bytes;
  enum class Wake : bool { no, yes };
  struct Popped {
    Item item;
    Wake wake;  // the producer asked to be woken at this index
  };

  explicit Ring(Memory memory) : memory_(memory) {}

  void init() {
    set(num_items, Capacity);
    set(prod, 0);
    set(notify_on_prod, 1);
    set(cons, 0);
    set(notify_on_cons, 0);
  }
  std::uint32_t size() const { return get(prod) - get(cons); }  // right across the wrap: unsigned
  bool empty() const { return size() == 0; }
  bool full() const { return size() == Capacity; }
  // The other end may have written anything: a ring that cannot be one.
  bool broken() const { return get(num_items) != Capacity || size() > Capacity; }
  std::uint32_t produced() const { return get(prod); }
  std::uint32_t consumed() const { return get(cons); }

  // Precondition: not full. Says whether the consumer asked to be woken at this item.
  Wake push(const Item& item) {
    const std::uint32_t index = get(prod);
    store_item(index, item);
    set(prod, index + 1);
    return Wake{index + 1 == get(notify_on_prod)};
  }
  std::optional<Popped> pop() {
    if (empty()) return std::nullopt;
    const std::uint32_t index = get(cons);
    std::byte raw[Item::bytes];
    memory_.read(header_bytes + index % Capacity * Item::bytes, raw);
    set(cons, index + 1);
    return Popped{Item::load(raw), Wake{index + 1 == get(notify_on_cons)}};
  }
  // The consumer asks to be woken by the next push. False: there is something to pop already.
  bool wait_for_item() {
    if (!empty()) return false;
    set(notify_on_prod, get(prod) + 1);
    return empty();
  }
  // The producer asks to be woken by the next pop. False: there is room already.
  bool wait_for_room() {
    if (!full()) return false;
    set(notify_on_cons, get(cons) + 1);
    return full();
  }
  // The item at the producer's index, not published yet.
  void store_open(const Item& item) { store_item(get(prod), item); }
  // Publishes the open item as it is. Precondition: not full.
  Wake publish_open() {
    const std::uint32_t index = get(prod);
    set(prod, index + 1);
    return Wake{index + 1 == get(notify_on_prod)};
  }

 private:
  enum Offset : std::uint32_t {
    num_items = 0,
    prod = 4,
    notify_on_prod = 8,
    cons = 12,
    notify_on_cons = 16
  };
  std::uint32_t get(Offset field) const {
    std::byte raw[4];
    memory_.read(field, raw);
    return static_cast<std::uint32_t>(load_little_endian(raw, 4));
  }
  void set(Offset field, std::uint32_t value) {
    std::byte raw[4];
    store_little_endian(raw, value, 4);
    memory_.write(field, raw);
  }
  void store_item(std::uint32_t index, const Item& item) {
    std::byte raw[Item::bytes];
    item.store(raw);
    memory_.write(header_bytes + index % Capacity * Item::bytes, raw);
  }
  Memory memory_;
};

constexpr std::uint32_t command_ring_items = 32, cursor_ring_items = 32, release_ring_items = 8;

}  // namespace spicebench::qxl
