// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/base/hash.hpp"

#include <fmt/format.h>
#include <xxhash.h>

namespace spicebench {

struct Hasher::State {
  XXH3_state_t* state = XXH3_createState();
  State() { XXH3_128bits_reset(state); }
  ~State() { XXH3_freeState(state); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

std::string Hash128::hex() const {
  return fmt::format("{:016x}{:016x}", high, low);
}

std::array<std::byte, 16> Hash128::bytes() const {
  std::array<std::byte, 16> out;
  for (int i = 0; i < 8; ++i) {
    out[i] = static_cast<std::byte>(high >> (56 - 8 * i));
    out[8 + i] = static_cast<std::byte>(low >> (56 - 8 * i));
  }
  return out;
}

Hash128 hash128(BytesView bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

Hasher::Hasher() : state_(std::make_unique<State>()) {}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
void Hasher::add(BytesView bytes) {
  XXH3_128bits_update(state_->state, bytes.data(), bytes.size());
}
void Hasher::add(std::uint64_t value) {
  std::byte raw[8];
  store_little_endian(raw, value, sizeof raw);
  add(BytesView(raw));
}
Hash128 Hasher::value() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_->state);
  return {hash.high64, hash.low64};
}

}  // namespace spicebench
