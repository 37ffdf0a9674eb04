// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <list>
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "core/wire/char_device_link.hpp"
#include "core/wire/device_link.hpp"
#include "server/agent/agent_client.hpp"
#include "server/agent/chunk_reader.hpp"
#include "server/char_device/char_device.hpp"
#include "server/session/mouse_modes.hpp"

namespace spicebench::server {

// The relay between the guest's agent and all clients.
//
// What the agent says goes to every client that has started it. What clients say goes to the agent
// message by message: while one is under way, others wait. DIFFERS: the reference mixes them. A
// client that leaves in the middle of a message is told to the agent like the last one that leaves,
// so that it forgets the half.
//
// Source: channels.md §7, §8.5, §12; protocol.md §5.
class Agent final : private CharDeviceUser {
 public:
  Agent(Services& services, MouseModes& mouse);

  // False: there is a device for an agent already.
  bool adopt(CharDevice& device);
  void answer(const wire::device::ClientMonitorsAnswer& message);
  // Told to an agent that wants to know, and again whenever a client starts it.
  void set_display_address(const wire::device::DisplayAddress& address);
  const AgentPolicy& policy() const { return policy_; }

  // A client's main channel.
  void attach(AgentClient& client, LinkId link);
  void detach(AgentClient& client);
  bool connected() const { return opening() != 0; }
  void start(AgentClient& client, std::uint32_t tokens);
  // Errors: of the filter; denied (more blocks than tokens).
  Result<void> data(AgentClient& client, const SharedBytes& block);
  void grant(AgentClient& client, std::uint32_t tokens);

  // Mouse events, in mouse mode CLIENT while there is an agent that takes them.
  bool takes_mouse() const { return connected() && services_.options.agent_mouse; }
  // Buttons are those of the inputs channel (wire::inputs::ButtonMask); `pressed` is a button, 0:
  // none.
  void mouse_moved(std::uint32_t x, std::uint32_t y, std::uint8_t display, std::uint16_t buttons);
  void mouse_buttons(std::uint16_t buttons, std::uint8_t pressed);

  nlohmann::json describe() const;

 private:
  // The agent that clients may speak with; 0: none.
  std::uint32_t opening() const { return device_ && !removed_ ? device_->opening() : 0; }
  AgentSession& session(AgentClient& client);

  // The device's events.
  void device_opened() override;
  void device_closed() override;
  void written(WriteOwner owner) override;
  bool pump() override;

  bool tell_clients();
  bool read();
  bool may_read() const;
  void deliver(const SharedBytes& block);
  void remove_agent(Error error);
  void forget_agent();

  // To the guest (agent_input.cpp)
  void send_held();
  bool send_held(AgentSession& session);
  void collect_monitors(AgentSession& session, const HeldBlock& block);
  void write(std::uint32_t port, BytesView message, WriteOwner owner);
  void write_own();
  void add_mouse_state();
  void learn_capabilities(const SharedBytes& block);

  Services& services_;
  MouseModes& mouse_;
  AgentPolicy policy_;
  CharDevice* device_ = nullptr;
  bool removed_ = false;  // for a protocol error: until the guest opens its port anew
  ChunkReader reader_;
  MessageFilter from_agent_;
  std::list<AgentSession> sessions_;  // in the order in which they came

  AgentSession* writer_ = nullptr;  // whose message is under way to the guest
  // What a client's monitors are asked of the device, whose answer decides where they go.
  struct Monitors {
    AgentSession* session = nullptr;
    std::uint32_t request_id = 0;
    std::optional<bool> accepted;
    Bytes bytes;  // of the message, as far as it came
  };
  Monitors monitors_;
  std::uint32_t last_request_ = 0;

  bool own_under_way_ = false;  // the server's own token
  bool client_left_ = false;    // to be told
  wire::agent::GraphicsDeviceInfo displays_;
  bool wants_displays_ = false, displays_due_ = false;
  wire::agent::MouseState mouse_state_;               // as clients last had it
  std::uint32_t mouse_buttons_told_ = 0;              // to the agent
  std::deque<wire::agent::MouseState> mouse_states_;  // to be told
};

}  // namespace spicebench::server
