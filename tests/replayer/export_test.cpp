// SPDX-License-Identifier: LGPL-2.1-or-later
// export --images and the images that show tells of, on a simulated and a captured session.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/image/png.hpp"
#include "recorder/import/import.hpp"
#include "tests/replayer/support.hpp"

using namespace spicebench;
using namespace spicebench::test;
using nlohmann::json;

namespace {

std::string quoted(const fs::path& path) {
  return "'" + path.string() + "'";
}

// The recording of a captured session, as far as it names pictures: {codec: how many}.
json exported(const fs::path& recording, const fs::path& directory) {
  const auto said =
      command("export " + quoted(recording) + " --images " + quoted(directory) + " --json");
  INFO(said.out << said.err);
  REQUIRE(said.code == 0);
  CHECK(said.err.empty());
  return json::parse(said.out);
}

}  // namespace

TEST_CASE("export writes every image of a captured session, dictionaries and palettes included",
          "[cli]") {
  const Scratch scratch;
  const fs::path recording = scratch / "a.spicerec", pictures = scratch / "deep/pictures";
  const fs::path capture = source / "corpus/captures/q-clipboard-resize";
  REQUIRE(recorder::import_capture(capture / "capture.pcapng.zst", recording, {}));
  const json said = exported(recording, pictures);
  // What a counter of its own found in the capture (counts.json), RGBA bitmaps among them.
  CHECK(said["by_codec"] == json{{"bitmap", 8}, {"glz_rgb", 283}, {"lz_rgb", 6}, {"quic", 17}});
  CHECK(said["failed"].empty());

  std::uint64_t files = 0;
  for (const auto& entry : fs::directory_iterator(pictures)) {
    const auto picture = image::decode_png(read_bytes(entry.path()));
    INFO(entry.path());
    REQUIRE(picture);
    ++files;
  }
  CHECK(files == said["images"]);

  // One of them, taken apart by itself: its dictionary is read for it.
  const std::string last = command("show " + quoted(recording) + " --type draw_copy --json").out;
  const std::size_t line = last.rfind('\n', last.size() - 2);
  const json message = json::parse(last.substr(line == std::string::npos ? 0 : line + 1));
  const json one = json::parse(
      command("show --json " + quoted(recording) + " --message " + message["id"].dump()).out);
  REQUIRE(one["images"].size() == 1);
  CHECK(one["images"][0]["field"] == "src_bitmap");
  CHECK(one["images"][0]["ratio"] > 0);
  CHECK(one["images"][0].contains("decode_ns"));
  const auto text = command("show " + quoted(recording) + " --message " + message["id"].dump());
  CHECK(text.out.find("image      src_bitmap  ") != std::string::npos);
}

TEST_CASE("export names what it cannot write to or read", "[cli]") {
  const Scratch scratch;
  const fs::path recording = scratch / "a.spicerec", file = scratch / "file";
  record(short_desktop(), recording);
  write_bytes(file, {});
  const auto no_directory = command("export " + quoted(recording) + " --images " + quoted(file));
  CHECK(no_directory.code == 2);
  CHECK(no_directory.err.find(file.string()) != std::string::npos);
  const auto no_recording =
      command("export " + quoted(scratch / "none") + " --images " + quoted(scratch / "pictures"));
  CHECK(no_recording.code == 2);
  CHECK_FALSE(fs::exists(scratch / "pictures"));
}
