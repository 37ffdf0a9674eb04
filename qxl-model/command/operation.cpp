// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/command/operation.hpp"

#include <fmt/format.h>

#include <bit>

#include "core/wire/guest_shapes.hpp"
#include "qxl-model/command/image.hpp"

namespace spicebench::qxl {

using namespace wire::display;
using wire::device::Drawable;

namespace {

constexpr std::uint16_t operation_bits =
    ropd_put | ropd_or | ropd_and | ropd_xor | ropd_blackness | ropd_whiteness | ropd_invers;

// The body of an operation, empty.
using Body = decltype(Drawable::body);
template <class T>
void begin(Body& body) {
  body.emplace<T>();
}
// By DrawType.
constexpr void (*begin_body[])(Body&) = {
    begin<std::monostate>,  begin<DrawFill>,       begin<DrawOpaque>,    begin<DrawCopy>,
    begin<CopyBits>,        begin<DrawBlend>,      begin<DrawBlackness>, begin<DrawWhiteness>,
    begin<DrawInvers>,      begin<DrawRop3>,       begin<DrawStroke>,    begin<DrawText>,
    begin<DrawTransparent>, begin<DrawAlphaBlend>, begin<DrawComposite>};

class OperationReader {
 public:
  OperationReader(Reader& reader, OperationSetting setting) : reader_(reader), setting_(setting) {}

  // The operations; `in` is the body.

  Parsed<void> read(std::monostate, const Fields&) const { return {}; }
  Parsed<void> read(DrawFill& fill, const Fields& in) {
    fill.brush = TRY(read_brush(in, "brush"));
    fill.rop_descriptor = TRY(read_rop(in.u16(20)));
    fill.mask = TRY(read_mask(in.part(22)));
    return {};
  }
  Parsed<void> read(DrawOpaque& draw, const Fields& in) {
    CHECKED(read_source(draw, in, "opaque"));
    draw.brush = TRY(read_brush(in.part(24), "brush"));
    draw.rop_descriptor = TRY(read_rop(in.u16(44)));
    draw.scale_mode = TRY(read_scale(in.u8(46)));
    draw.mask = TRY(read_mask(in.part(47)));
    return {};
  }
  Parsed<void> read(DrawCopy& draw, const Fields& in) { return read_copying(draw, in); }
  Parsed<void> read(DrawBlend& draw, const Fields& in) { return read_copying(draw, in); }
  template <class Copying>
  Parsed<void> read_copying(Copying& copy, const Fields& in) {
    setting_.self_bitmap.reset();  // does not count here
    CHECKED(read_source(copy, in, "copy"));
    copy.rop_descriptor = TRY(read_rop(in.u16(24)));
    copy.scale_mode = TRY(read_scale(in.u8(26)));
    copy.mask = TRY(read_mask(in.part(27)));
    return {};
  }
  Parsed<void> read(CopyBits& bits, const Fields& in) {
    bits.src_pos = in.point(0);
    // DIFFERS: the reference reads outside the surface here.
    const std::int64_t right = bits.src_pos.x + width_of(bits.base.box);
    const std::int64_t bottom = bits.src_pos.y + height_of(bits.base.box);
    if (bits.src_pos.x < 0 || bits.src_pos.y < 0 || right > std::int64_t{setting_.target.width} ||
        bottom > std::int64_t{setting_.target.height})
      return refuse(
          ErrorCode::out_of_range,
          fmt::format("{}, {}: source outside the surface", bits.src_pos.x, bits.src_pos.y),
          "copy_bits.src_pos");
    return {};
  }
  Parsed<void> read(DrawBlackness& draw, const Fields& in) { return read_masked(draw.mask, in); }
  Parsed<void> read(DrawWhiteness& draw, const Fields& in) { return read_masked(draw.mask, in); }
  Parsed<void> read(DrawInvers& draw, const Fields& in) { return read_masked(draw.mask, in); }
  Parsed<void> read_masked(QMask& mask, const Fields& in) {
    mask = TRY(read_mask(in));
    return {};
  }
  Parsed<void> read(DrawRop3& draw, const Fields& in) {
    CHECKED(read_source(draw, in, "rop3"));
    draw.brush = TRY(read_brush(in.part(24), "brush"));
    draw.rop3 = in.u8(44);
    draw.scale_mode = TRY(read_scale(in.u8(45)));
    draw.mask = TRY(read_mask(in.part(46)));
    return {};
  }
  Parsed<void> read(DrawStroke& draw, const Fields& in) {
    draw.path = TRY(read_path(in.u64(0)));
    draw.attr = TRY(read_line(in.part(8)));
    draw.brush = TRY(read_brush(in.part(28), "brush"));
    draw.fore_mode = in.u16(48);
    draw.back_mode = in.u16(50);
    return {};
  }
  Parsed<void> read(DrawText& draw, const Fields& in) {
    draw.str = TRY(read_string(in.u64(0)));
    draw.back_area = in.rect(8);
    draw.fore_brush = TRY(read_brush(in.part(24), "fore_brush"));
    draw.back_brush = TRY(read_brush(in.part(44), "back_brush"));
    draw.fore_mode = in.u16(64);
    draw.back_mode = in.u16(66);
    return {};
  }
  Parsed<void> read(DrawTransparent& draw, const Fields& in) {
    CHECKED(read_source(draw, in, "transparent"));
    draw.src_color = in.u32(24);
    draw.true_color = in.u32(28);
    return {};
  }
  Parsed<void> read(DrawAlphaBlend& draw, const Fields& in) {
    if (reader_.form().compat) {
      draw.alpha = in.u8(0);
      return read_source(draw, in.part(1), "alpha_blend");
    }
    const std::uint16_t flags = in.u16(0);
    if (flags > UINT8_MAX)
      return refuse(ErrorCode::out_of_range, fmt::format("{:#x}", flags), "alpha_blend.flags");
    draw.alpha_flags = static_cast<std::uint8_t>(flags);
    draw.alpha = in.u8(2);
    return read_source(draw, in.part(3), "alpha_blend");
  }
  // What the command has is said by its addresses here, and by its flags in the value.
  Parsed<void> read(DrawComposite& draw, const Fields& in) {
    draw.flags = in.u32(0) & ~(composite_has_mask | composite_has_source_transform |
                               composite_has_mask_transform);
    draw.src_bitmap = TRY(read_colours(in.u64(4), {"composite", "src"}));
    if (const std::uint64_t address = in.u64(12); address != 0) {
      draw.src_transform = TRY(read_transform(address, {"composite", "src_transform"}));
      draw.flags |= composite_has_source_transform;
    }
    if (const std::uint64_t address = in.u64(20); address != 0) {
      draw.mask_bitmap = TRY(read_image(reader_, setting_.surfaces, address, ImageUse::colours,
                                        {"composite", "mask"}));
      draw.flags |= composite_has_mask;
    }
    if (const std::uint64_t address = in.u64(28); address != 0 && draw.mask_bitmap) {
      draw.mask_transform = TRY(read_transform(address, {"composite", "mask_transform"}));
      draw.flags |= composite_has_mask_transform;
    }
    draw.src_origin = in.point16(36);
    draw.mask_origin = in.point16(40);
    return {};
  }

