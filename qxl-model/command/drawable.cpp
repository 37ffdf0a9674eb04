// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/command/drawable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "core/wire/guest_shapes.hpp"
#include "qxl-model/command/image.hpp"
#include "qxl-model/command/rendering_cost.hpp"

namespace spicebench::qxl {

using namespace wire::display;
using wire::device::Drawable;
using wire::device::DrawType;

namespace {

constexpr std::size_t body_at = 123;
constexpr std::uint8_t last_effect = 7;
constexpr std::uint16_t operation_bits =
    ropd_put | ropd_or | ropd_and | ropd_xor | ropd_blackness | ropd_whiteness | ropd_invers;

Rect intersection(const Rect& a, const Rect& b) {
  return {std::max(a.top, b.top), std::max(a.left, b.left), std::min(a.bottom, b.bottom),
          std::min(a.right, b.right)};
}
std::uint64_t area(const Rect& r) {
  return is_empty(r) ? 0 : static_cast<std::uint64_t>(width_of(r) * height_of(r));
}
bool inside(const Rect& r, std::uint32_t width, std::uint32_t height) {
  return r.left >= 0 && r.top >= 0 && r.right <= std::int64_t{width} &&
         r.bottom <= std::int64_t{height};
}

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

// One drawable on its way from guest memory to a value.
class DrawableReader {
 public:
  DrawableReader(Reader& reader, BytesView in, const LiveSurface& surface, const Surfaces& surfaces)
      : reader_(reader), in_(in), surface_(surface), surfaces_(surfaces) {}

  Parsed<std::optional<Drawable>> read() {
    reader_.charge_bytes(drawable_bytes);
    Drawable out;
    out.effect = in_.u8(12);
    out.type = in_.u8(13);
    if (out.effect > last_effect)
      return refuse(ErrorCode::out_of_range, fmt::format("effect {}", out.effect), "effect");
    base_.surface_id = in_.u32(8);
    base_.box = in_.rect(31);
    if (is_empty(base_.box) || !inside(base_.box, surface_.width, surface_.height))
      return refuse(
          ErrorCode::out_of_range,
          fmt::format("{}, {} … {}, {} on a surface of {} x {}", base_.box.left, base_.box.top,
                      base_.box.right, base_.box.bottom, surface_.width, surface_.height),
          "bbox");
    for (std::size_t i = 0; i < 3; ++i) {
      const std::int32_t id = in_.i32(63 + 4 * i);
      if (id != -1 && !surfaces_.find(static_cast<std::uint32_t>(id)))
        return refuse(ErrorCode::not_found, fmt::format("surface {}", id),
                      fmt::format("surfaces_dest[{}]", i));
    }
    CHECKED(read_clip());
    if (painted_ == 0) return std::nullopt;
    CHECKED(read_body(out));
    reader_.charge(reader_.costs().tree_fixed);
    if (out.type != static_cast<std::uint8_t>(DrawType::nop))
      reader_.charge(rendering_cost(reader_.costs(), out, painted_, surface_));
    return out;
  }

 private:
  Parsed<void> read_clip() {
    const std::uint32_t type = in_.u32(47);
    const std::uint64_t address = in_.u64(51);
    if (type == clip_none) {
      painted_ = area(base_.box);
      return {};
    }
    if (type != clip_rects)
      return refuse(ErrorCode::out_of_range, fmt::format("clip type {}", type), "clip.type");
    reader_.charge_object();
    const Fields header{TRY(reader_.at(address, 4 + Reader::chunk_header, "clip"))};
    const std::uint64_t count = header.u32(0);
    auto rects = reader_.chunks(address + 4, Reader::First::embedded, 16 * count, "clip.rects");
    // Where the counts contradict each other the reference aborts.
    if (!rects) return refuse_fatally(std::move(rects).error().error);
    const Fields fields{*rects};
    reader_.charge_bytes(rects->size() + 4 + Reader::chunk_header);
    reader_.charge(count * reader_.costs().clip_rect);
    base_.clip.type = clip_rects;
    base_.clip.rects.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      base_.clip.rects.push_back(fields.rect(16 * i));
      painted_ += area(intersection(base_.clip.rects.back(), base_.box));
    }
    return {};
  }

  Parsed<void> read_body(Drawable& out) {
    if (out.type >= std::size(begin_body))
      return refuse(ErrorCode::unsupported, fmt::format("operation {}", out.type), "type");
    begin_body[out.type](out.body);
    return std::visit(
        [this](auto& body) -> Parsed<void> {
          if constexpr (requires { body.base; }) body.base = std::move(base_);
          return read(body, in_.part(body_at));
        },
        out.body);
  }

