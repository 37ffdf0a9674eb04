// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "qxl-model/cost/cycle.hpp"

namespace spicebench::qxl {

// What everything costs, in cycles unless said otherwise: the table of qxl-device.md §22.2 with its
// names and defaults, as far as the device knows the operation. Integers only. Who pays is said in
// the groups: the guest's processor (vCPU), the device's sequential command reader (the worker), or
// nobody (a plain latency).
struct CostModel {
  // vCPU
  Cycle pio_exit = 2000;      // a port access, swallowed or not
  Cycle ring_push = 40;       // stores and barrier of a push
  Cycle wk_ack = 5000;        // a synchronous port's answer to the blocked vCPU
  Cycle update_irq = 50;      // in addition to pio_exit
  Cycle reset_fixed = 50000;  // RESET, in addition to pio_exit
  // Worker
  Cycle ring_check = 20, ring_pop = 60, ring_arm = 30;
  Cycle wk_wake = 5000;           // idle to running
  Cycle xlate = 15;               // per encoded address
  Cycle cmd_fixed = 150;          // dispatch
  Cycle obj_fixed = 40;           // per sub-object: image, palette, mask, clip list, cursor
  Cycle chunk_fixed = 40;         // per chunk header
  Cycle dma_bytes_per_cycle = 8;  // descriptors and bytes copied while parsing
  Cycle tree_fixed = 100;         // insertion in the pending structure
  Cycle clip_rect = 20;
  Cycle release_put = 60, release_push = 60;
  Cycle render_fixed = 200;  // per drawable, and an eighth of it per clip rectangle
  Cycle surface_new = 500, surface_del = 500;
  Cycle clear_bytes_per_cycle = 16;  // zero fill of a new surface
  Cycle async_fixed = 200;
  Cycle oom_fixed = 1000;
  Cycle moncfg_fixed = 300;
  Cycle repoll_gap = 10000;        // from a poll after a message to the next poll
  Cycle poll_window = 10'000'000;  // the same after a poll by timer or start; 0: arm at once
  // Latencies
  Cycle msg_queue = 300;
  Cycle event_set = 20, line_defer = 1000, irq_deliver = 3000;
  // The refresher of mode VGA: time from one look at the screen to the next, while in the mode and
  // while not; then work. A rate of 0 costs nothing.
  Cycle vga_period = 30'000'000, vga_idle_period = 3'000'000'000;
  Cycle vga_cmp_bytes_per_cycle = 16, vga_copy_bytes_per_cycle = 8;
  Cycle vga_block = 4;     // per 32 pixels of a line compared
  Cycle vga_update = 500;  // per command emitted
  // Rendering, in sixteenths of a cycle per pixel painted
  Cycle pixel_fill = 4, pixel_fill_rop = 8, pixel_fill_pattern = 12;
  Cycle pixel_copy_bits = 4;
  Cycle pixel_copy = 8;       // 32 bits to 32 bits, put, unscaled
  Cycle pixel_copy_low = 16;  // from 24 bits or fewer
  Cycle pixel_copy_rop = 16, pixel_scale_nearest = 24, pixel_scale_interpolate = 64;
  Cycle pixel_transparent = 24, pixel_rop3 = 24, pixel_alpha_blend = 24, pixel_composite = 32;
  Cycle pixel_stroke = 64, pixel_glyph = 32;  // walked, of the glyph
  // In addition
  Cycle pixel_mask = 16, pixel_transform = 64;
  Cycle pixel_16bit = 4;   // on a surface of 16 bits
  Cycle pixel_quic = 256;  // per pixel of the source
  // Cycles
  Cycle stroke_segment = 200, text_glyph = 200;

  // Bytes at a rate, rounded up. A rate of 0 costs nothing.
  static constexpr Cycle at_rate(std::uint64_t bytes, Cycle bytes_per_cycle) {
    return bytes_per_cycle == 0 ? 0 : (bytes + bytes_per_cycle - 1) / bytes_per_cycle;
  }
  // The whole of one drawable's pixels, rounded up once.
  static constexpr Cycle of_pixels(std::uint64_t pixels, Cycle sixteenths) {
    return (pixels * sixteenths + 15) / 16;
  }
};

// One entry of the table, by its name there.
struct CostField {
  std::string_view name;
  Cycle CostModel::*value;
};
std::span<const CostField> cost_fields();
// Null: no such entry.
const CostField* cost_field(std::string_view name);
// Larger costs than this are refused: sums of them must not overflow.
constexpr Cycle max_cost = 10'000'000'000;

// The profiles of §22.4 by name: "ideal", "host", "fast-test". Null: no such profile.
const CostModel* cost_profile(std::string_view name);
std::span<const std::string_view> cost_profile_names();

}  // namespace spicebench::qxl
