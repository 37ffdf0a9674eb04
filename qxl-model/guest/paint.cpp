// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/paint.hpp"

#include <algorithm>

#include "qxl-model/guest/paint_rules.hpp"

namespace spicebench::qxl {

using namespace wire::display;
using wire::device::Drawable;
using wire::device::DrawEffect;
using wire::device::DrawType;

Paint::Paint(Random random, std::vector<Canvas> canvases)
    : random_(random.fork("commands")),
      pictures_(random.fork("pictures"), canvases),
      canvases_(std::move(canvases)) {
  fonts_.emplace_back(string_a1, 7, 12, random.fork("small font"));
  fonts_.emplace_back(string_a4, 13, 20, random.fork("large font"));
}

Drawable Paint::next() {
  static constexpr Operation operations[] = {
      &Paint::fill,        &Paint::opaque,    &Paint::copy,      &Paint::copy_bits,
      &Paint::blend,       &Paint::blackness, &Paint::whiteness, &Paint::invers,
      &Paint::rop3,        &Paint::stroke,    &Paint::text,      &Paint::transparent,
      &Paint::alpha_blend, &Paint::composite};
  target_ = canvases_[random_.below(canvases_.size())];
  return (this->*operations[random_.below(std::size(operations))])();
}

// Parts

Drawable Paint::made(DrawType type, Body body) {
  // All that are drawn like "blend" when no command comes twice.
  static constexpr DrawEffect effects[] = {DrawEffect::blend,
                                           DrawEffect::blend,
                                           DrawEffect::blend,
                                           DrawEffect::revert_on_dup,
                                           DrawEffect::blackness_on_dup,
                                           DrawEffect::whiteness_on_dup,
                                           DrawEffect::nop_on_dup};
  const auto effect = effects[random_.below(std::size(effects))];
  return {.effect = static_cast<std::uint8_t>(effect),
          .type = static_cast<std::uint8_t>(type),
          .body = std::move(body)};
}

std::uint16_t Paint::rop() {
  if (chance(1, 3)) return ropd_put;
  auto inversions = static_cast<unsigned>(random_.below(8));
  if (chance(1, 2)) inversions |= ropd_invers_res;
  return static_cast<std::uint16_t>(inversions | unsigned{ropd_put} << random_.below(7));
}

Rect Paint::box(std::uint32_t most_width, std::uint32_t most_height) {
  const auto limit = [this](std::uint32_t most, std::uint32_t room) {
    const std::uint32_t bound = std::min(chance(1, 4) ? 12u : most, room);
    return static_cast<std::int32_t>(1 + random_.below(bound));
  };
  const std::int32_t width = limit(most_width, target_.width);
  const std::int32_t height = limit(most_height, target_.height);
  const std::int32_t left = number(0, std::int64_t{target_.width} - width);
  const std::int32_t top = number(0, std::int64_t{target_.height} - height);
  return {top, left, top + height, left + width};
}

// Rectangles about the box that overlap each other and reach beyond it.
Clip Paint::clip(const Rect& box) {
  Clip out;
  if (chance(1, 2)) return out;
  out.type = clip_rects;
  out.rects.resize(1 + random_.below(4));
  for (Rect& rect : out.rects) {
    rect.left = number(std::max(box.left - 10, 0), box.right - 1);
    rect.top = number(std::max(box.top - 10, 0), box.bottom - 1);
    rect.right = number(rect.left + 1, box.right + 10);
    rect.bottom = number(rect.top + 1, box.bottom + 10);
  }
  return out;
}

DisplayBase Paint::base() {
  DisplayBase out{.surface_id = target_.id, .box = box(200, 150)};
  out.clip = clip(out.box);
  return out;
}

// A source and the part of it that is drawn; the box follows from it where nothing is stretched.
template <class Draw>
void Paint::give_source(Draw& draw) {
  draw.src_bitmap = pictures_.any_picture(target_);
  const Image& image = *draw.src_bitmap;
  Rect& area = draw.src_area;
  const auto width = static_cast<std::int32_t>(std::min({image.width, target_.width, 150u}));
  const auto height = static_cast<std::int32_t>(std::min({image.height, target_.height, 150u}));
  const std::int32_t area_width = chance(1, 2) ? width : number(1, width);
  const std::int32_t area_height = chance(1, 2) ? height : number(1, height);
  area.left = number(0, std::int64_t{image.width} - area_width);
  area.top = number(0, std::int64_t{image.height} - area_height);
  area.right = area.left + area_width;
  area.bottom = area.top + area_height;
  draw.base = base();
  if (chance(1, 3)) {  // stretched
    if (target_.format == surface_32_argb && !rules::has_alpha(image))
      draw.src_bitmap = pictures_.with_alpha(image.width, image.height);
    return;
  }
  Rect& box = draw.base.box;
  box.left = number(0, std::int64_t{target_.width} - area_width);
  box.top = number(0, std::int64_t{target_.height} - area_height);
  box.right = box.left + area_width;
  box.bottom = box.top + area_height;
  draw.base.clip = clip(box);
}

// Operations

Drawable Paint::fill() {
  DrawFill draw{.base = base()};
  draw.brush = pictures_.brush(target_);
  draw.rop_descriptor = rop();
  draw.mask = pictures_.mask();
  return made(DrawType::fill, std::move(draw));
}

template <class Draw>
Drawable Paint::copying(DrawType type) {
  Draw draw;
  give_source(draw);
  draw.rop_descriptor = rop();
  draw.scale_mode = static_cast<std::uint8_t>(random_.below(2));
  draw.mask = pictures_.mask();
  return made(type, std::move(draw));
}
Drawable Paint::copy() {
  return copying<DrawCopy>(DrawType::copy);
}
Drawable Paint::blend() {
  return copying<DrawBlend>(DrawType::blend);
}
Drawable Paint::opaque() {
  Drawable out = copying<DrawOpaque>(DrawType::opaque);
  std::get<DrawOpaque>(out.body).brush = pictures_.brush(target_);
  return out;
}

Drawable Paint::copy_bits() {
  CopyBits draw{.base = base()};
  const Rect& box = draw.base.box;
  draw.src_pos.x = number(0, target_.width - width_of(box));
  draw.src_pos.y = number(0, target_.height - height_of(box));
  return made(DrawType::copy_bits, std::move(draw));
}

template <class Draw>
Drawable Paint::masked(DrawType type) {
  Draw draw{.base = base()};
  draw.mask = pictures_.mask();
  return made(type, std::move(draw));
}
Drawable Paint::blackness() {
  return masked<DrawBlackness>(DrawType::blackness);
}
Drawable Paint::whiteness() {
  return masked<DrawWhiteness>(DrawType::whiteness);
}
Drawable Paint::invers() {
  return masked<DrawInvers>(DrawType::invers);
}

Drawable Paint::rop3() {
  DrawRop3 draw;
  give_source(draw);
  draw.brush = pictures_.brush(target_);
  if (auto* pattern = std::get_if<PatternBrush>(&draw.brush.body)) pattern->position = {};
  do {
    draw.rop3 = static_cast<std::uint8_t>(random_.below(256));
  } while (!rules::has_rop3(draw.rop3));
  draw.scale_mode = static_cast<std::uint8_t>(random_.below(2));
  draw.mask = pictures_.mask();
  return made(DrawType::rop3, std::move(draw));
}

Drawable Paint::transparent() {
  DrawTransparent draw;
  give_source(draw);
  // Often a colour that the picture has; black, which is what is beside it.
  draw.true_color = chance(1, 2) ? 0 : static_cast<std::uint32_t>(random_.below(0x100'0000));
  draw.src_color = draw.true_color;
  return made(DrawType::transparent, std::move(draw));
}

Drawable Paint::alpha_blend() {
  DrawAlphaBlend draw;
  give_source(draw);
  if (chance(1, 2)) {
    const Image& image = *draw.src_bitmap;
    const bool surface = image.type == static_cast<std::uint8_t>(ImageType::surface);
    if (!surface) draw.src_bitmap = pictures_.with_alpha(image.width, image.height);
  }
  draw.alpha = chance(1, 3) ? 255 : static_cast<std::uint8_t>(random_.below(256));
  if (chance(1, 3)) draw.alpha_flags = alpha_dest_has_alpha;
  return made(DrawType::alpha_blend, std::move(draw));
}

Transform Paint::transform() {
  constexpr std::int32_t one = 1 << 16;
  Transform out;
  out.t00 = number(-2 * one, 2 * one);
  out.t11 = number(-2 * one, 2 * one);
  if (chance(1, 2)) {
    out.t01 = number(-one, one);
    out.t10 = number(-one, one);
  }
  out.t02 = number(-100 * one, 100 * one);
  out.t12 = number(-100 * one, 100 * one);
  return out;
}

Drawable Paint::composite() {
  DrawComposite draw{.base = base()};
  const auto operators = rules::composite_operators();
  draw.flags = operators[random_.below(operators.size())];
  draw.flags |= static_cast<std::uint32_t>(random_.below(5)) << 8;  // filters
  draw.flags |= static_cast<std::uint32_t>(random_.below(5)) << 11;
  draw.flags |= static_cast<std::uint32_t>(random_.below(16)) << 14;  // repeats
  const auto width = static_cast<std::uint32_t>(1 + random_.below(100));
  const auto height = static_cast<std::uint32_t>(1 + random_.below(100));
  draw.src_bitmap =
      chance(1, 3) ? pictures_.any_picture(target_) : pictures_.with_alpha(width, height);
  draw.src_bitmap->flags = 0;
  if (chance(1, 3)) {
    draw.src_transform = transform();
    draw.flags |= composite_has_source_transform;
  }
  if (chance(1, 3)) {
    draw.mask_bitmap = pictures_.with_alpha(width, height);
    draw.flags |= composite_has_mask;
    if (chance(1, 2)) draw.flags |= composite_component_alpha;
    if (chance(1, 2)) {
      draw.mask_transform = transform();
      draw.flags |= composite_has_mask_transform;
    }
  }
  draw.src_origin.x = static_cast<std::int16_t>(number(-20, 60));
  draw.src_origin.y = static_cast<std::int16_t>(number(-20, 60));
  draw.mask_origin.x = static_cast<std::int16_t>(number(-20, 60));
  draw.mask_origin.y = static_cast<std::int16_t>(number(-20, 60));
  return made(DrawType::composite, std::move(draw));
}

}  // namespace spicebench::qxl
