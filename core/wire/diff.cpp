// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/diff.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/layout.hpp"
#include "core/wire/print.hpp"

namespace spicebench::wire {
namespace {

constexpr std::size_t most_bytes_shown = 16;

class Differ {
 public:
  Differ(const Context& context, std::size_t most) : context_(context), most_(most) {}
  std::vector<FieldDifference> found;

  void fields(const Layout& layout, const void* left, const void* right) {
    for (const Field& field : layout.fields) {
      if (full()) return;
      if (field.kind == Kind::count || field.kind == Kind::jump) continue;
      const bool in_left = is_there(field, left, context_),
                 in_right = is_there(field, right, context_);
      if (!in_left && !in_right) continue;
      const Step step(*this, field.name);
      const void* left_member = in_left ? member_at(left, field.offset) : nullptr;
      const void* right_member = in_right ? member_at(right, field.offset) : nullptr;
      if (field.optional != nullptr) {
        left_member = left_member ? inner(field, left_member) : nullptr;
        right_member = right_member ? inner(field, right_member) : nullptr;
      }
      if (left_member != nullptr && right_member != nullptr)
        one(field, left, left_member, right, right_member);
      else if (left_member != nullptr || right_member != nullptr)
        add(whole(field, left, left_member), whole(field, right, right_member));
    }
  }

 private:
  // Adds a step to the path for as long as it lives.
  class Step {
   public:
    Step(Differ& differ, std::string_view name) : path_(differ.path_), size_(path_.size()) {
      if (!path_.empty() && name.front() != '[') path_ += '.';
      path_ += name;
    }
    ~Step() { path_.resize(size_); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    std::string& path_;
    std::size_t size_;
  };

  bool full() const { return found.size() >= most_; }
  void add(std::string expected, std::string other) {
    if (!full()) found.push_back({path_, std::move(expected), std::move(other)});
  }
  static const void* inner(const Field& field, const void* member) {
    return field.optional->has(member) ? field.optional->value(member) : nullptr;
  }
  // A field that only one side has, in one text.
  std::string whole(const Field& field, const void* object, const void* member) const {
    if (member == nullptr) return "none";
    switch (field.kind) {
      case Kind::scalar:
        return number_text(field, load_member(member, field.width, field.is_signed));
      case Kind::structure:
        return "{" + to_text(*field.nested, member, context_, most_bytes_shown) + "}";
      case Kind::bytes:
        return bytes_text(field, *static_cast<const SharedBytes*>(member), most_bytes_shown);
      case Kind::list:
        return fmt::format("{} items", field.list->size(member));
      case Kind::choice: {
        const Case* there = selected(field.choice, object);
        if (there == nullptr || there->layout == nullptr) return "none";
        return fmt::format("{}{{{}}}", there->layout->name,
                           to_text(*there->layout, field.choice.variant->value(member), context_,
                                   most_bytes_shown));
      }
      case Kind::array:
        return fmt::format("{} items", field.fixed);
      case Kind::count:
      case Kind::jump:
        break;
    }
    return {};
  }

  void number(const Field& field, const void* left, const void* right) {
    const std::uint64_t a = load_member(left, field.width, field.is_signed);
    const std::uint64_t b = load_member(right, field.width, field.is_signed);
    if (a != b) add(number_text(field, a), number_text(field, b));
  }
  void sizes(std::size_t left, std::size_t right) {
    if (left == right) return;
    const Step step(*this, "size");
    add(fmt::format("{}", left), fmt::format("{}", right));
  }
  void run_of_bytes(BytesView left, BytesView right) {
    sizes(left.size(), right.size());
    const auto [a, b] = std::ranges::mismatch(left, right);
    if (a == left.end() || b == right.end()) return;
    const Step step(*this, fmt::format("[{}]", a - left.begin()));
    add(fmt::format("{:#04x}", std::to_integer<int>(*a)),
        fmt::format("{:#04x}", std::to_integer<int>(*b)));
  }

  void one(const Field& field, const void* left, const void* left_member, const void* right,
           const void* right_member) {
    switch (field.kind) {
      case Kind::scalar:
        number(field, left_member, right_member);
        break;
      case Kind::array:
        for (std::size_t i = 0; i < field.fixed; ++i) {
          const Step step(*this, fmt::format("[{}]", i));
          number(field, member_at(left_member, i * field.width),
                 member_at(right_member, i * field.width));
        }
        break;
      case Kind::structure:
        fields(*field.nested, left_member, right_member);
        break;
      case Kind::choice: {
        const Case *a = selected(field.choice, left), *b = selected(field.choice, right);
        const Layout *of_a = a ? a->layout : nullptr, *of_b = b ? b->layout : nullptr;
        if (of_a != of_b)
          add(whole(field, left, left_member), whole(field, right, right_member));
        else if (of_a != nullptr)
          fields(*of_a, field.choice.variant->value(left_member),
                 field.choice.variant->value(right_member));
        break;
      }
      case Kind::list: {
        const std::size_t a = field.list->size(left_member), b = field.list->size(right_member);
        sizes(a, b);
        const void *as = field.list->data(left_member), *bs = field.list->data(right_member);
        for (std::size_t i = 0; i < std::min(a, b) && !full(); ++i) {
          const Step step(*this, fmt::format("[{}]", i));
          const std::size_t at = i * field.list->item_bytes;
          if (field.nested != nullptr)
            fields(*field.nested, member_at(as, at), member_at(bs, at));
          else
            number(field, member_at(as, at), member_at(bs, at));
        }
        break;
      }
      case Kind::bytes:
        run_of_bytes(*static_cast<const SharedBytes*>(left_member),
                     *static_cast<const SharedBytes*>(right_member));
        break;
      case Kind::count:
      case Kind::jump:
        break;
    }
  }

  const Context& context_;
  const std::size_t most_;
  std::string path_;
};

}  // namespace

std::vector<FieldDifference> diff(const Layout& layout, const void* expected, const void* found,
                                  const Context& context, std::size_t most) {
  Differ differ(context, most);
  differ.fields(layout, expected, found);
  return std::move(differ.found);
}
std::vector<FieldDifference> diff(const AnyMessage& expected, const AnyMessage& found,
                                  const Context& context, std::size_t most) {
  if (&expected.info() != &found.info())
    return {{"message", std::string(expected.info().name), std::string(found.info().name)}};
  return diff(*expected.info().layout, expected.object(), found.object(), context, most);
}

}  // namespace spicebench::wire
