// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/tree.hpp"

#include <fmt/format.h>

#include "core/wire/decode.hpp"

namespace spicebench::wire {
namespace {

constexpr std::size_t most_bytes_in_value = 24;

class TreeBuilder final : public DecodeTrace {
 public:
  explicit TreeBuilder(TreeNode& root) { open_.push_back({&root, nullptr}); }

  void begin(const Field& field, std::size_t offset) override {
    push({std::string(field.name), type_text(field), {}, offset, 0, {}}, &field);
  }
  void begin_item(const Field& field, std::size_t index, std::size_t offset) override {
    push({fmt::format("[{}]", index), std::string(field.nested->name), {}, offset, 0, {}}, nullptr);
  }
  void begin_target(const Field& field, std::size_t offset) override {
    Field target = field;
    target.place = Place::inlined;
    targets_.push_back(std::make_unique<Field>(target));
    push({"*" + std::string(field.name), type_text(target), {}, offset, 0, {}},
         targets_.back().get());
  }
  void end(std::size_t offset, std::uint64_t number, BytesView bytes) override {
    const Open top = open_.back();
    open_.pop_back();
    top.node->size = offset - top.node->offset;
    if (top.field != nullptr) top.node->value = value(*top.field, number, bytes);
  }
  // Decoding stopped at this byte: what is still open ends there, or where it begins.
  void stopped(std::size_t offset) {
    for (const Open& open : open_)
      if (offset > open.node->offset) open.node->size = offset - open.node->offset;
  }

 private:
  struct Open {
    TreeNode* node;
    const Field* field;
  };

  // A node is filled through its address: its parent's children grow only after it has ended.
  void push(TreeNode node, const Field* field) {
    std::vector<TreeNode>& siblings = open_.back().node->children;
    siblings.push_back(std::move(node));
    open_.push_back({&siblings.back(), field});
  }

  static std::string value(const Field& field, std::uint64_t number, BytesView bytes) {
    if (field.place != Place::inlined) return number == 0 ? "none" : fmt::format("→ {}", number);
    switch (field.kind) {
      case Kind::scalar:
      case Kind::count:
        return number_text(field, number);
      case Kind::jump:
        return fmt::format("→ {}", number);
      case Kind::array:
      case Kind::bytes:
        return bytes_text(field, bytes, most_bytes_in_value);
      case Kind::list: {
        if (field.nested != nullptr || number > 8)
          return fmt::format("{} item{}", number, number == 1 ? "" : "s");
        std::string text;
        for (std::size_t i = 0; i < number; ++i)
          text +=
              (i > 0 ? ", " : "") + number_text(field, load_member(bytes.data() + i * field.width,
                                                                   field.width, field.is_signed));
        return text;
      }
      case Kind::structure:
      case Kind::choice:
        break;
    }
    return {};
  }

  std::vector<Open> open_;
  std::vector<std::unique_ptr<Field>> targets_;
};

}  // namespace

Tree tree_of(const Layout& layout, const SharedBytes& body, const Context& context) {
  Tree tree;
  tree.root.name = layout.name;
  tree.root.type = layout.name;
  TreeBuilder builder(tree.root);
  const std::shared_ptr<void> object = layout.make();
  const Result<std::size_t> used = decode(layout, object.get(), body, context, &builder);
  if (used) {
    tree.used = *used;
  } else {
    tree.error = used.error();
    tree.used = used.error().offset;
    builder.stopped(tree.used);
  }
  tree.root.size = tree.used;
  return tree;
}

}  // namespace spicebench::wire