 private:
  // Parts of several operations

  // A source image. Where there is none, what the command is about to change may stand in.
  Parsed<Image> read_colours(std::uint64_t address, const FieldPath& path) {
    if (address == 0 && setting_.self_bitmap)
      return copy_of(reader_, setting_.target, *setting_.self_bitmap, path);
    return read_image(reader_, setting_.surfaces, address, ImageUse::colours, path);
  }

  // The source image and the part of it that is read, which must lie in it.
  template <class Draw>
  Parsed<void> read_source(Draw& draw, const Fields& in, const FieldPath& path) {
    draw.src_bitmap = TRY(read_colours(in.u64(0), {path, "src"}));
    const Rect area = draw.src_area = in.rect(8);
    std::uint32_t width = draw.src_bitmap->width, height = draw.src_bitmap->height;
    if (const auto* reference = std::get_if<SurfaceReference>(&draw.src_bitmap->payload)) {
      const LiveSurface& surface = *setting_.surfaces.find(reference->surface_id);
      width = surface.width, height = surface.height;
    }
    if (is_empty(area) || !is_within(area, width, height))
      return refuse(ErrorCode::out_of_range,
                    fmt::format("{}, {} … {}, {} of an image of {} x {}", area.left, area.top,
                                area.right, area.bottom, width, height),
                    FieldPath(path, "src_area"));
    return {};
  }

  Parsed<std::uint8_t> read_scale(std::uint8_t scale) const {
    if (scale > 1) return refuse(ErrorCode::out_of_range, fmt::format("{}", scale), "scale");
    return scale;
  }

