// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/display_types.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/describe.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire::display {

constexpr std::int64_t most_coordinate = 1 << 20;

constexpr Field point_fields[] = {scalar(MEMBER(Point, x)), scalar(MEMBER(Point, y))};
constexpr Layout point_layout = describes<Point>("point", point_fields);

constexpr Field point16_fields[] = {scalar(MEMBER(Point16, x)), scalar(MEMBER(Point16, y))};
constexpr Layout point16_layout = describes<Point16>("point16", point16_fields);

namespace {

constexpr Field coordinate(const Field& field) {
  return field.limited(-most_coordinate, most_coordinate, Enforced::validate).usually(0, 1000);
}
std::string check_rect(const Scope& scope) {
  const auto& rect = scope.as<Rect>();
  return rect.right >= rect.left && rect.bottom >= rect.top ? "" : "right < left or bottom < top";
}
void settle_rect(void* object, const Scope*, Choices&) {
  auto& rect = *static_cast<Rect*>(object);
  if (rect.right < rect.left) std::swap(rect.left, rect.right);
  if (rect.bottom < rect.top) std::swap(rect.top, rect.bottom);
}
constexpr Field rect_fields[] = {
    coordinate(scalar(MEMBER(Rect, top))),
    coordinate(scalar(MEMBER(Rect, left))),
    coordinate(scalar(MEMBER(Rect, bottom))),
    coordinate(scalar(MEMBER(Rect, right))),
};

}  // namespace

constexpr Layout rect_layout = describes<Rect>(
    "rect", rect_fields, {check_rect, settle_rect, nullptr, "right >= left and bottom >= top"});

namespace {

constexpr Name clip_type_entries[] = {{clip_none, "none"}, {clip_rects, "rects"}};
constexpr Names clip_type_names{false, clip_type_entries};
constexpr Condition with_rects = is(MEMBER(Clip, type), clip_rects);
constexpr Field clip_fields[] = {
    scalar(MEMBER(Clip, type)).named(clip_type_names),
    count("num_rects", 4, 0).when(with_rects),
    list(MEMBER(Clip, rects), rect_layout).counted(0).when(with_rects),
};

}  // namespace

constexpr Layout clip_layout = describes<Clip>("clip", clip_fields);

namespace {

constexpr Field base_fields[] = {
    scalar(MEMBER(DisplayBase, surface_id)).limited(0, most_surface_id),
    structure(MEMBER(DisplayBase, box), rect_layout),
    structure(MEMBER(DisplayBase, clip), clip_layout),
};

}  // namespace

constexpr Layout base_layout = describes<DisplayBase>("display_base", base_fields);

namespace {

constexpr Field solid_fields[] = {scalar(MEMBER(SolidBrush, color))};
constexpr Layout solid_layout = describes<SolidBrush>("solid", solid_fields);
constexpr Field pattern_fields[] = {
    structure(MEMBER(PatternBrush, pattern), image_layout).by_pointer(Place::required_pointer),
    structure(MEMBER(PatternBrush, position), point_layout),
};
constexpr Layout pattern_layout = describes<PatternBrush>("pattern", pattern_fields);

constexpr Name brush_type_entries[] = {{0, "none"}, {1, "solid"}, {2, "pattern"}};
constexpr Names brush_type_names{false, brush_type_entries};
constexpr Case brush_cases[] = {
    {.value = 1, .alternative = 1, .layout = &solid_layout},
    {.value = 2, .alternative = 2, .layout = &pattern_layout},
};
constexpr Field brush_fields[] = {
    scalar(MEMBER(Brush, type)).named(brush_type_names),
    choice(MEMBER(Brush, body), MEMBER(Brush, type), brush_cases),
};

}  // namespace

constexpr Layout brush_layout = describes<Brush>("brush", brush_fields);

