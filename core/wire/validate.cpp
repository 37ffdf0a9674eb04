// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/validate.hpp"

#include <fmt/format.h>

#include "core/wire/layout.hpp"

namespace spicebench::wire {
namespace {

class Validator {
 public:
  Validator(const Context& context, std::size_t most) : context_(context), most_(most) {}
  std::vector<Error> findings;

  void fields(const Layout& layout, const void* object, const Scope* outer) {
    const Scope scope{object, outer};
    for (const Field& field : layout.fields) {
      if (findings.size() >= most_) return;
      if (!is_there(field, object, context_)) continue;
      const std::size_t before = findings.size();
      one(layout, field, scope, member_at(object, field.offset));
      name(before, field.name);
    }
    for (const auto rule : {layout.bound, layout.check}) {
      if (rule == nullptr || findings.size() >= most_) continue;
      std::string wrong = rule(scope);
      if (!wrong.empty()) add(ErrorCode::out_of_range, std::move(wrong));
    }
  }

 private:
  void add(ErrorCode code, std::string detail) {
    findings.push_back(Error{code, 0, {}, std::move(detail)});
  }
  void name(std::size_t first, std::string_view outer) {
    for (std::size_t i = first; i < findings.size(); ++i)
      findings[i] = std::move(findings[i]).within(outer);
  }
  void limits(const Field& field, std::uint64_t number, std::string_view what) {
    if (field.limits != Enforced::no && !within_limits(field, number))
      add(ErrorCode::out_of_range, std::string(what) + limits_text(field, number));
  }
  void number(const Field& field, std::uint64_t value) {
    limits(field, value, "");
    if (field.names == nullptr) return;
    std::uint64_t known = 0;
    for (const NamedPart& part : field.names->parts) {
      if (name_in(*part.names, part.of(value)).empty())
        add(ErrorCode::out_of_range,
            fmt::format("{}: unknown value {:#x}", part.name, part.of(value)));
      known |= part.mask();
    }
    for (const Name& name : field.names->entries) {
      if (!field.names->flags && name.value == value) return;
      known |= name.value;
    }
    if (!field.names->flags)
      add(ErrorCode::out_of_range, fmt::format("unknown value {}", value));
    else if ((value & ~known) != 0)
      add(ErrorCode::out_of_range, fmt::format("unknown bits {:#x}", value & ~known));
  }
  void counted(const Layout& layout, const Field& field, std::uint64_t size) {
    limits(field, size, "size ");
    const Field* count = count_of(layout, field);
    if (count == nullptr) return;
    limits(*count, size, "size ");
    if (count->width < 8 && size >> (8 * count->width) != 0)
      add(ErrorCode::out_of_range,
          fmt::format("size {} needs more than a u{}", size, 8 * count->width));
  }

  void one(const Layout& layout, const Field& field, const Scope& scope, const void* member) {
    if (field.optional != nullptr) {
      if (!field.optional->has(member)) {
        if (field.place != Place::pointer || field.is_required)
          add(ErrorCode::malformed, "absent, must be there");
        return;
      }
      member = field.optional->value(member);
    }
    switch (field.kind) {
      case Kind::scalar:
        number(field, load_member(member, field.width, field.is_signed));
        break;
      case Kind::structure:
        fields(*field.nested, member, &scope);
        break;
      case Kind::choice:
        choice(field, scope, member);
        break;
      case Kind::list: {
        const std::size_t size = field.list->size(member);
        counted(layout, field, size);
        const void* items = field.list->data(member);
        for (std::size_t i = 0; i < size && field.nested && findings.size() < most_; ++i) {
          const std::size_t before = findings.size();
          fields(*field.nested, member_at(items, i * field.list->item_bytes), &scope);
          if (findings.size() > before) name(before, fmt::format("[{}]", i));
        }
        break;
      }
      case Kind::bytes: {
        const std::uint64_t size = static_cast<const SharedBytes*>(member)->size();
        counted(layout, field, size);
        if (field.extent == Extent::computed && size != field.computed(scope))
          add(ErrorCode::malformed,
              fmt::format("{} bytes, the other fields say {}", size, field.computed(scope)));
        // A null pointer is an empty run unless "none" or "never" is what it says.
        if (size == 0 && (field.place == Place::required_pointer ||
                          (field.place == Place::pointer && field.optional != nullptr)))
          add(ErrorCode::malformed, "a target of zero bytes cannot be told from an absent one");
        break;
      }
      case Kind::array:
      case Kind::count:
      case Kind::jump:
        break;
    }
  }

  void choice(const Field& field, const Scope& scope, const void* member) {
    const Case* there = selected(field.choice, scope.object);
    const std::size_t index = field.choice.variant->index(member);
    if (index != (there ? there->alternative : 0u))
      add(ErrorCode::malformed, fmt::format("alternative {} is set, the tag says {}", index,
                                            there ? there->alternative : 0u));
    else if (there != nullptr && there->layout != nullptr)
      fields(*there->layout, field.choice.variant->value(member), &scope);
  }

  const Context& context_;
  const std::size_t most_;
};

}  // namespace

std::vector<Error> validate(const Layout& layout, const void* object, const Context& context,
                            std::size_t most) {
  Validator validator(context, most);
  validator.fields(layout, object, nullptr);
  return std::move(validator.findings);
}

}  // namespace spicebench::wire
