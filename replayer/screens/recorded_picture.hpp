// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>
#include <memory>

#include "replayer/screens/recorded_displays.hpp"

namespace spicebench::replayer {

// What one display channel shows. It outlives the connection if that is migrated. Inside
// replayer/screens only.
struct RecordedDisplays::Picture {
  std::shared_ptr<client::SharedPictures> shared;
  recorder::ConnectionId connection = 0;
  recorder::MessageId at_hand = 0;
  Instant at{};
  std::map<std::uint32_t, recorder::MessageId> stream_created;  // by stream id
  client::Renderer renderer;

  Picture(RecordedDisplays& owner, std::shared_ptr<client::SharedPictures> session,
          recorder::ConnectionId opened_by)
      : shared(std::move(session)),
        connection(opened_by),
        renderer(
            *shared, [this, &owner](Error error) { owner.note(at_hand, std::move(error)); },
            [this, &owner](std::uint32_t surface_id, const wire::display::Rect& area) {
              if (!wire::display::is_empty(area))
                owner.work_ += static_cast<std::uint64_t>(wire::display::width_of(area) *
                                                          wire::display::height_of(area));
              if (owner.on_change_) owner.on_change_({at_hand, at, connection, surface_id, area});
            }) {}
};

}  // namespace spicebench::replayer
