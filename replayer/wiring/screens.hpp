// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>

#include "client/client.hpp"
#include "core/draw/region.hpp"
#include "qxl-model/machine.hpp"
#include "recorder/store/schema.hpp"
#include "replayer/replay/divergence.hpp"

namespace spicebench::replayer {

constexpr std::uint8_t display = 0;  // channel id of the one display that a run has

// Where two pictures differ: in size or format, or in which pixels; the box around all of those is
// the divergence's area. Bits that no screen shows do not count.
//   inexact  pixels that may differ
std::optional<Divergence> compare_pictures(const image::PixelView& expected,
                                           const image::PixelView& found, Instant now,
                                           const draw::Region& inexact = {});

// Does the client show what lies in the guest's primary surface, into which the guest's commands
// were drawn? All visible bits must be equal. Nothing: it does, or neither has a screen.
//   inexact  what the server knows to be shown with less than full quality
std::optional<Divergence> compare_screens(const qxl::Machine& guest, const client::Client& client,
                                          Instant now, const draw::Region& inexact = {});

// A copy of the guest's primary surface. Nothing: it has none.
std::optional<image::Pixmap> framebuffer_of(const qxl::Machine& guest);

// What a client of ours shows, as a row of a recording; nothing: no screen.
std::optional<recorder::ScreenRow> screen_row(const client::Client& client, Instant now);

// Where a replayed client's screen is not the recorded one.
std::optional<Divergence> compare_screen(const recorder::ScreenRow& expected,
                                         const client::Client& client);

}  // namespace spicebench::replayer
