// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <optional>

#include "core/image/glz_dictionary.hpp"
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

  //   zlib_glz  images of the GLZ dictionary go inside zlib, where that is smaller
  DisplayChannel(ChannelLink link, DisplayWorker& worker, std::uint32_t ack_window, bool zlib_glz);
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
    std::size_t palettes = 0;  // the same of palettes
    std::vector<std::uint64_t> dropped_palettes;
  };

  Result<void> dispatch(const wire::MessageInfo& info, const void* message) override;
  void append(DisplayItem item) override { pipe_.push_back(std::move(item)); }
  void drop_draws(std::uint32_t surface_id) override;
  bool has_cap(wire::link::DisplayCap cap) const override;

  void take(const DisplayItem& item);
  void take_picture(wire::display::DrawCopy picture);
  void take_draw(const wire::device::Drawable& drawable);
  template <wire::Message T>
  void send(const T& message, const ImageUse& use);
  // What may be done to an image: masks are sent as they are, pictures of surfaces are no part of
  // the dictionary.
  enum class ImageRole : std::uint8_t { of_command, of_surface, mask };
  //   copied_as_it_is  its pixels become pixels of the surface, whole
  void prepare(wire::display::Image& image, ImageRole role, bool copied_as_it_is, ImageUse& use);
  bool take_from_cache(wire::display::Image& image, ImageUse& use);
  void put_into_cache(wire::display::Image& image, ImageUse& use);
  template <class Payload>
  void cache_palette(Payload& payload, ImageUse& use);

  DisplayWorker& worker_;
  std::uint32_t ack_window_;
  State state_ = State::wait_init;
  std::deque<DisplayItem> pipe_;
  LruCache cache_{0};  // sizes in pixels
  LruCache palettes_{palette_cache_entries};
  wire::display::ImageCompression compression_;
  bool zlib_glz_;
  std::optional<image::GlzDictionary> dictionary_;  // from init on
};

using DisplayTable = StateTable<DisplayChannel, DisplayChannel::State, wire::MessageKey>;
const DisplayTable& display_table();

}  // namespace spicebench::server