  Parsed<Brush> read_brush(const Fields& in, const FieldPath& path) {
    Brush brush;
    const std::uint32_t type = in.u32(0);
    switch (type) {
      case 0:
        break;
      case 1:
        brush.body = SolidBrush{reader_.colour(in.u32(4))};
        break;
      case 2: {
        PatternBrush pattern;
        pattern.pattern = TRY(read_image(reader_, setting_.surfaces, in.u64(4), ImageUse::colours,
                                         {path, "pattern"}));
        pattern.position = in.point(12);
        brush.body = std::move(pattern);
        break;
      }
      default:
        return refuse(ErrorCode::out_of_range, fmt::format("brush {}", type),
                      FieldPath(path, "type"));
    }
    brush.type = static_cast<std::uint8_t>(type);
    return brush;
  }

  // A null address means no mask; flags and position are then ignored.
  Parsed<QMask> read_mask(const Fields& in) {
    QMask mask;
    const std::uint64_t address = in.u64(9);
    if (address == 0) return mask;
    mask.flags = in.u8(0) & 1;
    mask.position = in.point(1);
    mask.bitmap =
        TRY(read_image(reader_, setting_.surfaces, address, ImageUse::mask, {"mask", "bitmap"}));
    return mask;
  }

  Parsed<std::uint16_t> read_rop(std::uint16_t rop) const {
    if (std::popcount(static_cast<unsigned>(rop & operation_bits)) != 1 || rop > 0x7ff)
      return refuse(ErrorCode::out_of_range, fmt::format("{:#x}: not one operation", rop), "rop");
    return rop;
  }

  Parsed<Transform> read_transform(std::uint64_t address, const FieldPath& path) {
    constexpr std::uint64_t transform_bytes = 24;
    const Fields in{TRY(reader_.at(address, transform_bytes, path))};
    reader_.charge_object();
    reader_.charge_bytes(transform_bytes);
    return Transform{in.i32(0), in.i32(4), in.i32(8), in.i32(12), in.i32(16), in.i32(20)};
  }

  // Where counts contradict the bytes of a path or string the reference aborts.
  Parsed<Path> read_path(std::uint64_t address) {
    constexpr std::uint64_t header_bytes = 4;
    CHECKED(reader_.at(address, header_bytes + Reader::chunk_header, "path"));
    reader_.charge_object();
    const Bytes segments = TRY(reader_.all_chunks(address + header_bytes, "path"));
    reader_.charge_bytes(header_bytes + Reader::chunk_header + segments.size());
    auto path = wire::device::read_guest_path(segments);
    if (!path) return refuse_fatally(std::move(path).error());
    return *std::move(path);
  }
  Parsed<String> read_string(std::uint64_t address) {
    constexpr std::uint64_t header_bytes = 8;
    const Fields header{TRY(reader_.at(address, header_bytes + Reader::chunk_header, "str"))};
    reader_.charge_object();
    auto glyphs = reader_.chunks(address + header_bytes, Reader::First::embedded, header.u32(0),
                                 "str.glyphs");
    if (!glyphs) return refuse_fatally(std::move(glyphs).error().error);
    reader_.charge_bytes(header_bytes + Reader::chunk_header + glyphs->size());
    auto string = wire::device::read_guest_string(SharedBytes(*std::move(glyphs)), header.u16(4),
                                                  header.u16(6));
    if (!string) return refuse_fatally(std::move(string).error());
    return *std::move(string);
  }
  Parsed<LineAttr> read_line(const Fields& in) {
    LineAttr line{.flags = in.u8(0)};
    if ((line.flags & line_styled) == 0) return line;
    const std::uint64_t address = in.u64(12), count = in.u8(3);
    if (count == 0) return refuse(ErrorCode::out_of_range, "no lengths", "attr.style");
    const Fields style{TRY(reader_.at(address, 4 * count, "attr.style"))};
    reader_.charge_object();
    reader_.charge_bytes(4 * count);
    for (std::size_t i = 0; i < count; ++i) line.style.push_back(style.i32(4 * i));
    return line;
  }

  Reader& reader_;
  OperationSetting setting_;
};

}  // namespace

Parsed<void> read_operation(Reader& reader, const OperationSetting& setting, const Fields& body,
                            DisplayBase base, Drawable& out) {
  if (out.type >= std::size(begin_body))
    return refuse(ErrorCode::unsupported, fmt::format("operation {}", out.type), "type");
  begin_body[out.type](out.body);
  OperationReader operation(reader, setting);
  return std::visit(
      [&](auto& value) -> Parsed<void> {
        if constexpr (requires { value.base; }) value.base = std::move(base);
        return operation.read(value, body);
      },
      out.body);
}

}  // namespace spicebench::qxl
