// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "core/draw/draw.hpp"

namespace spicebench::draw {

// Finds the images of one command, in the order in which it is asked for them, and holds them while
// the command is drawn. An image that cannot be had does not keep those behind it from taking
// effect on the caches: the first error is returned by done().
class Resolver {
 public:
  Resolver(Images& images, const Surface& target) : images_(images), target_(target) {}
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // Each puts what it finds into `place`, which is a member of resolved(). As the command sees the
  // picture: in the surface's format where that is defined (canvas.md §2.3).
  void colours(std::optional<PixelView>& place, const std::optional<wire::display::Image>& image,
               std::string_view field);
  // In the format that the picture has.
  void native(std::optional<PixelView>& place, const std::optional<wire::display::Image>& image,
              std::string_view field);
  // The tile of a brush that has one.
  void pattern(std::optional<PixelView>& place, const wire::display::Brush& brush,
               std::string_view field);
  void mask(std::optional<PixelView>& place, const wire::display::QMask& mask);

  Resolved& resolved() { return resolved_; }
  Result<void> done() const;

 private:
  enum class As { canvas, native, mask };
  Result<PixelView> view(const wire::display::Image& image, As as);
  Result<image::Pixmap> pixmap(const wire::display::Image& image, As as);
  void put(std::optional<PixelView>& place, const wire::display::Image& image, As as,
           std::string_view field);

  Images& images_;
  const Surface& target_;
  Resolved resolved_;
  std::array<image::Pixmap, 3> held_;  // no command has more images
  std::size_t used_ = 0;
  std::optional<Error> error_;
};

}  // namespace spicebench::draw
