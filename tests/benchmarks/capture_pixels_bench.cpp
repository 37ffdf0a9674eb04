// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>

#include <filesystem>

#include "core/image/decode.hpp"
#include "core/wire/display_channel.hpp"
#include "core/wire/tables.hpp"
#include "core/wire/visit.hpp"
#include "recorder/import/import.hpp"
#include "recorder/store/reader.hpp"

// From the images of real sessions to pixels, in the order of their messages.
namespace spicebench {
namespace {

namespace fs = std::filesystem;

struct Images {
  std::vector<wire::AnyMessage> messages;  // keep the images alive
  std::vector<const wire::display::Image*> images;
};

Images images_of(const std::string& capture) {
  Images found;
  const fs::path folder = fs::path(SPICEBENCH_SOURCE_DIR) / "corpus/captures" / capture;
  const fs::path file = fs::temp_directory_path() / ("spicebench-bench-" + capture + ".spicerec");
  if (!recorder::import_capture(folder / "capture.pcapng.zst", file)) return found;
  if (const auto recording = recorder::Reader::open(file)) {
    auto cursor = recording->messages({.connection = 0, .by = Side::server});
    for (auto row = cursor.next(); row && *row; row = cursor.next()) {
      const auto* connection = recording->connection((*row)->connection);
      const auto* info = wire::find_message(connection->channel, Side::server, (*row)->type);
      if (connection->channel != wire::ChannelType::display || !info || !info->layout) continue;
      auto decoded = wire::decode_any(*info, (*row)->body);
      if (!decoded) continue;
      found.messages.push_back(decoded->message);
      wire::visit(*info->layout, decoded->message.object(), wire::display::image_layout,
                  [&](const std::string&, const void* image) {
                    const auto* one = static_cast<const wire::display::Image*>(image);
                    if (one->payload.index() > 1) found.images.push_back(one);
                  });
    }
  }
  fs::remove(file);
  return found;
}

void pixels_of_capture(benchmark::State& state, const char* capture) {
  const Images images = images_of(capture);
  std::int64_t bytes = 0;
  for (auto _ : state) {
    image::GlzWindow window;
    image::PaletteCache palettes;
    for (const auto* one : images.images)
      if (const auto pixels =
              image::decode(*one, {wire::display::surface_32_xrgb, &palettes, &window}))
        bytes += static_cast<std::int64_t>(pixels->area()) * 4;
  }
  if (bytes == 0) state.SkipWithError("no picture");
  state.SetBytesProcessed(bytes);
}
BENCHMARK_CAPTURE(pixels_of_capture, quic, "x-quic-images");
BENCHMARK_CAPTURE(pixels_of_capture, lz, "x-lz-images");
BENCHMARK_CAPTURE(pixels_of_capture, glz, "x-glz-images");
BENCHMARK_CAPTURE(pixels_of_capture, lz4, "x-lz4-images");
BENCHMARK_CAPTURE(pixels_of_capture, zlib_glz, "x-zlibglz-images");
BENCHMARK_CAPTURE(pixels_of_capture, jpeg, "x-jpegwan-images");

}  // namespace
}  // namespace spicebench
