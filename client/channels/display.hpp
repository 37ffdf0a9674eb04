// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <vector>

#include "client/channel.hpp"
#include "client/connection.hpp"
#include "client/display/surfaces.hpp"
#include "core/base/hash.hpp"
#include "core/draw/draw.hpp"
#include "core/wire/display_channel.hpp"

namespace spicebench::client {

// A display channel (protocol.md §4.3, §9.4; canvas.md §13): surfaces, and what is drawn on them.
enum class DisplayState : std::uint8_t {
  empty,     // no primary surface
  unmarked,  // its first picture is not complete yet
  marked,    // may be shown
};
class Display final : public TableChannel<Display, DisplayState>, private draw::Images {
 public:
  explicit Display(Connection& connection) : connection_(connection) {}
  static const Table& table();

  const draw::Surface* find_surface(std::uint32_t id) const { return surfaces_.find(id); }
  const draw::Surface* screen() const { return surfaces_.primary(); }
  Hash128 screen_hash() const;
  bool ready() const { return state() == DisplayState::marked; }
  const std::vector<wire::display::Head>& heads() const { return heads_; }
  void tell_if_ready() const;

  void up() override;
  Result<Readiness> readiness(const wire::AnyMessage& message) override;

  Result<DisplayState> mode(const wire::display::Mode& message);
  Result<DisplayState> mark(const wire::display::Mark& message);
  Result<DisplayState> reset(const wire::display::Reset& message);
  Result<DisplayState> surface_create(const wire::display::SurfaceCreate& message);
  Result<DisplayState> surface_destroy(const wire::display::SurfaceDestroy& message);
  Result<DisplayState> monitors_config(const wire::display::MonitorsConfig& message);
  Result<DisplayState> inval_list(const wire::display::InvalList& message);
  Result<DisplayState> inval_all_pixmaps(const wire::display::InvalAllPixmaps& message);
  Result<DisplayState> inval_palette(const wire::display::InvalPalette& message);
  Result<DisplayState> inval_all_palettes(const wire::display::InvalAllPalettes& message);
  Result<DisplayState> draw_fill(const wire::display::DrawFill& message);
  Result<DisplayState> draw_copy(const wire::display::DrawCopy& message);
  Result<DisplayState> copy_bits(const wire::display::CopyBits& message);

 private:
  template <class Command>
  Result<DisplayState> draw(const Command& command);
  bool is_missing(const wire::display::Image& image) const;

  // draw::Images
  std::optional<draw::PixelView> surface(std::uint32_t id) const override;
  Result<image::Pixmap> cached(std::uint64_t id, bool lossless_only) override;
  Result<void> keep(const wire::display::Image& image, const image::Pixmap* pixels) override;
  image::PaletteCache* palettes() override { return &palettes_; }

  Connection& connection_;
  Surfaces surfaces_;
  image::PaletteCache palettes_;
  std::vector<wire::display::Head> heads_;
};

}  // namespace spicebench::client
