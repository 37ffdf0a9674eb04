// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <string_view>

namespace spicebench::qxl {

// I/O ports of BAR 3 (qxl-device.md §7.2).
enum class Port : std::uint8_t {
  notify_cmd = 0,
  notify_cursor = 1,
  update_area = 2,
  update_irq = 3,
  notify_oom = 4,
  reset = 5,
  set_mode = 6,
  log = 7,
  memslot_add = 8,
  memslot_del = 9,
  detach_primary = 10,
  attach_primary = 11,
  create_primary = 12,
  destroy_primary = 13,
  destroy_surface_wait = 14,
  destroy_all_surfaces = 15,
  update_area_async = 16,
  memslot_add_async = 17,
  create_primary_async = 18,
  destroy_primary_async = 19,
  destroy_surface_async = 20,
  destroy_all_surfaces_async = 21,
  flush_surfaces_async = 22,
  flush_release = 23,
  monitors_config_async = 24,
};

// "memslot_add"; "unknown" beyond the last.
std::string_view name_of(Port port);

}  // namespace spicebench::qxl
