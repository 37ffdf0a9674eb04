// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace spicebench::qxl {

enum class AgentAction : std::uint8_t {
  copy,     // the guest's user copies `text`
  release,  // … no longer has it
  paste,    // … pastes what the client's user copied
  stop,     // the agent ends: it closes its port
  start,    // … and comes up again
};
struct AgentStep {
  std::uint32_t at_ms = 0;  // after power on
  AgentAction action = AgentAction::copy;
  std::string text;  // UTF-8
  bool operator==(const AgentStep&) const = default;
};

// The guest's agent: `[guest.agent]` of a scenario.
struct AgentOptions {
  std::uint32_t start_ms = 500;  // when it opens its port, after power on
  // A program that keeps the clipboard: it pastes whatever the client offers, at once.
  bool keeps_clipboard = false;
  bool crlf = false;  // its texts have CR LF at the ends of lines
  bool receives_files = true;
  std::uint64_t disk_bytes = std::uint64_t{1} << 30;  // free for files
  std::uint32_t room = 4096;                          // bytes that its port takes before it is read
  std::vector<AgentStep> steps;
  bool operator==(const AgentOptions&) const = default;
};
// A named port with a program behind it that gives back what it gets: `[[guest.ports]]`.
struct PortOptions {
  std::string name;                           // at most 255 bytes
  std::uint32_t open_ms = 500, close_ms = 0;  // after power on; 0: never closed
  std::uint32_t room = 4096;
  std::string greeting;  // said once it is open
  bool operator==(const PortOptions&) const = default;
};

nlohmann::json to_json(const AgentOptions& options);
nlohmann::json to_json(const PortOptions& options);
// Missing keys keep their defaults. Errors: malformed, out_of_range; the path names the key.
Result<AgentOptions> agent_options_from_json(const nlohmann::json& json);
Result<std::vector<PortOptions>> port_options_from_json(const nlohmann::json& json);

}  // namespace spicebench::qxl
