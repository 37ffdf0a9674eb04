// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <optional>

#include "core/draw/draw.hpp"
#include "core/wire/message.hpp"
#include "tests/fuzz/targets.hpp"

namespace spicebench::fuzz {

using namespace wire::display;

namespace {

constexpr std::uint32_t width = 61, height = 47;
constexpr image::Format formats[] = {surface_32_xrgb, surface_32_argb, surface_16_555,
                                     surface_16_565,  surface_8_a,     surface_1_a};

struct Owned {
  Bytes pixels;
  draw::Surface surface;
  explicit Owned(image::Format format)
      : pixels(image::row_bytes(format, width) * height, std::byte{0x5a}),
        surface(*draw::Surface::over(pixels, width, height,
                                     static_cast<std::int64_t>(image::row_bytes(format, width)),
                                     format)) {}
};

// Surface 0 is drawn on; the next ones are of all formats.
class World final : public draw::Images {
 public:
  explicit World(image::Format format) {
    surfaces_.emplace_back(format);
    for (const auto other : formats) surfaces_.emplace_back(other);
  }
  void draw(std::uint16_t id, const SharedBytes& body) {
    const wire::MessageInfo* info =
        wire::find_message(wire::ChannelType::display, Side::server, id);
    if (!info || !info->layout) return;
    const auto decoded = wire::decode_any(*info, body);
    if (!decoded) return;
    try_all<CopyBits, DrawFill, DrawOpaque, DrawCopy, DrawBlend, DrawBlackness, DrawWhiteness,
            DrawInvers, DrawRop3, DrawStroke, DrawText, DrawTransparent, DrawAlphaBlend,
            DrawComposite>(decoded->message);
  }

 private:
  template <class... Commands>
  void try_all(const wire::AnyMessage& message) {
    (try_one(message.as<Commands>()), ...);
  }
  template <class Command>
  void try_one(const Command* command) {
    if (command) (void)draw::render(surfaces_[0].surface, *command, *this);
  }
  std::optional<image::PixelView> surface(std::uint32_t id) const override {
    if (id >= surfaces_.size()) return std::nullopt;
    return surfaces_[id].surface.view();
  }
  // Any cached image is one of the surfaces.
  Result<image::Pixmap> cached(std::uint64_t id, bool) override {
    const Owned& from = surfaces_[id % surfaces_.size()];
    return image::Pixmap{width, height, from.surface.format(),
                         static_cast<std::uint32_t>(from.surface.stride()),
                         SharedBytes::copy_of(from.pixels)};
  }
  image::PaletteCache* palettes() override { return &palettes_; }

  std::vector<Owned> surfaces_;
  image::PaletteCache palettes_;
};

}  // namespace

void canvas(BytesView bytes) {
  Input input(bytes);
  World world(formats[input.number(1) % std::size(formats)]);
  while (!input.empty()) {
    const auto id = static_cast<std::uint16_t>(input.number(2));
    const std::size_t size = input.number(2);
    world.draw(id, SharedBytes::copy_of(input.take(size)));
  }
}

}  // namespace spicebench::fuzz
