// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/wire/documentation.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/suggestion.hpp"
#include "replayer/cli/verbs.hpp"

namespace spicebench::cli {
namespace {

using Json = nlohmann::ordered_json;

// Messages of the protocol; the links inside spicebench only if they are asked for by name.
Result<std::vector<const wire::MessageInfo*>> wanted(const ProtocolVerb& verb) {
  const auto channel = wire::channel_named(verb.channel);
  if (!verb.channel.empty() && !channel)
    return fail(ErrorCode::not_found, fmt::format("there is no channel {}", verb.channel));
  std::uint16_t id = 0;
  const char* end = verb.message.data() + verb.message.size();
  const bool by_number =
      !verb.message.empty() && std::from_chars(verb.message.data(), end, id).ptr == end;
  std::vector<const wire::MessageInfo*> found;
  std::vector<std::string> names;
  for (const wire::MessageInfo& info : wire::all_messages()) {
    const bool internal = info.key.channel == wire::ChannelType::device ||
                          info.key.channel == wire::ChannelType::user ||
                          info.key.channel == wire::ChannelType::admin;
    if (channel ? info.key.channel != *channel : internal) continue;
    names.emplace_back(info.name);
    if (verb.message.empty() || (by_number ? info.key.id == id : info.name == verb.message))
      found.push_back(&info);
  }
  if (found.empty()) {
    const std::string near = nearest(verb.message, names);
    return fail(ErrorCode::not_found,
                fmt::format("there is no message {}{}", verb.message,
                            near.empty() ? "" : fmt::format("; did you mean {}?", near)));
  }
  return found;
}

std::string number(const Json& value) {
  return value.dump();
}
// Limits between the fields of a structure.
std::string rules(const Json& of) {
  std::string text;
  if (of.contains("rules"))
    for (const Json& rule : of["rules"])
      text += fmt::format("{}{}{}", text.empty() ? "" : "; ", rule["says"].get<std::string>(),
                          rule["enforced"] == "validate" ? " (not refused)" : "");
  return text;
}
std::string remarks(const Json& field) {
  std::string text;
  const auto add = [&](std::string remark) { text += (text.empty() ? "" : "; ") + remark; };
  if (field.contains("condition")) add("if " + field["condition"].get<std::string>());
  if (field.contains("limits")) {
    const Json& limits = field["limits"];
    add(limits["high"].is_null()
            ? fmt::format("at least {}", number(limits["low"]))
            : fmt::format("{} to {}", number(limits["low"]), number(limits["high"])));
    if (limits["enforced"] == "validate") text += " (not refused)";
  }
  for (const char* key : {"values", "bits"}) {
    if (!field.contains(key)) continue;
    std::string names;
    for (const auto& [name, value] : field[key].items())
      names += fmt::format("{}{} {}", names.empty() ? "" : ", ", number(value), name);
    add(fmt::format("{}: {}", key, names));
  }
  if (field.contains("parts"))
    for (const auto& [name, part] : field["parts"].items()) {
      std::string names;
      for (const auto& [value_name, value] : part["values"].items())
        names += fmt::format("{}{} {}", names.empty() ? "" : ", ", number(value), value_name);
      add(fmt::format("{} bits from {}, {}: {}", number(part["width"]), number(part["shift"]), name,
                      names));
    }
  if (const std::string between = rules(field); !between.empty()) add(between);
  return text;
}
void add_fields(std::string& text, const Json& fields, std::size_t depth) {
  for (const Json& field : fields) {
    const std::string line =
        fmt::format("{:{}}{}", "", 2 * depth, field["notation"].get<std::string>());
    const std::string more = remarks(field);
    text += more.empty() ? line + "\n" : fmt::format("{:<44}  {}\n", line, faint(more));
    if (field.contains("fields")) add_fields(text, field["fields"], depth + 1);
    if (!field.contains("cases")) continue;
    for (const Json& one : field["cases"]) {
      if (one["fields"].empty()) continue;
      const std::string tag =
          fmt::format("{:{}}{} {}: {}", "", 2 * depth + 2, one["tag"].get<std::string>(),
                      number(one["value"]), one["type"].get<std::string>());
      const std::string between = rules(one);
      text += between.empty() ? tag + "\n" : fmt::format("{:<44}  {}\n", tag, faint(between));
      add_fields(text, one["fields"], depth + 2);
    }
  }
}

}  // namespace

int perform(const ProtocolVerb& verb) {
  const auto messages = wanted(verb);
  if (!messages) return fail_with("protocol", messages.error());
  if (verb.json) {
    Json all = Json::array();
    for (const wire::MessageInfo* info : *messages) all.push_back(wire::reference_of(*info));
    print(all.dump(2) + "\n");
    return exit_as_expected;
  }
  for (const wire::MessageInfo* info : *messages) {
    const Json reference = wire::reference_of(*info);
    std::string text = fmt::format("{} {} {} {}", name_of(info->key.channel),
                                   name_of(info->key.sender), info->key.id, good(info->name));
    if (!reference["capability"].is_null())
      text += fmt::format("  (needs {})", reference["capability"].get<std::string>());
    text += '\n';
    if (!info->layout) text += "  known by name only\n";
    if (const std::string between = rules(reference); !between.empty())
      text += fmt::format("  {}\n", faint(between));
    if (reference.contains("fields")) add_fields(text, reference["fields"], 1);
    if (!print(text + "\n")) break;
  }
  return exit_as_expected;
}

}  // namespace spicebench::cli
