// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/write_screen.hpp"

#include "core/image/png.hpp"
#include "replayer/cli/write_file.hpp"

namespace spicebench::cli {

Result<void> write_screen(const std::filesystem::path& png,
                          const std::optional<image::Pixmap>& framebuffer) {
  if (!framebuffer) return fail(ErrorCode::not_found, "the guest has no screen");
  return write_file(png, TRY(image::encode_png(framebuffer->view())));
}

}  // namespace spicebench::cli
