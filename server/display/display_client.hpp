// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <utility>
#include <variant>
#include <vector>

#include "core/wire/link.hpp"
#include "server/display/drawing.hpp"

namespace spicebench::server {

struct VideoStream;

// What waits in a client's pipe: a message as it is, or a guest command, whose images become
// messages only when it is sent, since what the client's caches hold is known only then.
using DisplayItem = std::variant<wire::AnyMessage, DrawItem>;

// A client's display channel, as the worker sees it.
class DisplayClient {
 public:
  virtual ~DisplayClient() = default;
  virtual void append(DisplayItem item) = 0;
  virtual std::size_t pipe_length() const = 0;
  // Commands that draw on the surface need not be sent any more: it will be destroyed. What was
  // queued before a command that reads the surface stays.
  virtual void drop_draws(std::uint32_t surface_id) = 0;
  virtual bool has_cap(wire::link::DisplayCap cap) const = 0;
  // What the client has to get exactly, since the command, which is not drawn yet, reads it.
  virtual std::vector<std::pair<std::uint32_t, draw::Rect>> make_exact(const Drawing& drawing) = 0;
  // What it shows of a surface with less than full quality, once the pipe is empty.
  virtual draw::Region inexact(std::uint32_t surface_id) const = 0;

  // Video (server/video). A stream begins: from now on its frames come by append_frame().
  //   pixels  of all streams, this one included
  virtual void stream_began(const VideoStream& stream, std::int64_t pixels) = 0;
  // The stream's next frame; it takes the place of the one before, if that still waits.
  //   before  null: there is none
  virtual void append_frame(const VideoStream& stream, const DrawItem& frame,
                            const Drawing* before) = 0;
  // Something that covers the region is drawn there, which is not a frame of stream `but`.
  virtual void film_covered(const draw::Region& region, std::optional<std::uint32_t> but) = 0;
  // Whether the client shows film of this stream where the region is; null: anywhere.
  virtual bool shows_film(std::uint32_t stream, const draw::Region* region) const = 0;
  // The stream shows nothing any more. Returns what the client now lacks the exact pixels of;
  // empty: nothing.
  virtual draw::Region film_stopped(const VideoStream& stream) = 0;
  virtual void stream_ended(std::uint32_t stream) = 0;
};

}  // namespace spicebench::server
