// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/wire/device_link.hpp"
#include "core/wire/display_types.hpp"

namespace spicebench::qxl {

// 32-bit pixels that a guest draws, top row first, 0x00RRGGBB.
struct Picture {
  std::uint32_t width = 0, height = 0;
  std::vector<std::uint32_t> pixels;
  std::uint64_t id = 0;  // the same id always has the same pixels
  bool cache = false;    // clients may keep it under its id
};

// How a picture lies in guest memory.
enum class Rows : std::uint8_t { top_down, bottom_up };

// How a guest copies a picture.
struct CopyStyle {
  Rows rows = Rows::top_down;
  std::uint32_t rows_per_chunk = 0;  // 0: all in one
  bool pixels_have_alpha = false;    // format RGBA
  bool scales_nearest = false;       // whatever is scaled
  bool reads_target = false;         // it says that it depends on what it draws on
};

// How the bytes that a command points to lie in guest memory.
struct Layout {
  std::uint32_t chunk_bytes = 0;  // a chunk has as many at most; 0: one chunk has all
  bool direct = false;            // pixels of bitmaps without chunks
  bool unstable = false;          // the device must not count on them to stay
};

// One command with all it points to, as one run of guest memory whose place is not known yet:
// addresses are offsets from its start until `place`. The first 8 bytes are its release_info.
class CommandBlock {
 public:
  CommandBlock() = default;
  std::size_t size() const { return bytes_.size(); }
  // Puts a drawable into the form of the compat modes. Precondition: not placed yet, a drawable,
  // not COMPOSITE, which that form has not.
  void make_compat();
  // The bytes for a place at this encoded address, with this release id.
  BytesView place(std::uint64_t encoded_address, std::uint64_t release_id);

  // Drawables on surface 0 (qxl-device.md §12.3). `clip` empty: none.
  using Rect = wire::display::Rect;
  static CommandBlock fill(const Rect& box, std::span<const Rect> clip, std::uint32_t color,
                           std::uint16_t rop);
  // The part of `picture` from (source.left, source.top) in the size of `box`, without scaling.
  static CommandBlock copy(const Rect& box, std::span<const Rect> clip, const Picture& picture,
                           wire::display::Point source, std::uint16_t rop, const CopyStyle& style);
  static CommandBlock copy_bits(const Rect& box, std::span<const Rect> clip,
                                wire::display::Point source);
  // Cursor commands (§12.5).
  static CommandBlock set_cursor(wire::display::Point16 position,
                                 const wire::cursor::CursorHeader& shape, BytesView data);
  static CommandBlock move_cursor(wire::display::Point16 position);
  static CommandBlock hide_cursor();
  // Any command as a value, on any surface. Release ids in it mean nothing.
  static CommandBlock of(const wire::device::Drawable& drawable, const Layout& layout = {});
  static CommandBlock of(const wire::device::CursorCommand& command);
  // Off-screen surfaces (§15.1).
  //   pixels  the encoded address of |stride| * height bytes
  //   keep    they are what it shows from the start, else zeros
  static CommandBlock create_surface(const wire::device::SurfaceCreate& surface,
                                     std::uint64_t pixels, bool keep);
  static CommandBlock destroy_surface(std::uint32_t id);

 private:
  friend class DrawableWriter;
  explicit CommandBlock(std::size_t bytes) : bytes_(bytes) {}
  static CommandBlock drawable(std::uint8_t type, std::uint8_t effect, std::size_t body_bytes,
                               const Rect& box, std::span<const Rect> clip);
  void put(std::size_t at, std::uint64_t value, std::size_t width) {
    store_little_endian(&bytes_[at], value, width);
  }
  void put(std::size_t at, const Rect& rect);
  // A pointer at `at` to what is appended next.
  void point_to_end(std::size_t at);
  std::size_t grow(std::size_t bytes);  // where the new bytes start

  Bytes bytes_;
  std::vector<std::uint32_t> pointers_;  // places of addresses
};

}  // namespace spicebench::qxl
