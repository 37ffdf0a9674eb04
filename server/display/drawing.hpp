// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/draw/region.hpp"
#include "core/wire/device_link.hpp"
#include "core/wire/message_value.hpp"
#include "server/display/release.hpp"

namespace spicebench::server {

// How often a picture came before in the same place, as if it were film (display-pipeline.md
// §17.3).
struct FilmCount {
  Instant first{};           // of the pictures that were counted
  std::uint32_t frames = 0;  // before this one
  std::uint32_t gradual = 0, last_gradual = 0;
};

// A guest command that was accepted and drawn, as all pipes share it.
struct Drawing {
  wire::AnyMessage command;  // a wire::device::DrawCommand
  ResourceHold hold;
  std::uint32_t surface_id = 0;
  draw::Region region;  // what it may change: box ∩ clip
  bool covers = false;  // each pixel of the region gets a value that does not depend on the old one
  Instant accepted{};
  std::vector<std::uint32_t> surfaces_read;  // by its images; its own surface's old content apart
  std::optional<draw::Rect> moved_from;      // what a copy_bits reads of its surface
  FilmCount film{};
  std::optional<std::uint32_t> stream{};  // the video stream whose present frame this is

  const wire::device::Drawable& drawable() const {
    return command.as<wire::device::DrawCommand>()->drawable;
  }
};
using DrawItem = std::shared_ptr<Drawing>;

// Of a command that was accepted as a whole.
//   region  box ∩ clip ∩ surface, not empty
DrawItem drawing_of(const wire::AnyMessage& command, ResourceHold hold, draw::Region region,
                    Instant now);

}  // namespace spicebench::server
