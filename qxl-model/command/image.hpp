// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "qxl-model/command/reader.hpp"

namespace spicebench::qxl {

enum class ImageUse : std::uint8_t { colours, mask };

// The image whose descriptor is at `address` (qxl-device.md §12.4), its pixels copied: the guest
// may do to its memory what it likes afterwards. Bitmaps; other types are `unsupported`.
//   errors  a pixel format, size, stride or palette beyond the rules; chunks that do not hold
//           exactly stride * height bytes
Parsed<wire::display::Image> read_image(Reader& reader, std::uint64_t address, ImageUse use,
                                        std::string_view path);

}  // namespace spicebench::qxl
