// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/result.hpp"
#include "core/wire/main_channel.hpp"

namespace spicebench::server {

class MouseModes;
class MouseModeListener {
 public:
  virtual ~MouseModeListener() = default;
  virtual void mouse_modes_changed(const MouseModes& modes) = 0;
};

// Which mouse modes there are and which is on, for all clients together. SERVER is always there and
// on at first; CLIENT while the guest has a tablet, or an agent that takes mouse events, and its
// primary surface, if any, allows it. The
// server never goes to CLIENT by itself: a client asks.
//
// Source: protocol.md §4.1.4, channels.md §5.3.
class MouseModes {
 public:
  explicit MouseModes(bool allow_client) : allow_client_(allow_client) {}

  void set_tablet(bool present);
  void set_agent(bool takes_mouse);
  // Of the primary surface; nothing: there is none.
  void set_surface_allows(std::optional<bool> allows);
  // Errors: out_of_range (no such mode), unsupported (not now): nothing changes.
  Result<void> request(std::uint32_t mode);

  std::uint32_t supported() const;  // flags
  std::uint32_t current() const { return current_; }
  bool client_mode() const { return current_ == wire::main_channel::mouse_mode_client; }

  void attach(MouseModeListener& listener) { listeners_.push_back(&listener); }
  void detach(MouseModeListener& listener) { std::erase(listeners_, &listener); }

 private:
  bool client_allowed() const {
    return allow_client_ && (tablet_ || agent_) && surface_allows_.value_or(true);
  }
  void conditions_changed(bool allowed_before);
  void tell();

  bool allow_client_;
  bool tablet_ = false, agent_ = false;
  std::optional<bool> surface_allows_;
  std::uint32_t current_ = wire::main_channel::mouse_mode_server;
  std::vector<MouseModeListener*> listeners_;
};

}  // namespace spicebench::server
