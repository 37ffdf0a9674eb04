// SPDX-License-Identifier: LGPL-2.1-or-later
// Frames of real streams, and pictures through every encoder and decoder.
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "core/video/video_decoder.hpp"
#include "core/video/video_encoder.hpp"
#include "core/video/yuv.hpp"
#include "tests/core/rawpack.hpp"

namespace {
using namespace spicebench;
using image::RowOrder;
namespace display = wire::display;

constexpr std::uint8_t mjpeg = 1, vp8 = 2, h264 = 3, vp9 = 4, h265 = 5;

std::unique_ptr<video::VideoDecoder> decoder_of(std::uint8_t codec,
                                                RowOrder order = RowOrder::top_down) {
  auto made = video::make_video_decoder(codec, order);
  REQUIRE(made);
  return std::move(*made);
}
std::unique_ptr<video::VideoEncoder> encoder_of(std::uint8_t codec) {
  auto made = video::make_video_encoder(codec);
  REQUIRE(made);
  return std::move(*made);
}

// A smooth picture that moves with `step`: B, G, R, pad.
Bytes picture_at(std::uint32_t width, std::uint32_t height, int step) {
  Bytes pixels;
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      const double phase = 0.08 * (x + step), wave = 0.1 * y;
      for (const double value : {128 + 90 * std::sin(phase), 128 + 90 * std::sin(wave),
                                 128 + 60 * std::cos(phase + wave), 0.0})
        pixels.push_back(static_cast<std::byte>(static_cast<int>(value)));
    }
  return pixels;
}
image::BitmapView view_of(const Bytes& pixels, std::uint32_t width, std::uint32_t height) {
  return {display::format_32bit, width, height, pixels.data(), std::ptrdiff_t{4} * width};
}
double psnr(BytesView a, BytesView b) {
  REQUIRE(a.size() == b.size());
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    squares += std::pow(std::to_integer<int>(a[i]) - std::to_integer<int>(b[i]), 2);
  return 10 * std::log10(255.0 * 255 * static_cast<double>(a.size()) / (squares + 1e-9));
}
std::vector<Bytes> encoded_frames(std::uint8_t codec, std::uint32_t width, std::uint32_t height,
                                  int count) {
  const auto encoder = encoder_of(codec);
  std::vector<Bytes> frames;
  for (int i = 0; i < count; ++i) {
    const Bytes pixels = picture_at(width, height, i);
    auto frame = encoder->encode(view_of(pixels, width, height), {.quality = 80});
    REQUIRE(frame);
    frames.push_back(std::move(*frame));
  }
  return frames;
}
constexpr std::uint8_t all_codecs[] = {mjpeg, vp8, h264, vp9};

// 320 x 240: of a real stream where there is one that the codec can decode, else of our encoder.
std::vector<Bytes> frames_of(std::uint8_t codec) {
  if (codec == h264) return encoded_frames(h264, 320, 240, 12);
  return rawpack("tests/core/video_frames/" + std::string(video::codec_name(codec)));
}

TEST_CASE("every frame of real streams gives its picture", "[core][video]") {
  for (const std::uint8_t codec : {mjpeg, vp8, vp9}) {
    INFO(video::codec_name(codec));
    const auto decoder = decoder_of(codec);
    for (const Bytes& frame : frames_of(codec)) {
      const auto picture = decoder->decode(frame, 320, 240);
      REQUIRE(picture);
      REQUIRE(*picture);
      CHECK((*picture)->width == 320);
      CHECK((*picture)->pixels.size() == 320u * 240 * 4);
    }
  }
}

TEST_CASE("the test picture of real streams has its colours", "[core][video]") {
  // FFmpeg's testsrc2: bars of red, green, yellow, blue, magenta, cyan.
  const std::array<std::uint32_t, 6> bars = {0xff0000, 0x00ff00, 0xffff00,
                                             0x0000ff, 0xff00ff, 0x00ffff};
  struct Stream {
    std::uint8_t codec;
    int tolerance;
  };
  for (const auto& [codec, tolerance] : {Stream{mjpeg, 20}, Stream{vp8, 6}}) {
    INFO(video::codec_name(codec));
    const auto picture = decoder_of(codec)->decode(frames_of(codec).front(), 320, 240);
    REQUIRE((picture && *picture));
    for (std::size_t i = 0; i < bars.size(); ++i) {
      const std::byte* pixel = (*picture)->view().row(60) + 4 * (53 * i + 20);
      for (int c = 0; c < 3; ++c)
        CHECK(std::abs(std::to_integer<int>(pixel[c]) -
                       static_cast<int>(bars[i] >> (8 * c) & 255)) <= tolerance);
    }
  }
}

