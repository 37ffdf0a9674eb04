// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/agent/char_devices.hpp"

#include <fmt/format.h>

#include "core/wire/message_value.hpp"

namespace spicebench::qxl {

namespace device = wire::device;
using device::CharDeviceKind;

CharDevices::CharDevices(const std::optional<AgentOptions>& agent,
                         const std::vector<PortOptions>& ports, Timeline& timeline,
                         CharPort::HandOver hand_over,
                         std::function<void(const wire::agent::MouseState&)> pointer)
    : timeline_(timeline), hand_(hand_over), agent_options_(agent), port_options_(ports) {
  const auto add = [&](CharDeviceKind kind, const std::string& name,
                       std::uint32_t room) -> CharPort& {
    const auto id = static_cast<std::uint32_t>(ports_.size() + 1);
    return *ports_.emplace_back(std::make_unique<CharPort>(id, kind, name, room, hand_over));
  };
  if (agent)
    agent_.emplace(*agent, add(CharDeviceKind::agent, "com.redhat.spice.0", agent->room),
                   std::move(pointer));
  for (const PortOptions& one : ports)
    echoes_.push_back(
        std::make_unique<PortEcho>(one, add(CharDeviceKind::port, one.name, one.room)));
}

void CharDevices::at(std::uint32_t ms, std::function<void()> what) {
  constexpr Cycle millisecond = 1'000'000;
  timeline_.after(millisecond * ms, EventClass::timer, std::move(what));
}

// Where the display device is on a PC of this kind.
static constexpr std::string_view display_address = "pci/0000/02.0";

void CharDevices::power_on(std::uint32_t monitors) {
  if (agent_)
    hand_(wire::value_of(device::DisplayAddress{monitors, SharedBytes::copy_of(display_address)}));
  for (const auto& one : ports_) one->plug();
  if (agent_) {
    at(agent_options_->start_ms, [this] { agent_->perform({.action = AgentAction::start}); });
    for (const AgentStep& step : agent_options_->steps)
      at(step.at_ms, [this, &step] { agent_->perform(step); });
  }
  const std::size_t first = ports_.size() - port_options_.size();
  for (std::size_t i = 0; i < port_options_.size(); ++i) {
    CharPort& one = *ports_[first + i];
    at(port_options_[i].open_ms, [&one] { one.open(); });
    if (port_options_[i].close_ms != 0) at(port_options_[i].close_ms, [&one] { one.close(); });
  }
}

CharPort* CharDevices::port(std::uint32_t id) {
  return id == 0 || id > ports_.size() ? nullptr : ports_[id - 1].get();
}

bool CharDevices::handle(const wire::AnyMessage& message) {
  const auto takes = [&]<class T>(const T* one) {
    if (!one) return false;
    if (CharPort* to = port(one->device_id)) to->handle(*one);
    return true;
  };
  return takes(message.as<device::CharDeviceInput>()) ||
         takes(message.as<device::CharDeviceWanted>()) ||
         takes(message.as<device::CharDeviceAttached>()) ||
         takes(message.as<device::CharDeviceEvent>());
}

std::vector<std::string> CharDevices::log() const {
  std::vector<std::string> lines;
  if (agent_)
    for (const std::string& line : agent_->log()) lines.push_back("agent " + line);
  for (const auto& echo : echoes_)
    if (echo->echoed() > 0 || echo->port().events() > 0)
      lines.push_back(fmt::format("port {} echoed {} bytes, {} breaks", echo->name(),
                                  echo->echoed(), echo->port().events()));
  return lines;
}

}  // namespace spicebench::qxl
