// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/wire/message.hpp"

// The one description of each structure of the protocol: a static table of type-erased fields.
// Every walk (encode, decode, validate, print, tree, diff, generate) is a plain function over these
// tables. Tables are written with the builders of describe.hpp.
namespace spicebench::wire {

static_assert(std::endian::native == std::endian::little, "integers are copied as they lie");

// An object and the objects around it, innermost first: what an expression of a table sees.
struct Scope {
  const void* object = nullptr;
  const Scope* outer = nullptr;
  template <class T>
  const T& as() const {
    return *static_cast<const T*>(object);
  }
};
class Choices;  // generate.hpp

// Names of an enumeration's values, or of the bits of flags. Among flags may lie parts that are
// numbers of their own.
struct Name {
  std::uint64_t value;
  std::string_view name;
};
struct NamedPart;
struct Names {
  bool flags = false;
  std::span<const Name> entries;
  std::span<const NamedPart> parts{};
};
struct NamedPart {
  std::string_view name;
  std::uint8_t shift, width;  // bits
  const Names* names;         // an enumeration
  constexpr std::uint64_t mask() const { return ((std::uint64_t{1} << width) - 1) << shift; }
  constexpr std::uint64_t of(std::uint64_t number) const { return (number & mask()) >> shift; }
};

// What a walk may do with the containers of a struct without knowing their types.
struct ListOps {  // std::vector
  std::size_t item_bytes;
  std::size_t (*size)(const void* list);
  const void* (*data)(const void* list);
  void* (*resize)(void* list, std::size_t size);  // returns the first item
};
struct OptionalOps {  // std::optional
  bool (*has)(const void* optional);
  const void* (*value)(const void* optional);
  void* (*emplace)(void* optional);
};
struct VariantOps {  // std::variant
  std::size_t (*index)(const void* variant);
  const void* (*value)(const void* variant);
  void* (*emplace)(void* variant, std::size_t index);
};

// A scalar member of the object that a table describes.
struct Reference {
  std::size_t offset = 0;
  std::uint8_t width = 0;
};

// A tagged union: the first case that matches the tag says which alternative is there. No match:
// nothing is there (alternative 0, std::monostate).
struct Case {
  std::uint64_t value = 0;
  std::uint64_t mask = ~std::uint64_t{0};  // of the tag, compared with value
  std::uint8_t alternative = 0;
  const Layout* layout = nullptr;  // of the alternative; null only for alternative 0
};
struct Choice {
  Reference tag;
  std::span<const Case> cases;
  const VariantOps* variant = nullptr;
};

// Whether a field is there at all. Without: it is.
struct Condition {
  enum class Source : std::uint8_t {
    always,
    member,        // (member & mask) == value
    agent_cap,     // both ends of the inner protocol (agent, USB redirection) announced `value`
    channel_cap,   // both ends of the channel did
    lossy_images,  // Context::lossy_images
  };
  Source source = Source::always;
  bool negated = false;
  Reference member;
  std::uint64_t mask = ~std::uint64_t{0}, value = 0;
};

enum class Kind : std::uint8_t {
  scalar,     // an integer of `width` bytes
  array,      // `fixed` integers of `width` bytes each: std::array
  count,      // how many items or bytes a later field of this table has; derived, not a member
  jump,       // u32 offset from the body start at which the following fields stand, without meaning
              // if all that was counted before is 0; not a member
  structure,  // `nested`; T or std::optional<T>
  list,       // std::vector of `nested`, or of integers of `width` bytes
  bytes,      // SharedBytes or std::optional<SharedBytes>; decoded as a slice of the body
  choice,     // std::variant
};
enum class Place : std::uint8_t {
  inlined,
  pointer,           // u32 offset from the body start, 0: absent
  required_pointer,  // the same, 0 is an error
};
enum class Extent : std::uint8_t {
  whole,     // what the structure itself needs
  counted,   // items, or bytes, as said by the count field of the same `slot`
  computed,  // bytes, by `computed`
  to_end,    // of the body, or of the enclosing counted structure
};
enum class Enforced : std::uint8_t {
  no,
  always,    // a violation is an error of decode
  validate,  // real peers violate it, or only its consumer cares: reported by validate
};

constexpr std::size_t max_slots = 4;

struct Field {
  std::string_view name{};
  Kind kind{};
  Place place = Place::inlined;
  Extent extent = Extent::whole;
  std::uint8_t width = 0;  // bytes on the wire of the scalar, item of an array or list, or count
  bool is_signed = false;
  bool is_text = false;      // bytes that are text, for printing
  bool is_required = false;  // validate: an absent optional is a finding
  std::uint8_t slot = 0;     // pairs a count with what it counts
  std::size_t offset = 0;    // of the member in its struct
  std::size_t fixed = 0;     // items of an array
  const Layout* nested = nullptr;
  const ListOps* list = nullptr;
  const OptionalOps* optional = nullptr;
  Choice choice{};
  std::uint64_t (*computed)(const Scope& scope) = nullptr;
  Condition condition{};
  const Names* names = nullptr;
  // Of the value of a scalar; of the number of items or bytes of anything else (a count included).
  Enforced limits = Enforced::no;
  std::int64_t low = 0, high = INT64_MAX;
  // Where generated values lie if not between the limits: keeps them small.
  bool has_usual = false;
  std::int64_t usual_low = 0, usual_high = 0;

