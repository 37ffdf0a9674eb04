// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "core/wire/guest_shapes.hpp"
#include "qxl-model/guest/command_block.hpp"

// Values as the bytes that a guest writes for them (qxl-device.md §12.3, §12.4).
namespace spicebench::qxl {

using namespace wire::display;
namespace device = wire::device;

namespace {
constexpr std::size_t body_at = 123, body_bytes = 68, chunk_header = 20;
constexpr std::size_t image_bytes = 48, quic_at = 22;
constexpr std::size_t surface_command = 41;
}  // namespace

// Writes the body of a drawable, and behind it what the body points to.
class DrawableWriter {
 public:
  DrawableWriter(CommandBlock& out, const Layout& layout) : out_(out), layout_(layout) {}

  void write(std::monostate) {}
  void write(const DrawFill& draw) {
    brush(body_at, draw.brush);
    out_.put(body_at + 20, draw.rop_descriptor, 2);
    mask(body_at + 22, draw.mask);
  }
  void write(const DrawOpaque& draw) {
    source(body_at, draw.src_bitmap, draw.src_area);
    brush(body_at + 24, draw.brush);
    out_.put(body_at + 44, draw.rop_descriptor, 2);
    out_.put(body_at + 46, draw.scale_mode, 1);
    mask(body_at + 47, draw.mask);
  }
  template <std::uint16_t id>
  void write(const CopyDrawing<id>& draw) {
    source(body_at, draw.src_bitmap, draw.src_area);
    out_.put(body_at + 24, draw.rop_descriptor, 2);
    out_.put(body_at + 26, draw.scale_mode, 1);
    mask(body_at + 27, draw.mask);
  }
  void write(const CopyBits& draw) {
    point(body_at, draw.src_pos);
    const Rect& box = draw.base.box;
    const auto end = [](std::int64_t start, std::int64_t length) {
      return static_cast<std::int32_t>(start + length);
    };
    reads(draw.base.surface_id,
          {draw.src_pos.y, draw.src_pos.x, end(draw.src_pos.y, height_of(box)),
           end(draw.src_pos.x, width_of(box))});
  }
  template <std::uint16_t id>
  void write(const MaskDrawing<id>& draw) {
    mask(body_at, draw.mask);
  }
  void write(const DrawRop3& draw) {
    source(body_at, draw.src_bitmap, draw.src_area);
    brush(body_at + 24, draw.brush);
    out_.put(body_at + 44, draw.rop3, 1);
    out_.put(body_at + 45, draw.scale_mode, 1);
    mask(body_at + 46, draw.mask);
  }
  void write(const DrawStroke& draw) {
    Bytes path;
    device::append_guest_path(path, draw.path);
    out_.point_to_end(body_at);
    const std::size_t at = out_.grow(4);
    out_.put(at, path.size(), 4);
    chunk(path);
    out_.put(body_at + 8, draw.attr.flags, 1);
    out_.put(body_at + 11, draw.attr.style.size(), 1);
    if (!draw.attr.style.empty()) {
      out_.point_to_end(body_at + 20);
      std::size_t to = out_.grow(4 * draw.attr.style.size());
      for (const std::int32_t length : draw.attr.style) {
        out_.put(to, static_cast<std::uint32_t>(length), 4);
        to += 4;
      }
    }
    brush(body_at + 28, draw.brush);
    out_.put(body_at + 48, draw.fore_mode, 2);
    out_.put(body_at + 50, draw.back_mode, 2);
  }
  void write(const DrawText& draw) {
    Bytes glyphs;
    device::append_guest_string(glyphs, draw.str);
    out_.point_to_end(body_at);
    const std::size_t at = out_.grow(8);
    out_.put(at, glyphs.size(), 4);
    out_.put(at + 4, draw.str.glyphs.size(), 2);
    out_.put(at + 6, draw.str.flags, 2);
    chunk(glyphs);
    out_.put(body_at + 8, draw.back_area);
    brush(body_at + 24, draw.fore_brush);
    brush(body_at + 44, draw.back_brush);
    out_.put(body_at + 64, draw.fore_mode, 2);
    out_.put(body_at + 66, draw.back_mode, 2);
  }
  void write(const DrawTransparent& draw) {
    source(body_at, draw.src_bitmap, draw.src_area);
    out_.put(body_at + 24, draw.src_color, 4);
    out_.put(body_at + 28, draw.true_color, 4);
  }
  void write(const DrawAlphaBlend& draw) {
    out_.put(body_at, draw.alpha_flags, 2);
    out_.put(body_at + 2, draw.alpha, 1);
    source(body_at + 3, draw.src_bitmap, draw.src_area);
  }
  void write(const DrawComposite& draw) {
    out_.put(body_at, draw.flags, 4);
    image(body_at + 4, draw.src_bitmap);
    transform(body_at + 12, draw.src_transform);
    image(body_at + 20, draw.mask_bitmap);
    transform(body_at + 28, draw.mask_transform);
    point16(body_at + 36, draw.src_origin);
    point16(body_at + 40, draw.mask_origin);
  }

