// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <variant>
#include <vector>

#include "core/draw/draw.hpp"
#include "core/wire/display_drawing.hpp"
#include "core/wire/generate.hpp"

// Drawing commands out of a stream of choices, for properties and fuzzers: most of what they say
// lies about on a surface of some 40 pixels, some of it is nonsense or at the ends of its type.
namespace spicebench::draw {

using DrawCommand =
    std::variant<wire::display::CopyBits, wire::display::DrawFill, wire::display::DrawOpaque,
                 wire::display::DrawCopy, wire::display::DrawBlend, wire::display::DrawBlackness,
                 wire::display::DrawWhiteness, wire::display::DrawInvers, wire::display::DrawRop3,
                 wire::display::DrawStroke, wire::display::DrawText, wire::display::DrawTransparent,
                 wire::display::DrawAlphaBlend, wire::display::DrawComposite>;

constexpr std::array<Format, 6> all_formats = {
    wire::display::surface_32_xrgb, wire::display::surface_32_argb, wire::display::surface_16_555,
    wire::display::surface_16_565,  wire::display::surface_8_a,     wire::display::surface_1_a};

class CommandMaker {
 public:
  // Images may be of surfaces 0 … surfaces - 1.
  CommandMaker(wire::Choices& choices, std::uint32_t surfaces)
      : choices_(choices), surfaces_(surfaces) {}
  DrawCommand make();
  // `nonsense`: coordinates may be anything.
  wire::display::Rect rect(bool nonsense = true);
  wire::display::Clip clip();
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(choices_.below(bound));
  }

 private:
  bool chance(std::uint32_t of) { return below(of) == 0; }
  std::int32_t coordinate(bool nonsense = true);
  std::uint32_t word() { return static_cast<std::uint32_t>(choices_.below(1ull << 32)); }
  std::uint16_t rop();
  Bytes bytes(std::size_t count);
  wire::display::Point point() { return {coordinate(), coordinate()}; }
  wire::display::DisplayBase base();
  wire::display::Image image();
  wire::display::Image bitmap();
  wire::display::QMask mask();
  wire::display::Brush brush();
  wire::display::DrawStroke stroke();
  wire::display::DrawText text();
  wire::display::DrawComposite composite();

  wire::Choices& choices_;
  std::uint32_t surfaces_;
};

// Surfaces of all formats with an odd size, and whatever was in them.
class Canvases final : public Images {
 public:
  static constexpr std::uint32_t width = 37, height = 23;
  Canvases(wire::Choices& choices, bool bottom_row_first);
  Canvases(const Canvases& other);
  Canvases& operator=(const Canvases&) = delete;

  Surface& target(std::uint32_t id) { return surfaces_[id]; }
  const Bytes& pixels(std::uint32_t id) const { return pixels_[id]; }
  std::optional<PixelView> surface(std::uint32_t id) const override;
  Result<void> execute(std::uint32_t id, const DrawCommand& command);

 private:
  void place();
  bool bottom_row_first_;
  std::array<Bytes, all_formats.size()> pixels_;
  std::array<Surface, all_formats.size()> surfaces_;
};

}  // namespace spicebench::draw
