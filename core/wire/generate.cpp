// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/generate.hpp"

#include <algorithm>

#include "core/wire/layout.hpp"

namespace spicebench::wire {
namespace {

constexpr std::uint64_t most_items = 3, most_bytes = 12;

class Generator {
 public:
  Generator(Choices& choices, const Context& context) : choices_(choices), context_(context) {}

  void fields(const Layout& layout, void* object, const Scope* outer) {
    const Scope scope{object, outer};
    for (const Field& field : layout.fields)
      if (is_there(field, object, context_))
        one(layout, field, scope, member_at(object, field.offset));
    if (layout.settle != nullptr) layout.settle(object, outer, choices_);
    for (const Field& field : layout.fields)
      if (field.extent == Extent::computed && is_there(field, object, context_))
        run_of_bytes(field, member_at(object, field.offset), field.computed(scope));
  }

 private:
  std::uint64_t between(std::int64_t low, std::int64_t high) {
    return static_cast<std::uint64_t>(low) +
           choices_.below(static_cast<std::uint64_t>(high - low) + 1);
  }
  std::uint64_t number(const Field& field) {
    if (field.names != nullptr && !field.names->flags)
      return field.names->entries[choices_.below(field.names->entries.size())].value;
    if (field.names != nullptr) {
      std::uint64_t bits = 0;
      for (const Name& name : field.names->entries)
        if (choices_.below(2) != 0) bits |= name.value;
      for (const NamedPart& part : field.names->parts) {
        const std::span<const Name> values = part.names->entries;
        bits |= values[choices_.below(values.size())].value << part.shift;
      }
      return bits;
    }
    if (field.has_usual) return between(field.usual_low, field.usual_high);
    if (field.limits != Enforced::no)
      return choices_.below(2) == 0 ? between(field.low, std::min(field.high, field.low + 16))
                                    : between(field.low, std::min(field.high, INT64_MAX - 1));
    switch (choices_.below(4)) {
      case 0:
        return choices_.below(16);
      case 1:
        return ~std::uint64_t{0} - choices_.below(16);  // largest, or -1 … -16
      default:
        return choices_.below(std::uint64_t{1} << 32) << 32 |
               choices_.below(std::uint64_t{1} << 32);
    }
  }
  std::uint64_t size(const Layout& layout, const Field& field, std::uint64_t most) {
    std::uint64_t low = 0, high = most;
    for (const Field* limited : {&field, count_of(layout, field)}) {
      if (limited == nullptr || limited->limits == Enforced::no) continue;
      low = std::max(low, static_cast<std::uint64_t>(limited->low));
      high = std::min(std::max(high, low), static_cast<std::uint64_t>(limited->high));
    }
    // A target of zero bytes is a null pointer, so one that is there has something in it.
    if (field.place != Place::inlined) low = std::max<std::uint64_t>(low, 1);
    return low + choices_.below(high - low + 1);
  }
  void run_of_bytes(const Field& field, void* member, std::uint64_t size) {
    Bytes bytes(size);
    for (std::byte& byte : bytes)
      byte = static_cast<std::byte>(field.is_text ? 'a' + choices_.below(26) : choices_.below(256));
    if (field.is_text && size > 0) bytes.back() = std::byte{0};
    *static_cast<SharedBytes*>(member) = size > 0 ? SharedBytes(std::move(bytes)) : SharedBytes();
  }

  void one(const Layout& layout, const Field& field, const Scope& scope, void* member) {
    if (field.optional != nullptr) {
      const bool may_miss = field.place == Place::pointer && !field.is_required;
      if (may_miss && choices_.below(2) == 0) return;
      member = field.optional->emplace(member);
    }
    switch (field.kind) {
      case Kind::scalar: {
        const std::uint64_t value = number(field);
        copy_scalar(member, &value, field.width);
        break;
      }
      case Kind::array:
        for (std::size_t i = 0; i < field.fixed; ++i) {
          const std::uint64_t value = number(field);
          copy_scalar(member_at(member, i * field.width), &value, field.width);
        }
        break;
      case Kind::structure:
        fields(*field.nested, member, &scope);
        break;
      case Kind::choice:
        if (const Case* there = selected(field.choice, scope.object); there && there->layout)
          fields(*there->layout, field.choice.variant->emplace(member, there->alternative), &scope);
        break;
      case Kind::list: {
        const std::uint64_t items = size(layout, field, most_items);
        void* first = field.list->resize(member, items);
        for (std::size_t i = 0; i < items; ++i) {
          void* item = member_at(first, i * field.list->item_bytes);
          if (field.nested != nullptr) {
            fields(*field.nested, item, &scope);
          } else {
            Field element = field;
            element.limits = Enforced::no;  // those of the list are of its size
            const std::uint64_t value = number(element);
            copy_scalar(item, &value, field.width);
          }
        }
        break;
      }
      case Kind::bytes:
        if (field.extent != Extent::computed)
          run_of_bytes(field, member, size(layout, field, most_bytes));
        break;
      case Kind::count:
      case Kind::jump:
        break;  // derived
    }
  }

  Choices& choices_;
  const Context& context_;
};

}  // namespace

std::uint64_t ByteChoices::below(std::uint64_t bound) {
  const std::size_t width = std::min<std::size_t>(bytes_.size(), 8);
  const std::uint64_t value = load_little_endian(bytes_.data(), width);
  bytes_ = bytes_.subspan(width);
  return value % bound;
}

std::shared_ptr<const void> generate(const Layout& layout, Choices& choices,
                                     const Context& context) {
  std::shared_ptr<void> object = layout.make();
  Generator(choices, context).fields(layout, object.get(), nullptr);
  return object;
}
AnyMessage generate(const MessageInfo& info, Choices& choices, const Context& context) {
  return {info, generate(*info.layout, choices, context)};
}

}  // namespace spicebench::wire
