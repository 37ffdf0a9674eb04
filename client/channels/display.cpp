// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/channels/display.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "client/session.hpp"
#include "core/image/pixel.hpp"
#include "core/wire/user_link.hpp"

namespace spicebench::client {

using namespace wire::display;
using State = DisplayState;

namespace {
constexpr StateSet<State> any{State::empty, State::unmarked, State::marked};
constexpr StateSet<State> with_primary{State::unmarked, State::marked};
}  // namespace

const Display::Table& Display::table() {
  static constexpr Table::Row rows[] = {
      state_row<&Display::mode>(any, with_primary),
      state_row<&Display::mark>(any, {State::empty, State::marked}),
      state_row<&Display::reset>(any, {State::empty, State::unmarked}),
      state_row<&Display::surface_create>(any, any),
      state_row<&Display::surface_destroy>(any, any),
      state_row<&Display::monitors_config>(any, any),
      state_row<&Display::inval_list>(any, any),
      state_row<&Display::inval_all_pixmaps>(any, any),
      state_row<&Display::inval_palette>(any, any),
      state_row<&Display::inval_all_palettes>(any, any),
      state_row<&Display::draw_fill>(any, any),
      state_row<&Display::draw_copy>(any, any),
      state_row<&Display::copy_bits>(any, any),
  };
  static constexpr std::string_view names[] = {"empty", "unmarked", "marked"};
  static constexpr Table table("display", names, rows);
  return table;
}

void Display::up() {
  const ClientOptions& options = connection_.session().options();
  constexpr std::uint32_t mib = 1 << 20, bytes_per_pixel = 4;
  const std::uint32_t window =
      options.glz_window_size != 0
          ? static_cast<std::uint32_t>(options.glz_window_size)
          : std::clamp(connection_.session().ram_hint / 2, 12 * mib, 64 * mib) / bytes_per_pixel;
  connection_.send(Init{options.pixmap_cache_id, options.pixmap_cache_size,
                        options.glz_dictionary_id, static_cast<std::int32_t>(window)});
  if (options.preferred_compression != 0 &&
      wire::link::has_cap(connection_.server_caps(), wire::link::DisplayCap::pref_compression))
    connection_.send(PreferredCompression{options.preferred_compression});
}

// Surfaces

void Display::tell_if_ready() const {
  if (const draw::Surface* primary = screen(); ready() && primary)
    connection_.session().tell(
        wire::value_of(wire::user::ScreenReady{primary->width(), primary->height()}));
}

Result<State> Display::surface_create(const SurfaceCreate& message) {
  const auto created = TRY(surfaces_.create(message));
  const bool primary = (message.flags & surface_primary) != 0;
  return primary && created == Surfaces::Created::fresh ? State::unmarked : state();
}

Result<State> Display::surface_destroy(const SurfaceDestroy& message) {
  if (!surfaces_.destroy(message.surface_id))
    connection_.note({ErrorCode::not_found, 0, "surface_destroy.surface_id",
                      fmt::format("surface {} does not exist", message.surface_id)});
  return surfaces_.primary() ? state() : State::empty;
}

// From before there were surfaces: the primary surface, 32 bits or else 16.
Result<State> Display::mode(const Mode& message) {
  if (message.bits != 16 && message.bits != 32)
    return fail(ErrorCode::out_of_range, fmt::format("{} bits, 16 or 32", message.bits), 0, "bits");
  return surface_create({0, message.x_res, message.y_res,
                         message.bits == 32 ? surface_32_xrgb : surface_16_555, surface_primary});
}

Result<State> Display::mark(const Mark&) {
  const draw::Surface* primary = screen();
  if (!primary) {
    connection_.note({ErrorCode::out_of_order, 0, "mark", "there is no primary surface"});
    return State::empty;
  }
  connection_.session().tell(
      wire::value_of(wire::user::ScreenReady{primary->width(), primary->height()}));
  return State::marked;
}

Result<State> Display::reset(const Reset&) {
  palettes_.clear();
  draw::Surface* primary = surfaces_.primary();
  if (!primary) return State::empty;
  primary->clear();
  return State::unmarked;
}

Result<State> Display::monitors_config(const MonitorsConfig& message) {
  const std::size_t allowed = std::clamp<std::size_t>(message.max_allowed, 1, 256);
  const std::size_t count = message.heads.size();
  if (count == 0 || count > allowed)
    connection_.note({ErrorCode::out_of_range, 0, "monitors_config.heads",
                      fmt::format("{} heads, 1 to {} are allowed", count, allowed)});
  if (count != 0)
    heads_.assign(message.heads.begin(),
                  message.heads.begin() + static_cast<std::ptrdiff_t>(std::min(count, allowed)));
  return state();
}

Hash128 Display::screen_hash() const {
  const draw::Surface* primary = screen();
  if (!primary) return {};
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(primary->format()));
  hasher.add(primary->width());
  hasher.add(primary->height());
  Bytes row(image::row_bytes(primary->format(), primary->width()));
  for (std::uint32_t y = 0; y < primary->height(); ++y) {
    std::copy_n(primary->row(y), row.size(), row.begin());
    // The bits that no screen shows.
    if (primary->format() == surface_32_xrgb)
      for (std::size_t i = 3; i < row.size(); i += 4) row[i] = std::byte{0};
    if (primary->format() == surface_16_555)
      for (std::size_t i = 1; i < row.size(); i += 2) row[i] &= std::byte{0x7f};
    hasher.add(row);
  }
  return hasher.value();
}

