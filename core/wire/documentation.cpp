// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/documentation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/wire/capabilities.hpp"

namespace spicebench::wire {
namespace {

using Json = nlohmann::ordered_json;

// The scalar of a structure that a condition or a tag refers to.
std::string member_name(const Layout& layout, const Reference& reference) {
  for (const Field& field : layout.fields)
    if (field.kind == Kind::scalar && field.offset == reference.offset)
      return std::string(field.name);
  return fmt::format("+{}", reference.offset);
}

std::string condition_text(const Layout& layout, const Condition& condition) {
  const std::string_view no = condition.negated ? "not " : "";
  switch (condition.source) {
    case Condition::Source::always:
      break;
    case Condition::Source::member: {
      const std::string name = member_name(layout, condition.member);
      if (condition.mask == ~std::uint64_t{0})
        return fmt::format("{} {} {}", name, condition.negated ? "!=" : "==", condition.value);
      return fmt::format("{} & {:#x} {} {:#x}", name, condition.mask,
                         condition.negated ? "!=" : "==", condition.value);
    }
    case Condition::Source::agent_cap:
      return fmt::format("{}both ends of the inner protocol have capability {}", no,
                         condition.value);
    case Condition::Source::channel_cap:
      return fmt::format("{}both ends have capability {}", no, condition.value);
    case Condition::Source::lossy_images:
      return fmt::format("{}lossy images are enabled", no);
  }
  return {};
}

std::string_view text_of(Enforced enforced) {
  switch (enforced) {
    case Enforced::no:
      break;
    case Enforced::always:
      return "decode";
    case Enforced::validate:
      return "validate";
  }
  return "no";
}

std::string item_type(const Field& field) {
  switch (field.kind) {
    case Kind::structure:
      return std::string(field.nested->name);
    case Kind::list:
      if (field.nested) return std::string(field.nested->name);
      break;
    case Kind::bytes:
      return "u8";
    case Kind::choice:
      return "choice";
    case Kind::jump:
      return "offset";
    case Kind::scalar:
    case Kind::array:
    case Kind::count:
      break;
  }
  return fmt::format("{}{}", field.is_signed ? 'i' : 'u', field.width * 8);
}

std::string extent_text(const Layout& layout, const Field& field) {
  if (field.kind == Kind::array) return fmt::format("[{}]", field.fixed);
  if (field.kind != Kind::list && field.kind != Kind::bytes) return {};
  switch (field.extent) {
    case Extent::counted:
      if (const Field* count = count_of(layout, field)) return fmt::format("[{}]", count->name);
      break;
    case Extent::computed:
      return "[computed]";
    case Extent::whole:
    case Extent::to_end:
      break;
  }
  return "[]";
}

// Limits that lie between fields.
void add_rules(Json& json, const Layout& layout) {
  Json rules = Json::array();
  for (const auto& [text, enforced] :
       {std::pair{layout.bound_says, Enforced::always}, std::pair{layout.says, Enforced::validate}})
    if (!text.empty()) rules.push_back({{"says", text}, {"enforced", text_of(enforced)}});
  if (!rules.empty()) json["rules"] = std::move(rules);
}

class FieldReference {
 public:
  Json fields(const Layout& layout) {
    Json all = Json::array();
    open_.push_back(&layout);
    for (const Field& field : layout.fields) all.push_back(of(layout, field));
    open_.pop_back();
    return all;
  }

 private:
  Json of(const Layout& layout, const Field& field) {
    Json json{
        {"name", field.name}, {"notation", notation(layout, field)}, {"type", type_text(field)}};
    if (field.limits != Enforced::no) {
      json["limits"] = {{"low", field.low},
                        {"high", field.high == INT64_MAX ? Json() : Json(field.high)},
                        {"enforced", text_of(field.limits)}};
    }
    if (field.condition.source != Condition::Source::always)
      json["condition"] = condition_text(layout, field.condition);
    if (field.names) {
      Json& names = json[field.names->flags ? "bits" : "values"] = Json::object();
      for (const Name& name : field.names->entries) names[std::string(name.name)] = name.value;
    }
    if (field.names && !field.names->parts.empty()) {
      Json& parts = json["parts"] = Json::object();
      for (const NamedPart& part : field.names->parts) {
        Json& values = parts[std::string(part.name)] = {
            {"shift", part.shift}, {"width", part.width}, {"values", Json::object()}};
        for (const Name& name : part.names->entries)
          values["values"][std::string(name.name)] = name.value;
      }
    }
    if (field.nested) json["fields"] = nested(*field.nested);
    if (field.nested) add_rules(json, *field.nested);
    if (field.kind == Kind::choice) {
      Json& cases = json["cases"] = Json::array();
      for (const Case& one : field.choice.cases) {
        Json alternative{{"tag", member_name(layout, field.choice.tag)},
                         {"value", one.value},
                         {"type", one.layout ? Json(one.layout->name) : Json()},
                         {"fields", one.layout ? nested(*one.layout) : Json::array()}};
        if (one.layout) add_rules(alternative, *one.layout);
        cases.push_back(std::move(alternative));
      }
    }
    return json;
  }
  Json nested(const Layout& layout) {
    return std::ranges::find(open_, &layout) != open_.end() ? Json::array() : fields(layout);
  }

  std::vector<const Layout*> open_;
};

}  // namespace

std::string notation(const Layout& layout, const Field& field) {
  std::string text = fmt::format("{}:", field.name);
  if (field.condition.source != Condition::Source::always) text += '?';
  if (field.place != Place::inlined) text += '*';
  text += item_type(field) + extent_text(layout, field);
  if (field.place == Place::required_pointer) text += '!';
  return text;
}

std::string notation(const Layout& layout) {
  std::string text;
  for (const Field& field : layout.fields)
    text += (text.empty() ? "" : "; ") + notation(layout, field);
  return text;
}

Json reference_of(const Layout& layout) {
  Json json{{"name", layout.name}, {"notation", notation(layout)}};
  json["fields"] = FieldReference().fields(layout);
  return json;
}

Json reference_of(const MessageInfo& message) {
  Json json{{"channel", name_of(message.key.channel)},
            {"sender", name_of(message.key.sender)},
            {"id", message.key.id},
            {"name", message.name}};
  const auto needed = needed_capability(message.key);
  json["capability"] = needed ? Json(fmt::format("{} {}", name_of(needed->announced_by),
                                                 capability_name(needed->channel, needed->bit)))
                              : Json();
  if (!message.layout) return json;
  json["notation"] = notation(*message.layout);
  add_rules(json, *message.layout);
  json["fields"] = FieldReference().fields(*message.layout);
  return json;
}

}  // namespace spicebench::wire
