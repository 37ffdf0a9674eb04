// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/screens/screen_changes.hpp"

namespace spicebench::replayer {

namespace {

std::optional<std::uint32_t> id_of(const client::Renderer& renderer, const WhichPicture& which) {
  return which.surface_id ? which.surface_id : renderer.surfaces().primary_id();
}

}  // namespace

const draw::Surface* find_picture(const RecordedDisplays& displays, const WhichPicture& which) {
  const auto connection = displays.shown(which.display);
  const client::Renderer* renderer = connection ? displays.renderer(*connection) : nullptr;
  const auto id = renderer ? id_of(*renderer, which) : std::nullopt;
  return id ? renderer->find_surface(*id) : nullptr;
}

ScreenChanges::ScreenChanges(RecordedDisplays& displays, WhichPicture which,
                             std::function<void(const Seen&)> seen)
    : displays_(displays), which_(which), seen_(std::move(seen)) {
  displays_.on_change([this](const RecordedDisplays::Change& change) { changed(change); });
}

void ScreenChanges::changed(const RecordedDisplays::Change& change) {
  if (displays_.shown(which_.display) != change.connection) return;
  const client::Renderer& renderer = *displays_.renderer(change.connection);
  if (id_of(renderer, which_) != change.surface_id) return;
  const draw::Surface* surface = renderer.find_surface(change.surface_id);
  if (!surface) return;
  const image::PixelView view = surface->view();
  const bool same_shape = hash_ && connection_ == change.connection &&
                          surface_id_ == change.surface_id && shape_.width == view.width &&
                          shape_.height == view.height && shape_.format == view.format;
  if (same_shape)
    hash_->update(view, change.area);
  else
    hash_.emplace(view);
  connection_ = change.connection;
  surface_id_ = change.surface_id;
  shape_ = view;
  const Hash128 hash = hash_->value();
  if (last_ == hash) return;
  last_ = hash;
  seen_({change.message, change.at, *surface, hash});
}

}  // namespace spicebench::replayer
