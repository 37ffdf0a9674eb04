// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <map>

#include "core/draw/draw.hpp"
#include "core/image/decode.hpp"
#include "core/image/png.hpp"
#include "recorder/import/qxl_recording.hpp"
#include "tests/recorder/support.hpp"

// Real recordings, their commands drawn one after the other without a device.
using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;
using wire::device::GuestSurface;

namespace {

// The surfaces of a guest.
class Painter final : draw::Images {
 public:
  const draw::Surface& screen() const { return surfaces_.at(0).view; }

  void operator()(const wire::device::Drawable& drawable) {
    std::visit([this](const auto& command) { draw_command(command); }, drawable.body);
  }
  void operator()(const wire::device::CursorCommand&) {}
  void operator()(const GuestSurface& made) {
    const auto& shape = made.surface;
    Surface& surface = surfaces_[shape.surface_id];
    surface.pixels.assign(made.content.view().begin(), made.content.view().end());
    surface.pixels.resize(static_cast<std::size_t>(std::abs(shape.stride)) * shape.height);
    surface.view = value(
        draw::Surface::over(surface.pixels, shape.width, shape.height, shape.stride, shape.format));
  }
  void operator()(const wire::device::SurfaceDestroy& gone) { surfaces_.erase(gone.surface_id); }
  void operator()(const wire::device::DestroyAllSurfaces&) { surfaces_.clear(); }

 private:
  struct Surface {
    Bytes pixels;
    draw::Surface view;
    wire::display::Transform transform;
  };

  void draw_command(std::monostate) {}
  void draw_command(const auto& command) {
    value(draw::render(surfaces_.at(command.base.surface_id).view, command, *this));
  }
  std::optional<image::PixelView> surface(std::uint32_t id) const override {
    return surfaces_.at(id).view.view();
  }
  wire::display::Transform* surface_transform(std::uint32_t id) override {
    return &surfaces_.at(id).transform;
  }

  std::map<std::uint32_t, Surface> surfaces_;
};

std::vector<std::string> recording_names() {
  std::vector<std::string> names;
  for (const auto& entry :
       fs::directory_iterator(fs::path(SPICEBENCH_SOURCE_DIR) / "corpus/qxl-recordings"))
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

}  // namespace

TEST_CASE("the commands of a real recording give its picture", "[recorder][qxl]") {
  const std::string name = GENERATE(from_range(recording_names()));
  INFO(name);
  const auto folder = fs::path(SPICEBENCH_SOURCE_DIR) / "corpus/qxl-recordings" / name;
  const auto recording = value(load_qxl_recording(folder / "recording.qxl.zst"));
  CHECK(recording.refused.empty());
  CHECK_FALSE(recording.cut_off.has_value());
  Painter painter;
  for (const auto& action : recording.actions) std::visit(painter, action.what);
  const auto& screen = painter.screen();
  const auto expected = value(image::decode_png(read_bytes(folder / "screen.png")));
  CHECK(draw::same_picture(image::convert(expected.view(), screen.format()).view(), screen.view()));
}
