// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/display_drawing.hpp"

#include <fmt/format.h>

#include "core/wire/describe.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace display {
namespace {

// Rules that several commands share

constexpr std::string_view rop_says = "rop_descriptor has exactly one operator";
constexpr std::string_view source_says = "src_area is not empty and lies in the source image";
constexpr std::string_view both_say =
    "rop_descriptor has exactly one operator; src_area is not empty and lies in the source image";

template <class T>
std::string check_only_source(const Scope& scope) {
  const auto& drawing = scope.as<T>();
  return check_source(drawing.src_bitmap, drawing.src_area);
}
template <class T>
void settle_only_source(void* object, const Scope*, Choices& choices) {
  auto& drawing = *static_cast<T*>(object);
  drawing.src_area = settled_source(*drawing.src_bitmap, choices);
}
template <class T>
std::string check_rop_and_source(const Scope& scope) {
  std::string wrong = check_rop(scope.as<T>().rop_descriptor);
  return wrong.empty() ? check_only_source<T>(scope) : wrong;
}
template <class T>
void settle_rop_and_source(void* object, const Scope* outer, Choices& choices) {
  auto& drawing = *static_cast<T*>(object);
  drawing.rop_descriptor = settled_rop(drawing.rop_descriptor, choices);
  settle_only_source<T>(object, outer, choices);
}
// The mode of what is drawn counts; the other one only sometimes.
template <class T>
std::string check_fore_mode(const Scope& scope) {
  return check_rop(scope.as<T>().fore_mode);
}
template <class T>
void settle_fore_mode(void* object, const Scope*, Choices& choices) {
  auto& drawing = *static_cast<T*>(object);
  drawing.fore_mode = settled_rop(drawing.fore_mode, choices);
}
constexpr std::string_view fore_mode_says = "fore_mode has exactly one operator";

template <class T>
constexpr Field source_field =
    structure(MEMBER(T, src_bitmap), image_layout).by_pointer().required();

// Commands

constexpr Field copy_bits_fields[] = {
    structure(MEMBER(CopyBits, base), base_layout),
    structure(MEMBER(CopyBits, src_pos), point_layout),
};

std::string check_fill(const Scope& scope) {
  return check_rop(scope.as<DrawFill>().rop_descriptor);
}
void settle_fill(void* object, const Scope*, Choices& choices) {
  auto& fill = *static_cast<DrawFill*>(object);
  fill.rop_descriptor = settled_rop(fill.rop_descriptor, choices);
}
constexpr Field draw_fill_fields[] = {
    structure(MEMBER(DrawFill, base), base_layout),
    structure(MEMBER(DrawFill, brush), brush_layout),
    scalar(MEMBER(DrawFill, rop_descriptor)).named(rop_names),
    structure(MEMBER(DrawFill, mask), mask_layout),
};

constexpr Field draw_opaque_fields[] = {
    structure(MEMBER(DrawOpaque, base), base_layout),
    source_field<DrawOpaque>,
    structure(MEMBER(DrawOpaque, src_area), rect_layout),
    structure(MEMBER(DrawOpaque, brush), brush_layout),
    scalar(MEMBER(DrawOpaque, rop_descriptor)).named(rop_names),
    scalar(MEMBER(DrawOpaque, scale_mode)).named(scale_mode_names),
    structure(MEMBER(DrawOpaque, mask), mask_layout),
};

template <class T>
constexpr Field copy_fields[] = {
    structure(MEMBER(T, base), base_layout),
    source_field<T>,
    structure(MEMBER(T, src_area), rect_layout),
    scalar(MEMBER(T, rop_descriptor)).named(rop_names),
    scalar(MEMBER(T, scale_mode)).named(scale_mode_names),
    structure(MEMBER(T, mask), mask_layout),
};
template <class T>
constexpr Layout copy_layout(std::string_view name) {
  return describes<T>(name, copy_fields<T>,
                      {check_rop_and_source<T>, settle_rop_and_source<T>, nullptr, both_say});
}

template <class T>
constexpr Field masked_fields[] = {
    structure(MEMBER(T, base), base_layout),
    structure(MEMBER(T, mask), mask_layout),
};

constexpr Field draw_rop3_fields[] = {
    structure(MEMBER(DrawRop3, base), base_layout),
    source_field<DrawRop3>,
    structure(MEMBER(DrawRop3, src_area), rect_layout),
    structure(MEMBER(DrawRop3, brush), brush_layout),
    scalar(MEMBER(DrawRop3, rop3)),
    scalar(MEMBER(DrawRop3, scale_mode)).named(scale_mode_names),
    structure(MEMBER(DrawRop3, mask), mask_layout),
};

constexpr Field draw_stroke_fields[] = {
    structure(MEMBER(DrawStroke, base), base_layout),
    structure(MEMBER(DrawStroke, path), path_layout).by_pointer(Place::required_pointer),
    structure(MEMBER(DrawStroke, attr), line_attr_layout),
    structure(MEMBER(DrawStroke, brush), brush_layout),
    scalar(MEMBER(DrawStroke, fore_mode)).named(rop_names),
    scalar(MEMBER(DrawStroke, back_mode)).named(rop_names),
};

constexpr Field draw_text_fields[] = {
    structure(MEMBER(DrawText, base), base_layout),
    structure(MEMBER(DrawText, str), string_layout).by_pointer(Place::required_pointer),
    structure(MEMBER(DrawText, back_area), rect_layout),
    structure(MEMBER(DrawText, fore_brush), brush_layout),
    structure(MEMBER(DrawText, back_brush), brush_layout),
    scalar(MEMBER(DrawText, fore_mode)).named(rop_names),
    scalar(MEMBER(DrawText, back_mode)).named(rop_names),
};

constexpr Field draw_transparent_fields[] = {
    structure(MEMBER(DrawTransparent, base), base_layout),
    source_field<DrawTransparent>,
    structure(MEMBER(DrawTransparent, src_area), rect_layout),
    scalar(MEMBER(DrawTransparent, src_color)),
    scalar(MEMBER(DrawTransparent, true_color)),
};

constexpr Name alpha_flag_entries[] = {{alpha_dest_has_alpha, "dest_has_alpha"},
                                       {alpha_src_surface_has_alpha, "src_surface_has_alpha"}};
constexpr Names alpha_flag_names{true, alpha_flag_entries};
constexpr Field draw_alpha_blend_fields[] = {
    structure(MEMBER(DrawAlphaBlend, base), base_layout),
    scalar(MEMBER(DrawAlphaBlend, alpha_flags)).named(alpha_flag_names),
    scalar(MEMBER(DrawAlphaBlend, alpha)),
    source_field<DrawAlphaBlend>,
    structure(MEMBER(DrawAlphaBlend, src_area), rect_layout),
};

constexpr Field draw_composite_fields[] = {
    structure(MEMBER(DrawComposite, base), base_layout),
    scalar(MEMBER(DrawComposite, flags)).named(composite_names),
    source_field<DrawComposite>,
    structure(MEMBER(DrawComposite, mask_bitmap), image_layout)
        .by_pointer()
        .required()
        .when(has_bits(MEMBER(DrawComposite, flags), composite_has_mask)),
    structure(MEMBER(DrawComposite, src_transform), transform_layout)
        .when(has_bits(MEMBER(DrawComposite, flags), composite_has_source_transform)),
    structure(MEMBER(DrawComposite, mask_transform), transform_layout)
        .when(has_bits(MEMBER(DrawComposite, flags), composite_has_mask_transform)),
    structure(MEMBER(DrawComposite, src_origin), point16_layout),
    structure(MEMBER(DrawComposite, mask_origin), point16_layout),
};

}  // namespace

