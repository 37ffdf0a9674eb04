// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/display_types.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/describe.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire::display {

constexpr std::int64_t most_coordinate = 1 << 20, most_side = 32768;
constexpr std::int64_t usual_side = 6;  // of generated images

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
    scalar(MEMBER(DisplayBase, surface_id)).limited(0, 1023, Enforced::validate),
    structure(MEMBER(DisplayBase, box), rect_layout),
    structure(MEMBER(DisplayBase, clip), clip_layout),
};

}  // namespace

constexpr Layout base_layout = describes<DisplayBase>("display_base", base_fields);

namespace {

constexpr Field palette_fields[] = {
    scalar(MEMBER(Palette, unique)),
    count("num_ents", 2, 0).limited(1, 256),
    list(MEMBER(Palette, entries)).counted(0),
};

}  // namespace

constexpr Layout palette_layout = describes<Palette>("palette", palette_fields);

namespace {

constexpr Name bitmap_format_entries[] = {
    {format_1bit_le, "1bit_le"}, {format_1bit_be, "1bit_be"}, {format_4bit_le, "4bit_le"},
    {format_4bit_be, "4bit_be"}, {format_8bit, "8bit"},       {format_16bit, "16bit"},
    {format_24bit, "24bit"},     {format_32bit, "32bit"},     {format_rgba, "rgba"},
    {format_8bit_a, "8bit_a"},
};
constexpr Names bitmap_format_names{false, bitmap_format_entries};
constexpr Name bitmap_flag_entries[] = {
    {pal_cache_me, "pal_cache_me"}, {pal_from_cache, "pal_from_cache"}, {top_down, "top_down"}};
constexpr Names bitmap_flag_names{true, bitmap_flag_entries};

std::uint64_t least_stride(const Bitmap& bitmap) {
  return (std::uint64_t{bitmap.x} * bitmap_bits(bitmap.format) + 7) / 8;
}
bool wants_palette(std::uint8_t format) {
  return format >= format_1bit_le && format <= format_8bit;
}
// A palette is needed, except by masks: they are 1-bit and may do without.
bool may_miss_palette(const Bitmap& bitmap) {
  return !wants_palette(bitmap.format) || bitmap_bits(bitmap.format) == 1 ||
         (bitmap.flags & pal_from_cache) != 0;
}
std::string bound_bitmap(const Scope& scope) {
  const auto& bitmap = scope.as<Bitmap>();
  const auto& image = scope.outer->as<Image>();
  if (bitmap.x != image.width || bitmap.y != image.height)
    return fmt::format("bitmap of {}×{} in an image of {}×{}", bitmap.x, bitmap.y, image.width,
                       image.height);
  if (bitmap.stride < least_stride(bitmap))
    return fmt::format("stride {}, at least {}", bitmap.stride, least_stride(bitmap));
  return {};
}
std::string check_bitmap(const Scope& scope) {
  const auto& bitmap = scope.as<Bitmap>();
  if (!bitmap.palette && !may_miss_palette(bitmap)) return "no palette";
  if (bitmap.palette && bitmap_bits(bitmap.format) == 1 && bitmap.palette->entries.size() < 2)
    return "a 1-bit format needs 2 palette entries";
  return {};
}
void settle_bitmap(void* object, const Scope* outer, Choices& choices) {
  auto& bitmap = *static_cast<Bitmap*>(object);
  const auto& image = outer->as<Image>();
  bitmap.x = image.width, bitmap.y = image.height;
  bitmap.stride = static_cast<std::uint32_t>(least_stride(bitmap) + choices.below(3));
  const bool missing = !bitmap.palette && !may_miss_palette(bitmap);
  const bool too_small = bitmap.palette && bitmap.palette->entries.size() < 2;
  if (missing || too_small) bitmap.palette = Palette{choices.below(1000), {0, 0xffffff}};
}
std::uint64_t bitmap_bytes(const Scope& scope) {
  const auto& bitmap = scope.as<Bitmap>();
  return std::uint64_t{bitmap.stride} * bitmap.y;
}
constexpr Condition palette_cached = has_bits(MEMBER(Bitmap, flags), pal_from_cache);
constexpr Field bitmap_fields[] = {
    scalar(MEMBER(Bitmap, format)).named(bitmap_format_names),
    scalar(MEMBER(Bitmap, flags)).named(bitmap_flag_names),
    scalar(MEMBER(Bitmap, x)).limited(1, most_side),
    scalar(MEMBER(Bitmap, y)).limited(1, most_side),
    scalar(MEMBER(Bitmap, stride)),
    scalar(MEMBER(Bitmap, palette_id)).when(palette_cached),
    structure(MEMBER(Bitmap, palette), palette_layout).by_pointer().unless(palette_cached),
    bytes(MEMBER(Bitmap, data)).sized(bitmap_bytes),
};

}  // namespace

