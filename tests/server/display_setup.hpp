// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "tests/server/bench.hpp"

namespace spicebench::server {

// A device and a session, to which a display channel can be added.
struct DisplaySetup {
  explicit DisplaySetup(ServerOptions options = {.net_test_bytes = {}, .ack_window = 0},
                        bool mini_header = true, std::uint32_t caps = 0xffff'ffff)
      : bench(std::move(options)), mini(mini_header), caps_word(caps) {
    bench.connect_device();
  }
  FakeChannel connect() {
    return {bench, wire::ChannelType::display, session.id, mini, {caps_word}};
  }
  static wire::display::Init init(std::int64_t pixels = std::int64_t{1000}) {
    return {.pixmap_cache_id = 1,
            .pixmap_cache_size = pixels,
            .glz_dictionary_id = 1,
            .glz_dictionary_window_size = 1 << 22};
  }
  std::vector<std::byte> row(std::uint32_t y) {
    const auto view = bench.server.surface(0);
    REQUIRE(view.has_value());
    return {view->row(y), view->row(y) + std::size_t{4} * view->width};
  }

  Bench bench;
  bool mini;
  std::uint32_t caps_word;
  FakeSession session{bench};
};

// The pixels of a picture that is a raw bitmap.
inline const wire::display::Bitmap& bitmap_of(const wire::display::DrawCopy& message) {
  return std::get<wire::display::Bitmap>(message.src_bitmap->payload);
}

}  // namespace spicebench::server
