// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/agent/agent_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/base/json_fields.hpp"
#include "core/wire/char_device_link.hpp"

namespace spicebench::qxl {

using nlohmann::json;

namespace {

constexpr std::uint32_t most_ms = 86'400'000, most_room = 1 << 20;
constexpr std::size_t most_ports = 16;
constexpr std::array<std::string_view, 5> action_names = {"copy", "release", "paste", "stop",
                                                          "start"};

Result<AgentStep> step_from_json(const json& row) {
  AgentStep step;
  std::string action;
  JsonFields fields(row);
  fields.read("at_ms", step.at_ms, 0u, most_ms);
  fields.read("do", action);
  fields.read("text", step.text);
  CHECKED(fields.finish());
  const auto* found = std::ranges::find(action_names, action);
  if (found == action_names.end())
    return fail(ErrorCode::malformed,
                fmt::format("\"{}\", known: {}", action, fmt::join(action_names, ", ")), 0, "do");
  step.action = static_cast<AgentAction>(found - action_names.begin());
  return step;
}

// A list of tables, each read by `read`.
template <class T>
Result<std::vector<T>> list_from_json(const json& list, std::string_view key,
                                      Result<T> (*read)(const json&)) {
  if (!list.is_array())
    return fail(ErrorCode::malformed, "a list of tables is wanted", 0, std::string(key));
  std::vector<T> out;
  for (const json& row : list) {
    auto one = read(row);
    if (!one)
      return std::unexpected(std::move(one).error().within(fmt::format("{}[{}]", key, out.size())));
    out.push_back(*std::move(one));
  }
  return out;
}

Result<PortOptions> port_from_json(const json& row) {
  PortOptions port;
  JsonFields fields(row);
  fields.read("name", port.name);
  fields.read("open_ms", port.open_ms, 0u, most_ms);
  fields.read("close_ms", port.close_ms, 0u, most_ms);
  fields.read("room", port.room, 1u, most_room);
  fields.read("greeting", port.greeting);
  if (port.name.empty() || std::cmp_greater(port.name.size(), wire::device::most_char_device_name))
    fields.set_error({ErrorCode::out_of_range, 0, "name",
                      fmt::format("{} bytes, allowed 1 to {}", port.name.size(),
                                  wire::device::most_char_device_name)});
  CHECKED(fields.finish());
  return port;
}

}  // namespace

json to_json(const AgentOptions& options) {
  json out = {{"start_ms", options.start_ms},
              {"keeps_clipboard", options.keeps_clipboard},
              {"crlf", options.crlf},
              {"receives_files", options.receives_files},
              {"disk_bytes", options.disk_bytes},
              {"room", options.room},
              {"steps", json::array()}};
  for (const AgentStep& step : options.steps)
    out["steps"].push_back({{"at_ms", step.at_ms},
                            {"do", action_names[static_cast<std::size_t>(step.action)]},
                            {"text", step.text}});
  return out;
}

json to_json(const PortOptions& options) {
  return {{"name", options.name},
          {"open_ms", options.open_ms},
          {"close_ms", options.close_ms},
          {"room", options.room},
          {"greeting", options.greeting}};
}

Result<AgentOptions> agent_options_from_json(const json& object) {
  AgentOptions options;
  JsonFields fields(object);
  fields.read("start_ms", options.start_ms, 0u, most_ms);
  fields.read("keeps_clipboard", options.keeps_clipboard);
  fields.read("crlf", options.crlf);
  fields.read("receives_files", options.receives_files);
  fields.read("disk_bytes", options.disk_bytes);
  fields.read("room", options.room, 1u, most_room);
  if (const json* steps = fields.take("steps"))
    options.steps = TRY(list_from_json(*steps, "steps", step_from_json));
  CHECKED(fields.finish());
  return options;
}

Result<std::vector<PortOptions>> port_options_from_json(const json& list) {
  auto ports = TRY(list_from_json(list, "ports", port_from_json));
  if (ports.size() > most_ports)
    return fail(ErrorCode::out_of_range, fmt::format("{}, at most {}", ports.size(), most_ports), 0,
                "ports");
  return ports;
}

}  // namespace spicebench::qxl
