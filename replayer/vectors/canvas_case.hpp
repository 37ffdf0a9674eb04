// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.hpp"
#include "core/wire/display_drawing.hpp"

// A case of canvas vectors in the words of the wire. tests/vectors/canvas/README.md explains the
// JSON.
namespace spicebench::replayer {

struct CanvasSurface {
  std::uint32_t id = 0, format = 0, width = 0, height = 0, stride = 0;
  std::string before;  // file of its first pixels
};
// Not a drawing command, but done to pixels all the same.
struct PutFrame {
  std::uint32_t surface_id = 0;
  wire::display::Image frame;
  wire::display::Rect dest;
  wire::display::Clip clip;
};
struct ClearSurface {
  std::uint32_t surface_id = 0;
};
using CanvasCommand =
    std::variant<wire::display::CopyBits, wire::display::DrawFill, wire::display::DrawOpaque,
                 wire::display::DrawCopy, wire::display::DrawBlend, wire::display::DrawBlackness,
                 wire::display::DrawWhiteness, wire::display::DrawInvers, wire::display::DrawRop3,
                 wire::display::DrawStroke, wire::display::DrawText, wire::display::DrawTransparent,
                 wire::display::DrawAlphaBlend, wire::display::DrawComposite, PutFrame,
                 ClearSurface>;
struct CanvasExpectation {
  std::uint32_t surface_id = 0, compare_mask = 0, max_channel_difference = 0;
  std::string after;  // file of its last pixels
};
struct CanvasCase {
  std::vector<CanvasSurface> surfaces;
  std::vector<CanvasCommand> commands;
  std::vector<CanvasExpectation> expected;
};

// Errors: malformed (members missing, of a wrong type or with unknown values).
Result<CanvasCase> canvas_case_from(const nlohmann::json& json);

}  // namespace spicebench::replayer
