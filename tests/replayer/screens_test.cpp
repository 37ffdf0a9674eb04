// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/wiring/screens.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/image/decode.hpp"
#include "core/image/png.hpp"
#include "recorder/import/import.hpp"
#include "replayer/screens/screen_changes.hpp"
#include "tests/replayer/support.hpp"

using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

struct Recorded {
  Scratch scratch;
  fs::path file = scratch / "a.spicerec";
  Recorded() { record(short_desktop(), file); }
};

// What screen.json says of a captured screen.png that is not simply the last picture.
struct Truth {
  recorder::MessageId after_message = UINT64_MAX;  // it was taken before the rest came
  std::optional<double> least_psnr;                // dB: lossy images or video
  std::size_t most_differing_pixels = 0;           // a pointer that the truth leaves out
  std::string not_shown;                           // why some messages could not be
  explicit Truth(const fs::path& folder) {
    if (!fs::exists(folder / "screen.json")) return;
    const auto json = nlohmann::json::parse(as_text(read_bytes(folder / "screen.json")));
    after_message = json.value("after_message", after_message);
    not_shown = json.value("not_shown", not_shown);
    most_differing_pixels = json.value("most_differing_pixels", most_differing_pixels);
    if (json.contains("least_psnr")) least_psnr = json["least_psnr"].get<double>();
  }
};

double psnr(const image::Pixmap& expected, const image::PixelView& found) {
  double sum = 0;
  for (std::uint32_t y = 0; y < found.height; ++y)
    for (std::uint32_t x = 0; x < found.width; ++x)
      for (std::size_t channel = 0; channel < 3; ++channel) {
        const double difference = std::to_integer<int>(expected.view().row(y)[4 * x + channel]) -
                                  std::to_integer<int>(found.row(y)[4 * x + channel]);
        sum += difference * difference;
      }
  const double mean = sum / (3.0 * found.width * found.height);
  return mean == 0 ? 999 : 10 * std::log10(255 * 255 / mean);
}

// Precondition: both of the same format and size.
std::size_t differing_pixels(const image::PixelView& expected, const image::PixelView& found) {
  std::size_t count = 0;
  for (std::uint32_t y = 0; y < found.height; ++y)
    for (std::uint32_t x = 0; x < found.width; ++x)
      if (!draw::same_pixel(expected, found, x, y)) ++count;
  return count;
}

std::string problems(const RecordedDisplays& displays) {
  std::string text;
  for (const auto& one : displays.not_shown())
    text += "message " + std::to_string(one.message) + ": " + one.error.text() + "\n";
  return text;
}

}  // namespace

TEST_CASE("a recording of a run shows at every time what its client showed then", "[screens]") {
  const Recorded recorded;
  const auto recording = open(recorded.file);
  const auto screens = value(recording.screens());
  REQUIRE(screens.size() >= 2);
  RecordedDisplays displays(recording);
  CHECK(find_picture(displays, {}) == nullptr);
  for (const auto& row : screens) {
    while (value(displays.step(row.at, UINT64_MAX))) {
    }
    const draw::Surface* screen = find_picture(displays, {});
    REQUIRE(screen != nullptr);
    CHECK(draw::picture_hash(screen->view()) == row.hash);
  }
  CHECK(problems(displays) == "");
}

TEST_CASE("each change of a screen is told once, with the hash of the whole picture", "[screens]") {
  const Recorded recorded;
  const auto recording = open(recorded.file);
  RecordedDisplays displays(recording);
  std::size_t changes = 0;
  Hash128 last;
  ScreenChanges watch(displays, {}, [&](const ScreenChanges::Seen& seen) {
    ++changes;
    CHECK(seen.hash != last);
    last = seen.hash;
    if (changes % 50 == 0) CHECK(draw::picture_hash(seen.surface.view()) == seen.hash);
  });
  while (value(displays.step())) {
  }
  CHECK(changes > 100);
  const draw::Surface* screen = find_picture(displays, {});
  REQUIRE(screen != nullptr);
  CHECK(draw::picture_hash(screen->view()) == last);
}

