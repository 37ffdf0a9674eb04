// SPDX-License-Identifier: LGPL-2.1-or-later
// Film: when it begins, what happens to it, when it ends (display-pipeline.md §17, §27.5, test idea
// 6 of §31).
#include <algorithm>

#include "core/video/video_decoder.hpp"
#include "tests/server/display_setup.hpp"

namespace spicebench::server {
namespace {

using namespace wire::display;
namespace device = wire::device;
using std::chrono::milliseconds;
using Types = std::vector<std::uint16_t>;

ServerOptions film_options(std::string mode = "filter") {
  ServerOptions options{.net_test_bytes = {}, .ack_window = 0};
  options.streaming_video = std::move(mode);
  options.video_codecs = "mjpeg";
  return options;
}

// A smooth picture, as photographs are, that changes with `number`.
device::Drawable frame(std::uint64_t number, Rect box = {0, 0, 96, 96}) {
  const auto width = static_cast<std::uint32_t>(width_of(box)),
             height = static_cast<std::uint32_t>(height_of(box));
  auto drawable = draw::image(number, 0, box.left, box.top, 1, 0, false);
  drawable.effect = static_cast<std::uint8_t>(device::DrawEffect::opaque);
  auto& copy = std::get<DrawCopy>(drawable.body);
  Bytes pixels(std::size_t{4} * width * height);
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x)
      for (std::size_t part = 0; part < 3; ++part)
        pixels[4 * (std::size_t{width} * y + x) + part] =
            static_cast<std::byte>((x + 2 * y + 3 * number) % 200 + part);
  Image& image = *copy.src_bitmap;
  image.width = width;
  image.height = height;
  image.payload = Bitmap{.format = format_32bit,
                         .flags = top_down,
                         .x = width,
                         .y = height,
                         .stride = 4 * width,
                         .data = SharedBytes(std::move(pixels))};
  copy.base.box = box;
  copy.src_area = {0, 0, static_cast<std::int32_t>(height), static_cast<std::int32_t>(width)};
  return drawable;
}

// A display channel whose film is drawn frame by frame.
struct Film : DisplaySetup {
  explicit Film(ServerOptions options = film_options(), std::uint32_t caps = 0xffff'ffff)
      : DisplaySetup(std::move(options), true, caps), display(connect()) {
    display.say(init());
    bench.device_says(draw::primary(200, 150));
    display.take();
  }
  // Draws so many, one every `gap`, and returns the types of what the client heard.
  Types frames(int count, milliseconds gap = milliseconds(40), Rect box = {0, 0, 96, 96}) {
    for (int i = 0; i < count; ++i) {
      bench.draw({frame(++number, box)});
      bench.pass(gap);
    }
    return display.take_types();
  }
  std::uint64_t number = 0;
  FakeChannel display;
};

Types copies(std::size_t count) {
  return Types(count, DrawCopy::message.id);
}
bool has(const Types& types, std::uint16_t id) {
  return std::ranges::find(types, id) != types.end();
}

}  // namespace

TEST_CASE("the 21st picture in one place is the first frame of a stream", "[server][video]") {
  Film film;
  CHECK(film.frames(20) == copies(20));
  film.bench.draw({frame(21)});
  const auto said = film.display.take();
  REQUIRE(said.size() == 3);
  const auto create = said[0].as<StreamCreate>();
  CHECK(create.codec_type == 1);
  CHECK(create.dest == Rect{0, 0, 96, 96});
  CHECK(create.stream_width == 96);
  CHECK(create.flags == stream_top_down);
  CHECK(create.clip == Clip{clip_rects, {{0, 0, 96, 96}}});
  const auto report = said[1].as<StreamActivateReport>();
  CHECK(report.stream_id == create.id);
  CHECK(report.max_window_size == 5);
  CHECK(report.timeout_ms == 1000);
  const auto data = said[2].as<StreamData>();
  CHECK(data.multi_media_time == 800);  // the server's clock, not the one that clients are told
  auto decoder = video::make_video_decoder(1, image::RowOrder::top_down);
  REQUIRE(decoder.has_value());
  CHECK((*decoder)->decode(data.data, 96, 96).has_value());
}

TEST_CASE("pictures 200 ms apart are film, 201 ms apart are not", "[server][video]") {
  Film near, far;
  CHECK(has(near.frames(21, milliseconds(200)), StreamCreate::message.id));
  CHECK(far.frames(25, milliseconds(201)) == copies(25));
}

TEST_CASE("pictures of 96x96 are film in mode filter, smaller ones only in mode all",
          "[server][video]") {
  const Rect small{0, 0, 95, 96};
  Film filter, all(film_options("all")), off(film_options("off"));
  CHECK(filter.frames(25, milliseconds(40), small) == copies(25));
  CHECK(has(all.frames(25, milliseconds(40), small), StreamCreate::message.id));
  CHECK(off.frames(25) == copies(25));
}

TEST_CASE("a film pauses for a second: its pixels become exact, its stream ends",
          "[server][video]") {
  Film film;
  film.frames(25);
  film.bench.pass(milliseconds(900));
  CHECK(film.display.take_types().empty());
  film.bench.pass(milliseconds(200));
  const auto said = film.display.take();
  REQUIRE(said.size() == 3);
  CHECK(said[0].as<StreamClip>().clip == Clip{clip_rects, {}});
  const auto picture = said[1].as<DrawCopy>();
  CHECK(picture.base.box == Rect{0, 0, 96, 96});
  const Bitmap& pixels = bitmap_of(picture);
  const auto row = film.row(95);
  CHECK(std::equal(row.begin(), row.begin() + 96 * 4, pixels.data.data() + 95 * pixels.stride));
  CHECK(said[2].as<StreamDestroy>().id == 0);
}

TEST_CASE("what reads or blends with film gets exact pixels first", "[server][video]") {
  SECTION("copy_bits out of it") {
    Film film;
    film.frames(25);
    film.bench.draw({draw::copy_bits(99, {100, 0, 110, 10}, {5, 5})});
    CHECK(film.display.take_types() ==
          Types{StreamClip::message.id, DrawCopy::message.id, CopyBits::message.id});
    // The stream goes on, and tells where it shows again.
    CHECK(film.frames(1) == Types{StreamClip::message.id, StreamData::message.id});
  }
  SECTION("a fill that blends") {
    Film film;
    film.frames(25);
    auto fill = draw::fill(99, {10, 10, 20, 20}, 0xff);
    fill.effect = static_cast<std::uint8_t>(device::DrawEffect::blend);
    film.bench.draw({fill});
    CHECK(film.display.take_types() ==
          Types{StreamClip::message.id, DrawCopy::message.id, DrawFill::message.id});
  }
  SECTION("a fill that covers only cuts it out") {
    Film film;
    film.frames(25);
    auto fill = draw::fill(99, {0, 0, 96, 50}, 0xff);
    fill.effect = static_cast<std::uint8_t>(device::DrawEffect::opaque);
    film.bench.draw({fill});
    const auto said = film.display.take();
    REQUIRE(said.size() == 2);
    CHECK(said[0].as<StreamClip>().clip == Clip{clip_rects, {{0, 50, 96, 96}}});
    film.bench.pass(milliseconds(1100));
    // Only what still showed film is repaired.
    const auto end = film.display.take();
    REQUIRE(end.size() == 3);
    CHECK(end[1].as<DrawCopy>().base.box == Rect{0, 50, 96, 96});
  }
}

TEST_CASE("frames of another size need a client that knows sized frames", "[server][video]") {
  const Rect larger{0, 0, 100, 120};
  const auto all_but = [](wire::link::DisplayCap cap) {
    return ~(1u << static_cast<unsigned>(cap));
  };
  Film sized, plain(film_options(), all_but(wire::link::DisplayCap::sized_stream));
  sized.frames(25);
  plain.frames(25);
  CHECK(has(sized.frames(1, milliseconds(60), larger), StreamDataSized::message.id));
  CHECK(has(plain.frames(1, milliseconds(60), larger), DrawCopy::message.id));
}

TEST_CASE("a client without codecs in common sees drawings", "[server][video]") {
  ServerOptions options = film_options();
  options.video_codecs = "vp8";
  // It says nothing of codecs: it knows Motion JPEG only.
  Film film(options, 0);
  CHECK(film.frames(30) == copies(30));
}

TEST_CASE("a client that cannot show a stream gets drawings, and the stream's end",
          "[server][video]") {
  Film film;
  film.frames(25);
  film.display.say(StreamReport{.stream_id = 0, .num_frames = 0, .num_drops = UINT32_MAX});
  CHECK(film.frames(2) == copies(2));
  film.bench.pass(milliseconds(1100));
  CHECK(has(film.display.take_types(), StreamDestroy::message.id));
}

TEST_CASE("a new preference of codecs restarts the streams", "[server][video]") {
  ServerOptions options = film_options();
  options.video_codecs = "mjpeg,vp8";
  Film film(options);
  film.frames(25);
  film.display.say(PreferredVideoCodecType{{2, 1}});
  CHECK(has(film.display.take_types(), StreamDestroy::message.id));
  for (int i = 0; i < 25; ++i) {
    film.bench.draw({frame(++film.number)});
    film.bench.pass(milliseconds(40));
  }
  for (const Said& said : film.display.take())
    if (said.type == StreamCreate::message.id) CHECK(said.as<StreamCreate>().codec_type == 2);
}

TEST_CASE("a client that comes while film runs gets the picture, then the stream",
          "[server][video]") {
  ServerOptions options = film_options();
  options.max_clients = 2;
  Film film(options);
  film.frames(25);
  FakeSession other(film.bench);
  FakeChannel late(film.bench, wire::ChannelType::display, other.id, true, {0xffff'ffff});
  late.say(DisplaySetup::init());
  const Types types = late.take_types();
  REQUIRE(types.size() >= 3);
  CHECK(types[types.size() - 2] == StreamCreate::message.id);
  CHECK(types.back() == StreamActivateReport::message.id);
  film.frames(1);
  CHECK(has(late.take_types(), StreamData::message.id));
}

TEST_CASE("a frame takes the place of one that still waits", "[server][video]") {
  ServerOptions options = film_options();
  options.ack_window = 20;  // nobody acknowledges: 41 messages go, the rest waits
  Film film(options);
  film.frames(80);
  CHECK(film.bench.server.describe()["connections"].back()["pipe"] == 1);
  film.display.acknowledge(1);
  film.display.say(wire::common::Ack{});
  const auto said = film.display.take();
  REQUIRE(said.size() == 1);
  CHECK(said[0].as<StreamData>().multi_media_time == 79 * 40);
}

}  // namespace spicebench::server
