// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/layout.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spicebench::wire {
namespace {

bool has_bit(std::span<const std::uint32_t> words, std::uint64_t bit) {
  return bit / 32 < words.size() && (words[bit / 32] >> (bit % 32) & 1) != 0;
}

}  // namespace

bool holds_in(const Condition& condition, const void* object, const Context& context) {
  bool holds = true;
  switch (condition.source) {
    case Condition::Source::always:
      break;
    case Condition::Source::member:
      holds = (referred(condition.member, object) & condition.mask) == condition.value;
      break;
    case Condition::Source::agent_cap:
      holds = has_bit(context.client_agent_caps, condition.value) &&
              has_bit(context.guest_agent_caps, condition.value);
      break;
    case Condition::Source::channel_cap:
      holds = has_bit(context.client_channel_caps, condition.value) &&
              has_bit(context.server_channel_caps, condition.value);
      break;
    case Condition::Source::lossy_images:
      holds = context.lossy_images;
      break;
  }
  return holds != condition.negated;
}

const Case* selected(const Choice& choice, const void* object) {
  const std::uint64_t tag = referred(choice.tag, object);
  for (const Case& one : choice.cases)
    if ((tag & one.mask) == one.value) return &one;
  return nullptr;
}

const Field* count_of(const Layout& layout, const Field& field) {
  if (field.extent != Extent::counted) return nullptr;
  for (const Field& count : layout.fields)
    if (count.kind == Kind::count && count.slot == field.slot) return &count;
  return nullptr;
}

std::size_t least_bytes(const Field& field) {
  if (field.condition.source != Condition::Source::always) return 0;
  if (field.place != Place::inlined) return 4;
  switch (field.kind) {
    case Kind::scalar:
    case Kind::count:
    case Kind::jump:
      return field.width;
    case Kind::array:
      return field.width * field.fixed;
    case Kind::structure:
      return least_bytes(*field.nested);
    case Kind::list:
    case Kind::bytes:
    case Kind::choice:
      break;
  }
  return 0;
}

std::size_t least_bytes(const Layout& layout) {
  std::size_t sum = 0;
  for (const Field& field : layout.fields) sum += least_bytes(field);
  return sum;
}

std::string limits_text(const Field& field, std::uint64_t number) {
  const std::string found = field.is_signed ? fmt::format("{}", static_cast<std::int64_t>(number))
                                            : fmt::format("{}", number);
  if (field.high == INT64_MAX) return fmt::format("{}, at least {}", found, field.low);
  return fmt::format("{}, allowed {} to {}", found, field.low, field.high);
}

std::string type_text(const Field& field) {
  const auto integer = [&] {
    return fmt::format("{}{}", field.is_signed ? 'i' : 'u', field.width * 8);
  };
  std::string text;
  switch (field.kind) {
    case Kind::scalar:
    case Kind::count:
      text = integer();
      break;
    case Kind::jump:
      text = "offset";
      break;
    case Kind::array:
      text = fmt::format("{}[{}]", integer(), field.fixed);
      break;
    case Kind::structure:
      text = field.nested->name;
      break;
    case Kind::list:
      text = fmt::format("list of {}", field.nested ? std::string(field.nested->name) : integer());
      break;
    case Kind::bytes:
      text = field.is_text ? "text" : "bytes";
      break;
    case Kind::choice:
      text = "choice";
      break;
  }
  if (field.place == Place::pointer) return "*" + text;
  if (field.place == Place::required_pointer) return "*" + text + "!";
  return text;
}

std::string_view name_in(const Names& names, std::uint64_t value) {
  for (const Name& name : names.entries)
    if (name.value == value) return name.name;
  return {};
}

std::string number_text(const Field& field, std::uint64_t number) {
  if (field.names == nullptr)
    return field.is_signed ? fmt::format("{}", static_cast<std::int64_t>(number))
                           : fmt::format("{}", number);
  if (!field.names->flags) {
    const std::string_view name = name_in(*field.names, number);
    return name.empty() ? fmt::format("{}", number) : std::string(name);
  }
  std::string text;
  std::uint64_t rest = number;
  for (const NamedPart& part : field.names->parts) {
    const std::string_view name = name_in(*part.names, part.of(number));
    text += fmt::format("{}{}=", text.empty() ? "" : "|", part.name);
    text += name.empty() ? fmt::format("{:#x}", part.of(number)) : std::string(name);
    rest &= ~part.mask();
  }
  for (const Name& name : field.names->entries) {
    if ((rest & name.value) != name.value || name.value == 0) continue;
    if (!text.empty()) text += '|';
    text += name.name;
    rest &= ~name.value;
  }
  if (rest != 0) text += fmt::format("{}{:#x}", text.empty() ? "" : "|", rest);
  return text.empty() ? "0" : text;
}

std::string bytes_text(const Field& field, BytesView bytes, std::size_t most) {
  const BytesView shown = bytes.first(std::min(most, bytes.size()));
  std::string text;
  if (field.is_text) {
    text = "\"";
    for (const std::byte byte : shown) {
      const auto c = std::to_integer<unsigned char>(byte);
      if (c == '"' || c == '\\')
        (text += '\\') += static_cast<char>(c);
      else if (c < 0x20 || c >= 0x7f)
        text += fmt::format("\\x{:02x}", c);
      else
        text += static_cast<char>(c);
    }
    text += '"';
  } else {
    text = fmt::format("{} bytes", bytes.size());
    if (!shown.empty()) text += ' ';
    for (const std::byte byte : shown) text += fmt::format("{:02x}", std::to_integer<int>(byte));
  }
  if (shown.size() < bytes.size()) text += "…";
  return text;
}

}  // namespace spicebench::wire
