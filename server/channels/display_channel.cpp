// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/display_channel.hpp"

#include <algorithm>
#include <type_traits>

#include "core/wire/tables.hpp"
#include "core/wire/visit.hpp"

namespace spicebench::server {

using namespace wire::display;
using State = DisplayChannel::State;

namespace {

// Every image of a command, in the order of its fields: source, brush, mask.
template <class Command, class Found>
void for_each_image(Command& message, Found found) {
  using ImageHere = std::conditional_t<std::is_const_v<Command>, const Image, Image>;
  const auto* layout = wire::info_of<std::remove_const_t<Command>>().layout;
  wire::visit(*layout, &message, image_layout, [&](const std::string&, const void* image) {
    // The message itself may be changed where it is not const.
    found(*const_cast<ImageHere*>(static_cast<const Image*>(image)));
  });
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

DisplayChannel::DisplayChannel(ChannelLink link, DisplayWorker& worker, std::uint32_t ack_window)
    : Channel(wire::ChannelType::display, std::move(link)),
      worker_(worker),
      ack_window_(ack_window) {}

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
  services().outputs.emplace_back(Disarm{link().connection});
  outbox().send(outbox().window().open(ack_window_));
  worker_.attach(*this);
  return State::up;
}

Result<State> DisplayChannel::preferred_compression(const PreferredCompression& message) {
  if (message.image_compression != compression_off)
    warn(ErrorCode::unsupported, fmt::format("image compression {}, only {} (off) is there",
                                             message.image_compression, compression_off));
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
  if (message.as<InvalAllPixmaps>()) cache_.clear();
  outbox().send(message);
}

void DisplayChannel::take_draw(const wire::device::Drawable& drawable) {
  std::visit(
      [this]<class T>(const T& body) {
        if constexpr (wire::Message<T>) {
          T message = body;
          ImageUse use;
          for_each_image(message, [&](Image& image) { prepare(image, use); });
          send(message, use);
        }
      },
      drawable.body);
}

template <wire::Message T>
void DisplayChannel::send(const T& message, const ImageUse& use) {
  if (use.dropped.empty()) return outbox().send(message);
  InvalList list;
  for (const std::uint64_t id : use.dropped) list.resources.push_back({resource_pixmap, id});
  outbox().send_after(list, message);
}

void DisplayChannel::prepare(Image& image, ImageUse& use) {
  const bool cacheable = (image.flags & cache_me) != 0;
  image.flags &= high_bits_set;
  if (auto* bitmap = std::get_if<Bitmap>(&image.payload)) bitmap->flags &= top_down;
  if (std::holds_alternative<SurfaceReference>(image.payload)) {  // by its number, never cached
    image.flags = 0;
    return;
  }
  if (!cacheable) return;
  ServerCounters& counters = services().counters;
  if (cache_.use(image.id)) {
    image.type = static_cast<std::uint8_t>(ImageType::from_cache);
    image.payload = std::monostate{};
    ++use.cached;
    ++counters.cache_hits;
    return;
  }
  const std::uint64_t pixels = std::uint64_t{image.width} * image.height;
  const std::size_t dropped_before = use.dropped.size();
  if (pixels >= cache_.capacity() || !cache_.add(image.id, pixels, use.cached, use.dropped)) return;
  image.flags |= cache_me;
  ++use.cached;
  ++counters.cache_insertions;
  counters.cache_evictions += use.dropped.size() - dropped_before;
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
      for_each_image(body, [&](const Image& image) {
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
  json["pixmap_cache"] = {
      {"images", cache_.count()}, {"pixels", cache_.used()}, {"capacity", cache_.capacity()}};
  return json;
}

}  // namespace spicebench::server
