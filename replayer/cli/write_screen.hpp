// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <optional>

#include "core/base/result.hpp"
#include "core/image/pixmap.hpp"

namespace spicebench::cli {

// The guest's screen as a PNG file.
//   errors  not_found: it has none; io
Result<void> write_screen(const std::filesystem::path& png,
                          const std::optional<image::Pixmap>& framebuffer);

}  // namespace spicebench::cli