  // A copy of what the command is about to change, to be its source: no driver asks for one, and
  // COPY and BLEND ignore it.
  Parsed<void> check_no_self_bitmap() const {
    if (in_.u8(14) != 0) return refuse(ErrorCode::unsupported, "set", "self_bitmap");
    return {};
  }

  // The operations; `in` is the body.

  Parsed<void> read(std::monostate, const Fields&) const { return {}; }
  Parsed<void> read(DrawFill& fill, const Fields& in) {
    CHECKED(check_no_self_bitmap());
    fill.brush = TRY(read_brush(in, "brush"));
    fill.rop_descriptor = TRY(read_rop(in.u16(20)));
    fill.mask = TRY(read_mask(in.part(22)));
    return {};
  }
  Parsed<void> read(DrawOpaque& draw, const Fields& in) {
    CHECKED(check_no_self_bitmap());
    CHECKED(read_source(draw, in, "opaque"));
    draw.brush = TRY(read_brush(in.part(24), "brush"));
    draw.rop_descriptor = TRY(read_rop(in.u16(44)));
    draw.scale_mode = TRY(read_scale(in.u8(46)));
    draw.mask = TRY(read_mask(in.part(47)));
    return {};
  }
  template <std::uint16_t id>
  Parsed<void> read(CopyDrawing<id>& copy, const Fields& in) {
    CHECKED(read_source(copy, in, "copy"));
    copy.rop_descriptor = TRY(read_rop(in.u16(24)));
    copy.scale_mode = TRY(read_scale(in.u8(26)));
    copy.mask = TRY(read_mask(in.part(27)));
    return {};
  }
  Parsed<void> read(CopyBits& bits, const Fields& in) {
    CHECKED(check_no_self_bitmap());
    bits.src_pos = in.point(0);
    // DIFFERS: the reference reads outside the surface here.
    const std::int64_t right = bits.src_pos.x + width_of(bits.base.box);
    const std::int64_t bottom = bits.src_pos.y + height_of(bits.base.box);
    if (bits.src_pos.x < 0 || bits.src_pos.y < 0 || right > std::int64_t{surface_.width} ||
        bottom > std::int64_t{surface_.height})
      return refuse(
          ErrorCode::out_of_range,
          fmt::format("{}, {}: source outside the surface", bits.src_pos.x, bits.src_pos.y),
          "copy_bits.src_pos");
    return {};
  }
  template <std::uint16_t id>
  Parsed<void> read(MaskDrawing<id>& draw, const Fields& in) {
    CHECKED(check_no_self_bitmap());
    draw.mask = TRY(read_mask(in));
    return {};
  }
  Parsed<void> read(DrawRop3& draw, const Fields& in) {
    CHECKED(check_no_self_bitmap());
    CHECKED(read_source(draw, in, "rop3"));
    draw.brush = TRY(read_brush(in.part(24), "brush"));
    draw.rop3 = in.u8(44);
    draw.scale_mode = TRY(read_scale(in.u8(45)));
    draw.mask = TRY(read_mask(in.part(46)));
    return {};
  }
  Parsed<void> read(DrawStroke& draw, const Fields& in) {
    CHECKED(check_no_self_bitmap());
    draw.path = TRY(read_path(in.u64(0)));
    draw.attr = TRY(read_line(in.part(8)));
    draw.brush = TRY(read_brush(in.part(28), "brush"));
    draw.fore_mode = in.u16(48);
    draw.back_mode = in.u16(50);
    return {};
  }
  Parsed<void> read(DrawText& draw, const Fields& in) {
    CHECKED(check_no_self_bitmap());
    draw.str = TRY(read_string(in.u64(0)));
    draw.back_area = in.rect(8);
    draw.fore_brush = TRY(read_brush(in.part(24), "fore_brush"));
    draw.back_brush = TRY(read_brush(in.part(44), "back_brush"));
    draw.fore_mode = in.u16(64);
    draw.back_mode = in.u16(66);
    return {};
  }
  Parsed<void> read(DrawTransparent& draw, const Fields& in) {
    CHECKED(check_no_self_bitmap());
    CHECKED(read_source(draw, in, "transparent"));
    draw.src_color = in.u32(24);
    draw.true_color = in.u32(28);
    return {};
  }
  Parsed<void> read(DrawAlphaBlend& draw, const Fields& in) {
    CHECKED(check_no_self_bitmap());
    const std::uint16_t flags = in.u16(0);
    if (flags > UINT8_MAX)
      return refuse(ErrorCode::out_of_range, fmt::format("{:#x}", flags), "alpha_blend.flags");
    draw.alpha_flags = static_cast<std::uint8_t>(flags);
    draw.alpha = in.u8(2);
    return read_source(draw, in.part(3), "alpha_blend");
  }
  // What the command has is said by its addresses here, and by its flags in the value.
  Parsed<void> read(DrawComposite& draw, const Fields& in) {
    CHECKED(check_no_self_bitmap());
    draw.flags = in.u32(0) & ~(composite_has_mask | composite_has_source_transform |
                               composite_has_mask_transform);
    draw.src_bitmap =
        TRY(read_image(reader_, surfaces_, in.u64(4), ImageUse::colours, "composite.src"));
    if (const std::uint64_t address = in.u64(12); address != 0) {
      draw.src_transform = TRY(read_transform(address, "composite.src_transform"));
      draw.flags |= composite_has_source_transform;
    }
    if (const std::uint64_t address = in.u64(20); address != 0) {
      draw.mask_bitmap =
          TRY(read_image(reader_, surfaces_, address, ImageUse::colours, "composite.mask"));
      draw.flags |= composite_has_mask;
    }
    if (const std::uint64_t address = in.u64(28); address != 0 && draw.mask_bitmap) {
      draw.mask_transform = TRY(read_transform(address, "composite.mask_transform"));
      draw.flags |= composite_has_mask_transform;
    }
    draw.src_origin = in.point16(36);
    draw.mask_origin = in.point16(40);
    return {};
  }

