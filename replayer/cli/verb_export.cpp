// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/image/pixel.hpp"
#include "core/image/png.hpp"
#include "core/live/terminal.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/image_walk.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/cli/write_file.hpp"

namespace spicebench::cli {
namespace {

// "0000120-src_bitmap.png"
std::string file_name(const FoundImage& found) {
  std::string field = found.field;
  for (char& c : field)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_') c = '-';
  return fmt::format("{:07}-{}.png", found.message, field);
}

// A picture that has no colours (masks, alpha) as grey: full is white.
image::Pixmap visible(const image::Pixmap& picture) {
  using namespace wire::display;
  if (picture.format != surface_1_a && picture.format != surface_8_a) return picture;
  const std::uint32_t full = picture.format == surface_1_a ? 255 : 1;
  const image::PixelView view = picture.view();
  Bytes grey;
  for (std::uint32_t y = 0; y < picture.height; ++y)
    for (std::uint32_t x = 0; x < picture.width; ++x)
      append_little_endian(grey, image::word_at(picture.format, view.row(y), x) * full * 0x01'0101u,
                           4);
  return {picture.width, picture.height, surface_32_xrgb, picture.width * 4, std::move(grey)};
}

struct Exported {
  std::uint64_t images = 0;
  std::map<std::string_view, std::uint64_t> by_codec;
  std::vector<FoundImage> failed;
};

Result<Exported> export_images(const ExportVerb& verb) {
  const auto recording = TRY(recorder::Reader::open(verb.recording));
  std::error_code made;
  std::filesystem::create_directories(verb.images, made);
  if (made) return fail(ErrorCode::io, fmt::format("{}: {}", verb.images.string(), made.message()));
  Exported exported;
  std::optional<Error> stopped;
  ImageWalk walk([&](const FoundImage& found) {
    if (stopped) return;
    if (!found.pixels) return exported.failed.push_back(found);
    const auto png = image::encode_png(visible(*found.pixels).view());
    const auto written =
        png ? write_file(verb.images / file_name(found), *png) : std::unexpected(png.error());
    if (!written) {
      stopped = written.error();
      return;
    }
    ++exported.images;
    ++exported.by_codec[found.codec];
  });
  live::ProgressBar progress("exporting");
  const std::uint64_t total = recording.message_count();
  auto messages = recording.messages();
  while (const auto row = TRY(messages.next())) {
    if (const auto* connection = recording.connection(row->connection))
      walk.next(*connection, *row);
    if (stopped) return std::unexpected(*stopped);
    progress.show(row->id, total);
  }
  walk.end();
  return exported;
}

}  // namespace

int perform(const ExportVerb& verb) {
  const auto exported = export_images(verb);
  if (!exported) return fail_with("export", exported.error(), verb.recording.string());
  const int code = exported->failed.empty() ? exit_as_expected : exit_difference;
  if (verb.json) {
    nlohmann::ordered_json json = {{"directory", verb.images.string()},
                                   {"images", exported->images},
                                   {"by_codec", nlohmann::ordered_json::object()},
                                   {"failed", nlohmann::ordered_json::array()}};
    for (const auto& [codec, count] : exported->by_codec) json["by_codec"][codec] = count;
    for (const FoundImage& found : exported->failed) json["failed"].push_back(json_of(found));
    print(json.dump(2) + "\n");
    return code;
  }
  print(fmt::format("images       {} in {}\n", exported->images, verb.images.string()));
  for (const auto& [codec, count] : exported->by_codec)
    print(fmt::format("  {:10} {}\n", codec, count));
  for (const FoundImage& found : exported->failed)
    print(fmt::format("{}       message {}: {}\n", bad("failed"), found.message, text_of(found)));
  return code;
}

}  // namespace spicebench::cli
