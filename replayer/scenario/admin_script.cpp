// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/scenario/admin_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "core/base/json_fields.hpp"
#include "core/wire/message_value.hpp"

namespace spicebench::replayer {
namespace {

using nlohmann::json;
using wire::value_of;
namespace admin = wire::admin;

constexpr std::uint32_t most_ms = 24 * 3600 * 1000;
constexpr std::array<std::string_view, 3> action_names = {"set_password", "expire_password",
                                                          "set_noauth"};
constexpr std::array<std::string_view, 3> connected_names = {"keep", "disconnect", "fail"};

template <class Enum>
void read_name(JsonFields& fields, const char* key, const std::array<std::string_view, 3>& names,
               Enum& value) {
  std::string name(names[static_cast<std::size_t>(value)]);
  fields.read(key, name);
  const auto found = std::ranges::find(names, name);
  if (found == names.end())
    return fields.set_error({ErrorCode::malformed, 0, key,
                             fmt::format("\"{}\" is not one of {}", name, fmt::join(names, ", "))});
  value = static_cast<Enum>(found - names.begin());
}

Result<AdminStep> step_from_json(const json& object) {
  AdminStep step;
  JsonFields fields(object);
  fields.read("at_ms", step.at_ms, 0u, most_ms);
  read_name(fields, "do", action_names, step.action);
  if (std::string password; fields.take("password")) {
    fields.read("password", password);
    step.password = password;
  }
  fields.read("lifetime_s", step.lifetime_s);
  read_name(fields, "connected", connected_names, step.connected);
  if (std::uint32_t after = 0; fields.take("after_s")) {
    fields.read("after_s", after);
    step.after_s = after;
  }
  CHECKED(fields.finish());
  return step;
}

ValuePtr request_of(const AdminStep& step) {
  switch (step.action) {
    case AdminAction::set_password:
      return value_of(admin::SetPassword{static_cast<std::uint8_t>(step.connected), step.lifetime_s,
                                         !step.password,
                                         SharedBytes::copy_of(step.password.value_or(""))});
    case AdminAction::expire_password:
      return value_of(admin::ExpirePassword{!step.after_s, step.after_s.value_or(0)});
    default:
      return value_of(admin::SetNoauth{});
  }
}

}  // namespace

json to_json(const AdminOptions& options) {
  json steps = json::array();
  for (const AdminStep& step : options.steps) {
    json one{{"at_ms", step.at_ms},
             {"do", action_names[static_cast<std::size_t>(step.action)]},
             {"lifetime_s", step.lifetime_s},
             {"connected", connected_names[static_cast<std::size_t>(step.connected)]}};
    if (step.password) one["password"] = *step.password;
    if (step.after_s) one["after_s"] = *step.after_s;
    steps.push_back(std::move(one));
  }
  return {{"steps", std::move(steps)}};
}

Result<AdminOptions> admin_options_from_json(const json& object) {
  AdminOptions options;
  JsonFields fields(object);
  if (const json* steps = fields.take("steps")) {
    if (!steps->is_array())
      return fail(ErrorCode::malformed, "a list of steps is wanted", 0, "steps");
    for (std::size_t i = 0; i < steps->size(); ++i) {
      auto step = step_from_json((*steps)[i]);
      if (!step)
        return std::unexpected(std::move(step.error()).within(fmt::format("steps[{}]", i)));
      options.steps.push_back(*std::move(step));
    }
  }
  CHECKED(fields.finish());
  return options;
}

AdminScript::AdminScript(const AdminOptions& options) {
  for (const AdminStep& step : options.steps)
    events_.push_back({Instant{std::chrono::milliseconds(step.at_ms)}, request_of(step)});
  std::ranges::stable_sort(events_, {}, &Event::at);
}

Outputs AdminScript::start(Instant) {
  if (events_.empty()) return {};
  return {Connect{link, "admin"}};
}

Outputs AdminScript::handle(const Input& input, Instant now) {
  Outputs out;
  const bool its_time =
      std::holds_alternative<Opened>(input) || std::holds_alternative<Fired>(input);
  if (!its_time) {
    if (std::holds_alternative<Closed>(input)) out.emplace_back(Disarm{next_event});
    return out;
  }
  for (; done_ < events_.size() && events_[done_].at <= now; ++done_)
    out.emplace_back(Hand{link, events_[done_].message});
  if (done_ < events_.size()) out.emplace_back(Arm{next_event, events_[done_].at});
  return out;
}

}  // namespace spicebench::replayer
