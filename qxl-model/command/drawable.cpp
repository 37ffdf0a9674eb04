// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/command/drawable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "qxl-model/command/image.hpp"

namespace spicebench::qxl {

using namespace wire::display;
using wire::device::Drawable;

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
    if (auto done = read_clip(); !done) return std::unexpected(std::move(done).error());
    if (painted_ == 0) return std::nullopt;
    if (auto done = read_body(out); !done) return std::unexpected(std::move(done).error());
    reader_.charge(reader_.costs().tree_fixed);
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
    const Fields body = in_.part(body_at);
    switch (out.type) {
      case 0:
        return {};
      case 1:
        return keep(out, read_fill(body));
      case 3:
        return keep(out, read_copy(body));
      case 4:
        return keep(out, read_copy_bits(body));
      default:
        return refuse(ErrorCode::unsupported, fmt::format("operation {}", out.type), "type");
    }
  }
  template <class T>
  static Parsed<void> keep(Drawable& out, Parsed<T> body) {
    if (!body) return std::unexpected(std::move(body).error());
    out.body = std::move(*body);
    return {};
  }

  // A copy of what the command is about to change; nothing in these operations needs it.
  Parsed<void> check_no_self_bitmap() const {
    if (in_.u8(14) != 0) return refuse(ErrorCode::unsupported, "set", "self_bitmap");
    return {};
  }

  Parsed<DrawFill> read_fill(const Fields& body) {
    if (auto done = check_no_self_bitmap(); !done) return std::unexpected(std::move(done).error());
    DrawFill fill{.base = std::move(base_)};
    fill.brush = TRY(read_brush(body));
    fill.rop_descriptor = TRY(read_rop(body.u16(20)));
    fill.mask = TRY(read_mask(body.part(22)));
    const CostModel& costs = reader_.costs();
    const bool plain = fill.rop_descriptor == ropd_put || fill.rop_descriptor == ropd_blackness ||
                       fill.rop_descriptor == ropd_whiteness;
    Cycle each = plain ? costs.pixel_fill : costs.pixel_fill_rop;
    if (std::holds_alternative<PatternBrush>(fill.brush.body)) each = costs.pixel_fill_pattern;
    charge_rendering(each + (fill.mask.bitmap ? costs.pixel_mask : 0), fill.base);
    return fill;
  }

  Parsed<DrawCopy> read_copy(const Fields& body) {
    DrawCopy copy{.base = std::move(base_)};
    copy.src_bitmap = TRY(read_image(reader_, body.u64(0), ImageUse::colours, "copy.src"));
    copy.src_area = body.rect(8);
    copy.rop_descriptor = TRY(read_rop(body.u16(24)));
    copy.scale_mode = body.u8(26);
    if (copy.scale_mode > 1)
      return refuse(ErrorCode::out_of_range, fmt::format("{}", copy.scale_mode), "copy.scale");
    copy.mask = TRY(read_mask(body.part(27)));
    const auto& bitmap = std::get<Bitmap>(copy.src_bitmap->payload);
    if (is_empty(copy.src_area) || !inside(copy.src_area, bitmap.x, bitmap.y))
      return refuse(ErrorCode::out_of_range,
                    fmt::format("{}, {} … {}, {} of a bitmap of {} x {}", copy.src_area.left,
                                copy.src_area.top, copy.src_area.right, copy.src_area.bottom,
                                bitmap.x, bitmap.y),
                    "copy.src_area");
    const CostModel& costs = reader_.costs();
    const bool scaled = width_of(copy.src_area) != width_of(copy.base.box) ||
                        height_of(copy.src_area) != height_of(copy.base.box);
    Cycle each = bitmap_bits(bitmap.format) == 32 ? costs.pixel_copy : costs.pixel_copy_low;
    if (copy.rop_descriptor != ropd_put) each = costs.pixel_copy_rop;
    if (scaled)
      each = copy.scale_mode == 1 ? costs.pixel_scale_nearest : costs.pixel_scale_interpolate;
    charge_rendering(each + (copy.mask.bitmap ? costs.pixel_mask : 0), copy.base);
    return copy;
  }

  Parsed<CopyBits> read_copy_bits(const Fields& body) {
    if (auto done = check_no_self_bitmap(); !done) return std::unexpected(std::move(done).error());
    CopyBits bits{.base = std::move(base_), .src_pos = body.point(0)};
    // DIFFERS: the reference reads outside the surface here.
    const std::int64_t right = bits.src_pos.x + width_of(bits.base.box);
    const std::int64_t bottom = bits.src_pos.y + height_of(bits.base.box);
    if (bits.src_pos.x < 0 || bits.src_pos.y < 0 || right > std::int64_t{surface_.width} ||
        bottom > std::int64_t{surface_.height})
      return refuse(
          ErrorCode::out_of_range,
          fmt::format("{}, {}: source outside the surface", bits.src_pos.x, bits.src_pos.y),
          "copy_bits.src_pos");
    charge_rendering(reader_.costs().pixel_copy_bits, bits.base);
    return bits;
  }

  Parsed<Brush> read_brush(const Fields& in) {
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
        pattern.pattern = TRY(read_image(reader_, in.u64(4), ImageUse::colours, "brush.pattern"));
        pattern.position = in.point(12);
        brush.body = std::move(pattern);
        break;
      }
      default:
        return refuse(ErrorCode::out_of_range, fmt::format("brush {}", type), "brush.type");
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
    mask.bitmap = TRY(read_image(reader_, address, ImageUse::mask, "mask.bitmap"));
    return mask;
  }

  Parsed<std::uint16_t> read_rop(std::uint16_t rop) const {
    if (std::popcount(static_cast<unsigned>(rop & operation_bits)) != 1 || rop > 0x7ff)
      return refuse(ErrorCode::out_of_range, fmt::format("{:#x}: not one operation", rop), "rop");
    return rop;
  }

  void charge_rendering(Cycle sixteenths, const DisplayBase& base) {
    const CostModel& costs = reader_.costs();
    reader_.charge(costs.render_fixed + CostModel::of_pixels(painted_, sixteenths));
    if (base.clip.type == clip_rects)
      reader_.charge(base.clip.rects.size() * (costs.render_fixed / 8));
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
