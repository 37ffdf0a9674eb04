// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <span>
#include <string_view>

#include "core/base/bytes.hpp"

// What the fuzzers do with an input. The same functions run over every seed and finding of
// corpus/fuzz in the tests. A target aborts, or the sanitizers do, when something is wrong.
namespace spicebench::fuzz {

struct Target {
  std::string_view name;  // of the folder of its seeds too
  void (*run)(BytesView input);
};
std::span<const Target> targets();

// Reads an input piece by piece; what is beyond its end is zero, so every input means something.
class Input {
 public:
  explicit Input(BytesView bytes) : rest_(bytes) {}
  std::uint64_t number(std::size_t bytes);  // little endian
  BytesView take(std::size_t bytes);        // as many as there are
  BytesView rest() { return take(rest_.size()); }
  bool empty() const { return rest_.empty(); }

 private:
  BytesView rest_;
};

// input: {u8: bit 0 the side, the others + 1 how many bytes}, these bytes, and so on
void framer(BytesView input);
// input: u8 side, u16 message number, body
void message_main(BytesView input);
void message_display(BytesView input);
void message_inputs(BytesView input);
void message_cursor(BytesView input);
void message_playback(BytesView input);
void message_record(BytesView input);
void message_smartcard(BytesView input);
void message_usbredir(BytesView input);
void message_port(BytesView input);
void message_webdav(BytesView input);
void message_inner(BytesView input);  // {u8 channel and side, u16 type, u16 size, body} …
// input: u8 width - 1, u8 height - 1, u8 flags, data
void quic(BytesView input);
void lz(BytesView input);
void lz4(BytesView input);
void jpeg(BytesView input);
void jpeg_alpha(BytesView input);
void bitmap(BytesView input);
// input: {u8 width - 1, u8 height - 1, u8 flags, u16 size, data} …: images of one window
void glz(BytesView input);
// input: u8 codec, u16 width - 1, u16 height - 1, {u16 size, frame} …
void video(BytesView input);
// input: u8 surface format, {u16 message number, u16 size, body} …: commands on small surfaces
void canvas(BytesView input);
// input: the script of a hostile guest (qxl-model/guest/hostile_guest.hpp)
void device(BytesView input);

}  // namespace spicebench::fuzz
