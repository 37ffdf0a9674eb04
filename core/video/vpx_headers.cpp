// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include "core/video/bit_reader.hpp"
#include "core/video/frame_headers.hpp"

namespace spicebench::video {
namespace {

constexpr std::uint32_t vp9_sync_code = 0x498342;

// profile_1: other chroma than 4:2:0 is possible, and said.
void skip_colour(BitReader& in, bool profile_1) {
  constexpr std::uint32_t rgb = 7;
  const bool planes_are_rgb = in.bits(3) == rgb;
  if (!planes_are_rgb) in.bits(profile_1 ? 3 : 1);  // range, then the chroma's sides
  if (profile_1) in.bit();                          // reserved
}

Result<void> check_one_vp9_frame(BytesView frame, std::uint32_t width, std::uint32_t height) {
  BitReader in(frame);
  if (in.bits(2) != 2) return fail(ErrorCode::malformed, "no VP9 frame marker");
  const bool low = in.bit(), high = in.bit();
  if (high) return fail(ErrorCode::unsupported, "VP9 of more than 8 bits");
  if (in.bit()) return {};  // show_existing_frame
  const bool inter = in.bit(), shown = in.bit(), resilient = in.bit();
  bool sized = !inter;
  const auto sync = [&]() -> Result<void> {
    if (in.bits(24) == vp9_sync_code) return {};
    if (in.ended()) return fail(ErrorCode::truncated, "VP9 header", frame.size());
    return fail(ErrorCode::malformed, "no VP9 sync code", in.byte() - 3);
  };
  if (!inter) {
    CHECKED(sync());
    skip_colour(in, low);
  } else {
    const bool intra_only = !shown && in.bit();
    if (!resilient) in.bits(2);  // reset_frame_context
    if (intra_only) {
      CHECKED(sync());
      if (low) skip_colour(in, low);
      in.bits(8);  // refresh_frame_flags
      sized = true;
    } else {
      in.bits(8);
      in.bits(3 * 4);  // references and their sign biases
      // The size of the first reference that is marked, else one of its own.
      sized = !in.bit() && !in.bit() && !in.bit();
    }
  }
  const std::uint32_t coded_width = sized ? in.bits(16) + 1 : width;
  const std::uint32_t coded_height = sized ? in.bits(16) + 1 : height;
  if (in.ended()) return fail(ErrorCode::truncated, "VP9 header", frame.size());
  return check_coded_size(coded_width, coded_height, width, height);
}

}  // namespace

Result<void> check_coded_size(std::uint32_t coded_width, std::uint32_t coded_height,
                              std::uint32_t width, std::uint32_t height, std::uint32_t slack) {
  if (coded_width >= width && coded_width - width < slack && coded_height >= height &&
      coded_height - height < slack)
    return {};
  return fail(ErrorCode::out_of_range, fmt::format("a frame of {} x {}, the stream's are {} x {}",
                                                   coded_width, coded_height, width, height));
}

Result<void> check_vp8_frame(BytesView frame, std::uint32_t width, std::uint32_t height) {
  constexpr std::size_t tag = 3, header = 10;
  if (frame.size() < tag) return fail(ErrorCode::truncated, "VP8 frame tag", frame.size());
  if ((frame[0] & std::byte{1}) != std::byte{0}) return {};  // not a key frame
  if (frame.size() < header) return fail(ErrorCode::truncated, "VP8 key frame", frame.size());
  if (load_little_endian(frame.data() + tag, 3) != 0x2a019d)
    return fail(ErrorCode::malformed, "no VP8 start code", tag);
  const auto side = [&](std::size_t at) {  // the two bits above are a hint for scaling
    return static_cast<std::uint32_t>(load_little_endian(frame.data() + at, 2) & 0x3fff);
  };
  return check_coded_size(side(6), side(8), width, height);
}

Result<void> check_vp9_frame(BytesView frame, std::uint32_t width, std::uint32_t height) {
  if (frame.empty()) return fail(ErrorCode::truncated, "an empty VP9 frame");
  const auto marker = std::to_integer<unsigned>(frame.back());
  const std::size_t frames = (marker & 7) + 1, width_of_size = (marker >> 3 & 3) + 1;
  const std::size_t index = 2 + frames * width_of_size;
  const bool superframe = (marker & 0xe0) == 0xc0 && frame.size() >= index &&
                          frame[frame.size() - index] == frame.back();
  if (!superframe) return check_one_vp9_frame(frame, width, height);
  const std::byte* sizes = frame.data() + frame.size() - index + 1;
  std::size_t at = 0;
  const std::size_t end = frame.size() - index;
  for (std::size_t i = 0; i < frames; ++i) {
    const std::size_t size = load_little_endian(sizes + i * width_of_size, width_of_size);
    if (size > end - at)
      return fail(ErrorCode::out_of_range,
                  fmt::format("frame {} of a VP9 superframe: {} bytes of {}", i, size, end - at),
                  at);
    if (size > 0) CHECKED(check_one_vp9_frame(frame.subspan(at, size), width, height));
    at += size;
  }
  return {};
}

}  // namespace spicebench::video