 private:
  void point(std::size_t at, const Point& p) {
    out_.put(at, static_cast<std::uint32_t>(p.x), 4);
    out_.put(at + 4, static_cast<std::uint32_t>(p.y), 4);
  }
  void point16(std::size_t at, const Point16& p) {
    out_.put(at, static_cast<std::uint16_t>(p.x), 2);
    out_.put(at + 2, static_cast<std::uint16_t>(p.y), 2);
  }
  // A chain of chunks, the first of which is at the end of what there is.
  void chunk(BytesView bytes) {
    const std::size_t most = layout_.chunk_bytes == 0 ? bytes.size() : layout_.chunk_bytes;
    for (;;) {
      const BytesView part = bytes.first(std::min(bytes.size(), most));
      const std::size_t at = out_.grow(chunk_header + part.size());
      out_.put(at, part.size(), 4);
      std::ranges::copy(part, out_.bytes_.begin() + static_cast<std::ptrdiff_t>(at + chunk_header));
      bytes = bytes.subspan(part.size());
      if (bytes.empty()) return;
      out_.point_to_end(at + 12);
    }
  }
  void source(std::size_t at, const std::optional<Image>& picture, const Rect& area) {
    image(at, picture);
    out_.put(at + 8, area);
  }
  void brush(std::size_t at, const Brush& brush) {
    out_.put(at, brush.type, 4);
    if (const auto* solid = std::get_if<SolidBrush>(&brush.body)) out_.put(at + 4, solid->color, 4);
    if (const auto* pattern = std::get_if<PatternBrush>(&brush.body)) {
      image(at + 4, pattern->pattern);
      point(at + 12, pattern->position);
    }
  }
  void mask(std::size_t at, const QMask& mask) {
    out_.put(at, mask.flags, 1);
    point(at + 1, mask.position);
    image(at + 9, mask.bitmap);
  }
  void transform(std::size_t at, const std::optional<Transform>& t) {
    if (!t) return;
    out_.point_to_end(at);
    std::size_t to = out_.grow(24);
    for (const std::int32_t part : {t->t00, t->t01, t->t02, t->t10, t->t11, t->t12}) {
      out_.put(to, static_cast<std::uint32_t>(part), 4);
      to += 4;
    }
  }
  void image(std::size_t at, const std::optional<Image>& picture) {
    if (!picture) return;
    out_.point_to_end(at);
    const auto* quic = std::get_if<SizedData>(&picture->payload);
    const std::size_t to = out_.grow(quic == nullptr ? image_bytes : quic_at);
    out_.put(to, picture->id, 8);
    out_.put(to + 8, picture->type, 1);
    out_.put(to + 9, picture->flags, 1);
    out_.put(to + 10, picture->width, 4);
    out_.put(to + 14, picture->height, 4);
    if (const auto* pixels = std::get_if<Bitmap>(&picture->payload)) bitmap(to + 18, *pixels);
    if (const auto* surface = std::get_if<SurfaceReference>(&picture->payload)) {
      out_.put(to + 18, surface->surface_id, 4);
      reads(surface->surface_id, {0, 0, static_cast<std::int32_t>(picture->height),
                                  static_cast<std::int32_t>(picture->width)});
    }
    if (quic != nullptr) {
      out_.put(to + 18, quic->data.size(), 4);
      chunk(quic->data);
      // The device reads an image in its full size, however small this one is.
      out_.grow(image_bytes - quic_at);
    }
  }
  void bitmap(std::size_t at, const Bitmap& pixels) {
    constexpr unsigned guest_direct = 1, guest_unstable = 2, guest_top_down = 4;
    out_.put(at, pixels.format, 1);
    const unsigned flags = (layout_.direct ? guest_direct : 0) |
                           (layout_.unstable ? guest_unstable : 0) |
                           ((pixels.flags & top_down) != 0 ? guest_top_down : 0);
    out_.put(at + 1, flags, 1);
    out_.put(at + 2, pixels.x, 4);
    out_.put(at + 6, pixels.y, 4);
    out_.put(at + 10, pixels.stride, 4);
    if (pixels.palette) {
      out_.point_to_end(at + 14);
      const auto& entries = pixels.palette->entries;
      const std::size_t to = out_.grow(10 + 4 * entries.size());
      out_.put(to, pixels.palette->unique, 8);
      out_.put(to + 8, entries.size(), 2);
      for (std::size_t i = 0; i < entries.size(); ++i) out_.put(to + 10 + 4 * i, entries[i], 4);
    }
    out_.point_to_end(at + 22);
    if (!layout_.direct) return chunk(pixels.data);
    const std::size_t to = out_.grow(pixels.data.size());
    std::ranges::copy(BytesView(pixels.data),
                      out_.bytes_.begin() + static_cast<std::ptrdiff_t>(to));
  }

