// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/display_channel.hpp"

#include <fmt/format.h>

#include "core/wire/describe.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace display {
namespace {

constexpr std::int64_t most_side = 32768, most_surface = 1023;

constexpr Name resource_type_entries[] = {{0, "invalid"}, {resource_pixmap, "pixmap"}};
constexpr Names resource_type_names{false, resource_type_entries};
constexpr Field resource_fields[] = {
    scalar(MEMBER(ResourceId, type)).named(resource_type_names),
    scalar(MEMBER(ResourceId, id)),
};
constexpr Layout resource_layout = describes<ResourceId>("resource_id", resource_fields);

constexpr Field head_fields[] = {
    scalar(MEMBER(Head, monitor_id)),
    scalar(MEMBER(Head, surface_id)).limited(0, most_surface, Enforced::validate),
    scalar(MEMBER(Head, width)),
    scalar(MEMBER(Head, height)),
    scalar(MEMBER(Head, x)),
    scalar(MEMBER(Head, y)),
    scalar(MEMBER(Head, flags)),
};

}  // namespace

constexpr Layout head_layout = describes<Head>("head", head_fields);

namespace {

// Server to client: state and caches
constexpr Field mode_fields[] = {
    scalar(MEMBER(Mode, x_res)).limited(1, most_side),
    scalar(MEMBER(Mode, y_res)).limited(1, most_side),
    scalar(MEMBER(Mode, bits)),
};
constexpr Layout mode_layout = describes<Mode>("mode", mode_fields);

constexpr Layout mark_layout = describes<Mark>("mark", {});
constexpr Layout reset_layout = describes<Reset>("reset", {});

constexpr Field copy_bits_fields[] = {
    structure(MEMBER(CopyBits, base), base_layout),
    structure(MEMBER(CopyBits, src_pos), point_layout),
};

}  // namespace

constexpr Layout copy_bits_layout = describes<CopyBits>("copy_bits", copy_bits_fields);

