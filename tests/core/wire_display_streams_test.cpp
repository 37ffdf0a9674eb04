// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/display_channel.hpp"
#include "tests/core/wire_shape.hpp"

// Streams and scanouts: their bytes and their limits.
using namespace spicebench;
using namespace spicebench::wire;
using namespace spicebench::wire::display;

namespace {

template <wire::Message T>
std::string finding(const T& message) {
  const auto found = validate(AnyMessage::of(message));
  return found.empty() ? "" : found.front().path + ": " + found.front().detail;
}

}  // namespace

TEST_CASE("a stream is created with its codec, sizes, place and clip", "[core][wire]") {
  const auto create = read<StreamCreate>(
      hex("00000000 03000000 01 04 0000000000000000  40010000 f0000000 80020000 e0010000"
          "0a000000 14000000 fa000000 54010000  01 01000000 0a000000 14000000 0b000000 15000000"));
  CHECK(create == StreamCreate{.id = 3,
                               .flags = stream_top_down,
                               .codec_type = static_cast<std::uint8_t>(VideoCodec::vp9),
                               .stream_width = 320,
                               .stream_height = 240,
                               .src_width = 640,
                               .src_height = 480,
                               .dest = {10, 20, 250, 340},
                               .clip = {clip_rects, {{10, 20, 11, 21}}}});
  CHECK(finding(create).empty());
  const auto hidden = read<StreamClip>(hex("03000000 01 00000000"));
  CHECK(hidden.clip == Clip{clip_rects, {}});
}

TEST_CASE("frames come with their time, sized ones with their place", "[core][wire]") {
  CHECK(read<StreamData>(hex("02000000 e8030000 03000000 ffd8ff")) ==
        StreamData{2, 1000, hex("ffd8ff")});
  CHECK(read<StreamDataSized>(hex("02000000 e8030000 10000000 08000000"
                                  "01000000 02000000 09000000 12000000 01000000 aa")) ==
        StreamDataSized{2, 1000, 16, 8, {1, 2, 9, 18}, hex("aa")});
}

TEST_CASE("a report counts the frames of its window", "[core][wire]") {
  CHECK(read<StreamActivateReport>(hex("01000000 02000000 05000000 e8030000")) ==
        StreamActivateReport{1, 2, 5, 1000});
  CHECK(read<StreamReport>(hex("01000000 02000000 0a000000 14000000 05000000 00000000"
                               "f6ffffff ffffffff")) ==
        StreamReport{1, 2, 10, 20, 5, 0, -10, 0xffffffff});
  CHECK(read<PreferredVideoCodecType>(hex("03 04 02 01")).codecs ==
        std::vector<std::uint8_t>{4, 2, 1});
}

TEST_CASE("streams keep to their limits", "[core][wire][bounds]") {
  StreamCreate create{.dest = {0, 0, 1, 1}};
  CHECK(refused(create) == "accepted");
  CHECK(finding(create).empty());
  create.id = 64;
  CHECK(refused(create) == "id: out of range at byte 4: 64, allowed 0 to 63");
  create.id = 63, create.stream_width = 0;
  CHECK(refused(create) == "stream_width: out of range at byte 18: 0, allowed 1 to 32768");
  create.stream_width = 1, create.src_height = 32769;
  CHECK(refused(create) == "src_height: out of range at byte 30: 32769, allowed 1 to 32768");
  create.src_height = 1, create.codec_type = 6;
  CHECK(finding(create) == "codec_type: unknown value 6");
  create.codec_type = 5, create.dest = {0, 0, 1, 0};
  CHECK(finding(create) == ": dest is empty");

  CHECK(refused(StreamData{1, 0, {}}) == "data_size: out of range at byte 8: 0, at least 1");
  CHECK(refused(StreamDestroy{64}) == "id: out of range at byte 0: 64, allowed 0 to 63");
  CHECK(refused(StreamDataSized{.width = 0, .data = hex("00")}) ==
        "width: out of range at byte 8: 0, allowed 1 to 32768");
  Bytes body = hex("01000000 00000000 ff000000 00");
  CHECK(refusal(*info_of<StreamData>().layout, body).text() ==
        "data: truncated at byte 12: 255 bytes needed, 1 left");
  // A client may report on a stream that it was told of and that cannot be.
  CHECK(refused(StreamReport{.stream_id = 1000, .num_drops = 0xffffffff}) == "accepted");
}

TEST_CASE("a scanout has a size unless there is none", "[core][wire][bounds]") {
  const auto scanout = read<GlScanoutUnix>(hex("00040000 00030000 00100000 58523234 01000000"));
  CHECK(scanout == GlScanoutUnix{1024, 768, 4096, 0x34325258, gl_scanout_y0_top});
  CHECK(finding(scanout).empty());
  CHECK(finding(GlScanoutUnix{}).empty());
  CHECK(finding(GlScanoutUnix{.width = 1, .drm_fourcc_format = 1}) ==
        ": a scanout of 1×0, 0 bytes a row");
  CHECK(refused(GlScanoutUnix{.width = 32769}) ==
        "width: out of range at byte 0: 32769, allowed 0 to 32768");
  CHECK(read<GlDraw>(hex("01000000 02000000 03000000 04000000")) == GlDraw{1, 2, 3, 4});
}