namespace {

constexpr Name mask_flag_entries[] = {{1, "invers"}};
constexpr Names mask_flag_names{true, mask_flag_entries};

// A mask is a 1-bit bitmap, a cached one, or a surface.
bool can_be_mask(const Image& image) {
  if (const auto* bitmap = std::get_if<Bitmap>(&image.payload))
    return bitmap_bits(bitmap->format) == 1;
  const auto type = static_cast<ImageType>(image.type);
  return type == ImageType::from_cache || type == ImageType::surface;
}
std::string check_mask(const Scope& scope) {
  const auto& mask = scope.as<QMask>();
  return !mask.bitmap || can_be_mask(*mask.bitmap) ? "" : "the mask is not a 1-bit image";
}
void settle_mask(void* object, const Scope*, Choices&) {
  auto& mask = *static_cast<QMask*>(object);
  if (!mask.bitmap || can_be_mask(*mask.bitmap)) return;
  mask.bitmap->type = static_cast<std::uint8_t>(ImageType::from_cache);
  mask.bitmap->payload = {};
}
constexpr Field mask_fields[] = {
    scalar(MEMBER(QMask, flags)).named(mask_flag_names),
    structure(MEMBER(QMask, position), point_layout),
    structure(MEMBER(QMask, bitmap), image_layout).by_pointer(),
};

}  // namespace

constexpr Layout mask_layout = describes<QMask>(
    "mask", mask_fields,
    {check_mask, settle_mask, nullptr, "bitmap is a 1-bit bitmap, from_cache or a surface"});

namespace {

constexpr Name rop_entries[] = {
    {ropd_invers_src, "invers_src"},
    {ropd_invers_brush, "invers_brush"},
    {ropd_invers_dest, "invers_dest"},
    {ropd_put, "put"},
    {ropd_or, "or"},
    {ropd_and, "and"},
    {ropd_xor, "xor"},
    {ropd_blackness, "blackness"},
    {ropd_whiteness, "whiteness"},
    {ropd_invers, "invers"},
    {ropd_invers_res, "invers_res"},
};
constexpr Name scale_mode_entries[] = {{0, "interpolate"}, {1, "nearest"}};
constexpr Name surface_format_entries[] = {
    {surface_1_a, "1_a"},         {surface_8_a, "8_a"},       {surface_16_555, "16_555"},
    {surface_32_xrgb, "32_xrgb"}, {surface_16_565, "16_565"}, {surface_32_argb, "32_argb"},
};
constexpr unsigned rop_operators = 0x3f8;  // put … invers

}  // namespace

constexpr Names rop_names{true, rop_entries};
constexpr Names scale_mode_names{false, scale_mode_entries};
constexpr Names surface_format_names{false, surface_format_entries};

std::string check_rop(std::uint16_t rop) {
  return std::has_single_bit(rop & rop_operators)
             ? ""
             : fmt::format("rop_descriptor {:#x}, exactly one operator allowed", rop);
}
std::uint16_t settled_rop(std::uint16_t rop, Choices& choices) {
  return static_cast<std::uint16_t>((rop & ~rop_operators) | (ropd_put << choices.below(7)));
}

std::string check_source(const std::optional<Image>& image, const Rect& area) {
  if (!image) return "no source image";
  if (area.left < 0 || area.top < 0 || is_empty(area) || area.right > std::int64_t{image->width} ||
      area.bottom > std::int64_t{image->height})
    return fmt::format("src_area [{}, {}) × [{}, {}) of an image of {}×{}", area.left, area.right,
                       area.top, area.bottom, image->width, image->height);
  return {};
}

Rect settled_source(const Image& image, Choices& choices) {
  return {.top = static_cast<std::int32_t>(choices.below(image.height)),
          .left = static_cast<std::int32_t>(choices.below(image.width)),
          .bottom = static_cast<std::int32_t>(image.height),
          .right = static_cast<std::int32_t>(image.width)};
}

}  // namespace spicebench::wire::display
