// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/display_channel.hpp"

#include <algorithm>
#include <type_traits>

#include "core/draw/region_sets.hpp"
#include "core/wire/tables.hpp"
#include "core/wire/visit.hpp"
#include "server/display/compression.hpp"
#include "server/display/culling.hpp"

namespace spicebench::server {

using namespace wire::display;
using State = DisplayChannel::State;

namespace {

// Every image of a command, in the order of its fields: source, brush, mask.
template <class Command, class Found>
void for_each_image(Command& message, Found found) {
  using ImageHere = std::conditional_t<std::is_const_v<Command>, const Image, Image>;
  const auto* layout = wire::info_of<std::remove_const_t<Command>>().layout;
  wire::visit(*layout, &message, image_layout, [&](const std::string& path, const void* image) {
    // The message itself may be changed where it is not const.
    found(path, *const_cast<ImageHere*>(static_cast<const Image*>(image)));
  });
}

// Pixels of the image become pixels of the surface, whole.
template <class Command>
bool copies_as_it_is(const Command& command) {
  if constexpr (std::is_same_v<Command, DrawCopy>) {
    const Rect &from = command.src_area, &to = command.base.box;
    return command.rop_descriptor == ropd_put && from.right - from.left == to.right - to.left &&
           from.bottom - from.top == to.bottom - to.top;
  }
  return false;
}

constexpr StateSet<State> any{State::wait_init, State::up};

constexpr DisplayTable::Row rows[] = {
    common_row<DisplayChannel, &Channel::ack_sync>(any),
    common_row<DisplayChannel, &Channel::ack>(any),
    common_row<DisplayChannel, &Channel::pong>(any),
    common_row<DisplayChannel, &Channel::disconnecting>(any),
    state_row<&DisplayChannel::init>(State::wait_init, State::up),
    state_row<&DisplayChannel::preferred_compression>(any, any),
    state_row<&DisplayChannel::preferred_codecs>(any, any),
    state_row<&DisplayChannel::stream_report>(State::up, State::up),
};
constexpr std::string_view state_names[] = {"wait_init", "up"};
constexpr DisplayTable table("display", state_names, rows);

}  // namespace

const DisplayTable& display_table() {
  return table;
}

DisplayChannel::DisplayChannel(ChannelLink link, DisplayWorker& worker, Setting setting)
    : Channel(wire::ChannelType::display, std::move(link)),
      worker_(worker),
      setting_(std::move(setting)),
      compression_(*image_compression_named(services().options.compression)),
      agents_(services(), this->link().caps, setting_.net,
              [this](wire::AnyMessage message) { append(std::move(message)); }) {}

DisplayChannel::~DisplayChannel() {
  worker_.detach(*this);
}

void DisplayChannel::open() {
  services().outputs.emplace_back(
      Arm{link().connection,
          services().now + std::chrono::seconds(services().options.display_init_timeout_s)});
}

Result<void> DisplayChannel::deadline_passed() {
  return fail(ErrorCode::out_of_order,
              fmt::format("no init within {} s", services().options.display_init_timeout_s));
}

Result<void> DisplayChannel::dispatch(const wire::MessageInfo& info, const void* message) {
  state_ = TRY(table.dispatch(*this, state_, info.key, message, info.name));
  return {};
}

bool DisplayChannel::has_cap(wire::link::DisplayCap cap) const {
  return wire::link::has_cap(link().caps, cap);
}

Result<State> DisplayChannel::init(const Init& message) {
  if (message.glz_dictionary_window_size < 0 ||
      message.glz_dictionary_window_size > glz_window_pixels_max)
    return fail(ErrorCode::out_of_range,
                fmt::format("{}, allowed 0 to {}", message.glz_dictionary_window_size,
                            glz_window_pixels_max),
                0, "glz_dictionary_window_size");
  if (message.pixmap_cache_size > pixmap_cache_pixels_max)
    return fail(ErrorCode::out_of_range,
                fmt::format("{}, at most {}", message.pixmap_cache_size, pixmap_cache_pixels_max),
                0, "pixmap_cache_size");
  cache_ =
      LruCache(static_cast<std::uint64_t>(std::max<std::int64_t>(0, message.pixmap_cache_size)));
  dictionary_.emplace(static_cast<std::uint64_t>(message.glz_dictionary_window_size));
  services().outputs.emplace_back(Disarm{link().connection});
  outbox().send(outbox().window().open(setting_.ack_window));
  worker_.attach(*this);
  return State::up;
}

Result<State> DisplayChannel::preferred_compression(const PreferredCompression& message) {
  const auto wanted = image_compression_named(image_compression_name(message.image_compression));
  if (wanted) {
    compression_ = *wanted;
    // What waits may be coded with loss now.
    for (const DisplayItem& item : pipe_)
      if (const auto* draw = std::get_if<DrawItem>(&item); draw && setting_.jpeg)
        if (will_lose(**draw)) lossy_.add(**draw);
  } else {
    warn(ErrorCode::out_of_range,
         fmt::format("image compression {} is not known", message.image_compression));
  }
  return state_;
}

Result<State> DisplayChannel::preferred_codecs(const PreferredVideoCodecType& message) {
  agents_.prefer(message.codecs);
  if (state_ == State::up) worker_.restart_streams();
  return state_;
}

Result<State> DisplayChannel::stream_report(const StreamReport& message) {
  agents_.report(message);
  return state_;
}

// The pipe

void DisplayChannel::append(DisplayItem item) {
  if (const auto* draw = std::get_if<DrawItem>(&item)) {
    const Drawing& drawing = **draw;
    if (setting_.jpeg) lossy_.drawn(drawing, will_lose(drawing));
    if (drawing.covers && !pipe_.empty()) services().counters.hidden += drop_hidden(pipe_, drawing);
  } else if (setting_.jpeg) {
    const auto& message = std::get<wire::AnyMessage>(item);
    if (const auto* picture = message.as<DrawCopy>())
      lossy_.exact(picture->base.surface_id, picture->base.box);
    if (const auto* made = message.as<SurfaceCreate>()) lossy_.forget(made->surface_id);
  }
  pipe_.push_back(std::move(item));
}

std::vector<LossyRegions::Area> DisplayChannel::make_exact(const Drawing& drawing) {
  return lossy_.make_exact(drawing);
}
draw::Region DisplayChannel::inexact(std::uint32_t surface_id) const {
  draw::Region lossy = lossy_.of(surface_id);
  return surface_id == 0 ? draw::united(lossy, agents_.film()) : lossy;
}

// Video

void DisplayChannel::stream_began(const VideoStream& stream, std::int64_t pixels) {
  agents_.begin(stream, pixels);
}

DisplayChannel::Place DisplayChannel::place_of(const Drawing& drawing) {
  return std::ranges::find_if(pipe_, [&drawing](const DisplayItem& item) {
    const auto* draw = std::get_if<DrawItem>(&item);
    return draw && draw->get() == &drawing;
  });
}

// Nothing that waits behind it draws there or reads what was there.
bool DisplayChannel::may_stand_at(Place place, const Drawing& frame) const {
  return frame.surfaces_read.empty() &&
         std::none_of(std::deque<DisplayItem>::const_iterator(place) + 1, pipe_.end(),
                      [&frame](const DisplayItem& item) {
                        const auto* draw = std::get_if<DrawItem>(&item);
                        if (!draw) {
                          const auto& message = std::get<wire::AnyMessage>(item);
                          return message.as<DrawCopy>() || message.as<SurfaceDestroy>() ||
                                 message.as<SurfaceCreate>();
                        }
                        const Drawing& other = **draw;
                        return other.moved_from || !other.surfaces_read.empty() ||
                               draw::intersects(other.region, frame.region);
                      });
}

// A frame that waits is replaced where it stands, so that film does not fall behind.
void DisplayChannel::append_frame(const VideoStream& stream, const DrawItem& frame,
                                  const Drawing* before) {
  const auto place = before ? place_of(*before) : pipe_.end();
  const bool waited = place != pipe_.end();
  agents_.queued(stream, *frame, waited, before && before->accepted == frame->accepted);
  // Telling the clip may have moved the pipe.
  const auto now = waited ? place_of(*before) : pipe_.end();
  if (now != pipe_.end() && draw::contains(frame->region, before->region) &&
      may_stand_at(now, *frame)) {
    if (setting_.jpeg) lossy_.drawn(*frame, will_lose(*frame));
    *now = frame;
  } else {
    append(frame);
  }
}

void DisplayChannel::film_covered(const draw::Region& region, std::optional<std::uint32_t> but) {
  agents_.covered(region, but);
}

bool DisplayChannel::shows_film(std::uint32_t stream, const draw::Region* region) const {
  return agents_.shows(stream, region);
}

// A frame that waits will be sent as the drawing that it is.
draw::Region DisplayChannel::film_stopped(const VideoStream& stream) {
  draw::Region lacking = agents_.stop(stream.id);
  if (stream.current && place_of(*stream.current) != pipe_.end())
    lacking = draw::without(lacking, stream.current->region);
  return lacking;
}

void DisplayChannel::stream_ended(std::uint32_t stream) {
  agents_.end(stream);
}

// Messages

void DisplayChannel::pump() {
  while (!pipe_.empty() && outbox().may_take()) {
    take(pipe_.front());
    pipe_.pop_front();
  }
}

void DisplayChannel::take(const DisplayItem& item) {
  if (const auto* draw = std::get_if<DrawItem>(&item)) return take_draw(**draw);
  const auto& message = std::get<wire::AnyMessage>(item);
  if (const auto* picture = message.as<DrawCopy>()) return take_picture(*picture);
  if (message.as<InvalAllPixmaps>()) cache_.clear();
  if (message.as<InvalAllPalettes>()) palettes_.clear();
  outbox().send(message);
}

void DisplayChannel::take_picture(DrawCopy picture) {
  ImageUse use;
  prepare(*picture.src_bitmap, {.role = ImageRole::of_surface, .copied_as_it_is = true}, use);
  send(picture, use);
}

void DisplayChannel::take_draw(const Drawing& drawing) {
  if (drawing.stream) {
    const FrameFate fate = agents_.take(drawing);
    if (fate.message) outbox().send(*fate.message);
    if (fate.kind != FrameFate::Kind::drawing) return;
  }
  const bool may_lose = setting_.jpeg && server::may_lose(drawing.drawable());
  std::visit(
      [this, may_lose]<class T>(const T& body) {
        if constexpr (wire::Message<T>) {
          T message = body;
          ImageUse use;
          for_each_image(message, [&](const std::string& path, Image& image) {
            const bool source = path.starts_with("src_bitmap");
            prepare(image,
                    {.role = path.starts_with("mask") ? ImageRole::mask : ImageRole::of_command,
                     .copied_as_it_is = source && copies_as_it_is(message),
                     .may_lose = source && may_lose},
                    use);
          });
          send(message, use);
        }
      },
      drawing.drawable().body);
}

template <wire::Message T>
void DisplayChannel::send(const T& message, const ImageUse& use) {
  if (use.dropped.empty()) {
    outbox().send(message);
  } else {
    InvalList list;
    for (const std::uint64_t id : use.dropped) list.resources.push_back({resource_pixmap, id});
    outbox().send_after(list, message);
  }
  // Clients have room for one too many meanwhile.
  for (const std::uint64_t id : use.dropped_palettes) outbox().send(InvalPalette{id});
}

CompressionSetting DisplayChannel::compression_setting() {
  return {.wanted = compression_,
          .lz4 = has_cap(wire::link::DisplayCap::lz4_compression),
          .wrap_glz = setting_.zlib_glz,
          .dictionary = dictionary_ ? &*dictionary_ : nullptr};
}

bool DisplayChannel::will_lose(const Drawing& drawing) {
  const Bitmap* bitmap = lossy_source(drawing.drawable());
  return bitmap && codec_for(*bitmap, compression_setting()) == ImageType::quic;
}

void DisplayChannel::prepare(Image& image, const ImageRule& rule, ImageUse& use) {
  const bool cacheable = (image.flags & cache_me) != 0;
  image.flags &= high_bits_set;
  if (std::holds_alternative<SurfaceReference>(image.payload)) {  // by its number, never cached
    image.flags = 0;
    return;
  }
  if (cacheable && take_from_cache(image, rule, use)) return;
  if (auto* bitmap = std::get_if<Bitmap>(&image.payload)) {
    bitmap->flags &= top_down;
    if (rule.role != ImageRole::mask)
      compress(image, {.wanted = compression_,
                       .lz4 = has_cap(wire::link::DisplayCap::lz4_compression),
                       .wrap_glz = setting_.zlib_glz,
                       .pads_as_alpha = rule.copied_as_it_is,
                       .jpeg = rule.may_lose,
                       .dictionary = rule.role == ImageRole::of_command ? &*dictionary_ : nullptr});
  }
  if (auto* bitmap = std::get_if<Bitmap>(&image.payload)) cache_palette(*bitmap, use);
  if (auto* coded = std::get_if<LzPaletteData>(&image.payload)) cache_palette(*coded, use);
  if (cacheable) put_into_cache(image, lost_quality(image), use);
}

// What the client keeps with less quality than the command needs is sent again, to take its place.
bool DisplayChannel::take_from_cache(Image& image, const ImageRule& rule, ImageUse& use) {
  if (!cache_.use(image.id)) return false;
  const bool lossy = cache_.is_lossy(image.id);
  ++use.cached;
  if (lossy && !rule.may_lose) {
    cache_.set_lossy(image.id, false);
    image.flags |= cache_replace_me;
    return false;
  }
  image.type = static_cast<std::uint8_t>(setting_.jpeg && !lossy ? ImageType::from_cache_lossless
                                                                 : ImageType::from_cache);
  image.payload = std::monostate{};
  ++services().counters.cache_hits;
  return true;
}

void DisplayChannel::put_into_cache(Image& image, bool lossy, ImageUse& use) {
  if ((image.flags & cache_replace_me) != 0) return;
  ServerCounters& counters = services().counters;
  const std::uint64_t pixels = std::uint64_t{image.width} * image.height;
  const std::size_t dropped_before = use.dropped.size();
  if (pixels >= cache_.capacity() || !cache_.add(image.id, pixels, use.cached, use.dropped)) return;
  cache_.set_lossy(image.id, lossy);
  image.flags |= cache_me;
  ++use.cached;
  ++counters.cache_insertions;
  counters.cache_evictions += use.dropped.size() - dropped_before;
}

// Of a bitmap or an LZ image.
template <class Payload>
void DisplayChannel::cache_palette(Payload& payload, ImageUse& use) {
  if (!payload.palette || payload.palette->unique == 0) return;
  const std::uint64_t id = payload.palette->unique;
  if (palettes_.use(id)) {
    payload.flags |= pal_from_cache;
    payload.palette_id = id;
    payload.palette.reset();
    ++use.palettes;
  } else if (palettes_.add(id, 1, use.palettes, use.dropped_palettes)) {
    payload.flags |= pal_cache_me;
    ++use.palettes;
  }
}

// From the newest item on, up to the newest one that reads the surface.
void DisplayChannel::drop_draws(std::uint32_t surface_id) {
  const auto draws_on = [surface_id]<class T>(const T& body) {
    if constexpr (wire::Message<T>) return body.base.surface_id == surface_id;
    return false;
  };
  const auto reads = [surface_id]<class T>(const T& body) {
    bool found = false;
    if constexpr (wire::Message<T>)
      for_each_image(body, [&](const std::string&, const Image& image) {
        const auto* reference = std::get_if<SurfaceReference>(&image.payload);
        found = found || (reference && reference->surface_id == surface_id);
      });
    return found;
  };
  for (std::size_t i = pipe_.size(); i-- > 0;) {
    const auto* draw = std::get_if<DrawItem>(&pipe_[i]);
    if (!draw) continue;
    const auto& body = (*draw)->drawable().body;
    if (std::visit(draws_on, body))
      pipe_.erase(pipe_.begin() + static_cast<std::ptrdiff_t>(i));
    else if (std::visit(reads, body))
      break;
  }
}

nlohmann::json DisplayChannel::describe() const {
  nlohmann::json json = describe_outbox();
  json["state"] = table.name_of(state_);
  json["pipe"] = pipe_.size();
  json["compression"] = image_compression_name(static_cast<std::uint8_t>(compression_));
  json["jpeg"] = setting_.jpeg;
  json["streams"] = agents_.describe();
  json["palettes"] = palettes_.count();
  json["pixmap_cache"] = {
      {"images", cache_.count()}, {"pixels", cache_.used()}, {"capacity", cache_.capacity()}};
  return json;
}

}  // namespace spicebench::server
