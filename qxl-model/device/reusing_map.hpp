// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>
#include <utility>
#include <vector>

namespace spicebench::qxl {

// A map of what comes and goes all the time: nodes that were taken out are put in again, so that it
// seldom asks for memory.
template <class Key, class Value>
class ReusingMap {
 public:
  using Map = std::map<Key, Value>;

  // Precondition: the key is not there.
  void add(const Key& key, Value value) {
    if (spare_.empty()) {
      map_.emplace_hint(map_.end(), key, std::move(value));
      return;
    }
    auto node = std::move(spare_.back());
    spare_.pop_back();
    node.key() = key;
    node.mapped() = std::move(value);
    map_.insert(map_.end(), std::move(node));
  }
  // Precondition: the place is one of the map's.
  std::pair<Key, Value> take(typename Map::iterator place) {
    auto node = map_.extract(place);
    std::pair<Key, Value> out{node.key(), std::move(node.mapped())};
    if (spare_.size() < most_spare) spare_.push_back(std::move(node));
    return out;
  }
  void clear() { map_.clear(); }
  Map& map() { return map_; }
  const Map& map() const { return map_; }

 private:
  static constexpr std::size_t most_spare = 64;
  Map map_;
  std::vector<typename Map::node_type> spare_;
};

}  // namespace spicebench::qxl
