// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include "core/wire/guest_shapes.hpp"
#include "recorder/import/qxl_fields.hpp"

namespace spicebench::recorder {

using namespace wire::display;
namespace device = wire::device;
using device::DrawType;

namespace {

// A drawable in the order in which its parts are recorded.
class DrawableFields {
 public:
  explicit DrawableFields(QxlFields& in) : in_(in) {}

  Result<device::Drawable> read() {
    CHECKED(in_.text.word("drawable"));
    device::Drawable out;
    DisplayBase base{.box = TRY(in_.text.rect("bbox"))};
    base.clip = TRY(clip());
    out.effect = TRY(in_.number<std::uint8_t>("effect"));
    out.mm_time = TRY(in_.number<std::uint32_t>("mm_time"));
    // Devices before revision 2 have another form of drawable.
    compat_ = in_.text.next_starts_with("bitmap_offset ");
    CHECKED(self_bitmap());
    if (!compat_) {
      base.surface_id = TRY(in_.number<std::uint32_t>("surface_id"));
      for (int i = 0; i < 3; ++i) {
        CHECKED(in_.number<std::uint32_t>("surfaces_dest"));
        CHECKED(in_.text.rect("surfaces_rects"));
      }
    }
    out.type = TRY(in_.number<std::uint8_t>("type"));
    CHECKED(read_body(out, std::move(base)));
    return out;
  }

 private:
  // Copies of what a command is about to change, to be its source: no driver asks for one.
  Result<void> self_bitmap() {
    const auto wanted = TRY(in_.number<std::uint16_t>(compat_ ? "bitmap_offset" : "self_bitmap"));
    CHECKED(in_.text.rect(compat_ ? "bitmap_area" : "self_bitmap_area"));
    if (wanted != 0) in_.refuse({ErrorCode::unsupported, 0, "self_bitmap", "set"});
    return {};
  }

  Result<Clip> clip() {
    Clip clip{.type = TRY(in_.fitting<std::uint8_t>("type"))};
    if (clip.type != clip_rects) return clip;
    const auto count = TRY(in_.number<std::uint32_t>("num_rects"));
    const SharedBytes data = TRY(in_.text.chunks("clip_rects"));
    constexpr std::size_t rect_bytes = 16;
    if (data.size() != std::uint64_t{count} * rect_bytes) {
      in_.refuse({ErrorCode::malformed, 0, "clip_rects",
                  fmt::format("{} rectangles in {} bytes", count, data.size())});
      return clip;
    }
    clip.rects.reserve(count);
    for (const std::byte* at = data.data(); clip.rects.size() < count; at += rect_bytes)
      clip.rects.push_back({i32(at), i32(at + 4), i32(at + 8), i32(at + 12)});
    return clip;
  }
  static std::int32_t i32(const std::byte* at) {
    return static_cast<std::int32_t>(load_little_endian(at, 4));
  }

  Result<void> read_body(device::Drawable& out, DisplayBase base) {
    switch (static_cast<DrawType>(out.type)) {
      case DrawType::nop:
        return {};
      case DrawType::fill:
        return read(out.body.emplace<DrawFill>(std::move(base)));
      case DrawType::opaque:
        return read(out.body.emplace<DrawOpaque>(std::move(base)));
      case DrawType::copy:
        return read(out.body.emplace<DrawCopy>(std::move(base)));
      case DrawType::copy_bits:
        return read(out.body.emplace<CopyBits>(std::move(base)));
      case DrawType::blend:
        return read(out.body.emplace<DrawBlend>(std::move(base)));
      case DrawType::blackness:
        return read(out.body.emplace<DrawBlackness>(std::move(base)));
      case DrawType::whiteness:
        return read(out.body.emplace<DrawWhiteness>(std::move(base)));
      case DrawType::invers:
        return read(out.body.emplace<DrawInvers>(std::move(base)));
      case DrawType::rop3:
        return read(out.body.emplace<DrawRop3>(std::move(base)));
      case DrawType::stroke:
        return read(out.body.emplace<DrawStroke>(std::move(base)));
      case DrawType::text:
        return read(out.body.emplace<DrawText>(std::move(base)));
      case DrawType::transparent:
        return read(out.body.emplace<DrawTransparent>(std::move(base)));
      case DrawType::alpha_blend:
        return read(out.body.emplace<DrawAlphaBlend>(std::move(base)));
      case DrawType::composite:
        return read(out.body.emplace<DrawComposite>(std::move(base)));
    }
    in_.refuse({ErrorCode::out_of_range, 0, "type", fmt::format("operation {}", out.type)});
    return {};
  }

