// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/video/rate_control.hpp"

#include "server/video/buffered_rate.hpp"
#include "server/video/mjpeg_rate.hpp"

namespace spicebench::server {

std::unique_ptr<RateControl> make_rate_control(wire::display::VideoCodec codec,
                                               const RateSetting& setting) {
  if (codec == wire::display::VideoCodec::mjpeg) return std::make_unique<MjpegRate>(setting);
  return std::make_unique<BufferedRate>(setting);
}

}  // namespace spicebench::server
