// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/cost/cost_model.hpp"

#include <algorithm>
#include <array>

namespace spicebench::qxl {

static constexpr CostModel ideal{};

// A worker that shares its processor: wake-ups and answers as measured on a busy host.
static constexpr CostModel host{.wk_ack = 36000, .wk_wake = 36000, .irq_deliver = 10000};

// Functional tests: every latency 1, nothing per byte or pixel, rings armed at once.
static constexpr CostModel fast_test{
    .pio_exit = 1,
    .ring_push = 1,
    .wk_ack = 1,
    .update_irq = 1,
    .reset_fixed = 1,
    .ring_check = 1,
    .ring_pop = 1,
    .ring_arm = 1,
    .wk_wake = 1,
    .xlate = 1,
    .cmd_fixed = 1,
    .obj_fixed = 1,
    .chunk_fixed = 1,
    .dma_bytes_per_cycle = 0,
    .tree_fixed = 1,
    .clip_rect = 1,
    .release_put = 1,
    .release_push = 1,
    .render_fixed = 1,
    .surface_new = 1,
    .surface_del = 1,
    .clear_bytes_per_cycle = 0,
    .async_fixed = 1,
    .oom_fixed = 1,
    .moncfg_fixed = 1,
    .repoll_gap = 0,
    .poll_window = 0,
    .msg_queue = 1,
    .event_set = 1,
    .line_defer = 1,
    .irq_deliver = 1,
    .vga_cmp_bytes_per_cycle = 0,
    .vga_copy_bytes_per_cycle = 0,
    .vga_block = 1,
    .vga_update = 1,
    .pixel_fill = 0,
    .pixel_fill_rop = 0,
    .pixel_fill_pattern = 0,
    .pixel_copy_bits = 0,
    .pixel_copy = 0,
    .pixel_copy_low = 0,
    .pixel_copy_rop = 0,
    .pixel_scale_nearest = 0,
    .pixel_scale_interpolate = 0,
    .pixel_transparent = 0,
    .pixel_rop3 = 0,
    .pixel_alpha_blend = 0,
    .pixel_composite = 0,
    .pixel_stroke = 0,
    .pixel_glyph = 0,
    .pixel_mask = 0,
    .pixel_transform = 0,
    .pixel_16bit = 0,
    .pixel_quic = 0,
    .stroke_segment = 1,
    .text_glyph = 1,
};

static constexpr std::array<std::string_view, 3> names{"ideal", "host", "fast-test"};
static constexpr std::array<const CostModel*, 3> profiles{&ideal, &host, &fast_test};

static constexpr CostField fields[] = {
    {"pio_exit", &CostModel::pio_exit},
    {"ring_push", &CostModel::ring_push},
    {"wk_ack", &CostModel::wk_ack},
    {"update_irq", &CostModel::update_irq},
    {"reset_fixed", &CostModel::reset_fixed},
    {"ring_check", &CostModel::ring_check},
    {"ring_pop", &CostModel::ring_pop},
    {"ring_arm", &CostModel::ring_arm},
    {"wk_wake", &CostModel::wk_wake},
    {"xlate", &CostModel::xlate},
    {"cmd_fixed", &CostModel::cmd_fixed},
    {"obj_fixed", &CostModel::obj_fixed},
    {"chunk_fixed", &CostModel::chunk_fixed},
    {"dma_bytes_per_cycle", &CostModel::dma_bytes_per_cycle},
    {"tree_fixed", &CostModel::tree_fixed},
    {"clip_rect", &CostModel::clip_rect},
    {"release_put", &CostModel::release_put},
    {"release_push", &CostModel::release_push},
    {"render_fixed", &CostModel::render_fixed},
    {"surface_new", &CostModel::surface_new},
    {"surface_del", &CostModel::surface_del},
    {"clear_bytes_per_cycle", &CostModel::clear_bytes_per_cycle},
    {"async_fixed", &CostModel::async_fixed},
    {"oom_fixed", &CostModel::oom_fixed},
    {"moncfg_fixed", &CostModel::moncfg_fixed},
    {"repoll_gap", &CostModel::repoll_gap},
    {"poll_window", &CostModel::poll_window},
    {"msg_queue", &CostModel::msg_queue},
    {"event_set", &CostModel::event_set},
    {"line_defer", &CostModel::line_defer},
    {"irq_deliver", &CostModel::irq_deliver},
    {"vga_period", &CostModel::vga_period},
    {"vga_idle_period", &CostModel::vga_idle_period},
    {"vga_cmp_bytes_per_cycle", &CostModel::vga_cmp_bytes_per_cycle},
    {"vga_copy_bytes_per_cycle", &CostModel::vga_copy_bytes_per_cycle},
    {"vga_block", &CostModel::vga_block},
    {"vga_update", &CostModel::vga_update},
    {"pixel_fill", &CostModel::pixel_fill},
    {"pixel_fill_rop", &CostModel::pixel_fill_rop},
    {"pixel_fill_pattern", &CostModel::pixel_fill_pattern},
    {"pixel_copy_bits", &CostModel::pixel_copy_bits},
    {"pixel_copy", &CostModel::pixel_copy},
    {"pixel_copy_low", &CostModel::pixel_copy_low},
    {"pixel_copy_rop", &CostModel::pixel_copy_rop},
    {"pixel_scale_nearest", &CostModel::pixel_scale_nearest},
    {"pixel_scale_interpolate", &CostModel::pixel_scale_interpolate},
    {"pixel_transparent", &CostModel::pixel_transparent},
    {"pixel_rop3", &CostModel::pixel_rop3},
    {"pixel_alpha_blend", &CostModel::pixel_alpha_blend},
    {"pixel_composite", &CostModel::pixel_composite},
    {"pixel_stroke", &CostModel::pixel_stroke},
    {"pixel_glyph", &CostModel::pixel_glyph},
    {"pixel_mask", &CostModel::pixel_mask},
    {"pixel_transform", &CostModel::pixel_transform},
    {"pixel_16bit", &CostModel::pixel_16bit},
    {"pixel_quic", &CostModel::pixel_quic},
    {"stroke_segment", &CostModel::stroke_segment},
    {"text_glyph", &CostModel::text_glyph},
};
static_assert(sizeof(CostModel) == std::size(fields) * sizeof(Cycle), "each entry has a name");

std::span<const CostField> cost_fields() {
  return fields;
}
const CostField* cost_field(std::string_view name) {
  const auto* found = std::ranges::find(fields, name, &CostField::name);
  return found == std::end(fields) ? nullptr : found;
}

const CostModel* cost_profile(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? nullptr : profiles[static_cast<std::size_t>(found - names.begin())];
}
std::span<const std::string_view> cost_profile_names() {
  return names;
}

}  // namespace spicebench::qxl
