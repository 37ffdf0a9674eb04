// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/wiring/screens.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "core/image/png.hpp"
#include "recorder/import/import.hpp"
#include "replayer/screens/screen_changes.hpp"
#include "tests/replayer/support.hpp"

namespace spicebench::replayer {

namespace fs = std::filesystem;

namespace {

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
  for (const auto& entry : fs::directory_iterator(source / "corpus/captures")) {
    if (!entry.is_directory()) continue;
    INFO(entry.path());
    const Scratch scratch;
    value(recorder::import_capture(entry.path() / "capture.pcapng.zst", scratch / "a.spicerec"));
    const auto recording = open(scratch / "a.spicerec");
    RecordedDisplays displays(recording);
    while (value(displays.step())) {
    }
    CHECK(problems(displays) == "");
    CHECK_FALSE(displays.waiting().has_value());
    const draw::Surface* screen = find_picture(displays, {});
    REQUIRE(screen != nullptr);
    const auto expected = value(image::decode_png(read_bytes(entry.path() / "screen.png")));
    const auto divergence = compare_pictures(expected.view(), screen->view(), recording.end());
    INFO((divergence ? divergence->text() : ""));
    CHECK_FALSE(divergence.has_value());
  }
}

}  // namespace spicebench::replayer