namespace {

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

std::string check_surface(const Scope& scope) {
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
    scalar(MEMBER(SurfaceCreate, surface_id)).limited(0, most_surface),
    scalar(MEMBER(SurfaceCreate, width)).limited(1, most_side).usually(1, 2000),
    scalar(MEMBER(SurfaceCreate, height)).limited(1, most_side).usually(1, 2000),
    scalar(MEMBER(SurfaceCreate, format)).named(surface_format_names),
    scalar(MEMBER(SurfaceCreate, flags)).named(surface_flag_names),
};
constexpr Layout surface_create_layout =
    describes<SurfaceCreate>("surface_create", surface_create_fields, {check_surface});

constexpr Field surface_destroy_fields[] = {
    scalar(MEMBER(SurfaceDestroy, surface_id)).limited(0, most_surface),
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

// Server to client: drawing
std::string check_fill(const Scope& scope) {
  return check_rop(scope.as<DrawFill>().rop_descriptor);
}
void settle_fill(void* object, const Scope*, Choices& choices) {
  auto& fill = *static_cast<DrawFill*>(object);
  fill.rop_descriptor = settled_rop(fill.rop_descriptor, choices);
}
constexpr Field draw_fill_fields[] = {
    structure(MEMBER(DrawFill, base), base_layout),
    structure(MEMBER(DrawFill, brush), brush_layout),
    scalar(MEMBER(DrawFill, rop_descriptor)).named(rop_names),
    structure(MEMBER(DrawFill, mask), mask_layout),
};

std::string check_copy(const Scope& scope) {
  const auto& copy = scope.as<DrawCopy>();
  std::string wrong = check_rop(copy.rop_descriptor);
  return wrong.empty() ? check_source(copy.src_bitmap, copy.src_area) : wrong;
}
void settle_copy(void* object, const Scope*, Choices& choices) {
  auto& copy = *static_cast<DrawCopy*>(object);
  copy.rop_descriptor = settled_rop(copy.rop_descriptor, choices);
  const auto width = copy.src_bitmap->width, height = copy.src_bitmap->height;
  copy.src_area.left = static_cast<std::int32_t>(choices.below(width));
  copy.src_area.top = static_cast<std::int32_t>(choices.below(height));
  copy.src_area.right = static_cast<std::int32_t>(width);
  copy.src_area.bottom = static_cast<std::int32_t>(height);
}
constexpr Field draw_copy_fields[] = {
    structure(MEMBER(DrawCopy, base), base_layout),
    structure(MEMBER(DrawCopy, src_bitmap), image_layout).by_pointer().required(),
    structure(MEMBER(DrawCopy, src_area), rect_layout),
    scalar(MEMBER(DrawCopy, rop_descriptor)).named(rop_names),
    scalar(MEMBER(DrawCopy, scale_mode)).named(scale_mode_names),
    structure(MEMBER(DrawCopy, mask), mask_layout),
};

}  // namespace

constexpr Layout draw_fill_layout =
    describes<DrawFill>("draw_fill", draw_fill_fields, {check_fill, settle_fill});
constexpr Layout draw_copy_layout =
    describes<DrawCopy>("draw_copy", draw_copy_fields, {check_copy, settle_copy});

namespace {

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
constexpr Field preferred_compression_fields[] = {
    scalar(MEMBER(PreferredCompression, image_compression)).named(compression_names),
};
constexpr Layout preferred_compression_layout =
    describes<PreferredCompression>("preferred_compression", preferred_compression_fields);

constexpr MessageInfo named(Side sender, std::uint16_t id, std::string_view name) {
  return {{ChannelType::display, sender, id}, name, nullptr};
}
constexpr MessageInfo rows[] = {
    row<Mode>(mode_layout),
    row<Mark>(mark_layout),
    row<Reset>(reset_layout),
    row<CopyBits>(copy_bits_layout),
    row<InvalList>(inval_list_layout),
    row<InvalAllPixmaps>(inval_all_pixmaps_layout),
    row<InvalPalette>(inval_palette_layout),
    row<InvalAllPalettes>(inval_all_palettes_layout),
    named(Side::server, 122, "stream_create"),
    named(Side::server, 123, "stream_data"),
    named(Side::server, 124, "stream_clip"),
    named(Side::server, 125, "stream_destroy"),
    named(Side::server, 126, "stream_destroy_all"),
    row<DrawFill>(draw_fill_layout),
    named(Side::server, 303, "draw_opaque"),
    row<DrawCopy>(draw_copy_layout),
    named(Side::server, 305, "draw_blend"),
    named(Side::server, 306, "draw_blackness"),
    named(Side::server, 307, "draw_whiteness"),
    named(Side::server, 308, "draw_invers"),
    named(Side::server, 309, "draw_rop3"),
    named(Side::server, 310, "draw_stroke"),
    named(Side::server, 311, "draw_text"),
    named(Side::server, 312, "draw_transparent"),
    named(Side::server, 313, "draw_alpha_blend"),
    row<SurfaceCreate>(surface_create_layout),
    row<SurfaceDestroy>(surface_destroy_layout),
    named(Side::server, 316, "stream_data_sized"),
    row<MonitorsConfig>(monitors_config_layout),
    named(Side::server, 318, "draw_composite"),
    named(Side::server, 319, "stream_activate_report"),
    named(Side::server, 320, "gl_scanout_unix"),
    named(Side::server, 321, "gl_draw"),
    named(Side::server, 322, "quality_indicator"),
    row<Init>(init_layout),
    named(Side::client, 102, "stream_report"),
    row<PreferredCompression>(preferred_compression_layout),
    named(Side::client, 104, "gl_draw_done"),
    named(Side::client, 105, "preferred_video_codec_type"),
};

}  // namespace
}  // namespace display

std::span<const MessageInfo> display_messages() {
  return display::rows;
}

}  // namespace spicebench::wire