  // Refinements of what the builders of describe.hpp return.
  constexpr Field counted(std::uint8_t by_slot) const {
    Field f = *this;
    f.extent = Extent::counted, f.slot = by_slot;
    return f;
  }
  constexpr Field to_end() const {
    Field f = *this;
    f.extent = Extent::to_end;
    return f;
  }
  constexpr Field sized(std::uint64_t (*size)(const Scope&)) const {
    Field f = *this;
    f.extent = Extent::computed, f.computed = size;
    return f;
  }
  constexpr Field by_pointer(Place how = Place::pointer) const {
    Field f = *this;
    f.place = how;
    return f;
  }
  constexpr Field when(Condition c) const {
    Field f = *this;
    f.condition = c;
    return f;
  }
  constexpr Field unless(Condition c) const {
    c.negated = !c.negated;
    return when(c);
  }
  constexpr Field named(const Names& table) const {
    Field f = *this;
    f.names = &table;
    return f;
  }
  constexpr Field called(std::string_view other) const {
    Field f = *this;
    f.name = other;
    return f;
  }
  constexpr Field limited(std::int64_t lowest, std::int64_t highest,
                          Enforced by = Enforced::always) const {
    Field f = *this;
    f.low = lowest, f.high = highest, f.limits = by;
    return f;
  }
  constexpr Field usually(std::int64_t lowest, std::int64_t highest) const {
    Field f = *this;
    f.has_usual = true, f.usual_low = lowest, f.usual_high = highest;
    return f;
  }
  constexpr Field text() const {
    Field f = *this;
    f.is_text = true;
    return f;
  }
  constexpr Field required() const {
    Field f = *this;
    f.is_required = true;
    return f;
  }
};

struct Layout {
  std::string_view name;
  std::span<const Field> fields;
  std::shared_ptr<void> (*make)() = nullptr;  // a default-constructed object
  // Limits that lie between fields: what is wrong with an object, empty if nothing. Part of
  // validate.
  std::string (*check)(const Scope& scope) = nullptr;
  // The same, for limits that are an error of decode, too.
  std::string (*bound)(const Scope& scope) = nullptr;
  // What check asks for, and what bound asks for, in words.
  std::string_view says{}, bound_says{};
  // Not 0: the object is these bytes of the wire as they lie, and decode has nothing to check.
  std::size_t flat_bytes = 0;
  // Brings a generated object within those limits, before its computed runs of bytes are made.
  void (*settle)(void* object, const Scope* outer, Choices& choices) = nullptr;
};

// The integer behind `member`, sign-extended if it is signed.
inline std::uint64_t load_member(const void* member, std::uint8_t width, bool is_signed = false) {
  switch (width) {
    case 1: {
      std::uint8_t v;
      std::memcpy(&v, member, 1);
      return is_signed ? static_cast<std::uint64_t>(static_cast<std::int8_t>(v)) : v;
    }
    case 2: {
      std::uint16_t v;
      std::memcpy(&v, member, 2);
      return is_signed ? static_cast<std::uint64_t>(static_cast<std::int16_t>(v)) : v;
    }
    case 4: {
      std::uint32_t v;
      std::memcpy(&v, member, 4);
      return is_signed ? static_cast<std::uint64_t>(static_cast<std::int32_t>(v)) : v;
    }
    default: {
      std::uint64_t v;
      std::memcpy(&v, member, 8);
      return v;
    }
  }
}
// Copies an integer of 1, 2, 4 or 8 bytes between a struct and the wire.
inline void copy_scalar(void* to, const void* from, std::uint8_t width) {
  switch (width) {
    case 1:
      std::memcpy(to, from, 1);
      break;
    case 2:
      std::memcpy(to, from, 2);
      break;
    case 4:
      std::memcpy(to, from, 4);
      break;
    default:
      std::memcpy(to, from, 8);
  }
}
inline const void* member_at(const void* object, std::size_t offset) {
  return static_cast<const std::byte*>(object) + offset;
}
inline void* member_at(void* object, std::size_t offset) {
  return static_cast<std::byte*>(object) + offset;
}
inline std::uint64_t referred(const Reference& reference, const void* object) {
  return load_member(member_at(object, reference.offset), reference.width);
}

bool holds_in(const Condition& condition, const void* object, const Context& context);
inline bool is_there(const Field& field, const void* object, const Context& context) {
  return field.condition.source == Condition::Source::always ||
         holds_in(field.condition, object, context);
}
// The case of a choice that its tag selects in this object. Null: none.
const Case* selected(const Choice& choice, const void* object);
// The count field of what is counted. Null: the field is not counted.
const Field* count_of(const Layout& layout, const Field& field);
// The least number of bytes that an object takes on the wire, pointer targets not counted.
std::size_t least_bytes(const Layout& layout);
std::size_t least_bytes(const Field& field);
// False if the number breaks the field's limits.
inline bool within_limits(const Field& field, std::uint64_t number) {
  return field.is_signed ? static_cast<std::int64_t>(number) >= field.low &&
                               static_cast<std::int64_t>(number) <= field.high
                         : number >= static_cast<std::uint64_t>(field.low) &&
                               number <= static_cast<std::uint64_t>(field.high);
}
// "900, allowed 0 to 256"
std::string limits_text(const Field& field, std::uint64_t number);
// "u32", "u8[16]", "list of channel_id", "*image": the field's type in the protocol's notation.
std::string type_text(const Field& field);
// The name of an enumeration's value; empty if it has none.
std::string_view name_in(const Names& names, std::uint64_t value);
// A number with the names of its field: "bitmap", "cache_me|0x80", "operator=over|has_mask", "-5".
std::string number_text(const Field& field, std::uint64_t number);
// A run of bytes, at most `most` of them: "3 bytes 0a0b0c", or quoted if the field is text.
std::string bytes_text(const Field& field, BytesView bytes, std::size_t most);

}  // namespace spicebench::wire