  Result<void> read(DrawFill& draw) {
    draw.brush = TRY(brush());
    draw.rop_descriptor = TRY(rop("rop_descriptor"));
    draw.mask = TRY(mask());
    return {};
  }
  Result<void> read(DrawOpaque& draw) {
    CHECKED(read_source(draw));
    draw.brush = TRY(brush());
    draw.rop_descriptor = TRY(rop("rop_descriptor"));
    draw.scale_mode = TRY(in_.number<std::uint8_t>("scale_mode"));
    draw.mask = TRY(mask());
    return {};
  }
  template <std::uint16_t id>
  Result<void> read(CopyDrawing<id>& draw) {
    CHECKED(read_source(draw));
    draw.rop_descriptor = TRY(rop("rop_descriptor"));
    draw.scale_mode = TRY(in_.number<std::uint8_t>("scale_mode"));
    draw.mask = TRY(mask());
    return {};
  }
  Result<void> read(CopyBits& draw) {
    draw.src_pos = TRY(in_.text.point());
    return {};
  }
  template <std::uint16_t id>
  Result<void> read(MaskDrawing<id>& draw) {
    draw.mask = TRY(mask());
    return {};
  }
  Result<void> read(DrawRop3& draw) {
    CHECKED(read_source(draw));
    draw.brush = TRY(brush());
    draw.rop3 = TRY(in_.number<std::uint8_t>("rop3"));
    draw.scale_mode = TRY(in_.number<std::uint8_t>("scale_mode"));
    draw.mask = TRY(mask());
    return {};
  }
  Result<void> read(DrawStroke& draw) {
    draw.path = in_.or_refuse(device::read_guest_path(TRY(in_.text.chunks("path"))));
    draw.attr.flags = TRY(in_.number<std::uint8_t>("attr.flags"));
    if ((draw.attr.flags & line_styled) != 0) {
      const auto count = TRY(in_.number<std::uint8_t>("attr.style_nseg"));
      const SharedBytes style = TRY(in_.text.binary("style"));
      if (style.size() != std::size_t{4} * count) return wrong_size("style", style);
      for (std::size_t i = 0; i < count; ++i) draw.attr.style.push_back(i32(style.data() + 4 * i));
    }
    draw.brush = TRY(brush());
    draw.fore_mode = TRY(rop("fore_mode"));
    draw.back_mode = TRY(rop("back_mode"));
    return {};
  }
  Result<void> read(DrawText& draw) {
    CHECKED(in_.number<std::uint32_t>("data_size"));
    const auto length = TRY(in_.number<std::uint16_t>("length"));
    const auto flags = TRY(in_.number<std::uint16_t>("flags"));
    const SharedBytes glyphs = TRY(in_.text.chunks("string"));
    draw.str = in_.or_refuse(device::read_guest_string(glyphs, length, flags));
    draw.back_area = TRY(in_.text.rect("back_area"));
    draw.fore_brush = TRY(brush());
    draw.back_brush = TRY(brush());
    draw.fore_mode = TRY(rop("fore_mode"));
    draw.back_mode = TRY(rop("back_mode"));
    return {};
  }
  Result<void> read(DrawTransparent& draw) {
    CHECKED(read_source(draw));
    draw.src_color = TRY(in_.number<std::uint32_t>("src_color"));
    draw.true_color = TRY(in_.number<std::uint32_t>("true_color"));
    return {};
  }
  Result<void> read(DrawAlphaBlend& draw) {
    if (!compat_) draw.alpha_flags = TRY(in_.fitting<std::uint8_t>("alpha_flags"));
    draw.alpha = TRY(in_.number<std::uint8_t>("alpha"));
    return read_source(draw);
  }
  // What the command has is said by its flags in a value, and by addresses in guest memory.
  Result<void> read(DrawComposite& draw) {
    draw.flags = TRY(in_.number<std::uint32_t>("flags"));
    draw.flags &=
        ~(composite_has_mask | composite_has_source_transform | composite_has_mask_transform);
    draw.src_bitmap = TRY(image());
    draw.src_transform = TRY(transform("src_transform"));
    if (TRY(in_.flag("mask"))) draw.mask_bitmap = TRY(image());
    draw.mask_transform = TRY(transform("mask_transform"));
    draw.src_origin = TRY(in_.text.point16("src_origin"));
    draw.mask_origin = TRY(in_.text.point16("mask_origin"));
    if (!draw.mask_bitmap) draw.mask_transform.reset();
    if (draw.mask_bitmap) draw.flags |= composite_has_mask;
    if (draw.src_transform) draw.flags |= composite_has_source_transform;
    if (draw.mask_transform) draw.flags |= composite_has_mask_transform;
    return {};
  }

  // Parts of several commands

  template <class Draw>
  Result<void> read_source(Draw& draw) {
    draw.src_bitmap = TRY(image());
    draw.src_area = TRY(in_.text.rect("src_area"));
    return {};
  }
  Result<std::uint16_t> rop(std::string_view name) { return in_.number<std::uint16_t>(name); }

