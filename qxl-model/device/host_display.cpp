// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/host_display.hpp"

#include <algorithm>
#include <cstring>

#include "core/wire/message_value.hpp"

namespace spicebench::qxl {

namespace device = wire::device;
using namespace wire::display;

namespace {

constexpr std::int32_t column_width = 32;     // pixels that are compared together
constexpr Cycle shortest_period = 1'000'000;  // the reference's timer counts milliseconds
constexpr std::uint8_t mouse_mode = 1;

}  // namespace

void HostDisplay::enter() {
  core_.set_mode(Mode::vga);
  active_ = true;
  has_primary_ = false;
  // The guest's driver drew on the same memory.
  vga_.dirty().mark(0, vga_.picture_bytes());
  schedule();
  make_primary();
}

void HostDisplay::leave() {
  if (!active_) return;
  active_ = false;
  has_primary_ = false;
  drop_updates();
  cancel(refresh_);
  // From now on it is looked at rarely, until somebody needs it.
  next_refresh_ = core_.timeline.now() + core_.costs.vga_idle_period;
}

// The screen has a size without a surface. What was drawn on the one before is no longer wanted.
void HostDisplay::make_primary() {
  has_primary_ = false;
  drop_updates();
  const std::size_t bytes = std::size_t{4} * screen_.width() * screen_.height();
  worker_.submit({.drains = true,
                  .cost = core_.costs.surface_new +
                          CostModel::at_rate(bytes, core_.costs.clear_bytes_per_cycle),
                  .execute =
                      [this] {
                        if (!active_ || has_primary_) return std::optional<device::UpdateArea>{};
                        if (core_.surfaces.remove(0))
                          core_.host.hand(wire::value_of(device::SurfaceDestroy{0}));
                        LiveSurface surface{
                            .width = screen_.width(),
                            .height = screen_.height(),
                            .stride = -4 * static_cast<std::int32_t>(screen_.width()),
                            .format = surface_32_xrgb};
                        surface.pixels = core_.memory.new_host_frame(screen_.pixels().size() * 4);
                        core_.surfaces.add(0, surface);
                        core_.note(TraceKind::surface_made, 0, surface.width, surface.height);
                        device::SurfaceCreate message{.width = surface.width,
                                                      .height = surface.height,
                                                      .stride = surface.stride,
                                                      .format = surface.format,
                                                      .mouse_mode = mouse_mode};
                        message.memory = {core_.memory.owner_of(surface.pixels), surface.pixels};
                        core_.host.hand(wire::value_of(std::move(message)));
                        mirror_.assign(screen_.pixels().size(), 0);
                        box_ = {0, 0, static_cast<std::int32_t>(surface.height),
                                static_cast<std::int32_t>(surface.width)};
                        has_primary_ = true;
                        return std::optional<device::UpdateArea>{};
                      },
                  .done = [] {}});
}

void HostDisplay::cancel(std::optional<Timeline::Key>& event) {
  if (event) core_.timeline.cancel(*event);
  event.reset();
}
void HostDisplay::drop_updates() {
  cancel(hand_over_);
  found_.clear();
  core_.host_updates.clear();
}

void HostDisplay::schedule() {
  cancel(refresh_);
  const Cycle period = std::max(core_.costs.vga_period, shortest_period);
  next_refresh_ = std::clamp(next_refresh_, core_.timeline.now(), core_.timeline.now() + period);
  refresh_ = core_.timeline.at(next_refresh_, EventClass::timer, [this] {
    refresh_.reset();
    refresh();
  });
}

void HostDisplay::refresh() {
  next_refresh_ = core_.timeline.now() + std::max(core_.costs.vga_period, shortest_period);
  schedule();
  const auto change = screen_.update(core_.timeline.now());
  if (change.resized) return make_primary();
  add_to_box(change.box);
  // One round after the other.
  if (!has_primary_ || hand_over_ || !core_.host_updates.empty() || is_empty(box_)) return;
  const Cycle cost = find_updates();
  core_.note(TraceKind::vga_compared, found_.size());
  if (found_.empty()) return;
  hand_over_ = core_.timeline.after(cost, EventClass::timer, [this] { hand_over(); });
}

void HostDisplay::add_to_box(const Rect& part) {
  if (is_empty(part)) return;
  if (is_empty(box_)) {
    box_ = part;
  } else {
    box_ = {std::min(box_.top, part.top), std::min(box_.left, part.left),
            std::max(box_.bottom, part.bottom), std::max(box_.right, part.right)};
  }
}

// Runs of differing lines, column by column of the box, in the order in which they end.
Cycle HostDisplay::find_updates() {
  const auto width = static_cast<std::size_t>(screen_.width());
  const auto& pixels = screen_.pixels();
  const auto columns =
      static_cast<std::size_t>((box_.right - box_.left + column_width - 1) / column_width);
  constexpr std::int32_t none = -1;
  std::vector<std::int32_t> since(columns, none);  // where each column's run began
  const Rect box = std::exchange(box_, {});
  const auto lines = static_cast<Cycle>(box.bottom - box.top);
  Cycle cost = CostModel::at_rate(lines * static_cast<Cycle>(box.right - box.left) * 4,
                                  core_.costs.vga_cmp_bytes_per_cycle) +
               lines * columns * core_.costs.vga_block;
  for (std::int32_t y = box.top; y <= box.bottom; ++y)
    for (std::size_t column = 0; column < columns; ++column) {
      const std::int32_t left = box.left + static_cast<std::int32_t>(column) * column_width;
      const std::int32_t right = std::min(left + column_width, box.right);
      const std::size_t at = static_cast<std::size_t>(y) * width + static_cast<std::size_t>(left);
      const bool differs =
          y < box.bottom && std::memcmp(pixels.data() + at, mirror_.data() + at,
                                        4 * static_cast<std::size_t>(right - left)) != 0;
      if (differs && since[column] == none) since[column] = y;
      if (!differs && since[column] != none) {
        end_run({since[column], left, y, right}, cost);
        since[column] = none;
      }
    }
  return cost;
}

void HostDisplay::end_run(const Rect& run, Cycle& cost) {
  const auto width = static_cast<std::size_t>(screen_.width());
  const auto row_pixels = static_cast<std::size_t>(run.right - run.left);
  HostUpdate update{.box = run, .image = next_image_++};
  Bytes pixels;
  pixels.reserve(4 * row_pixels * static_cast<std::size_t>(run.bottom - run.top));
  for (std::int32_t y = run.top; y < run.bottom; ++y) {
    const std::size_t at = static_cast<std::size_t>(y) * width + static_cast<std::size_t>(run.left);
    const auto row = std::span(screen_.pixels()).subspan(at, row_pixels);
    std::ranges::copy(row, mirror_.begin() + static_cast<std::ptrdiff_t>(at));
    for (const std::uint32_t pixel : row) append_little_endian(pixels, pixel, 4);
  }
  cost += core_.costs.vga_update +
          2 * CostModel::at_rate(pixels.size(), core_.costs.vga_copy_bytes_per_cycle);
  update.pixels = SharedBytes(std::move(pixels));
  found_.push_back(std::move(update));
}

void HostDisplay::hand_over() {
  hand_over_.reset();
  core_.host_updates = std::exchange(found_, {});
  worker_.wake();
}

void HostDisplay::stop() {
  cancel(refresh_);
  if (!hand_over_) return;
  cancel(hand_over_);
  core_.host_updates = std::exchange(found_, {});
}

void HostDisplay::start() {
  if (active_) schedule();
}

}  // namespace spicebench::qxl
