// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/port.hpp"

#include <iterator>

namespace spicebench::qxl {

std::string_view name_of(Port port) {
  static constexpr std::string_view names[] = {"notify_cmd",
                                               "notify_cursor",
                                               "update_area",
                                               "update_irq",
                                               "notify_oom",
                                               "reset",
                                               "set_mode",
                                               "log",
                                               "memslot_add",
                                               "memslot_del",
                                               "detach_primary",
                                               "attach_primary",
                                               "create_primary",
                                               "destroy_primary",
                                               "destroy_surface_wait",
                                               "destroy_all_surfaces",
                                               "update_area_async",
                                               "memslot_add_async",
                                               "create_primary_async",
                                               "destroy_primary_async",
                                               "destroy_surface_async",
                                               "destroy_all_surfaces_async",
                                               "flush_surfaces_async",
                                               "flush_release",
                                               "monitors_config_async"};
  const auto number = static_cast<std::size_t>(port);
  return number < std::size(names) ? names[number] : "unknown";
}

}  // namespace spicebench::qxl
