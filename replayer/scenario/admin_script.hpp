// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/wire/admin_link.hpp"
#include "core/world/peer.hpp"

namespace spicebench::replayer {

enum class AdminAction : std::uint8_t {
  set_password,     // `password` (none: nobody may log in), `lifetime_s`, `connected`
  expire_password,  // `after_s` from then, or never
  set_noauth,       // any ticket passes
};

// One request to the server.
struct AdminStep {
  std::uint32_t at_ms = 0;  // after the beginning of the run
  AdminAction action = AdminAction::set_password;
  std::optional<std::string> password;
  std::uint32_t lifetime_s = 0;  // 0: for ever
  wire::admin::Connected connected = wire::admin::Connected::keep;
  std::optional<std::uint32_t> after_s;  // nothing: never
  bool operator==(const AdminStep&) const = default;
};
struct AdminOptions {
  std::vector<AdminStep> steps;
  bool operator==(const AdminOptions&) const = default;
};

nlohmann::json to_json(const AdminOptions& options);
// Errors: malformed, out_of_range; the path names the step and the key: "steps[3].connected". What
// the server will refuse is no error.
Result<AdminOptions> admin_options_from_json(const nlohmann::json& json);

// Who runs the server, by a script: connects to "admin" and asks when the time has come, whatever
// the answers are.
class AdminScript final : public Peer {
 public:
  explicit AdminScript(const AdminOptions& options);

  Outputs start(Instant now) override;
  Outputs handle(const Input& input, Instant now) override;

 private:
  struct Event {
    Instant at;
    ValuePtr message;  // wire::admin
  };
  static constexpr LinkId link = 0;
  static constexpr TimerId next_event = 0;

  std::vector<Event> events_;  // by time
  std::size_t done_ = 0;
};

}  // namespace spicebench::replayer
