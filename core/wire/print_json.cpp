// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/wire/layout.hpp"
#include "core/wire/print.hpp"

namespace spicebench::wire {
namespace {

using Json = nlohmann::ordered_json;

class JsonPrinter {
 public:
  JsonPrinter(const Context& context, std::size_t most_bytes)
      : context_(context), most_bytes_(most_bytes) {}

  Json fields(const Layout& layout, const void* object) {
    Json json = Json::object();
    for (const Field& field : layout.fields) {
      if (field.kind == Kind::count || field.kind == Kind::jump) continue;
      if (!is_there(field, object, context_)) continue;
      json[std::string(field.name)] = one(field, object, member_at(object, field.offset));
    }
    return json;
  }

 private:
  static Json number(const Field& field, const void* member) {
    const std::uint64_t value = load_member(member, field.width, field.is_signed);
    if (field.names != nullptr) {
      std::string text = number_text(field, value);
      // An unknown value of an enumeration stays a number.
      if (field.names->flags || text != fmt::format("{}", value)) return text;
    }
    return field.is_signed ? Json(static_cast<std::int64_t>(value)) : Json(value);
  }
  static Json numbers(const Field& field, const void* items, std::size_t size) {
    Json json = Json::array();
    for (std::size_t i = 0; i < size; ++i)
      json.push_back(number(field, member_at(items, i * field.width)));
    return json;
  }
  Json bytes(const Field& field, BytesView bytes) {
    if (field.is_text) {
      std::string text;
      for (const std::byte byte : bytes.first(std::min(bytes.size(), most_bytes_))) {
        const auto c = std::to_integer<unsigned char>(byte);
        if (c < 0x20 || c >= 0x7f)
          text += fmt::format("\\x{:02x}", c);
        else
          text += static_cast<char>(c);
      }
      return text;
    }
    std::string hex;
    for (const std::byte byte : bytes.first(std::min(bytes.size(), most_bytes_)))
      hex += fmt::format("{:02x}", std::to_integer<int>(byte));
    return {{"size", bytes.size()}, {"hex", std::move(hex)}};
  }

  Json one(const Field& field, const void* object, const void* member) {
    if (field.optional != nullptr) {
      if (!field.optional->has(member)) return nullptr;
      member = field.optional->value(member);
    }
    switch (field.kind) {
      case Kind::scalar:
        return number(field, member);
      case Kind::array:
        if (field.width == 1)
          return bytes(field, {static_cast<const std::byte*>(member), field.fixed});
        return numbers(field, member, field.fixed);
      case Kind::structure:
        return fields(*field.nested, member);
      case Kind::choice: {
        const Case* there = selected(field.choice, object);
        if (there == nullptr || there->layout == nullptr ||
            field.choice.variant->index(member) != there->alternative)
          return nullptr;
        return fields(*there->layout, field.choice.variant->value(member));
      }
      case Kind::list: {
        const std::size_t size = field.list->size(member);
        const void* items = field.list->data(member);
        if (field.nested == nullptr) return numbers(field, items, size);
        Json json = Json::array();
        for (std::size_t i = 0; i < size; ++i)
          json.push_back(fields(*field.nested, member_at(items, i * field.list->item_bytes)));
        return json;
      }
      case Kind::bytes:
        return bytes(field, *static_cast<const SharedBytes*>(member));
      case Kind::count:
      case Kind::jump:
        break;
    }
    return nullptr;
  }

  const Context& context_;
  const std::size_t most_bytes_;
};

}  // namespace

Json to_json(const Layout& layout, const void* object, const Context& context,
             std::size_t most_bytes) {
  return JsonPrinter(context, most_bytes).fields(layout, object);
}
Json to_json(const AnyMessage& message, const Context& context, std::size_t most_bytes) {
  return to_json(*message.info().layout, message.object(), context, most_bytes);
}

}  // namespace spicebench::wire
