// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/scenario/user_options.hpp"

#include <fmt/format.h>

#include <array>

#include "core/base/json_fields.hpp"
#include "core/wire/inputs_channel.hpp"
#include "replayer/scenario/keys.hpp"

namespace spicebench::replayer {
namespace {

using nlohmann::json;
namespace inputs = wire::inputs;

// Bounds of one script: generous for a user, small for memory.
constexpr std::uint32_t most_ms = 24 * 3600 * 1000, most_repeats = 10'000, most_coordinate = 32'767;

constexpr std::uint32_t most_file_bytes = 256u << 20, most_display = 15;

constexpr std::array<std::string_view, 15> action_names = {
    "move",       "move_by", "click",  "press", "release",   "key",    "type",      "locks",
    "disconnect", "copy",    "uncopy", "paste", "send_file", "resize", "write_port"};
constexpr std::array<std::string_view, 8> button_names = {"",   "left", "middle", "right",
                                                          "up", "down", "side",   "extra"};

// The place of a name in a list, or an error that lists them all.
template <std::size_t N>
Result<std::uint8_t> named(const std::array<std::string_view, N>& names, std::string_view key,
                           std::string_view name) {
  for (std::size_t i = 0; i < N; ++i)
    if (!name.empty() && names[i] == name) return static_cast<std::uint8_t>(i);
  return fail(ErrorCode::malformed,
              fmt::format("\"{}\" is not one of {}", name, fmt::join(names, ", ")), 0,
              std::string(key));
}

Result<void> check_typable(const UserStep& step) {
  for (std::size_t i = 0; step.action == UserAction::type && i < step.text.size(); ++i)
    if (!stroke_of(step.text[i]))
      return fail(ErrorCode::malformed,
                  fmt::format("character {} is on no key of a US keyboard", i + 1), 0, "text");
  const bool needs_key = step.action == UserAction::key;
  if ((needs_key || !step.key.empty()) && !key_named(step.key))
    return fail(ErrorCode::malformed, fmt::format("no key is named \"{}\"", step.key), 0, "key");
  return {};
}

Result<UserStep> step_from_json(const json& object) {
  UserStep step;
  std::string action, button = "left";
  JsonFields fields(object);
  fields.read("at_ms", step.at_ms, 0u, most_ms);
  fields.read("do", action);
  fields.read("x", step.x, 0u, most_coordinate);
  fields.read("y", step.y, 0u, most_coordinate);
  constexpr auto most_signed = static_cast<std::int32_t>(most_coordinate);
  fields.read("dx", step.dx, -most_signed, most_signed);
  fields.read("dy", step.dy, -most_signed, most_signed);
  fields.read("count", step.count, 1u, most_repeats);
  fields.read("each_ms", step.each_ms, 0u, most_ms);
  fields.read("button", button);
  fields.read("key", step.key);
  fields.read("text", step.text);
  fields.read<std::uint16_t>("modifiers", step.modifiers, 0,
                             inputs::scroll_lock | inputs::num_lock | inputs::caps_lock);
  fields.read("file", step.file);
  fields.read("size", step.size, 0u, most_file_bytes);
  fields.read("width", step.width, 0u, most_coordinate);
  fields.read("height", step.height, 0u, most_coordinate);
  fields.read("display", step.display, 0u, most_display);
  fields.read("port", step.port);
  CHECKED(fields.finish());
  step.action = static_cast<UserAction>(TRY(named(action_names, "do", action)));
  step.button = TRY(named(button_names, "button", button));
  CHECKED(check_typable(step));
  return step;
}

}  // namespace

json to_json(const UserOptions& options) {
  json steps = json::array();
  for (const UserStep& step : options.steps) {
    steps.push_back({{"at_ms", step.at_ms},
                     {"do", action_names[static_cast<std::size_t>(step.action)]},
                     {"x", step.x},
                     {"y", step.y},
                     {"dx", step.dx},
                     {"dy", step.dy},
                     {"count", step.count},
                     {"each_ms", step.each_ms},
                     {"button", button_names[step.button]},
                     {"key", step.key},
                     {"text", step.text},
                     {"modifiers", step.modifiers}});
    // What few steps have is said only if it is there.
    const UserStep usual;
    const auto say = [&](const char* name, auto UserStep::*member) {
      if (step.*member != usual.*member) steps.back()[name] = step.*member;
    };
    say("file", &UserStep::file);
    say("size", &UserStep::size);
    say("width", &UserStep::width);
    say("height", &UserStep::height);
    say("display", &UserStep::display);
    say("port", &UserStep::port);
  }
  return {{"jitter_ms", options.jitter_ms}, {"steps", std::move(steps)}};
}

Result<UserOptions> user_options_from_json(const json& object) {
  UserOptions options;
  JsonFields fields(object);
  fields.read("jitter_ms", options.jitter_ms, 0u, most_ms);
  if (const json* steps = fields.take("steps")) {
    if (!steps->is_array())
      fields.set_error({ErrorCode::malformed, 0, "steps", "a list of tables is wanted"});
    else
      for (std::size_t i = 0; i < steps->size(); ++i) {
        auto step = step_from_json((*steps)[i]);
        if (!step)
          return std::unexpected(
              std::move(step.error()).within(fmt::format("[{}]", i)).within("steps"));
        options.steps.push_back(*std::move(step));
      }
  }
  CHECKED(fields.finish());
  return options;
}

}  // namespace spicebench::replayer
