// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <optional>

#include "core/draw/picture_hash.hpp"
#include "replayer/screens/recorded_displays.hpp"

namespace spicebench::replayer {

// Which picture of a recording is meant.
struct WhichPicture {
  std::uint8_t display = 0;                 // channel id; the connection that was opened last
  std::optional<std::uint32_t> surface_id;  // nothing: the primary surface
};
// Null: there is none now.
const draw::Surface* find_picture(const RecordedDisplays& displays, const WhichPicture& which);

// Tells when a picture has become another one, by its hash.
class ScreenChanges {
 public:
  struct Seen {
    recorder::MessageId message = 0;
    Instant at{};
    const draw::Surface& surface;
    Hash128 hash;  // draw::picture_hash
  };
  // From now on `seen` is called while `displays` is stepped. Both must outlive this object.
  ScreenChanges(RecordedDisplays& displays, WhichPicture which,
                std::function<void(const Seen&)> seen);

 private:
  void changed(const RecordedDisplays::Change& change);

  RecordedDisplays& displays_;
  WhichPicture which_;
  std::function<void(const Seen&)> seen_;
  std::optional<draw::PictureHash> hash_;  // of the picture that was looked at last:
  recorder::ConnectionId connection_ = 0;
  std::uint32_t surface_id_ = 0;
  image::PixelView shape_;
  std::optional<Hash128> last_;
};

}  // namespace spicebench::replayer
