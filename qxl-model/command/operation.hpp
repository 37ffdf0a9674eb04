// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>

#include "core/wire/device_link.hpp"
#include "qxl-model/command/reader.hpp"
#include "qxl-model/device/surfaces.hpp"

namespace spicebench::qxl {

// What an operation is read in: the head of its drawable.
struct OperationSetting {
  const Surfaces& surfaces;
  const LiveSurface& target;
  // The part of the target that stands in for a missing source image. Nothing: none does.
  std::optional<wire::display::Rect> self_bitmap;
};

// The body of the operation `out.type` (qxl-device.md §12.3) into out.body.
//   body    68 bytes
//   base    surface, box and clip for it
//   errors  as of read_drawable
Parsed<void> read_operation(Reader& reader, const OperationSetting& setting, const Fields& body,
                            wire::display::DisplayBase base, wire::device::Drawable& out);

}  // namespace spicebench::qxl
