// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/agent/clipboard.hpp"
#include "core/agent/message_stream.hpp"
#include "qxl-model/agent/agent_options.hpp"
#include "qxl-model/agent/char_port.hpp"
#include "qxl-model/agent/file_receiver.hpp"

namespace spicebench::qxl {

// The agent that runs in the guest, and what its user does with it.
class GuestAgent final : public PortProgram, private agent::ClipboardHost {
 public:
  //   pointer  what a mouse event of the server does to the guest's pointer
  GuestAgent(const AgentOptions& options, CharPort& port,
             std::function<void(const wire::agent::MouseState&)> pointer);

  void perform(const AgentStep& step);
  // What became of it all, a line for each thing worth knowing; at most max_log_lines.
  std::span<const std::string> log() const { return log_; }
  static constexpr std::size_t max_log_lines = 1000;
  // The client's monitors, as it last told them.
  const wire::agent::MonitorsConfig& monitors() const { return monitors_; }

 private:
  using Clipboard = agent::Clipboard<Side::server>;
  template <Side by>
  using Capabilities = wire::agent::AnnounceCapabilities<by>;

  // The port
  void opened() override;
  void closed() override;
  void received(BytesView bytes) override;
  Result<void> take_chunks();
  Result<void> handle(const agent::Assembler::Whole& message);
  void reset_client();

  // Messages
  void announce(bool ask);
  void capabilities(const Capabilities<Side::client>& message);
  void monitors(const wire::agent::MonitorsConfig& message);
  wire::Context context() const;

  // The clipboard's host
  void send(wire::AnyMessage message) override;
  void offered(agent::SelectionId selection, const std::vector<std::uint32_t>& types) override;
  void pasted(agent::SelectionId selection, std::uint32_t type, const SharedBytes& data) override;

  void note(std::string line);

  const AgentOptions& options_;
  CharPort& port_;
  std::function<void(const wire::agent::MouseState&)> pointer_;
  Bytes unread_;
  agent::Assembler from_client_, from_server_;
  std::vector<std::uint32_t> own_caps_, client_caps_;
  Clipboard clipboard_;
  std::string copied_;  // by the guest's user; empty: nothing
  FileReceiver files_;
  wire::agent::MonitorsConfig monitors_;
  std::vector<std::string> log_;
};

}  // namespace spicebench::qxl