// Caches

Result<State> Display::inval_list(const InvalList& message) {
  for (const ResourceId& resource : message.resources)
    if (resource.type == resource_pixmap) connection_.session().images().release(resource.id);
  return state();
}
Result<State> Display::inval_all_pixmaps(const InvalAllPixmaps&) {
  connection_.session().images().clear();
  return state();
}
Result<State> Display::inval_palette(const InvalPalette& message) {
  palettes_.erase(message.id);
  return state();
}
Result<State> Display::inval_all_palettes(const InvalAllPalettes&) {
  palettes_.clear();
  return state();
}

std::optional<draw::PixelView> Display::surface(std::uint32_t id) const {
  const draw::Surface* found = surfaces_.find(id);
  if (!found) return std::nullopt;
  return found->view();
}

Result<image::Pixmap> Display::cached(std::uint64_t id, bool lossless_only) {
  const ImageCache::Entry* entry = connection_.session().images().find(id);
  if (!entry || (lossless_only && entry->lossy))
    return fail(ErrorCode::not_found,
                fmt::format("image {:#x} is not in the cache{}", id, entry ? " without loss" : ""),
                0, "id");
  if (!entry->picture)
    return fail(ErrorCode::unsupported,
                fmt::format("image {:#x} came in a form without a decoder here", id), 0, "id");
  return *entry->picture;
}

Result<void> Display::keep(const Image& image, const image::Pixmap* pixels) {
  const auto type = static_cast<ImageType>(image.type);
  const bool lossy = type == ImageType::jpeg || type == ImageType::jpeg_alpha;
  const std::uint64_t area = std::uint64_t{image.width} * image.height;
  auto picture = pixels ? std::optional(*pixels) : std::nullopt;
  ImageCache& images = connection_.session().images();
  if ((image.flags & cache_me) != 0) return images.put(image.id, area, std::move(picture), lossy);
  if (lossy) return fail(ErrorCode::malformed, "a lossy image to replace a lossy one", 0, "flags");
  return images.replace(image.id, area, std::move(picture));
}

bool Display::is_missing(const Image& image) const {
  const auto type = static_cast<ImageType>(image.type);
  if (type != ImageType::from_cache && type != ImageType::from_cache_lossless) return false;
  const ImageCache::Entry* entry = connection_.session().images().find(image.id);
  return !entry || (type == ImageType::from_cache_lossless && entry->lossy);
}

// With other display channels in the session, what is missing may be on its way there.
Result<Readiness> Display::readiness(const wire::AnyMessage& message) {
  if (const auto* all = message.as<InvalAllPixmaps>()) return connection_.wait_for(all->wait_list);
  bool missing = false;
  if (const auto* copy = message.as<DrawCopy>())
    missing = (copy->src_bitmap && is_missing(*copy->src_bitmap)) ||
              (copy->mask.bitmap && is_missing(*copy->mask.bitmap));
  if (const auto* fill = message.as<DrawFill>()) {
    const auto* pattern = std::get_if<PatternBrush>(&fill->brush.body);
    missing = (pattern && is_missing(pattern->pattern)) ||
              (fill->mask.bitmap && is_missing(*fill->mask.bitmap));
  }
  return missing && connection_.session().has_other_display(connection_) ? Readiness::wait_briefly
                                                                         : Readiness::ready;
}

// Drawing

template <class Command>
Result<State> Display::draw(const Command& command) {
  draw::Surface* target = surfaces_.find(command.base.surface_id);
  if (!target)
    return fail(ErrorCode::not_found,
                fmt::format("surface {} does not exist", command.base.surface_id), 0,
                "base.surface_id");
  auto drawn = draw::render(*target, command, *this);
  if (drawn) return state();
  // What we cannot draw is noted and left out. What is missing after messages were skipped that we
  // do not know may have been in those.
  const ErrorCode code = drawn.error().code;
  if (code != ErrorCode::unsupported &&
      !(code == ErrorCode::not_found && connection_.skipped() > 0))
    return std::unexpected(std::move(drawn.error()));
  connection_.note(std::move(drawn.error()).within(wire::info_of<Command>().name));
  return state();
}

Result<State> Display::draw_fill(const DrawFill& message) {
  return draw(message);
}
Result<State> Display::draw_copy(const DrawCopy& message) {
  return draw(message);
}
Result<State> Display::copy_bits(const CopyBits& message) {
  return draw(message);
}

}  // namespace spicebench::client
