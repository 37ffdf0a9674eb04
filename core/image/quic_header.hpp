// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/result.hpp"
#include "core/image/quic.hpp"

namespace spicebench::image::quic {

// image-codecs.md §4.1: five words, of which the last three are these.
inline constexpr std::size_t type_at = 8, width_at = 12, height_at = 16, header_bytes = 20;

// Precondition: room for header_bytes.
void write_header(const QuicHeader& header, std::byte* to);

}  // namespace spicebench::image::quic
