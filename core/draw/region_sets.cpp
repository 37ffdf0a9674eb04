// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/region_sets.hpp"

namespace spicebench::draw {
namespace {

// The rectangles of the band that covers the rows from `top` on, if there is one; rows go by in
// ascending order.
class Bands {
 public:
  explicit Bands(const Region& region) : region_(region) {}

  std::span<const Rect> at(std::int32_t top) {
    while (first_ < region_.size() && region_[first_].bottom <= top) ++first_;
    std::size_t last = first_;
    while (last < region_.size() && region_[last].top <= top &&
           region_[last].top == region_[first_].top)
      ++last;
    return {region_.data() + first_, last - first_};
  }

 private:
  const Region& region_;
  std::size_t first_ = 0;
};

// Whether the spans of two bands are the same.
bool same_spans(std::span<const Rect> a, std::span<const Rect> b) {
  return std::ranges::equal(
      a, b, [](const Rect& x, const Rect& y) { return x.left == y.left && x.right == y.right; });
}

template <class Wanted>
void append_band(Region& out, std::size_t& band_before, std::int32_t top, std::int32_t bottom,
                 std::span<const Rect> a, std::span<const Rect> b, Wanted wanted) {
  const std::size_t first = out.size();
  std::size_t i = 0, j = 0;  // edges passed: two of each span
  const auto edge = [](std::span<const Rect> spans, std::size_t n) {
    return n % 2 == 0 ? spans[n / 2].left : spans[n / 2].right;
  };
  bool inside = false;
  std::int32_t from = 0;
  while (i < 2 * a.size() || j < 2 * b.size()) {
    std::int32_t x;
    if (j >= 2 * b.size())
      x = edge(a, i);
    else if (i >= 2 * a.size())
      x = edge(b, j);
    else
      x = std::min(edge(a, i), edge(b, j));
    while (i < 2 * a.size() && edge(a, i) == x) ++i;
    while (j < 2 * b.size() && edge(b, j) == x) ++j;
    const bool now = wanted(i % 2 == 1, j % 2 == 1);
    if (now && !inside) from = x;
    if (!now && inside) out.push_back({top, from, bottom, x});
    inside = now;
  }
  const std::span<Rect> fresh{out.data() + first, out.size() - first},
      before{out.data() + band_before, first - band_before};
  if (!fresh.empty() && !before.empty() && before.front().bottom == top &&
      same_spans(before, fresh)) {
    for (Rect& rect : before) rect.bottom = bottom;
    out.resize(first);
  } else if (!fresh.empty()) {
    band_before = first;
  }
}

template <class Wanted>
Region combined(const Region& a, const Region& b, Wanted wanted) {
  std::vector<std::int32_t> edges;
  edges.reserve(2 * (a.size() + b.size()));
  for (const Region* region : {&a, &b})
    for (const Rect& rect : *region) {
      edges.push_back(rect.top);
      edges.push_back(rect.bottom);
    }
  std::ranges::sort(edges);
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  Region out;
  std::size_t band_before = 0;
  Bands bands_a(a), bands_b(b);
  for (std::size_t i = 0; i + 1 < edges.size(); ++i)
    append_band(out, band_before, edges[i], edges[i + 1], bands_a.at(edges[i]),
                bands_b.at(edges[i]), wanted);
  return out;
}

bool holds(const Rect& outer, const Rect& inner) {
  return outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right &&
         outer.bottom >= inner.bottom;
}
bool are_apart(const Region& a, const Region& b) {
  return a.empty() || b.empty() || is_empty(intersection(bounds_of(a), bounds_of(b)));
}

}  // namespace

Region united(const Region& a, const Region& b) {
  return combined(a, b, [](bool in_a, bool in_b) { return in_a || in_b; });
}
Region common(const Region& a, const Region& b) {
  if (are_apart(a, b)) return {};
  return combined(a, b, [](bool in_a, bool in_b) { return in_a && in_b; });
}
Region without(const Region& a, const Region& b) {
  if (are_apart(a, b)) return a;
  return combined(a, b, [](bool in_a, bool in_b) { return in_a && !in_b; });
}
bool intersects(const Region& a, const Region& b) {
  if (are_apart(a, b)) return false;
  return (a.size() == 1 && b.size() == 1) || !common(a, b).empty();
}
bool contains(const Region& outer, const Region& inner) {
  if (inner.empty()) return true;
  if (outer.empty() || !holds(bounds_of(outer), bounds_of(inner))) return false;
  if (outer.size() == 1) return true;
  return without(inner, outer).empty();
}

Region moved(const Region& region, std::int32_t dx, std::int32_t dy) {
  Region out = region;
  for (Rect& rect : out) rect = moved(rect, dx, dy);
  return out;
}

Region region_of(const Rect& rect) {
  return is_empty(rect) ? Region{} : Region{rect};
}

std::int64_t pixels_in(const Region& region) {
  std::int64_t pixels = 0;
  for (const Rect& rect : region) pixels += width_of(rect) * height_of(rect);
  return pixels;
}

}  // namespace spicebench::draw