  // Parts of several operations

  // The source image and the part of it that is read, which must lie in it.
  template <class Draw>
  Parsed<void> read_source(Draw& draw, const Fields& in, std::string_view path) {
    draw.src_bitmap = TRY(
        read_image(reader_, surfaces_, in.u64(0), ImageUse::colours, fmt::format("{}.src", path)));
    const Rect area = draw.src_area = in.rect(8);
    std::uint32_t width = draw.src_bitmap->width, height = draw.src_bitmap->height;
    if (const auto* reference = std::get_if<SurfaceReference>(&draw.src_bitmap->payload)) {
      const LiveSurface& surface = *surfaces_.find(reference->surface_id);
      width = surface.width, height = surface.height;
    }
    if (is_empty(area) || !inside(area, width, height))
      return refuse(ErrorCode::out_of_range,
                    fmt::format("{}, {} … {}, {} of an image of {} x {}", area.left, area.top,
                                area.right, area.bottom, width, height),
                    fmt::format("{}.src_area", path));
    return {};
  }

  Parsed<std::uint8_t> read_scale(std::uint8_t scale) const {
    if (scale > 1) return refuse(ErrorCode::out_of_range, fmt::format("{}", scale), "scale");
    return scale;
  }

  Parsed<Brush> read_brush(const Fields& in, std::string_view path) {
    Brush brush;
    const std::uint32_t type = in.u32(0);
    switch (type) {
      case 0:
        break;
      case 1:
        brush.body = SolidBrush{in.u32(4)};
        break;
      case 2: {
        PatternBrush pattern;
        pattern.pattern = TRY(read_image(reader_, surfaces_, in.u64(4), ImageUse::colours,
                                         fmt::format("{}.pattern", path)));
        pattern.position = in.point(12);
        brush.body = std::move(pattern);
        break;
      }
      default:
        return refuse(ErrorCode::out_of_range, fmt::format("brush {}", type),
                      fmt::format("{}.type", path));
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
    mask.bitmap = TRY(read_image(reader_, surfaces_, address, ImageUse::mask, "mask.bitmap"));
    return mask;
  }

  Parsed<std::uint16_t> read_rop(std::uint16_t rop) const {
    if (std::popcount(static_cast<unsigned>(rop & operation_bits)) != 1 || rop > 0x7ff)
      return refuse(ErrorCode::out_of_range, fmt::format("{:#x}: not one operation", rop), "rop");
    return rop;
  }

  Parsed<Transform> read_transform(std::uint64_t address, std::string_view path) {
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
  Fields in_;
  const LiveSurface& surface_;
  const Surfaces& surfaces_;
  DisplayBase base_;
  std::uint64_t painted_ = 0;  // pixels of the clip within the box
};

}  // namespace

Parsed<std::optional<Drawable>> read_drawable(Reader& reader, BytesView in,
                                              const Surfaces& surfaces) {
  const std::uint32_t surface_id = Fields{in}.u32(8);
  const LiveSurface* target = surfaces.find(surface_id);
  if (!target)
    return refuse(ErrorCode::not_found, fmt::format("surface {}", surface_id), "surface_id");
  return DrawableReader(reader, in, *target, surfaces).read();
}

}  // namespace spicebench::qxl
