// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/base/random.hpp"

#include <bit>

#include "core/base/hash.hpp"

namespace spicebench {

// splitmix64, the customary way to fill the state of xoshiro from one word.
static std::uint64_t split_mix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

Random::Random(std::uint64_t seed) : seed_(seed) {
  for (auto& word : state_) word = split_mix(seed);
}

Random Random::fork(std::string_view name) const {
  Hasher hasher;
  hasher.add(seed_);
  hasher.add(as_bytes(name));
  return Random(hasher.value().low);
}

std::uint64_t Random::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::uint64_t Random::below(std::uint64_t bound) {
  assert(bound > 0);
  const std::uint64_t limit = -bound % bound;  // the lowest draws would be favoured: draw again
  for (;;) {
    const std::uint64_t draw = next();
    if (draw >= limit) return draw % bound;
  }
}

std::int64_t Random::between(std::int64_t low, std::int64_t high) {
  assert(low <= high);
  const auto span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  if (span == UINT64_MAX) return static_cast<std::int64_t>(next());
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + below(span + 1));
}

Bytes Random::bytes(std::size_t count) {
  Bytes out;
  out.reserve(count);
  while (out.size() < count)
    append_little_endian(out, next(), std::min<std::size_t>(8, count - out.size()));
  return out;
}

}  // namespace spicebench