constexpr Layout copy_bits_layout = describes<CopyBits>("copy_bits", copy_bits_fields);
constexpr Layout draw_fill_layout = describes<DrawFill>(
    "draw_fill", draw_fill_fields, {check_fill, settle_fill, nullptr, rop_says});
constexpr Layout draw_opaque_layout = describes<DrawOpaque>(
    "draw_opaque", draw_opaque_fields,
    {check_rop_and_source<DrawOpaque>, settle_rop_and_source<DrawOpaque>, nullptr, both_say});
constexpr Layout draw_copy_layout = copy_layout<DrawCopy>("draw_copy");
constexpr Layout draw_blend_layout = copy_layout<DrawBlend>("draw_blend");
constexpr Layout draw_blackness_layout =
    describes<DrawBlackness>("draw_blackness", masked_fields<DrawBlackness>);
constexpr Layout draw_whiteness_layout =
    describes<DrawWhiteness>("draw_whiteness", masked_fields<DrawWhiteness>);
constexpr Layout draw_invers_layout =
    describes<DrawInvers>("draw_invers", masked_fields<DrawInvers>);
constexpr Layout draw_rop3_layout = describes<DrawRop3>(
    "draw_rop3", draw_rop3_fields,
    {check_only_source<DrawRop3>, settle_only_source<DrawRop3>, nullptr, source_says});
constexpr Layout draw_stroke_layout = describes<DrawStroke>(
    "draw_stroke", draw_stroke_fields,
    {check_fore_mode<DrawStroke>, settle_fore_mode<DrawStroke>, nullptr, fore_mode_says});
constexpr Layout draw_text_layout = describes<DrawText>(
    "draw_text", draw_text_fields,
    {check_fore_mode<DrawText>, settle_fore_mode<DrawText>, nullptr, fore_mode_says});
constexpr Layout draw_transparent_layout =
    describes<DrawTransparent>("draw_transparent", draw_transparent_fields,
                               {check_only_source<DrawTransparent>,
                                settle_only_source<DrawTransparent>, nullptr, source_says});
constexpr Layout draw_alpha_blend_layout = describes<DrawAlphaBlend>(
    "draw_alpha_blend", draw_alpha_blend_fields,
    {check_only_source<DrawAlphaBlend>, settle_only_source<DrawAlphaBlend>, nullptr, source_says});
constexpr Layout draw_composite_layout =
    describes<DrawComposite>("draw_composite", draw_composite_fields);

namespace {

constexpr MessageInfo rows[] = {
    row<CopyBits>(copy_bits_layout),
    row<DrawFill>(draw_fill_layout),
    row<DrawOpaque>(draw_opaque_layout),
    row<DrawCopy>(draw_copy_layout),
    row<DrawBlend>(draw_blend_layout),
    row<DrawBlackness>(draw_blackness_layout),
    row<DrawWhiteness>(draw_whiteness_layout),
    row<DrawInvers>(draw_invers_layout),
    row<DrawRop3>(draw_rop3_layout),
    row<DrawStroke>(draw_stroke_layout),
    row<DrawText>(draw_text_layout),
    row<DrawTransparent>(draw_transparent_layout),
    row<DrawAlphaBlend>(draw_alpha_blend_layout),
    row<DrawComposite>(draw_composite_layout),
};

}  // namespace
}  // namespace display

std::span<const MessageInfo> display_drawing_messages() {
  return display::rows;
}

}  // namespace spicebench::wire
