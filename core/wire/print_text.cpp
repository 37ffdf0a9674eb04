// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/layout.hpp"
#include "core/wire/print.hpp"

namespace spicebench::wire {
namespace {

class TextPrinter {
 public:
  TextPrinter(const Context& context, std::size_t most_bytes)
      : context_(context), most_bytes_(most_bytes) {}
  std::string text;

  void fields(const Layout& layout, const void* object) {
    bool first = true;
    for (const Field& field : layout.fields) {
      if (field.kind == Kind::count || field.kind == Kind::jump) continue;
      if (!is_there(field, object, context_)) continue;
      if (!first) text += ", ";
      first = false;
      text += field.name;
      text += ": ";
      one(field, object, member_at(object, field.offset));
    }
  }

 private:
  void braced(const Layout& layout, const void* object) {
    text += '{';
    fields(layout, object);
    text += '}';
  }
  void numbers(const Field& field, const void* items, std::size_t size) {
    text += '[';
    for (std::size_t i = 0; i < size; ++i) {
      if (i > 0) text += ", ";
      text += number_text(
          field, load_member(member_at(items, i * field.width), field.width, field.is_signed));
    }
    text += ']';
  }

  void one(const Field& field, const void* object, const void* member) {
    if (field.optional != nullptr) {
      if (!field.optional->has(member)) {
        text += "none";
        return;
      }
      member = field.optional->value(member);
    }
    switch (field.kind) {
      case Kind::scalar:
        text += number_text(field, load_member(member, field.width, field.is_signed));
        break;
      case Kind::array:
        if (field.width == 1)
          text +=
              bytes_text(field, {static_cast<const std::byte*>(member), field.fixed}, most_bytes_);
        else
          numbers(field, member, field.fixed);
        break;
      case Kind::structure:
        braced(*field.nested, member);
        break;
      case Kind::choice: {
        const Case* there = selected(field.choice, object);
        if (there != nullptr && there->layout != nullptr &&
            field.choice.variant->index(member) == there->alternative)
          braced(*there->layout, field.choice.variant->value(member));
        else
          text += "none";
        break;
      }
      case Kind::list: {
        const std::size_t size = field.list->size(member);
        const void* items = field.list->data(member);
        if (field.nested == nullptr) {
          numbers(field, items, size);
          break;
        }
        text += '[';
        for (std::size_t i = 0; i < size; ++i) {
          if (i > 0) text += ", ";
          braced(*field.nested, member_at(items, i * field.list->item_bytes));
        }
        text += ']';
        break;
      }
      case Kind::bytes:
        text += bytes_text(field, *static_cast<const SharedBytes*>(member), most_bytes_);
        break;
      case Kind::count:
      case Kind::jump:
        break;
    }
  }

  const Context& context_;
  const std::size_t most_bytes_;
};

}  // namespace

std::string to_text(const Layout& layout, const void* object, const Context& context,
                    std::size_t most_bytes) {
  TextPrinter printer(context, most_bytes);
  printer.fields(layout, object);
  return std::move(printer.text);
}

}  // namespace spicebench::wire
