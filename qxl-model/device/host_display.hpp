// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "qxl-model/device/core.hpp"
#include "qxl-model/device/worker.hpp"
#include "qxl-model/vga/vga_screen.hpp"

namespace spicebench::qxl {

// The primary surface in mode VGA: it is the host's, and what the VGA core shows is drawn on it
// with commands of the host's, a few times a second (qxl-device.md §18.1).
class HostDisplay {
 public:
  HostDisplay(DeviceCore& core, Worker& worker)
      : core_(core),
        worker_(worker),
        vga_(core.memory.ram(), core.memory.sizes().vgamem),
        screen_(vga_) {
    core_.memory.watch_ram(&vga_.dirty());
  }

  VgaCore& vga() { return vga_; }

  // Mode VGA begins and ends. The surface comes when the worker gets to it; who ends the mode sees
  // to it that it goes.
  void enter();
  void leave();
  // The machine stops and goes on.
  void stop();
  void start();

  // Of a stopped device.
  template <class Archive>
  void transfer(Archive& archive);

 private:
  using Rect = wire::display::Rect;
  void make_primary();
  void cancel(std::optional<Timeline::Key>& event);
  void drop_updates();
  void schedule();
  void refresh();
  void add_to_box(const Rect& part);
  Cycle find_updates();
  void end_run(const Rect& run, Cycle& cost);
  void hand_over();

  DeviceCore& core_;
  Worker& worker_;
  VgaCore vga_;
  VgaScreen screen_;
  bool active_ = false;
  bool has_primary_ = false;           // of the size of the screen
  std::vector<std::uint32_t> mirror_;  // what was sent, of the primary's size
  Rect box_{};                         // of what may differ from it
  std::deque<HostUpdate> found_;       // on their way to the worker
  std::uint32_t next_image_ = 0;
  Cycle next_refresh_ = 0;
  std::optional<Timeline::Key> refresh_, hand_over_;
};

template <class Archive>
void HostDisplay::transfer(Archive& archive) {
  archive.part("vga", [&] { vga_.transfer(archive); });
  archive.part("screen", [&] { screen_.transfer(archive); });
  archive.value("active", active_);
  archive.value("has_primary", has_primary_);
  auto mirrored = static_cast<std::uint32_t>(mirror_.size());
  archive.value("mirror_pixels", mirrored);
  if constexpr (Archive::loads) {
    if (archive.failed()) return;
    if (mirrored != 0 && mirrored != screen_.pixels().size())
      return archive.refuse("mirror_pixels", "not the screen's");
    mirror_.assign(mirrored, 0);
  }
  archive.bytes("mirror", std::as_writable_bytes(std::span(mirror_)));
  for (std::int32_t* side : {&box_.top, &box_.left, &box_.bottom, &box_.right})
    archive.value("box", *side);
  if constexpr (Archive::loads)
    if (has_primary_ && (mirror_.empty() || !screen_.contains(box_)))
      archive.refuse("box", "beyond the screen");
  auto updates = static_cast<std::uint32_t>(core_.host_updates.size());
  archive.value("updates", updates);
  if constexpr (Archive::loads) core_.host_updates.clear();
  for (std::uint32_t i = 0; i < updates && !archive.failed(); ++i) {
    HostUpdate update;
    if constexpr (!Archive::loads) update = core_.host_updates[i];
    archive.value("image", update.image);
    for (std::int32_t* side :
         {&update.box.top, &update.box.left, &update.box.bottom, &update.box.right})
      archive.value("box", *side);
    if constexpr (Archive::loads)
      if (!screen_.contains(update.box)) return archive.refuse("box", "beyond the screen");
    Bytes pixels(update.pixels.view().begin(), update.pixels.view().end());
    if constexpr (Archive::loads)
      pixels.resize(std::size_t{4} *
                    static_cast<std::uint32_t>(update.box.right - update.box.left) *
                    static_cast<std::uint32_t>(update.box.bottom - update.box.top));
    archive.bytes("pixels", pixels);
    if constexpr (Archive::loads) {
      update.pixels = SharedBytes(std::move(pixels));
      core_.host_updates.push_back(std::move(update));
    }
  }
  archive.value("next_image", next_image_);
  archive.value("next_refresh", next_refresh_);
}

}  // namespace spicebench::qxl
