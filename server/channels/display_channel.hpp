// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <optional>

#include "core/image/glz_dictionary.hpp"
#include "core/wire/display_channel.hpp"
#include "server/channels/channel.hpp"
#include "server/display/compression.hpp"
#include "server/display/display_worker.hpp"
#include "server/display/lossy.hpp"
#include "server/display/lru_cache.hpp"
#include "server/video/stream_agents.hpp"

namespace spicebench::server {

// The display channel of one client: a pipe of what its screen still lacks, and the model of its
// pixmap cache. An item becomes a message when it is taken: the one before has left, and the
// client has acknowledged enough.
//
// Source: protocol.md §4.2.7, §4.3, §9.4; display-pipeline.md §12, §13, §15.1, §16, §17.
// DIFFERS: JPEG and zlib are chosen for each client by its own link.
class DisplayChannel final : public Channel, private DisplayClient {
 public:
  enum class State : std::uint8_t { wait_init, up };

  struct Setting {
    std::uint32_t ack_window = ack_window_normal;
    bool zlib_glz = false;  // images of the GLZ dictionary go inside zlib, where that is smaller
    bool jpeg = false;      // smooth pictures may lose quality
    std::shared_ptr<const NetTest> net{};  // of the session; null: nothing is known
  };

  DisplayChannel(ChannelLink link, DisplayWorker& worker, Setting setting);
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
  Result<State> preferred_codecs(const wire::display::PreferredVideoCodecType& message);
  Result<State> stream_report(const wire::display::StreamReport& message);

 private:
  // The images of the message that is being made, against the cache.
  struct ImageUse {
    std::size_t cached = 0;  // cache entries that the message itself uses
    std::vector<std::uint64_t> dropped;
    std::size_t palettes = 0;  // the same of palettes
    std::vector<std::uint64_t> dropped_palettes;
  };

  Result<void> dispatch(const wire::MessageInfo& info, const void* message) override;
  void append(DisplayItem item) override;
  void drop_draws(std::uint32_t surface_id) override;
  bool has_cap(wire::link::DisplayCap cap) const override;
  std::vector<LossyRegions::Area> make_exact(const Drawing& drawing) override;
  draw::Region inexact(std::uint32_t surface_id) const override;
  void stream_began(const VideoStream& stream, std::int64_t pixels) override;
  void append_frame(const VideoStream& stream, const DrawItem& frame,
                    const Drawing* before) override;
  void film_covered(const draw::Region& region, std::optional<std::uint32_t> but) override;
  bool shows_film(std::uint32_t stream, const draw::Region* region) const override;
  draw::Region film_stopped(const VideoStream& stream) override;
  void stream_ended(std::uint32_t stream) override;

  using Place = std::deque<DisplayItem>::iterator;
  // Where the drawing waits; end: it does not.
  Place place_of(const Drawing& drawing);
  // Whether `frame` may be drawn at the place instead of at the end of the pipe.
  bool may_stand_at(Place place, const Drawing& frame) const;

  CompressionSetting compression_setting();
  bool will_lose(const Drawing& drawing);  // its image goes as JPEG
  void take(const DisplayItem& item);
  void take_picture(wire::display::DrawCopy picture);
  void take_draw(const Drawing& drawing);
  template <wire::Message T>
  void send(const T& message, const ImageUse& use);
  // What may be done to an image: masks are sent as they are, pictures of surfaces are no part of
  // the dictionary.
  enum class ImageRole : std::uint8_t { of_command, of_surface, mask };
  struct ImageRule {
    ImageRole role = ImageRole::of_command;
    bool copied_as_it_is = false;  // its pixels become pixels of the surface, whole
    bool may_lose = false;         // quality
  };
  void prepare(wire::display::Image& image, const ImageRule& rule, ImageUse& use);
  bool take_from_cache(wire::display::Image& image, const ImageRule& rule, ImageUse& use);
  void put_into_cache(wire::display::Image& image, bool lossy, ImageUse& use);
  template <class Payload>
  void cache_palette(Payload& payload, ImageUse& use);

  DisplayWorker& worker_;
  Setting setting_;
  State state_ = State::wait_init;
  std::deque<DisplayItem> pipe_;
  LruCache cache_{0};  // sizes in pixels
  LruCache palettes_{palette_cache_entries};
  wire::display::ImageCompression compression_;
  std::optional<image::GlzDictionary> dictionary_;  // from init on
  LossyRegions lossy_;
  StreamAgents agents_;
};

using DisplayTable = StateTable<DisplayChannel, DisplayChannel::State, wire::MessageKey>;
const DisplayTable& display_table();

}  // namespace spicebench::server