constexpr Layout bitmap_layout =
    describes<Bitmap>("bitmap", bitmap_fields,
                      {.check = check_bitmap,
                       .settle = settle_bitmap,
                       .bound = bound_bitmap,
                       .says = "x and y as the image; stride holds a row; formats below 16bit "
                               "have a palette, 1-bit ones of 2 entries unless a mask"});

namespace {

constexpr Field sized_data_fields[] = {
    count("data_size", 4, 0),
    bytes(MEMBER(SizedData, data)).counted(0),
};
constexpr Layout sized_data_layout = describes<SizedData>("sized_data", sized_data_fields);

constexpr Condition lz_palette_cached = has_bits(MEMBER(LzPaletteData, flags), pal_from_cache);
constexpr Field lz_palette_fields[] = {
    scalar(MEMBER(LzPaletteData, flags)).named(bitmap_flag_names),
    count("data_size", 4, 0),
    scalar(MEMBER(LzPaletteData, palette_id)).when(lz_palette_cached),
    structure(MEMBER(LzPaletteData, palette), palette_layout)
        .by_pointer(Place::required_pointer)
        .unless(lz_palette_cached),
    bytes(MEMBER(LzPaletteData, data)).counted(0),
};
constexpr Layout lz_palette_layout = describes<LzPaletteData>("lz_palette", lz_palette_fields);

std::string bound_zlib_glz(const Scope& scope) {
  const auto& image = scope.outer->as<Image>();
  const std::uint64_t most = 8 * std::uint64_t{image.width} * image.height + 64;
  const std::uint32_t found = scope.as<ZlibGlzData>().glz_data_size;
  return found <= most ? "" : fmt::format("glz_data_size {}, at most {}", found, most);
}
void settle_zlib_glz(void* object, const Scope*, Choices&) {
  auto& data = *static_cast<ZlibGlzData*>(object);
  data.glz_data_size %= 64;
}
constexpr Field zlib_glz_fields[] = {
    scalar(MEMBER(ZlibGlzData, glz_data_size)),
    count("data_size", 4, 0),
    bytes(MEMBER(ZlibGlzData, data)).counted(0),
};
constexpr Layout zlib_glz_layout =
    describes<ZlibGlzData>("zlib_glz", zlib_glz_fields,
                           {.settle = settle_zlib_glz,
                            .bound = bound_zlib_glz,
                            .says = "glz_data_size at most 8 · width · height + 64"});

constexpr Name jpeg_flag_entries[] = {{1, "top_down"}};
constexpr Names jpeg_flag_names{true, jpeg_flag_entries};
std::string bound_jpeg_alpha(const Scope& scope) {
  const auto& jpeg = scope.as<JpegAlphaData>();
  return jpeg.jpeg_size <= jpeg.data.size()
             ? ""
             : fmt::format("jpeg_size {}, data_size {}", jpeg.jpeg_size, jpeg.data.size());
}
void settle_jpeg_alpha(void* object, const Scope*, Choices&) {
  auto& jpeg = *static_cast<JpegAlphaData*>(object);
  jpeg.jpeg_size %= static_cast<std::uint32_t>(jpeg.data.size() + 1);
}
constexpr Field jpeg_alpha_fields[] = {
    scalar(MEMBER(JpegAlphaData, flags)).named(jpeg_flag_names),
    scalar(MEMBER(JpegAlphaData, jpeg_size)),
    count("data_size", 4, 0),
    bytes(MEMBER(JpegAlphaData, data)).counted(0),
};
constexpr Layout jpeg_alpha_layout =
    describes<JpegAlphaData>("jpeg_alpha", jpeg_alpha_fields,
                             {.settle = settle_jpeg_alpha,
                              .bound = bound_jpeg_alpha,
                              .says = "jpeg_size at most data_size"});

constexpr Field surface_reference_fields[] = {
    scalar(MEMBER(SurfaceReference, surface_id)).limited(0, 1023, Enforced::validate),
};
constexpr Layout surface_reference_layout =
    describes<SurfaceReference>("surface", surface_reference_fields);

constexpr Name image_type_entries[] = {
    {0, "bitmap"},         {1, "quic"},         {100, "lz_plt"},
    {101, "lz_rgb"},       {102, "glz_rgb"},    {103, "from_cache"},
    {104, "surface"},      {105, "jpeg"},       {106, "from_cache_lossless"},
    {107, "zlib_glz_rgb"}, {108, "jpeg_alpha"}, {109, "lz4"},
};
constexpr Names image_type_names{false, image_type_entries};
constexpr Name image_flag_entries[] = {{cache_me, "cache_me"},
                                       {high_bits_set, "high_bits_set"},
                                       {cache_replace_me, "cache_replace_me"}};
constexpr Names image_flag_names{true, image_flag_entries};

constexpr Case payload_case(ImageType type, std::uint8_t alternative, const Layout& layout) {
  return {.value = static_cast<std::uint64_t>(type), .alternative = alternative, .layout = &layout};
}
constexpr Case payload_cases[] = {
    payload_case(ImageType::bitmap, 1, bitmap_layout),
    payload_case(ImageType::quic, 2, sized_data_layout),
    payload_case(ImageType::lz_rgb, 2, sized_data_layout),
    payload_case(ImageType::glz_rgb, 2, sized_data_layout),
    payload_case(ImageType::jpeg, 2, sized_data_layout),
    payload_case(ImageType::lz4, 2, sized_data_layout),
    payload_case(ImageType::lz_plt, 3, lz_palette_layout),
    payload_case(ImageType::zlib_glz_rgb, 4, zlib_glz_layout),
    payload_case(ImageType::jpeg_alpha, 5, jpeg_alpha_layout),
    payload_case(ImageType::surface, 6, surface_reference_layout),
};
std::string bound_image(const Scope& scope) {
  const auto& image = scope.as<Image>();
  return std::uint64_t{image.width} * image.height * 4 <= INT32_MAX
             ? ""
             : fmt::format("{}×{} pixels of 4 bytes are more than 2 GiB", image.width,
                           image.height);
}
constexpr Field image_fields[] = {
    scalar(MEMBER(Image, id)),
    scalar(MEMBER(Image, type)).named(image_type_names),
    scalar(MEMBER(Image, flags)).named(image_flag_names),
    scalar(MEMBER(Image, width)).limited(1, most_side).usually(1, usual_side),
    scalar(MEMBER(Image, height)).limited(1, most_side).usually(1, usual_side),
    choice(MEMBER(Image, payload), MEMBER(Image, type), payload_cases),
};

}  // namespace

constexpr Layout image_layout = describes<Image>(
    "image", image_fields, {.bound = bound_image, .says = "width · height · 4 below 2 GiB"});

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

std::string_view bitmap_format_name(std::uint8_t format) {
  const std::string_view name = name_in(bitmap_format_names, format);
  return name.empty() ? "unknown" : name;
}
std::string_view image_type_name(std::uint8_t type) {
  const std::string_view name = name_in(image_type_names, type);
  return name.empty() ? "unknown" : name;
}

}  // namespace spicebench::wire::display
