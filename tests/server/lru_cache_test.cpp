// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/display/lru_cache.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>

namespace spicebench::server {

TEST_CASE("a cache drops the least recently used to make room", "[server][cache]") {
  LruCache cache(10);
  std::vector<std::uint64_t> dropped;
  CHECK(cache.add(1, 4, 0, dropped));
  CHECK(cache.add(2, 4, 0, dropped));
  CHECK(dropped.empty());
  CHECK(cache.use(1));
  CHECK(cache.add(3, 3, 0, dropped));
  CHECK(dropped == std::vector<std::uint64_t>{2});
  CHECK_FALSE(cache.use(2));
  CHECK(cache.used() == 7);
  CHECK(cache.add(4, 10, 0, dropped));
  CHECK(dropped == std::vector<std::uint64_t>{2, 1, 3});
}

TEST_CASE("what the message itself uses is not dropped; without room nothing changes",
          "[server][cache]") {
  LruCache cache(10);
  std::vector<std::uint64_t> dropped;
  cache.add(1, 4, 0, dropped);
  cache.add(2, 4, 0, dropped);
  CHECK_FALSE(cache.add(3, 7, 1, dropped));
  CHECK(dropped.empty());
  CHECK(cache.count() == 2);
  CHECK_FALSE(cache.add(3, 11, 0, dropped));
  CHECK(cache.count() == 2);
  CHECK(cache.add(3, 6, 1, dropped));
  CHECK(dropped == std::vector<std::uint64_t>{1});
}

TEST_CASE("a cache agrees with a list that is searched", "[server][cache]") {
  rc::prop("any sequence of uses and additions", [] {
    constexpr std::uint64_t capacity = 20;
    LruCache cache(capacity);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> model;  // newest first
    for (int step = 0; step < 200; ++step) {
      const auto key = *rc::gen::inRange<std::uint64_t>(0, 8);
      const auto size = *rc::gen::inRange<std::uint64_t>(1, 9);
      const auto at = std::ranges::find(model, key, [](const auto& e) { return e.first; });
      RC_ASSERT(cache.use(key) == (at != model.end()));
      if (at != model.end()) {
        std::rotate(model.begin(), at, at + 1);
        continue;
      }
      std::vector<std::uint64_t> dropped, expected;
      RC_ASSERT(cache.add(key, size, 0, dropped));
      std::uint64_t used = size;
      for (const auto& entry : model) used += entry.second;
      while (used > capacity) {
        used -= model.back().second;
        expected.push_back(model.back().first);
        model.pop_back();
      }
      model.insert(model.begin(), {key, size});
      RC_ASSERT(dropped == expected);
      RC_ASSERT(cache.used() == used);
      RC_ASSERT(cache.count() == model.size());
    }
  });
}

}  // namespace spicebench::server
