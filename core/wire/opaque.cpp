// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/opaque.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spicebench::wire {

OpaqueCount::OpaqueCount(const Layout& layout) {
  std::vector<const Layout*> open;
  nodes_ = nodes_of(layout, {}, open);
}

// `open`: the layouts around this one. One that lies in itself is not entered again: its bytes are
// counted at the outermost place only.
std::vector<OpaqueCount::Node> OpaqueCount::nodes_of(const Layout& layout, const std::string& path,
                                                     std::vector<const Layout*>& open) {
  std::vector<Node> nodes;
  if (std::ranges::find(open, &layout) != open.end()) return nodes;
  open.push_back(&layout);
  for (const Field& field : layout.fields) {
    const std::string inner =
        path.empty() ? std::string(field.name) : fmt::format("{}.{}", path, field.name);
    const auto add = [&](const Layout& nested, const Layout* of_case) {
      std::vector<Node> children = nodes_of(nested, inner, open);
      if (!children.empty()) nodes.push_back({&field, of_case, 0, std::move(children)});
    };
    if (field.kind == Kind::bytes && !field.is_text) {
      const auto same = std::ranges::find(entries_, inner, &Entry::path);
      nodes.push_back({&field, nullptr, static_cast<std::size_t>(same - entries_.begin()), {}});
      if (same == entries_.end()) entries_.push_back({inner, 0});
    }
    if (field.nested != nullptr) add(*field.nested, nullptr);
    for (const Case& one : field.choice.cases)
      if (one.layout != nullptr) add(*one.layout, one.layout);
  }
  open.pop_back();
  return nodes;
}

void OpaqueCount::add(const void* object, const Context& context) {
  walk(nodes_, object, context);
}

void OpaqueCount::walk(std::span<const Node> nodes, const void* object, const Context& context) {
  for (const Node& node : nodes) {
    const Field& field = *node.field;
    if (!is_there(field, object, context)) continue;
    const void* member = member_at(object, field.offset);
    if (field.optional != nullptr) {
      if (!field.optional->has(member)) continue;
      member = field.optional->value(member);
    }
    if (field.kind == Kind::bytes) {
      entries_[node.entry].bytes += static_cast<const SharedBytes*>(member)->size();
    } else if (field.kind == Kind::structure) {
      walk(node.children, member, context);
    } else if (field.kind == Kind::list) {
      const void* items = field.list->data(member);
      for (std::size_t i = 0; i < field.list->size(member); ++i)
        walk(node.children, member_at(items, i * field.list->item_bytes), context);
    } else if (const Case* there = selected(field.choice, object);
               there != nullptr && there->layout == node.layout) {
      walk(node.children, field.choice.variant->value(member), context);
    }
  }
}

}  // namespace spicebench::wire
