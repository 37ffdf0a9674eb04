// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <list>
#include <unordered_map>
#include <utility>
#include <vector>

namespace spicebench::server {

// The server's model of a client cache: keys with sizes, the least recently used are dropped to
// make room. The client only does what it is told, so model and client agree as long as every
// drop is announced ahead of the message that needs the room.
class LruCache {
 public:
  explicit LruCache(std::uint64_t capacity) : capacity_(capacity) {}

  // Whether the client has it; makes it the most recent.
  bool use(std::uint64_t key) {
    const auto found = places_.find(key);
    if (found == places_.end()) return false;
    entries_.splice(entries_.begin(), entries_, found->second);
    return true;
  }
  // Makes room for `size` by dropping what was not used since `untouchable` newest entries ago, and
  // inserts. Appends what was dropped to `dropped`. False, and nothing changed: there is no room.
  // Precondition: use(key) is false.
  bool add(std::uint64_t key, std::uint64_t size, std::size_t untouchable,
           std::vector<std::uint64_t>& dropped) {
    std::uint64_t room = capacity_ - used_;
    std::size_t victims = 0;
    for (auto victim = entries_.rbegin(); room < size; ++victim, ++victims) {
      if (victims + untouchable >= entries_.size()) return false;
      room += victim->size;
    }
    for (; victims > 0; --victims) {
      used_ -= entries_.back().size;
      dropped.push_back(entries_.back().key);
      places_.erase(entries_.back().key);
      entries_.pop_back();
    }
    entries_.push_front({key, size});
    places_.emplace(key, entries_.begin());
    used_ += size;
    return true;
  }
  // Whether what the client has of it lost quality. Precondition of both: it has it.
  bool is_lossy(std::uint64_t key) const { return places_.at(key)->lossy; }
  void set_lossy(std::uint64_t key, bool lossy) { places_.at(key)->lossy = lossy; }
  void clear() {
    entries_.clear();
    places_.clear();
    used_ = 0;
  }
  std::size_t count() const { return entries_.size(); }
  std::uint64_t used() const { return used_; }
  std::uint64_t capacity() const { return capacity_; }

 private:
  struct Entry {
    std::uint64_t key, size;
    bool lossy = false;
  };
  std::uint64_t capacity_, used_ = 0;
  std::list<Entry> entries_;  // most recently used first
  std::unordered_map<std::uint64_t, std::list<Entry>::iterator> places_;
};

}  // namespace spicebench::server
