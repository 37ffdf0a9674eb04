// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/wire/message.hpp"
#include "qxl-model/agent/guest_agent.hpp"
#include "qxl-model/agent/port_echo.hpp"
#include "qxl-model/device/timeline.hpp"

namespace spicebench::qxl {

// All character devices of a machine, with the programs behind them: the agent's is number 1, those
// of ports follow.
class CharDevices {
 public:
  CharDevices(const std::optional<AgentOptions>& agent, const std::vector<PortOptions>& ports,
              Timeline& timeline, CharPort::HandOver hand_over,
              std::function<void(const wire::agent::MouseState&)> pointer);

  // `monitors`: as many as the display device may drive.
  void power_on(std::uint32_t monitors);
  // False: not a message of these.
  bool handle(const wire::AnyMessage& message);
  std::vector<std::string> log() const;

 private:
  CharPort* port(std::uint32_t id);
  void at(std::uint32_t ms, std::function<void()> what);

  Timeline& timeline_;
  CharPort::HandOver hand_;
  const std::optional<AgentOptions>& agent_options_;
  const std::vector<PortOptions>& port_options_;
  std::vector<std::unique_ptr<CharPort>> ports_;  // by number, from 1
  std::optional<GuestAgent> agent_;
  std::vector<std::unique_ptr<PortEcho>> echoes_;
};

}  // namespace spicebench::qxl
