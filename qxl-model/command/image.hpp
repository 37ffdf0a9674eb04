// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "qxl-model/command/reader.hpp"
#include "qxl-model/device/surfaces.hpp"

namespace spicebench::qxl {

enum class ImageUse : std::uint8_t { colours, mask };

// The image whose descriptor is at `address` (qxl-device.md §12.4), its pixels copied: the guest
// may do to its memory what it likes afterwards. Charges the reader, for decoding QUIC too.
//   errors  a type that is no guest's, a surface that does not live, a pixel format, size, stride
//           or palette beyond the rules; chunks that do not hold exactly what the image needs
Parsed<wire::display::Image> read_image(Reader& reader, const Surfaces& surfaces,
                                        std::uint64_t address, ImageUse use, const FieldPath& path);

// What a part of a surface shows now, as an image that is not cached.
//   errors  out_of_range (not within the surface), unsupported (formats that no image has)
Parsed<wire::display::Image> copy_of(Reader& reader, const LiveSurface& surface,
                                     const wire::display::Rect& part, const FieldPath& path);

}  // namespace spicebench::qxl
