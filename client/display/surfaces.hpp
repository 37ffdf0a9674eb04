// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "core/base/result.hpp"
#include "core/draw/surface.hpp"
#include "core/wire/display_channel.hpp"

namespace spicebench::client {

// The surfaces of one display channel, with the memory that they are drawn in.
class Surfaces {
 public:
  // Of all together (protocol.md §10.6); their number is bounded by their ids, below 1024.
  static constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;

  enum class Created : std::uint8_t { fresh, reused };
  // Errors (protocol.md §9.4): out_of_order (id taken, another primary), out_of_range.
  Result<Created> create(const wire::display::SurfaceCreate& wanted);
  // False: no such surface.
  bool destroy(std::uint32_t id);

  draw::Surface* find(std::uint32_t id) {
    const auto found = surfaces_.find(id);
    return found == surfaces_.end() ? nullptr : &found->second.view;
  }
  const draw::Surface* find(std::uint32_t id) const {
    return const_cast<Surfaces*>(this)->find(id);  // NOLINT: same lookup
  }
  std::optional<std::uint32_t> primary_id() const { return primary_; }
  draw::Surface* primary() { return primary_ ? find(*primary_) : nullptr; }
  const draw::Surface* primary() const { return primary_ ? find(*primary_) : nullptr; }
  std::size_t size() const { return surfaces_.size(); }

  struct Owned {
    Bytes pixels;  // rows from the top, without gaps
    draw::Surface view;
    wire::display::Transform transform;  // draw::Images::surface_transform
  };
  const std::map<std::uint32_t, Owned>& all() const { return surfaces_; }
  // The bytes of a surface, to be filled with what it showed before. Precondition: it exists.
  std::span<std::byte> pixels(std::uint32_t id) { return surfaces_.at(id).pixels; }
  wire::display::Transform* transform(std::uint32_t id) {
    const auto found = surfaces_.find(id);
    return found == surfaces_.end() ? nullptr : &found->second.transform;
  }

 private:
  std::map<std::uint32_t, Owned> surfaces_;
  std::optional<std::uint32_t> primary_;
  std::uint64_t bytes_ = 0;
};

}  // namespace spicebench::client
