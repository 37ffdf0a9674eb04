// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/visit.hpp"

#include <fmt/format.h>

#include "core/wire/layout.hpp"

namespace spicebench::wire {
namespace {

struct Visitor {
  const Layout& wanted;
  const std::function<void(const std::string&, const void*)>& found;

  void structure(const Layout& layout, const void* object, const std::string& path) const {
    if (&layout == &wanted) return found(path, object);
    for (const Field& field : layout.fields)
      member(field, object,
             path.empty() ? std::string(field.name) : fmt::format("{}.{}", path, field.name));
  }
  void member(const Field& field, const void* object, const std::string& path) const {
    const void* value = member_at(object, field.offset);
    switch (field.kind) {
      case Kind::structure:
        if (field.optional && !field.optional->has(value)) return;
        return structure(*field.nested, field.optional ? field.optional->value(value) : value,
                         path);
      case Kind::list: {
        if (!field.nested) return;
        const auto* item = static_cast<const std::byte*>(field.list->data(value));
        for (std::size_t i = 0; i < field.list->size(value); ++i, item += field.list->item_bytes)
          structure(*field.nested, item, fmt::format("{}[{}]", path, i));
        return;
      }
      case Kind::choice:
        if (const Case* chosen = selected(field.choice, object);
            chosen && chosen->layout && field.choice.variant->index(value) == chosen->alternative)
          structure(*chosen->layout, field.choice.variant->value(value), path);
        return;
      case Kind::scalar:
      case Kind::array:
      case Kind::count:
      case Kind::jump:
      case Kind::bytes:
        return;
    }
  }
};

}  // namespace

void visit(const Layout& layout, const void* object, const Layout& wanted,
           const std::function<void(const std::string&, const void*)>& found) {
  Visitor{wanted, found}.structure(layout, object, {});
}

}  // namespace spicebench::wire
