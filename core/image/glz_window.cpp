// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/glz_window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace spicebench::image {

const GlzWindow::Picture* GlzWindow::find(std::uint64_t id) const {
  const auto found = pictures_.find(id);
  return found == pictures_.end() ? nullptr : &found->second;
}

Result<void> GlzWindow::check_room(std::uint64_t id, std::uint64_t units) const {
  if (id < tail_ || pictures_.contains(id))
    return fail(ErrorCode::out_of_range, fmt::format("image {} was there before", id), 21, "id");
  if (units > most_pixels_ - pixels_)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} pixels more than the {} in the window, at most {}", units, pixels_,
                            most_pixels_),
                9, "width");
  return {};
}

void GlzWindow::store(std::uint64_t id, Picture picture) {
  pixels_ += picture.units;
  ++stored_;
  auto last = pictures_.emplace(id, std::move(picture)).first;
  if (id != tail_) return;  // behind a gap: it decides nothing yet
  ++tail_;
  for (auto next = std::next(last); next != pictures_.end() && next->first == tail_; ++next) {
    last = next;
    ++tail_;
  }
  // A distance beyond 0 comes from a sender that counts wrong; nothing may leave then.
  const std::uint64_t head =
      last->first - std::min<std::uint64_t>(last->second.head_distance, last->first);
  while (pictures_.begin()->first < head) {
    pixels_ -= pictures_.begin()->second.units;
    pictures_.erase(pictures_.begin());
  }
}

Result<void> GlzWindow::restore(std::uint64_t tail, std::uint64_t stored,
                                std::map<std::uint64_t, Picture> pictures) {
  std::uint64_t units = 0;
  for (const auto& [id, picture] : pictures) units += picture.units;
  if (units > most_pixels_)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} pixels in the window, at most {}", units, most_pixels_));
  pictures_ = std::move(pictures);
  tail_ = tail;
  stored_ = stored;
  pixels_ = units;
  return {};
}

void GlzWindow::clear() {
  pictures_.clear();
  tail_ = pixels_ = 0;
}

}  // namespace spicebench::image
