// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <optional>
#include <string>

#include "core/layers/websocket_frames.hpp"
#include "recorder/import/layer.hpp"

namespace spicebench::recorder {

// WebSocket: the upgrade, checked as the client would, and the frames of both directions.
class WebSocketLayer final : public Layer {
 public:
  std::string_view name() const override { return "WebSocket"; }
  //   errors  denied (the server refused the upgrade), malformed (no upgrade, or the answer is not
  //           to this key; a frame that may not be), unsupported (a protocol other than "binary"),
  //           out_of_range
  Result<void> sent(Side by, BytesView bytes, const Inner& inner) override;
  std::uint64_t unfinished(Side by) const override;

 private:
  struct Direction {
    Bytes head;                                 // until both heads are there
    std::optional<layers::FrameReader> frames;  // from then on
  };
  Direction& direction(Side by) { return directions_[static_cast<std::size_t>(by)]; }
  Result<void> read_heads(const Inner& inner);
  Result<void> read_frames(Side by, BytesView bytes, const Inner& inner);

  std::optional<std::string> key_;  // of the client's head, once that has been read
  std::uint64_t request_bytes_ = 0;
  std::array<Direction, 2> directions_;
};

}  // namespace spicebench::recorder