TEST_CASE("a bottom-up stream gives the same rows in reverse", "[core][video]") {
  for (const std::uint8_t codec : all_codecs) {
    INFO(video::codec_name(codec));
    const auto frames = frames_of(codec);
    const auto down = decoder_of(codec)->decode(frames.front(), 320, 240);
    const auto up = decoder_of(codec, RowOrder::bottom_up)->decode(frames.front(), 320, 240);
    REQUIRE((down && *down && up && *up));
    for (std::uint32_t y = 0; y < 240; ++y)
      REQUIRE(std::memcmp((*down)->view().row(y), (*up)->view().row(239 - y), 320 * 4) == 0);
  }
}

TEST_CASE("what an encoder makes of a moving picture comes back close to it", "[core][video]") {
  struct Size {
    std::uint32_t width, height;
  };
  for (const std::uint8_t codec : all_codecs)
    for (const auto& [width, height] : {Size{64, 48}, Size{101, 67}, Size{320, 240}}) {
      INFO(video::codec_name(codec) << " " << width << " x " << height);
      const auto frames = encoded_frames(codec, width, height, 8);
      const auto decoder = decoder_of(codec);
      std::size_t total = 0;
      for (int i = 0; i < 8; ++i) {
        const Bytes pixels = picture_at(width, height, i);
        const auto& frame = frames[static_cast<std::size_t>(i)];
        const auto picture = decoder->decode(frame, width, height);
        REQUIRE(picture);
        REQUIRE(*picture);
        CHECK(psnr((*picture)->pixels, pixels) > 32);
        total += frame.size();
      }
      CHECK(total < std::size_t{8} * width * height);  // 8 bits a pixel are a poor codec
    }
}

TEST_CASE("equal pictures give equal frames, whatever ran before", "[core][video]") {
  for (const std::uint8_t codec : all_codecs) {
    INFO(video::codec_name(codec));
    CHECK(encoded_frames(codec, 160, 120, 6) == encoded_frames(codec, 160, 120, 6));
  }
}

TEST_CASE("a stream goes on when its size, format and target change", "[core][video]") {
  for (const std::uint8_t codec : all_codecs) {
    INFO(video::codec_name(codec));
    const auto encoder = encoder_of(codec);
    const auto decoder = decoder_of(codec);
    const Bytes small = picture_at(64, 48, 0), large = picture_at(96, 80, 0);
    const Bytes narrow(std::size_t{2} * 96 * 80, std::byte{0x3e});
    const std::vector<std::pair<image::BitmapView, video::VideoTarget>> steps = {
        {view_of(small, 64, 48), {}},
        {view_of(small, 64, 48), {.quality = 30, .bits_per_second = 300'000}},
        {view_of(large, 96, 80), {.bits_per_second = 1'000'000, .frames_per_second = 10}},
        {{display::format_16bit, 96, 80, narrow.data(), 192}, {.frames_per_second = 30}},
    };
    for (const auto& [view, target] : steps) {
      const auto frame = encoder->encode(view, target);
      REQUIRE(frame);
      const auto picture = decoder->decode(*frame, view.width, view.height);
      REQUIRE((picture && *picture));
    }
  }
}

TEST_CASE("a frame that claims another size than its stream is refused", "[core][video]") {
  for (const std::uint8_t codec : all_codecs) {
    INFO(video::codec_name(codec));
    const auto frames = encoded_frames(codec, 160, 120, 1);
    for (const auto& [width, height] :
         std::initializer_list<std::pair<std::uint32_t, std::uint32_t>>{
             {120, 120}, {160, 80}, {161, 120}, {176, 144}, {8000, 8000}}) {
      const auto picture = decoder_of(codec)->decode(frames[0], width, height);
      REQUIRE_FALSE(picture);
      CHECK(picture.error().code == ErrorCode::out_of_range);
    }
  }
}

TEST_CASE("codecs that do not exist or are not here are errors by name", "[core][video]") {
  const auto missing = video::make_video_decoder(h265, RowOrder::top_down);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::unsupported);
  CHECK(missing.error().detail == "video codec h265");
  for (const std::uint8_t codec : {0, 6, 255}) {
    REQUIRE_FALSE(video::make_video_decoder(codec, RowOrder::top_down));
    REQUIRE_FALSE(video::make_video_encoder(codec));
  }
  for (const std::uint8_t codec : all_codecs) {
    const Bytes pixels(64);
    const auto masks =
        encoder_of(codec)->encode({display::format_8bit, 4, 4, pixels.data(), 4}, {});
    REQUIRE_FALSE(masks);
    CHECK(masks.error().code == ErrorCode::unsupported);
    CHECK_FALSE(encoder_of(codec)->encode({display::format_32bit, 0, 4, pixels.data(), 0}, {}));
    CHECK_FALSE(decoder_of(codec)->decode({}, 16, 16));
  }
}

TEST_CASE("H.264 of another form than OpenH264 decodes is refused by name", "[core][video]") {
  // The first two frames of a real server: GStreamer chooses the profile High 4:4:4 Predictive.
  const auto frames = rawpack("tests/core/video_frames/h264_444");
  const auto decoder = decoder_of(h264);
  const auto first = decoder->decode(frames[0], 320, 240);
  REQUIRE_FALSE(first);
  CHECK(first.error().code == ErrorCode::unsupported);
  const auto second = decoder->decode(frames[1], 320, 240);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::out_of_order);
}

