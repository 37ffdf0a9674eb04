// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

// What the headers of coded frames claim, held against the size their stream announced, before a
// library allocates for it. Only as much is read as that takes.
namespace spicebench::video {

constexpr std::uint32_t macroblock = 16;

// A picture that was coded as coded_width * coded_height for an announced size: equal, or up to
// `slack` - 1 pixels larger. Errors: out_of_range.
Result<void> check_coded_size(std::uint32_t coded_width, std::uint32_t coded_height,
                              std::uint32_t width, std::uint32_t height,
                              std::uint32_t slack = macroblock);

// RFC 6386 §9.1: key frames carry a size. Errors: truncated, malformed, out_of_range.
Result<void> check_vp8_frame(BytesView frame, std::uint32_t width, std::uint32_t height);

// VP9 bitstream specification §6.2 and annex B: every frame of a superframe. Errors: truncated,
// malformed, out_of_range, unsupported (profiles 2 and 3: more than 8 bits).
Result<void> check_vp9_frame(BytesView frame, std::uint32_t width, std::uint32_t height);

// ITU-T H.264 §7.3.2.1.1: every sequence parameter set of an Annex B byte stream. Errors:
// truncated, malformed (no NAL unit), out_of_range, unsupported (anything but 8 bits of 4:2:0,
// interlacing).
Result<void> check_h264_frame(BytesView frame, std::uint32_t width, std::uint32_t height);

}  // namespace spicebench::video
