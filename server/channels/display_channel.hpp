// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <optional>

#include "core/wire/display_channel.hpp"
#include "server/channels/channel.hpp"
#include "server/display/display_worker.hpp"
#include "server/display/lru_cache.hpp"

namespace spicebench::server {

// The display channel of one client: a pipe of what its screen still lacks, and the model of its
// pixmap cache. An item becomes a message when it is taken: the one before has left, and the
// client has acknowledged enough.
//
// Source: protocol.md §4.2.7, §4.3, §9.4; display-pipeline.md §12, §13, §15.1.
class DisplayChannel final : public Channel, private DisplayClient {
 public:
  enum class State : std::uint8_t { wait_init, up };

  DisplayChannel(ChannelLink link, DisplayWorker& worker, std::uint32_t ack_window);
  ~DisplayChannel() override;

  void open() override;
  void pump() override;
  Result<void> deadline_passed() override;
  nlohmann::json describe() const override;
  State state() const { return state_; }
  std::size_t pipe_length() const override { return pipe_.size(); }

  // The rows of the table.
  Result<State> init(const wire::display::Init& message);
  Result<State> preferred_compression(const wire::display::PreferredCompression& message);

 private:
  // The images of the message that is being made, against the cache.
  struct ImageUse {
    std::size_t cached = 0;  // cache entries that the message itself uses
    std::vector<std::uint64_t> dropped;
  };

  Result<void> dispatch(const wire::MessageInfo& info, const void* message) override;
  void append(DisplayItem item) override { pipe_.push_back(std::move(item)); }
  void drop_draws(std::uint32_t surface_id) override;
  bool has_cap(wire::link::DisplayCap cap) const override;

  void take(const DisplayItem& item);
  void take_draw(const wire::device::Drawable& drawable);
  template <wire::Message T>
  void send(const T& message, const ImageUse& use);
  void prepare(wire::display::Image& image, ImageUse& use);

  DisplayWorker& worker_;
  std::uint32_t ack_window_;
  State state_ = State::wait_init;
  std::deque<DisplayItem> pipe_;
  LruCache cache_{0};  // sizes in pixels
};

using DisplayTable = StateTable<DisplayChannel, DisplayChannel::State, wire::MessageKey>;
const DisplayTable& display_table();

}  // namespace spicebench::server