  // A drawable says which surfaces it reads, up to three, and where.
  void reads(std::uint32_t surface, const Rect& area) {
    if (dependencies_ == 3) return;
    out_.put(63 + 4 * dependencies_, surface, 4);
    out_.put(75 + 16 * dependencies_, area);
    ++dependencies_;
  }

  CommandBlock& out_;
  const Layout& layout_;
  std::size_t dependencies_ = 0;
};

CommandBlock CommandBlock::of(const device::Drawable& drawable, const Layout& layout) {
  const DisplayBase* base = std::visit(
      [](const auto& body) -> const DisplayBase* {
        if constexpr (requires { body.base; })
          return &body.base;
        else
          return nullptr;
      },
      drawable.body);
  static const DisplayBase nothing;
  if (base == nullptr) base = &nothing;
  auto out = CommandBlock::drawable(drawable.type, drawable.effect, body_bytes, base->box,
                                    base->clip.rects);
  out.put(8, base->surface_id, 4);
  DrawableWriter writer(out, layout);
  std::visit([&](const auto& body) { writer.write(body); }, drawable.body);
  return out;
}

// What lies behind the drawable stays where it is: the compat form is shorter.
void CommandBlock::make_compat() {
  struct Part {
    std::size_t native, compat, bytes;
  };
  constexpr std::size_t type_at = 13, effect_at = 12, bbox = 31, clip = 47, compat_body = 60;
  constexpr std::uint8_t alpha_blend = 13;
  const bool is_blend = bytes_[type_at] == std::byte{alpha_blend};
  const std::size_t left_out = is_blend ? 2 : 0;  // its flags
  const Part parts[] = {{effect_at, 8, 2},
                        {bbox, 28, 16},
                        {clip, 44, 12},
                        {body_at + left_out, compat_body, body_bytes - left_out}};
  const Bytes native(bytes_.begin(), bytes_.begin() + body_at + body_bytes);
  std::fill(bytes_.begin() + 8, bytes_.begin() + body_at + body_bytes, std::byte{0});
  for (const Part& part : parts)
    std::copy_n(native.begin() + static_cast<std::ptrdiff_t>(part.native), part.bytes,
                bytes_.begin() + static_cast<std::ptrdiff_t>(part.compat));
  for (std::uint32_t& at : pointers_) {
    for (const Part& part : parts) {
      if (at < part.native || at >= part.native + part.bytes) continue;
      at = static_cast<std::uint32_t>(at - part.native + part.compat);
      break;
    }
  }
}

CommandBlock CommandBlock::of(const device::CursorCommand& command) {
  if (const auto* set = std::get_if<wire::cursor::Set>(&command.body)) {
    auto out = set_cursor(set->position, set->cursor.header.value_or(wire::cursor::CursorHeader{}),
                          set->cursor.data);
    out.put(13, set->visible, 1);
    return out;
  }
  if (const auto* move = std::get_if<wire::cursor::Move>(&command.body))
    return move_cursor(move->position);
  auto out = hide_cursor();
  if (const auto* trail = std::get_if<wire::cursor::Trail>(&command.body)) {
    out.put(8, static_cast<std::uint8_t>(device::CursorAction::trail), 1);
    out.put(9, trail->length, 2);
    out.put(11, trail->frequency, 2);
  }
  return out;
}

CommandBlock CommandBlock::create_surface(const device::SurfaceCreate& surface,
                                          std::uint64_t pixels, bool keep) {
  CommandBlock out(surface_command);
  out.put(8, surface.surface_id, 4);
  out.put(13, keep ? 1 : 0, 4);
  out.put(17, surface.format, 4);
  out.put(21, surface.width, 4);
  out.put(25, surface.height, 4);
  out.put(29, static_cast<std::uint32_t>(surface.stride), 4);
  out.put(33, pixels, 8);
  return out;
}
CommandBlock CommandBlock::destroy_surface(std::uint32_t id) {
  CommandBlock out(surface_command);
  out.put(8, id, 4);
  out.put(12, 1, 1);
  return out;
}

}  // namespace spicebench::qxl