  Result<Brush> brush() {
    Brush brush{.type = TRY(in_.fitting<std::uint8_t>("type"))};
    if (brush.type == static_cast<std::uint8_t>(BrushType::solid)) {
      brush.body = SolidBrush{TRY(in_.number<std::uint32_t>("u.color"))};
    } else if (brush.type == static_cast<std::uint8_t>(BrushType::pattern)) {
      PatternBrush pattern;
      auto tile = TRY(image());
      if (!tile) in_.refuse({ErrorCode::malformed, 0, "brush", "a pattern without an image"});
      if (tile) pattern.pattern = *std::move(tile);
      pattern.position = TRY(in_.text.point());
      brush.body = std::move(pattern);
    }
    return brush;
  }

  // Flags and position are recorded without a mask too, and mean nothing then.
  Result<QMask> mask() {
    QMask mask{.flags = TRY(in_.number<std::uint8_t>("flags"))};
    mask.position = TRY(in_.text.point());
    mask.bitmap = TRY(image());
    return mask.bitmap ? mask : QMask{};
  }

  Result<std::optional<Transform>> transform(std::string_view name) {
    if (!TRY(in_.flag(name))) return std::nullopt;
    const SharedBytes data = TRY(in_.text.binary("transform"));
    constexpr std::size_t transform_bytes = 24;
    if (data.size() != transform_bytes) return wrong_size(name, data);
    const std::byte* at = data.data();
    return Transform{i32(at), i32(at + 4), i32(at + 8), i32(at + 12), i32(at + 16), i32(at + 20)};
  }

  Result<std::optional<Image>> image() {
    if (!TRY(in_.flag("image"))) return std::nullopt;
    Image image{.id = TRY(in_.number<std::uint64_t>("descriptor.id"))};
    image.type = TRY(in_.number<std::uint8_t>("descriptor.type"));
    image.flags = TRY(in_.number<std::uint8_t>("descriptor.flags")) & (cache_me | high_bits_set);
    image.width = TRY(in_.number<std::uint32_t>("descriptor.width"));
    image.height = TRY(in_.number<std::uint32_t>("descriptor.height"));
    switch (static_cast<ImageType>(image.type)) {
      case ImageType::bitmap:
        CHECKED(read_bitmap(image));
        break;
      case ImageType::quic:
        CHECKED(in_.number<std::uint32_t>("quic.data_size"));
        image.payload = SizedData{TRY(in_.text.chunks("quic.data"))};
        break;
      case ImageType::surface:
        image.payload =
            SurfaceReference{TRY(in_.number<std::uint32_t>("surface_image.surface_id"))};
        break;
      default:
        in_.refuse({ErrorCode::unsupported, 0, "descriptor.type", fmt::format("{}", image.type)});
    }
    return image;
  }

  // The guest's flags are not those of the wire.
  Result<void> read_bitmap(Image& image) {
    enum GuestFlags : std::uint8_t { direct = 1, unstable = 2, guest_top_down = 4 };
    Bitmap& bitmap = image.payload.emplace<Bitmap>();
    bitmap.format = TRY(in_.number<std::uint8_t>("bitmap.format"));
    const auto flags = TRY(in_.number<std::uint8_t>("bitmap.flags"));
    bitmap.flags = (flags & guest_top_down) != 0 ? top_down : 0;
    if ((flags & unstable) != 0) image.flags &= static_cast<std::uint8_t>(~cache_me);
    bitmap.x = TRY(in_.number<std::uint32_t>("bitmap.x"));
    bitmap.y = TRY(in_.number<std::uint32_t>("bitmap.y"));
    bitmap.stride = TRY(in_.number<std::uint32_t>("bitmap.stride"));
    if (TRY(in_.flag("has_palette"))) bitmap.palette = TRY(palette());
    bitmap.data = (flags & direct) != 0 ? TRY(in_.text.binary("image_data_flat"))
                                        : TRY(in_.text.chunks("bitmap.data"));
    if (bitmap.data.size() != std::uint64_t{bitmap.stride} * bitmap.y)
      return wrong_size("bitmap.data", bitmap.data);
    return {};
  }

  Result<Palette> palette() {
    const auto count = TRY(in_.number<std::uint16_t>("qp.num_ents"));
    Palette palette{.unique = TRY(in_.number<std::uint64_t>("unique"))};
    for (std::uint16_t i = 0; i < count; ++i)
      palette.entries.push_back(TRY(in_.number<std::uint32_t>("ents")));
    constexpr std::size_t most_colours = 256;
    if (count > most_colours)
      in_.refuse({ErrorCode::out_of_range, 0, "qp.num_ents", fmt::format("{}", count)});
    return palette;
  }

  // The recorder takes these sizes from the fields before.
  std::unexpected<Error> wrong_size(std::string_view name, const SharedBytes& data) const {
    return fail(ErrorCode::malformed, fmt::format("{} bytes", data.size()), in_.text.last_offset(),
                std::string(name));
  }

  QxlFields& in_;
  bool compat_ = false;
};

}  // namespace

Result<device::Drawable> read_qxl_drawable(QxlFields& fields) {
  return DrawableFields(fields).read();
}

}  // namespace spicebench::recorder
