// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "core/wire/common_messages.hpp"
#include "core/wire/display_drawing.hpp"
#include "core/wire/display_streams.hpp"
#include "core/wire/display_types.hpp"
#include "core/wire/ids.hpp"

// The display channel (protocol.md §4.3): surfaces and caches here; what is drawn into them, and
// the streams above them, in the headers included.
namespace spicebench::wire::display {

struct ResourceId {
  std::uint8_t type = 1;
  std::uint64_t id = 0;
  bool operator==(const ResourceId&) const = default;
};
constexpr std::uint8_t resource_pixmap = 1;
struct Head {
  std::uint32_t monitor_id = 0, surface_id = 0, width = 0, height = 0, x = 0, y = 0, flags = 0;
  bool operator==(const Head&) const = default;
};

// Server to client
// Legacy: creates the primary surface.
struct Mode {
  static constexpr MessageKey message{ChannelType::display, Side::server, 101};
  std::uint32_t x_res = 0, y_res = 0, bits = 0;
  bool operator==(const Mode&) const = default;
};
struct Mark {
  static constexpr MessageKey message{ChannelType::display, Side::server, 102};
  bool operator==(const Mark&) const = default;
};
struct Reset {
  static constexpr MessageKey message{ChannelType::display, Side::server, 103};
  bool operator==(const Reset&) const = default;
};
struct InvalList {
  static constexpr MessageKey message{ChannelType::display, Side::server, 105};
  std::vector<ResourceId> resources;  // u16 count
  bool operator==(const InvalList&) const = default;
};
struct InvalAllPixmaps {
  static constexpr MessageKey message{ChannelType::display, Side::server, 106};
  std::vector<common::ChannelWait> wait_list;  // u8 count
  bool operator==(const InvalAllPixmaps&) const = default;
};
struct InvalPalette {
  static constexpr MessageKey message{ChannelType::display, Side::server, 107};
  std::uint64_t id = 0;
  bool operator==(const InvalPalette&) const = default;
};
struct InvalAllPalettes {
  static constexpr MessageKey message{ChannelType::display, Side::server, 108};
  bool operator==(const InvalAllPalettes&) const = default;
};
struct SurfaceCreate {
  static constexpr MessageKey message{ChannelType::display, Side::server, 314};
  std::uint32_t surface_id = 0, width = 0, height = 0, format = 0, flags = 0;
  bool operator==(const SurfaceCreate&) const = default;
};
struct SurfaceDestroy {
  static constexpr MessageKey message{ChannelType::display, Side::server, 315};
  std::uint32_t surface_id = 0;
  bool operator==(const SurfaceDestroy&) const = default;
};
struct MonitorsConfig {
  static constexpr MessageKey message{ChannelType::display, Side::server, 317};
  std::uint16_t max_allowed = 0;
  std::vector<Head> heads;  // u16 count, stands before max_allowed
  bool operator==(const MonitorsConfig&) const = default;
};

// Client to server
struct Init {
  static constexpr MessageKey message{ChannelType::display, Side::client, 101};
  std::uint8_t pixmap_cache_id = 0;
  std::int64_t pixmap_cache_size = 0;  // pixels
  std::uint8_t glz_dictionary_id = 0;
  std::int32_t glz_dictionary_window_size = 0;  // pixels
  bool operator==(const Init&) const = default;
};
enum class ImageCompression : std::uint8_t {
  off = 1,
  auto_glz = 2,
  auto_lz = 3,
  quic = 4,
  glz = 5,
  lz = 6,
  lz4 = 7,
};
std::string_view image_compression_name(std::uint8_t compression);  // "auto_lz"; "unknown"
// Nothing: none of this name.
std::optional<ImageCompression> image_compression_named(std::string_view name);
struct PreferredCompression {
  static constexpr MessageKey message{ChannelType::display, Side::client, 103};
  std::uint8_t image_compression = 0;  // ImageCompression
  bool operator==(const PreferredCompression&) const = default;
};

}  // namespace spicebench::wire::display