TEST_CASE("colour survives the way to YCbCr and back", "[core][video]") {
  rc::prop("a plain colour differs by what eight bits cost", [] {
    const auto height = *rc::gen::element(2u, 720u, 2160u);  // one for each matrix
    const auto colour = *rc::gen::inRange<std::uint32_t>(0, 0x1000000);
    Bytes pixels;
    for (std::uint32_t i = 0; i < 2 * height; ++i) append_little_endian(pixels, colour, 4);
    video::YuvPicture yuv;
    video::bitmap_to_yuv(view_of(pixels, 2, height), yuv);
    Bytes back(pixels.size());
    const video::YuvView view{.y = yuv.y.data(),
                              .u = yuv.u.data(),
                              .v = yuv.v.data(),
                              .y_stride = 2,
                              .u_stride = 1,
                              .v_stride = 1};
    video::yuv_to_bgrx(view, 2, height, RowOrder::top_down, back.data());
    for (std::size_t i = 0; i < 4; ++i)
      RC_ASSERT(std::abs(std::to_integer<int>(pixels[i]) - std::to_integer<int>(back[i])) <= 3);
  });
}

TEST_CASE("YCbCr has the colours that the recommendations give it", "[core][video]") {
  const auto colour = [](int y, int u, int v, std::uint32_t height, bool full = false) {
    const auto byte = [](int value) { return static_cast<std::uint8_t>(value); };
    const std::vector<std::uint8_t> luma(std::size_t{20} * height, byte(y));
    const std::vector<std::uint8_t> cb(luma.size(), byte(u)), cr(luma.size(), byte(v));
    const video::YuvView view{.y = luma.data(),
                              .u = cb.data(),
                              .v = cr.data(),
                              .y_stride = 20,
                              .u_stride = 20,
                              .v_stride = 20,
                              .chroma_shift_x = 0,
                              .chroma_shift_y = 0,
                              .full_range = full};
    Bytes out(std::size_t{4} * 20 * height);
    video::yuv_to_bgrx(view, 20, height, RowOrder::top_down, out.data());
    // The vectorised part and the rest of a row agree.
    for (std::size_t x = 1; x < 20; ++x) REQUIRE(std::memcmp(&out[0], &out[4 * x], 4) == 0);
    return load_little_endian(out.data(), 4);
  };
  CHECK(colour(16, 128, 128, 2) == 0x000000);
  CHECK(colour(235, 128, 128, 2) == 0xffffff);
  CHECK(colour(255, 128, 128, 2, true) == 0xffffff);
  CHECK(colour(81, 90, 240, 2) == 0xfe0000);     // red of BT.601
  CHECK(colour(63, 102, 240, 720) == 0xff0100);  // red of BT.709
  CHECK(colour(145, 54, 34, 2) == 0x00ff01);     // green of BT.601
}

TEST_CASE("damaged frames are errors or pictures, and later frames still decode or fail",
          "[core][video]") {
  for (const std::uint8_t codec : all_codecs) {
    const auto frames = frames_of(codec);
    rc::prop("flipped bits and cut ends: " + std::string(video::codec_name(codec)), [&] {
      const auto decoder = video::make_video_decoder(codec, RowOrder::top_down);
      RC_ASSERT(decoder.has_value());
      const auto hit = *rc::gen::inRange<std::size_t>(0, 3);
      for (std::size_t i = 0; i < 4; ++i) {
        Bytes frame = frames[i];
        if (i == hit) {
          const auto place = *rc::gen::weightedOneOf<std::size_t>(
              {{1, rc::gen::inRange<std::size_t>(0, 40)},
               {1, rc::gen::inRange<std::size_t>(0, frame.size())}});
          if (*rc::gen::arbitrary<bool>())
            frame.resize(place);
          else
            frame[place] ^= static_cast<std::byte>(1u << *rc::gen::inRange(0, 8));
        }
        const auto picture = (*decoder)->decode(frame, 320, 240);
        if (picture && *picture) RC_ASSERT((*picture)->pixels.size() == 320u * 240 * 4);
      }
    });
  }
}

}  // namespace
