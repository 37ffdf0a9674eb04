// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/display_channel.hpp"

#include <algorithm>
#include <type_traits>

#include "core/wire/tables.hpp"
#include "core/wire/visit.hpp"
#include "server/display/compression.hpp"

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
};
constexpr std::string_view state_names[] = {"wait_init", "up"};
constexpr DisplayTable table("display", state_names, rows);

}  // namespace

const DisplayTable& display_table() {
  return table;
}

DisplayChannel::DisplayChannel(ChannelLink link, DisplayWorker& worker, std::uint32_t ack_window,
                               bool zlib_glz)
    : Channel(wire::ChannelType::display, std::move(link)),
      worker_(worker),
      ack_window_(ack_window),
      compression_(*image_compression_named(services().options.compression)),
      zlib_glz_(zlib_glz) {}

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
  outbox().send(outbox().window().open(ack_window_));
  worker_.attach(*this);
  return State::up;
}

Result<State> DisplayChannel::preferred_compression(const PreferredCompression& message) {
  const auto wanted = image_compression_named(image_compression_name(message.image_compression));
  if (wanted)
    compression_ = *wanted;
  else
    warn(ErrorCode::out_of_range,
         fmt::format("image compression {} is not known", message.image_compression));
  return state_;
}

void DisplayChannel::pump() {
  while (!pipe_.empty() && outbox().may_take()) {
    take(pipe_.front());
    pipe_.pop_front();
  }
}

void DisplayChannel::take(const DisplayItem& item) {
  if (const auto* draw = std::get_if<DrawItem>(&item)) return take_draw(draw->drawable());
  const auto& message = std::get<wire::AnyMessage>(item);
  if (const auto* picture = message.as<DrawCopy>()) return take_picture(*picture);
  if (message.as<InvalAllPixmaps>()) cache_.clear();
  if (message.as<InvalAllPalettes>()) palettes_.clear();
  outbox().send(message);
}

void DisplayChannel::take_picture(DrawCopy picture) {
  ImageUse use;
  prepare(*picture.src_bitmap, ImageRole::of_surface, true, use);
  send(picture, use);
}

void DisplayChannel::take_draw(const wire::device::Drawable& drawable) {
  std::visit(
      [this]<class T>(const T& body) {
        if constexpr (wire::Message<T>) {
          T message = body;
          ImageUse use;
          for_each_image(message, [&](const std::string& path, Image& image) {
            const ImageRole role =
                path.starts_with("mask.") ? ImageRole::mask : ImageRole::of_command;
            prepare(image, role, copies_as_it_is(message), use);
          });
          send(message, use);
        }
      },
      drawable.body);
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

void DisplayChannel::prepare(Image& image, ImageRole role, bool copied_as_it_is, ImageUse& use) {
  const bool cacheable = (image.flags & cache_me) != 0;
  image.flags &= high_bits_set;
  if (std::holds_alternative<SurfaceReference>(image.payload)) {  // by its number, never cached
    image.flags = 0;
    return;
  }
  if (cacheable && take_from_cache(image, use)) return;
  if (auto* bitmap = std::get_if<Bitmap>(&image.payload)) {
    bitmap->flags &= top_down;
    if (role != ImageRole::mask)
      compress(image, {.wanted = compression_,
                       .lz4 = has_cap(wire::link::DisplayCap::lz4_compression),
                       .wrap_glz = zlib_glz_,
                       .pads_as_alpha = copied_as_it_is,
                       .dictionary = role == ImageRole::of_command ? &*dictionary_ : nullptr});
  }
  if (auto* bitmap = std::get_if<Bitmap>(&image.payload)) cache_palette(*bitmap, use);
  if (auto* coded = std::get_if<LzPaletteData>(&image.payload)) cache_palette(*coded, use);
  if (cacheable) put_into_cache(image, use);
}

bool DisplayChannel::take_from_cache(Image& image, ImageUse& use) {
  if (!cache_.use(image.id)) return false;
  image.type = static_cast<std::uint8_t>(ImageType::from_cache);
  image.payload = std::monostate{};
  ++use.cached;
  ++services().counters.cache_hits;
  return true;
}

void DisplayChannel::put_into_cache(Image& image, ImageUse& use) {
  ServerCounters& counters = services().counters;
  const std::uint64_t pixels = std::uint64_t{image.width} * image.height;
  const std::size_t dropped_before = use.dropped.size();
  if (pixels >= cache_.capacity() || !cache_.add(image.id, pixels, use.cached, use.dropped)) return;
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
    const auto& body = draw->drawable().body;
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
  json["palettes"] = palettes_.count();
  json["pixmap_cache"] = {
      {"images", cache_.count()}, {"pixels", cache_.used()}, {"capacity", cache_.capacity()}};
  return json;
}

}  // namespace spicebench::server
