// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/mouse_modes.hpp"

#include <fmt/format.h>

namespace spicebench::server {

using namespace wire::main_channel;

void MouseModes::set_tablet(bool present) {
  const bool before = client_allowed();
  tablet_ = present;
  conditions_changed(before);
}

void MouseModes::set_agent(bool takes_mouse) {
  const bool before = client_allowed();
  agent_ = takes_mouse;
  conditions_changed(before);
}

void MouseModes::set_surface_allows(std::optional<bool> allows) {
  const bool before = client_allowed();
  surface_allows_ = allows;
  conditions_changed(before);
}

void MouseModes::conditions_changed(bool allowed_before) {
  if (client_allowed() == allowed_before) return;
  if (!client_allowed()) current_ = mouse_mode_server;
  tell();
}

Result<void> MouseModes::request(std::uint32_t mode) {
  if (mode != mouse_mode_server && mode != mouse_mode_client)
    return fail(ErrorCode::out_of_range, fmt::format("mode {}, allowed 1 and 2", mode), 0, "mode");
  if ((mode & supported()) == 0)
    return fail(ErrorCode::unsupported, "mouse mode client is not offered now", 0, "mode");
  if (mode == current_) return {};
  current_ = mode;
  tell();
  return {};
}

std::uint32_t MouseModes::supported() const {
  return mouse_mode_server | (client_allowed() ? std::uint32_t{mouse_mode_client} : 0u);
}

void MouseModes::tell() {
  for (MouseModeListener* listener : listeners_) listener->mouse_modes_changed(*this);
}

}  // namespace spicebench::server