TEST_CASE("a captured session gives the picture that the real client showed",
          "[screens][captures]") {
  const std::string name = GENERATE(from_range(capture_names("screen.png")));
  INFO(name);
  const fs::path folder = source / "corpus/captures" / name;
  const Truth truth(folder);
  const Scratch scratch;
  value(recorder::import_capture(folder / "capture.pcapng.zst", scratch / "a.spicerec"));
  const auto recording = open(scratch / "a.spicerec");
  RecordedDisplays displays(recording);
  while (value(displays.step(Instant::max(), truth.after_message))) {
  }
  if (truth.not_shown.empty()) {
    CHECK(problems(displays) == "");
  } else {
    REQUIRE(displays.not_shown_count() > 0);
    CHECK(displays.not_shown().front().error.text().find(truth.not_shown) != std::string::npos);
  }
  CHECK_FALSE(displays.waiting().has_value());
  const draw::Surface* screen = find_picture(displays, {});
  REQUIRE(screen != nullptr);
  const auto expected = value(image::decode_png(read_bytes(folder / "screen.png")));
  REQUIRE(screen->width() == expected.width);
  REQUIRE(screen->height() == expected.height);
  if (truth.least_psnr) {
    CHECK(psnr(expected, screen->view()) >= *truth.least_psnr);
    return;
  }
  // Who made the truth of a 16-bit screen widened five bits by a rule of its own.
  const auto format = screen->format();
  const image::Pixmap same_format = image::convert(expected.view(), format);
  const auto divergence = compare_pictures(same_format.view(), screen->view(), recording.end());
  INFO((divergence ? divergence->text() : ""));
  CHECK(differing_pixels(same_format.view(), screen->view()) <= truth.most_differing_pixels);
}

TEST_CASE("from a checkpoint the pictures go on as from the beginning", "[screens][index]") {
  const Scratch scratch;
  const auto capture = source / "corpus/captures/x-off-desktop/capture.pcapng.zst";
  const fs::path file = scratch / "a.spicerec";
  value(recorder::import_capture(capture, file));
  const auto recording = open(file);
  using Access = recorder::Checkpoints::Access;
  const auto end = recording.message_count();
  const auto run_to = [](RecordedDisplays& displays, recorder::MessageId last) {
    while (value(displays.step(Instant::max(), last))) {
    }
  };
  RecordedDisplays whole(recording);
  const auto resumed_to = [&](Instant until, recorder::MessageId last) {
    auto displays = std::make_unique<RecordedDisplays>(recording);
    const auto index = value(recorder::Checkpoints::open(file, Access::read));
    if (!value(displays->resume(index, until, last))) return std::unique_ptr<RecordedDisplays>();
    return displays;
  };
  CHECK_FALSE(resumed_to(Instant::max(), end));
  for (const auto part : {end / 4, end / 2}) {
    run_to(whole, part);
    REQUIRE_FALSE(whole.waiting().has_value());
    value(whole.save());
  }
  run_to(whole, end);
  const auto from_half = resumed_to(Instant::max(), end);
  REQUIRE(from_half);
  CHECK(from_half->position() <= end / 2);
  CHECK(from_half->position() > end / 4);
  run_to(*from_half, end);
  CHECK(problems(*from_half) == "");
  const auto connection = whole.shown(0);
  REQUIRE(connection.has_value());
  const auto& expected = whole.renderer(*connection)->surfaces().all();
  const auto& found = from_half->renderer(*connection)->surfaces().all();
  REQUIRE(found.size() == expected.size());
  for (const auto& [id, surface] : expected)
    CHECK(draw::picture_hash(found.at(id).view.view()) == draw::picture_hash(surface.view.view()));
  // Not beyond what was asked for.
  CHECK(resumed_to(Instant::max(), end / 2 - 1)->position() <= end / 4);
  CHECK_FALSE(resumed_to(Instant{}, end));
  // Whoever changes a message loses what was made from it.
  run_sql(file, "UPDATE message SET serial = serial + 1 WHERE id = " + std::to_string(end / 3));
  CHECK(resumed_to(Instant::max(), end)->position() <= end / 4);
}
