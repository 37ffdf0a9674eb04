// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include "core/wire/describe.hpp"
#include "core/wire/display_types.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/tables.hpp"

// Images, their payloads and palettes (protocol.md §4.2.4 … §4.2.6).
namespace spicebench::wire::display {

constexpr std::int64_t most_side = 32768;
constexpr std::int64_t usual_side = 6;  // of generated images

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

constexpr Layout bitmap_layout = describes<Bitmap>(
    "bitmap", bitmap_fields,
    {.check = check_bitmap,
     .settle = settle_bitmap,
     .bound = bound_bitmap,
     .says = "formats below 16bit have a palette, 1-bit ones of 2 entries or none if a mask",
     .bound_says = "x and y as the image; stride holds a row"});

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
                            .bound_says = "glz_data_size at most 8 · width · height + 64"});

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
                              .bound_says = "jpeg_size at most data_size"});

constexpr Field surface_reference_fields[] = {
    scalar(MEMBER(SurfaceReference, surface_id)).limited(0, most_surface_id),
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
    "image", image_fields, {.bound = bound_image, .bound_says = "width · height · 4 below 2 GiB"});

std::string_view bitmap_format_name(std::uint8_t format) {
  const std::string_view name = name_in(bitmap_format_names, format);
  return name.empty() ? "unknown" : name;
}
std::string_view image_type_name(std::uint8_t type) {
  const std::string_view name = name_in(image_type_names, type);
  return name.empty() ? "unknown" : name;
}

}  // namespace spicebench::wire::display
