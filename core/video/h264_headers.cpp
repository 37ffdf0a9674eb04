// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>

#include "core/video/bit_reader.hpp"
#include "core/video/frame_headers.hpp"

namespace spicebench::video {
namespace {

// Longer than any sequence parameter set up to its size fields: 12 scaling lists, 255 offsets.
constexpr std::size_t longest_parameter_set = 4096;

// The payload of a NAL unit without its emulation prevention bytes (H.264 §7.4.1).
Bytes unescaped(BytesView unit) {
  Bytes out;
  std::size_t zeros = 0;
  for (const std::byte byte : unit.first(std::min(unit.size(), longest_parameter_set))) {
    if (zeros >= 2 && byte == std::byte{3}) {
      zeros = 0;
      continue;
    }
    zeros = byte == std::byte{0} ? zeros + 1 : 0;
    out.push_back(byte);
  }
  return out;
}

bool has_chroma_format(std::uint32_t profile) {
  constexpr std::uint32_t profiles[] = {100, 110, 122, 244, 44,  83, 86,
                                        118, 128, 138, 139, 134, 135};
  return std::ranges::find(profiles, profile) != std::end(profiles);
}

void skip_scaling_list(BitReader& in, int length) {
  int last = 8, next = 8;
  for (int i = 0; i < length && !in.ended(); ++i) {
    if (next != 0) next = (last + in.signed_golomb() + 256) % 256;
    if (next != 0) last = next;
  }
}

// Precondition: the payload behind the NAL header of a sequence parameter set or its subset.
Result<void> check_parameter_set(BytesView payload, std::uint32_t width, std::uint32_t height) {
  BitReader in(payload);
  const std::uint32_t profile = in.bits(8);
  in.bits(16);  // constraints, level
  in.unsigned_golomb();
  if (has_chroma_format(profile)) {
    const std::uint32_t chroma = in.unsigned_golomb();
    if (chroma == 3) in.bit();
    const std::uint32_t luma_depth = in.unsigned_golomb(), chroma_depth = in.unsigned_golomb();
    if (chroma != 1 || luma_depth != 0 || chroma_depth != 0)
      return fail(ErrorCode::unsupported, "H.264 other than 8 bits of 4:2:0");
    in.bit();
    if (in.bit())
      for (int i = 0; i < 8; ++i)
        if (in.bit()) skip_scaling_list(in, i < 6 ? 16 : 64);
  }
  in.unsigned_golomb();
  const std::uint32_t order_type = in.unsigned_golomb();
  if (order_type == 0) in.unsigned_golomb();
  if (order_type == 1) {
    in.bit();
    in.signed_golomb();
    in.signed_golomb();
    const std::uint32_t offsets = in.unsigned_golomb();
    if (offsets > 255) return fail(ErrorCode::malformed, "over 255 picture order offsets");
    for (std::uint32_t i = 0; i < offsets; ++i) in.signed_golomb();
  }
  in.unsigned_golomb();  // reference frames: at most 16 whatever it says
  in.bit();
  const std::uint64_t wide = in.unsigned_golomb() + std::uint64_t{1};
  const std::uint64_t tall = in.unsigned_golomb() + std::uint64_t{1};
  const bool whole_frames = in.bit();
  if (in.ended()) return fail(ErrorCode::truncated, "H.264 sequence parameter set");
  constexpr std::uint64_t most = 65536 / macroblock;
  if (wide > most || tall > most)
    return fail(ErrorCode::out_of_range, fmt::format("H.264 of {} x {} macroblocks", wide, tall));
  if (!whole_frames) return fail(ErrorCode::unsupported, "interlaced H.264");
  // Whole macroblocks, of which the cropping that follows takes less than one more.
  return check_coded_size(static_cast<std::uint32_t>(wide) * macroblock,
                          static_cast<std::uint32_t>(tall) * macroblock, width, height,
                          2 * macroblock);
}

// Where the next start code 00 00 01 begins, or the end.
std::size_t start_code(BytesView frame, std::size_t from) {
  for (std::size_t at = from; at + 3 <= frame.size(); ++at)
    if (frame[at] == std::byte{0} && frame[at + 1] == std::byte{0} && frame[at + 2] == std::byte{1})
      return at;
  return frame.size();
}

}  // namespace

Result<void> check_h264_frame(BytesView frame, std::uint32_t width, std::uint32_t height) {
  std::size_t at = start_code(frame, 0);
  if (at == frame.size()) return fail(ErrorCode::malformed, "no H.264 start code");
  while (at < frame.size()) {
    const std::size_t unit = at + 3, end = start_code(frame, unit);
    if (unit == frame.size()) break;
    const auto type = std::to_integer<unsigned>(frame[unit]) & 31u;
    if (type == 7 || type == 15) {
      const Bytes payload = unescaped(frame.subspan(unit + 1, end - unit - 1));
      auto checked = check_parameter_set(payload, width, height);
      if (!checked) {
        checked.error().offset += unit + 1;
        return checked;
      }
    }
    at = end;
  }
  return {};
}

}  // namespace spicebench::video
