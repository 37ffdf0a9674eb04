// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/command/drawable.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "qxl-model/command/operation.hpp"
#include "qxl-model/command/rendering_cost.hpp"

namespace spicebench::qxl {

using namespace wire::display;
using wire::device::Drawable;
using wire::device::DrawType;

namespace {

constexpr std::uint8_t last_effect = 7;

Rect intersection(const Rect& a, const Rect& b) {
  return {std::max(a.top, b.top), std::max(a.left, b.left), std::min(a.bottom, b.bottom),
          std::min(a.right, b.right)};
}
std::uint64_t area(const Rect& r) {
  return is_empty(r) ? 0 : static_cast<std::uint64_t>(width_of(r) * height_of(r));
}
// Where the parts of a drawable's head lie (qxl-device.md §12.3).
struct Head {
  std::size_t bytes, effect, type, self_bitmap, self_bitmap_area, bbox, clip, body;
};
constexpr Head native_head{191, 12, 13, 14, 15, 31, 47, 123};
constexpr Head compat_head{128, 8, 9, 10, 12, 28, 44, 60};
constexpr const Head& head_of(CommandForm form) {
  return form.compat ? compat_head : native_head;
}

// Compat commands draw on the only surface that there is.
std::uint32_t surface_of(CommandForm form, const Fields& in) {
  return form.compat ? 0 : in.u32(8);
}

// One drawable on its way from guest memory to a value.
class DrawableReader {
 public:
  DrawableReader(Reader& reader, BytesView in, const LiveSurface& surface, const Surfaces& surfaces)
      : reader_(reader),
        head_(head_of(reader.form())),
        in_(in),
        surface_(surface),
        surfaces_(surfaces) {}

  Parsed<std::optional<Drawable>> read() {
    reader_.charge_bytes(head_.bytes);
    Drawable out;
    out.effect = in_.u8(head_.effect);
    out.type = in_.u8(head_.type);
    if (out.effect > last_effect)
      return refuse(ErrorCode::out_of_range, fmt::format("effect {}", out.effect), "effect");
    base_.surface_id = surface_of(reader_.form(), in_);
    base_.box = in_.rect(head_.bbox);
    if (is_empty(base_.box) || !is_within(base_.box, surface_.width, surface_.height))
      return refuse(
          ErrorCode::out_of_range,
          fmt::format("{}, {} … {}, {} on a surface of {} x {}", base_.box.left, base_.box.top,
                      base_.box.right, base_.box.bottom, surface_.width, surface_.height),
          "bbox");
    CHECKED(check_dependencies());
    CHECKED(read_clip());
    if (painted_ == 0) return std::nullopt;
    OperationSetting setting{surfaces_, surface_, {}};
    if (has_self_bitmap()) setting.self_bitmap = in_.rect(head_.self_bitmap_area);
    CHECKED(read_operation(reader_, setting, in_.part(head_.body), std::move(base_), out));
    reader_.charge(reader_.costs().tree_fixed);
    if (out.type != static_cast<std::uint8_t>(DrawType::nop))
      reader_.charge(rendering_cost(reader_.costs(), out, painted_, surface_));
    return out;
  }

 private:
  bool has_self_bitmap() const {
    return reader_.form().compat ? in_.u16(head_.self_bitmap) != 0 : in_.u8(head_.self_bitmap) != 0;
  }
  // Compat commands name none.
  Parsed<void> check_dependencies() const {
    constexpr std::size_t surfaces_dest = 63;
    constexpr const char* names[] = {"surfaces_dest[0]", "surfaces_dest[1]", "surfaces_dest[2]"};
    if (reader_.form().compat) return {};
    for (std::size_t i = 0; i < std::size(names); ++i) {
      const std::int32_t id = in_.i32(surfaces_dest + 4 * i);
      if (id != -1 && !surfaces_.find(static_cast<std::uint32_t>(id)))
        return refuse(ErrorCode::not_found, fmt::format("surface {}", id), names[i]);
    }
    return {};
  }
  Parsed<void> read_clip() {
    const std::uint32_t type = in_.u32(head_.clip);
    const std::uint64_t address = in_.u64(head_.clip + 4);
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

  Reader& reader_;
  const Head& head_;
  Fields in_;
  const LiveSurface& surface_;
  const Surfaces& surfaces_;
  DisplayBase base_;
  std::uint64_t painted_ = 0;  // pixels of the clip within the box
};

}  // namespace

std::uint64_t drawable_bytes(CommandForm form) {
  return head_of(form).bytes;
}

Parsed<std::optional<Drawable>> read_drawable(Reader& reader, BytesView in,
                                              const Surfaces& surfaces) {
  const std::uint32_t surface_id = surface_of(reader.form(), Fields{in});
  const LiveSurface* target = surfaces.find(surface_id);
  if (!target)
    return refuse(ErrorCode::not_found, fmt::format("surface {}", surface_id), "surface_id");
  return DrawableReader(reader, in, *target, surfaces).read();
}

}  // namespace spicebench::qxl
