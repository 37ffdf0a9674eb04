// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/command/image.hpp"

#include <fmt/format.h>

namespace spicebench::qxl {

using namespace wire::display;

namespace {

constexpr std::uint64_t image_bytes = 48, quic_chunk = 22;
constexpr std::uint32_t max_side = 32768;
constexpr std::uint64_t max_pixel_bytes = 0x7fff'ffff;
constexpr std::uint64_t palette_header = 10;
constexpr std::uint16_t max_palette = 256;
enum DeviceBitmapFlags : std::uint8_t { direct = 1, unstable = 2, device_top_down = 4 };
enum DeviceImageFlags : std::uint8_t { device_cache = 1, device_high_bits = 2 };

FieldPath joined(const FieldPath& path, const char* field) {
  return {path, field};
}

Parsed<Palette> read_palette(Reader& reader, std::uint64_t address, const FieldPath& path) {
  const Fields header{TRY(reader.at(address, palette_header, path))};
  const std::uint16_t count = header.u16(8);
  if (count == 0 || count > max_palette)
    return refuse(ErrorCode::out_of_range, fmt::format("{} colours, 1 to {}", count, max_palette),
                  path);
  const Fields whole{TRY(reader.again_at(address, palette_header + 4u * count, path))};
  reader.charge_object();
  reader.charge_bytes(palette_header + 4u * count);
  Palette palette{.unique = header.u64(0)};
  for (std::size_t i = 0; i < count; ++i)
    palette.entries.push_back(reader.colour(whole.u32(palette_header + 4 * i)));
  return palette;
}

Parsed<Bitmap> read_bitmap(Reader& reader, const Fields& in, ImageUse use, const FieldPath& path) {
  Bitmap bitmap;
  bitmap.format = in.u8(0);
  const std::uint8_t flags = in.u8(1);
  bitmap.flags = flags & device_top_down ? top_down : 0;
  bitmap.x = in.u32(2);
  bitmap.y = in.u32(6);
  bitmap.stride = in.u32(10);
  const std::uint64_t palette = in.u64(14), data = in.u64(22);

  const unsigned bits = bitmap_bits(bitmap.format);
  if (bits == 0 || (use == ImageUse::mask && bits != 1))
    return refuse(
        ErrorCode::out_of_range,
        fmt::format("format {}{}", bitmap.format, use == ImageUse::mask ? " of a mask" : ""),
        joined(path, "format"));
  if (bitmap.x == 0 || bitmap.y == 0 || bitmap.x > max_side || bitmap.y > max_side)
    return refuse(ErrorCode::out_of_range,
                  fmt::format("{} x {}, sides 1 to {}", bitmap.x, bitmap.y, max_side),
                  joined(path, "size"));
  const std::uint64_t row = (std::uint64_t{bitmap.x} * bits + 7) / 8;
  const std::uint64_t total = std::uint64_t{bitmap.stride} * bitmap.y;
  if (bitmap.stride < row || total > max_pixel_bytes)
    return refuse(ErrorCode::out_of_range,
                  fmt::format("stride {}, at least {}, at most {} in all", bitmap.stride, row,
                              max_pixel_bytes),
                  joined(path, "stride"));
  const bool indexed = bitmap.format <= format_8bit;
  if (indexed && use == ImageUse::colours) {
    if (palette == 0)
      return refuse(ErrorCode::malformed, fmt::format("format {} without one", bitmap.format),
                    joined(path, "palette"));
    bitmap.palette = TRY(read_palette(reader, palette, joined(path, "palette")));
  }
  const auto where = joined(path, "data");
  if (flags & direct) {
    const auto pixels = TRY(reader.at(data, total, where));
    bitmap.data = SharedBytes(Bytes(pixels.begin(), pixels.end()));
  } else {
    bitmap.data = SharedBytes(TRY(reader.chunks(data, Reader::First::own, total, where)));
  }
  return bitmap;
}

// The pixels of an image, by its type. `in` begins behind the descriptor.
Parsed<void> read_payload(Image& image, Reader& reader, const Surfaces& surfaces,
                          std::uint64_t address, const Fields& in, ImageUse use,
                          const FieldPath& path) {
  switch (static_cast<ImageType>(image.type)) {
    case ImageType::bitmap: {
      auto bitmap = TRY(read_bitmap(reader, in, use, path));
      if (bitmap.x != image.width || bitmap.y != image.height)
        return refuse(ErrorCode::malformed,
                      fmt::format("bitmap of {} x {} in an image of {} x {}", bitmap.x, bitmap.y,
                                  image.width, image.height),
                      joined(path, "size"));
      // What may change under the same id must not be cached.
      if ((in.u8(1) & unstable) != 0) image.flags &= static_cast<std::uint8_t>(~cache_me);
      image.payload = std::move(bitmap);
      return {};
    }
    case ImageType::quic: {
      if (use == ImageUse::mask)
        return refuse(ErrorCode::out_of_range, "QUIC of a mask", joined(path, "type"));
      if (image.width == 0 || image.height == 0 || image.width > max_side ||
          image.height > max_side)
        return refuse(ErrorCode::out_of_range,
                      fmt::format("{} x {}, sides 1 to {}", image.width, image.height, max_side),
                      joined(path, "size"));
      image.payload = SizedData{SharedBytes(TRY(reader.chunks(
          address + quic_chunk, Reader::First::embedded, in.u32(0), joined(path, "data"))))};
      reader.charge(CostModel::of_pixels(std::uint64_t{image.width} * image.height,
                                         reader.costs().pixel_quic));
      return {};
    }
    case ImageType::surface: {
      const std::uint32_t id = in.u32(0);
      const LiveSurface* surface = surfaces.find(id);
      if (!surface)
        return refuse(ErrorCode::not_found, fmt::format("surface {}", id),
                      joined(path, "surface_id"));
      if (use == ImageUse::mask && surface->format != surface_1_a)
        return refuse(ErrorCode::out_of_range, fmt::format("format {} of a mask", surface->format),
                      joined(path, "surface_id"));
      // What the descriptor says of the size means nothing.
      image.width = surface->width;
      image.height = surface->height;
      image.payload = SurfaceReference{id};
      return {};
    }
    default:
      return refuse(ErrorCode::out_of_range, fmt::format("{} is no image of a guest", image.type),
                    joined(path, "type"));
  }
}

}  // namespace

Parsed<Image> read_image(Reader& reader, const Surfaces& surfaces, std::uint64_t address,
                         ImageUse use, const FieldPath& path) {
  const Fields in{TRY(reader.at(address, image_bytes, path))};
  reader.charge_object();
  reader.charge_bytes(image_bytes);
  Image image;
  image.id = in.u64(0);
  image.type = in.u8(8);
  const std::uint8_t flags = in.u8(9);
  if ((flags & device_cache) != 0) image.flags |= cache_me;
  if ((flags & device_high_bits) != 0) image.flags |= high_bits_set;
  image.width = in.u32(10);
  image.height = in.u32(14);
  CHECKED(read_payload(image, reader, surfaces, address, in.part(18), use, path));
  return image;
}

Parsed<Image> copy_of(Reader& reader, const LiveSurface& surface, const Rect& part,
                      const FieldPath& path) {
  if (is_empty(part) || !is_within(part, surface.width, surface.height))
    return refuse(ErrorCode::out_of_range,
                  fmt::format("{}, {} … {}, {} on a surface of {} x {}", part.left, part.top,
                              part.right, part.bottom, surface.width, surface.height),
                  joined(path, "self_bitmap_area"));
  Bitmap bitmap{.flags = top_down};
  std::size_t pixel_bytes = 4;
  switch (surface.format) {
    case surface_32_xrgb:
      bitmap.format = format_32bit;
      break;
    case surface_32_argb:
      bitmap.format = format_rgba;
      break;
    case surface_16_555:
      bitmap.format = format_16bit;
      pixel_bytes = 2;
      break;
    case surface_8_a:
      bitmap.format = format_8bit_a;
      pixel_bytes = 1;
      break;
    default:
      return refuse(ErrorCode::unsupported,
                    fmt::format("of a surface of format {}", surface.format),
                    joined(path, "self_bitmap"));
  }
  const auto width = static_cast<std::size_t>(width_of(part));
  const auto left = static_cast<std::size_t>(part.left);
  bitmap.x = static_cast<std::uint32_t>(width);
  bitmap.y = static_cast<std::uint32_t>(height_of(part));
  bitmap.stride = bitmap.x * static_cast<std::uint32_t>(pixel_bytes);
  Bytes pixels;
  for (std::int32_t y = part.top; y < part.bottom; ++y)
    append(pixels, row_of(surface, static_cast<std::uint32_t>(y))
                       .subspan(left * pixel_bytes, width * pixel_bytes));
  reader.charge_bytes(pixels.size());
  bitmap.data = SharedBytes(std::move(pixels));
  return Image{.type = static_cast<std::uint8_t>(ImageType::bitmap),
               .width = bitmap.x,
               .height = bitmap.y,
               .payload = std::move(bitmap)};
}

}  // namespace spicebench::qxl
