// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/wire/layout.hpp"

// Builders of field tables. A table reads like the protocol's own:
//
//   constexpr Field init_fields[] = {
//       scalar(MEMBER(Init, session_id)),
//       count("num_of_channels", 4, 0).limited(0, 256),
//       list(MEMBER(Init, channels), channel_id_layout).counted(0),
//   };
//   constinit const Layout init_layout = describes<Init>("init", init_fields);
namespace spicebench::wire {

template <class T>
struct Member {
  std::string_view name;
  std::size_t offset;
};
// NOLINTNEXTLINE: only a macro can take a member's name, type and offset at once
#define MEMBER(Struct, member)                           \
  ::spicebench::wire::Member<decltype(Struct::member)> { \
#member, offsetof(Struct, member)                    \
  }

namespace detail {

template <class T>
inline constexpr ListOps list_ops{
    sizeof(T),
    [](const void* list) { return static_cast<const std::vector<T>*>(list)->size(); },
    [](const void* list) -> const void* {
      return static_cast<const std::vector<T>*>(list)->data();
    },
    [](void* list, std::size_t size) -> void* {
      auto& vector = *static_cast<std::vector<T>*>(list);
      vector.resize(size);
      return vector.data();
    },
};
template <class T>
inline constexpr OptionalOps optional_ops{
    [](const void* optional) {
      return static_cast<const std::optional<T>*>(optional)->has_value();
    },
    [](const void* optional) -> const void* {
      return &**static_cast<const std::optional<T>*>(optional);
    },
    [](void* optional) -> void* { return &static_cast<std::optional<T>*>(optional)->emplace(); },
};
template <class Variant, std::size_t... I>
void* emplace(Variant& variant, std::size_t index, std::index_sequence<I...>) {
  void* value = nullptr;
  ((I == index ? void(value = &variant.template emplace<I>()) : void()), ...);
  return value;
}
template <class Variant>
inline constexpr VariantOps variant_ops{
    [](const void* variant) { return static_cast<const Variant*>(variant)->index(); },
    [](const void* variant) -> const void* {
      return std::visit([](const auto& value) -> const void* { return &value; },
                        *static_cast<const Variant*>(variant));
    },
    [](void* variant, std::size_t index) -> void* {
      return emplace(*static_cast<Variant*>(variant), index,
                     std::make_index_sequence<std::variant_size_v<Variant>>{});
    },
};
template <class T>
struct Unwrapped {
  using type = T;
  static constexpr const OptionalOps* ops = nullptr;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using type = T;
  static constexpr const OptionalOps* ops = &optional_ops<T>;
};
template <class T>
constexpr bool is_signed_number() {
  if constexpr (std::is_enum_v<T>)
    return std::is_signed_v<std::underlying_type_t<T>>;
  else
    return std::is_signed_v<T>;
}

}  // namespace detail

template <class T>
constexpr Field scalar(Member<T> member) {
  static_assert(std::is_integral_v<T> || std::is_enum_v<T>);
  return {.name = member.name,
          .kind = Kind::scalar,
          .width = sizeof(T),
          .is_signed = detail::is_signed_number<T>(),
          .offset = member.offset};
}
template <class T, std::size_t N>
constexpr Field array(Member<std::array<T, N>> member) {
  return {.name = member.name,
          .kind = Kind::array,
          .width = sizeof(T),
          .is_signed = detail::is_signed_number<T>(),
          .offset = member.offset,
          .fixed = N};
}
// The number of items, or bytes, of the field of this table that says counted(slot). After it may
// stand any other fields; a structure or choice that is counted has this many bytes.
constexpr Field count(std::string_view name, std::uint8_t width, std::uint8_t slot) {
  return {.name = name, .kind = Kind::count, .width = width, .slot = slot};
}
constexpr Field jump(std::string_view name) {
  return {.name = name, .kind = Kind::jump, .width = 4};
}
template <class T>
constexpr Field structure(Member<T> member, const Layout& layout) {
  return {.name = member.name,
          .kind = Kind::structure,
          .offset = member.offset,
          .nested = &layout,
          .optional = detail::Unwrapped<T>::ops};
}
template <class T>
constexpr Field list(Member<std::vector<T>> member, const Layout& layout) {
  return {.name = member.name,
          .kind = Kind::list,
          .offset = member.offset,
          .nested = &layout,
          .list = &detail::list_ops<T>};
}
template <class T>
constexpr Field list(Member<std::vector<T>> member) {
  static_assert(std::is_integral_v<T>);
  return {.name = member.name,
          .kind = Kind::list,
          .width = sizeof(T),
          .is_signed = std::is_signed_v<T>,
          .offset = member.offset,
          .list = &detail::list_ops<T>};
}
template <class T>
constexpr Field bytes(Member<T> member) {
  static_assert(std::is_same_v<typename detail::Unwrapped<T>::type, SharedBytes>);
  return {.name = member.name,
          .kind = Kind::bytes,
          .offset = member.offset,
          .optional = detail::Unwrapped<T>::ops};
}
template <class Variant, class Tag>
constexpr Field choice(Member<Variant> member, Member<Tag> tag, std::span<const Case> cases) {
  return {.name = member.name,
          .kind = Kind::choice,
          .offset = member.offset,
          .choice = {{tag.offset, sizeof(Tag)}, cases, &detail::variant_ops<Variant>}};
}

// Conditions
template <class T>
constexpr Condition is(Member<T> member, std::uint64_t value) {
  return {
      .source = Condition::Source::member, .member = {member.offset, sizeof(T)}, .value = value};
}
template <class T>
constexpr Condition has_bits(Member<T> member, std::uint64_t bits) {  // any of them
  return {.source = Condition::Source::member,
          .negated = true,
          .member = {member.offset, sizeof(T)},
          .mask = bits};
}
constexpr Condition both_agents(std::uint64_t capability) {
  return {.source = Condition::Source::agent_cap, .value = capability};
}
constexpr Condition both_ends(std::uint64_t channel_capability) {
  return {.source = Condition::Source::channel_cap, .value = channel_capability};
}
constexpr Condition lossy_images() {
  return {.source = Condition::Source::lossy_images};
}

// The bytes of an object that lies in memory as on the wire; 0: it does not, or has limits.
constexpr std::size_t flat_bytes_of(std::span<const Field> fields) {
  std::size_t at = 0;
  for (const Field& field : fields) {
    const bool plain = (field.kind == Kind::scalar || field.kind == Kind::array) &&
                       field.place == Place::inlined && field.limits != Enforced::always &&
                       field.condition.source == Condition::Source::always;
    if (!plain || field.offset != at) return 0;
    at += field.width * (field.kind == Kind::array ? field.fixed : 1);
  }
  return at;
}

struct Rules {  // as those of Layout
  std::string (*check)(const Scope& scope) = nullptr;
  void (*settle)(void* object, const Scope* outer, Choices& choices) = nullptr;
  std::string (*bound)(const Scope& scope) = nullptr;
  std::string_view says{}, bound_says{};
};
template <class T>
constexpr Layout describes(std::string_view name, std::span<const Field> fields, Rules rules = {}) {
  return {.name = name,
          .fields = fields,
          .make = []() -> std::shared_ptr<void> { return std::make_shared<T>(); },
          .check = rules.check,
          .bound = rules.bound,
          .says = rules.says,
          .bound_says = rules.bound_says,
          .flat_bytes = rules.bound == nullptr ? flat_bytes_of(fields) : 0,
          .settle = rules.settle};
}
// The same for a message, as a row of the catalogue.
template <Message T>
constexpr MessageInfo row(const Layout& layout) {
  return {T::message, layout.name, &layout};
}

}  // namespace spicebench::wire
