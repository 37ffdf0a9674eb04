// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/device_link.hpp"
#include "qxl-model/command/reader.hpp"

namespace spicebench::qxl {

constexpr std::uint64_t drawable_bytes = 191;
constexpr std::uint64_t release_info_bytes = 8;

// The surface that commands draw on, as far as parsing needs it.
struct SurfaceSize {
  std::uint32_t width = 0, height = 0;
};

// A drawable (qxl-device.md §12.3) as a value: FILL, COPY, COPY_BITS, and NOP, whose body is empty.
// Charges the reader with parsing it and with rendering it at once (policy EAGER).
//   in       drawable_bytes of it
//   primary  null: there is no surface 0
//   returns  without release_id and mm_time. Nothing: it draws nothing at all, since its clip is
//            empty
//   errors   as in §13.2; `unsupported` for the other operations
Parsed<std::optional<wire::device::Drawable>> read_drawable(Reader& reader, BytesView in,
                                                            const SurfaceSize* primary);

}  // namespace spicebench::qxl
