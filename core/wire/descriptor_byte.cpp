// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/descriptor_byte.hpp"

#include <algorithm>

#include "core/wire/display_streams.hpp"
#include "core/wire/frame.hpp"
#include "core/wire/layout.hpp"

namespace spicebench::wire {
namespace {

// How the header would begin that has the same first byte: that of another gl_scanout_unix, or of
// the serial that comes next.
Bytes rival_header(bool mini_header, std::uint64_t serial) {
  if (!mini_header) {
    Bytes header;
    append_little_endian(header, serial + 1, 8);
    return header;
  }
  const MessageInfo& scanout = info_of<display::GlScanoutUnix>();
  Bytes frame(mini_header_bytes + least_bytes(*scanout.layout));
  write_header(frame, true, scanout.key.id, 0);
  frame.resize(mini_header_bytes);
  return frame;
}

}  // namespace

void DescriptorByte::sent(ChannelType channel, Side by, const Unit& message) {
  if (MessageKey{channel, by, message.type} != display::GlScanoutUnix::message) return;
  const auto scanout = decode<display::GlScanoutUnix>(message.body());
  if (scanout) due_ = scanout->drm_fourcc_format != 0 ? Due::yes : Due::perhaps;
}

DescriptorByte::Verdict DescriptorByte::next(BytesView bytes, bool mini_header,
                                             std::uint64_t serial) {
  if (due_ == Due::no) return Verdict::none;
  if (bytes.empty()) return Verdict::wait;
  const bool marked = bytes.front() == std::byte{link::Descriptor::own_mark};
  if (due_ == Due::yes && !marked) return Verdict::wrong;
  if (due_ == Due::perhaps && marked) {
    const Bytes rival = rival_header(mini_header, serial);
    const std::size_t there = std::min(bytes.size(), rival.size());
    if (std::ranges::equal(bytes.first(there), BytesView(rival).first(there))) {
      if (there < rival.size()) return Verdict::wait;
      due_ = Due::no;
      return Verdict::none;
    }
  }
  due_ = Due::no;
  return marked ? Verdict::there : Verdict::none;
}

}  // namespace spicebench::wire
