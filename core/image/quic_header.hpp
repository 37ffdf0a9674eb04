// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/result.hpp"
#include "core/image/quic.hpp"

namespace spicebench::image::quic {

inline constexpr std::size_t header_bytes = 20;

// Errors: out_of_range, at the stream's offset of the size.
Result<void> check_size(const QuicHeader& header);
// Precondition: room for header_bytes.
void write_header(const QuicHeader& header, std::byte* to);

}  // namespace spicebench::image::quic
