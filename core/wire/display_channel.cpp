// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/display_channel.hpp"

#include <fmt/format.h>

#include "core/wire/describe.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace display {
namespace {

constexpr std::int64_t most_side = 32768;

constexpr Name resource_type_entries[] = {{0, "invalid"}, {resource_pixmap, "pixmap"}};
constexpr Names resource_type_names{false, resource_type_entries};
constexpr Field resource_fields[] = {
    scalar(MEMBER(ResourceId, type)).named(resource_type_names),
    scalar(MEMBER(ResourceId, id)),
};
constexpr Layout resource_layout = describes<ResourceId>("resource_id", resource_fields);

constexpr Field head_fields[] = {
    scalar(MEMBER(Head, monitor_id)), scalar(MEMBER(Head, surface_id)).limited(0, most_surface_id),
    scalar(MEMBER(Head, width)),      scalar(MEMBER(Head, height)),
    scalar(MEMBER(Head, x)),          scalar(MEMBER(Head, y)),
    scalar(MEMBER(Head, flags)),
};

}  // namespace

constexpr Layout head_layout = describes<Head>("head", head_fields);

namespace {

// Server to client
constexpr Field mode_fields[] = {
    scalar(MEMBER(Mode, x_res)).limited(1, most_side),
    scalar(MEMBER(Mode, y_res)).limited(1, most_side),
    scalar(MEMBER(Mode, bits)),
};
constexpr Layout mode_layout = describes<Mode>("mode", mode_fields);

constexpr Layout mark_layout = describes<Mark>("mark", {});
constexpr Layout reset_layout = describes<Reset>("reset", {});

constexpr Field inval_list_fields[] = {
    count("count", 2, 0),
    list(MEMBER(InvalList, resources), resource_layout).counted(0),
};
constexpr Layout inval_list_layout = describes<InvalList>("inval_list", inval_list_fields);

constexpr Field inval_all_pixmaps_fields[] = {
    count("wait_count", 1, 0),
    list(MEMBER(InvalAllPixmaps, wait_list), common::channel_wait_layout).counted(0),
};
constexpr Layout inval_all_pixmaps_layout =
    describes<InvalAllPixmaps>("inval_all_pixmaps", inval_all_pixmaps_fields);

constexpr Field inval_palette_fields[] = {scalar(MEMBER(InvalPalette, id))};
constexpr Layout inval_palette_layout =
    describes<InvalPalette>("inval_palette", inval_palette_fields);

constexpr Layout inval_all_palettes_layout = describes<InvalAllPalettes>("inval_all_palettes", {});

std::string bound_surface(const Scope& scope) {
  const auto& surface = scope.as<SurfaceCreate>();
  return std::uint64_t{surface.width} * surface.height * 4 <= INT32_MAX
             ? ""
             : fmt::format("{}×{} pixels of 4 bytes are more than 2 GiB", surface.width,
                           surface.height);
}
constexpr Name surface_flag_entries[] = {{surface_primary, "primary"},
                                         {surface_streaming_mode, "streaming_mode"}};
constexpr Names surface_flag_names{true, surface_flag_entries};
constexpr Field surface_create_fields[] = {
    scalar(MEMBER(SurfaceCreate, surface_id)).limited(0, most_surface_id),
    scalar(MEMBER(SurfaceCreate, width)).limited(1, most_side).usually(1, 2000),
    scalar(MEMBER(SurfaceCreate, height)).limited(1, most_side).usually(1, 2000),
    scalar(MEMBER(SurfaceCreate, format)).named(surface_format_names),
    scalar(MEMBER(SurfaceCreate, flags)).named(surface_flag_names),
};
constexpr Layout surface_create_layout = describes<SurfaceCreate>(
    "surface_create", surface_create_fields,
    {.bound = bound_surface, .bound_says = "width · height · 4 below 2 GiB"});

constexpr Field surface_destroy_fields[] = {
    scalar(MEMBER(SurfaceDestroy, surface_id)).limited(0, most_surface_id),
};
constexpr Layout surface_destroy_layout =
    describes<SurfaceDestroy>("surface_destroy", surface_destroy_fields);

constexpr Field monitors_config_fields[] = {
    count("count", 2, 0).limited(0, 256),
    scalar(MEMBER(MonitorsConfig, max_allowed)),
    list(MEMBER(MonitorsConfig, heads), head_layout).counted(0),
};
constexpr Layout monitors_config_layout =
    describes<MonitorsConfig>("monitors_config", monitors_config_fields);

// Client to server
constexpr Field init_fields[] = {
    scalar(MEMBER(Init, pixmap_cache_id)),
    scalar(MEMBER(Init, pixmap_cache_size)).limited(1, std::int64_t{1} << 40, Enforced::validate),
    scalar(MEMBER(Init, glz_dictionary_id)),
    scalar(MEMBER(Init, glz_dictionary_window_size)).limited(0, 1 << 25),
};
constexpr Layout init_layout = describes<Init>("init", init_fields);

constexpr Name compression_entries[] = {
    {0, "invalid"}, {1, "off"}, {2, "auto_glz"}, {3, "auto_lz"},
    {4, "quic"},    {5, "glz"}, {6, "lz"},       {7, "lz4"},
};
constexpr Names compression_names{false, compression_entries};
}  // namespace

std::string_view image_compression_name(std::uint8_t compression) {
  const std::string_view name = name_in(compression_names, compression);
  return name.empty() ? "unknown" : name;
}
std::optional<ImageCompression> image_compression_named(std::string_view name) {
  for (const Name& entry : compression_entries)
    if (entry.name == name && entry.value != 0) return static_cast<ImageCompression>(entry.value);
  return std::nullopt;
}

namespace {

constexpr Field preferred_compression_fields[] = {
    scalar(MEMBER(PreferredCompression, image_compression)).named(compression_names),
};
constexpr Layout preferred_compression_layout =
    describes<PreferredCompression>("preferred_compression", preferred_compression_fields);

constexpr MessageInfo rows[] = {
    row<Mode>(mode_layout),
    row<Mark>(mark_layout),
    row<Reset>(reset_layout),
    row<InvalList>(inval_list_layout),
    row<InvalAllPixmaps>(inval_all_pixmaps_layout),
    row<InvalPalette>(inval_palette_layout),
    row<InvalAllPalettes>(inval_all_palettes_layout),
    row<SurfaceCreate>(surface_create_layout),
    row<SurfaceDestroy>(surface_destroy_layout),
    row<MonitorsConfig>(monitors_config_layout),
    row<Init>(init_layout),
    row<PreferredCompression>(preferred_compression_layout),
};

}  // namespace
}  // namespace display

std::span<const MessageInfo> display_messages() {
  return display::rows;
}

}  // namespace spicebench::wire
