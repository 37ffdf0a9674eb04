// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "client/display/renderer.hpp"
#include "core/base/hash.hpp"

// What pictures are made of, as a value: a checkpoint of a recording, and whoever wants to look at
// caches, surfaces and streams. The pixels are kept apart and named by their hash, so that what
// does not change between two states is there once.
namespace spicebench::client {

class PixelStore {
 public:
  virtual ~PixelStore() = default;
  virtual Result<Hash128> put(BytesView pixels) = 0;
  // Errors: not_found, malformed (not `size` bytes).
  virtual Result<SharedBytes> get(const Hash128& hash, std::size_t size) = 0;
};

// {"images": [{id, area, lossy, puts, picture}], "glz": {tail, stored, pictures: […]}}
Result<nlohmann::json> state_of(const SharedPictures& shared, PixelStore& store);
// {"surfaces": [{id, width, height, format, primary, bands: [hash]}], "palettes": […],
//  "streams": [{create: the message, with its clip}]}
Result<nlohmann::json> state_of(const Renderer& renderer, PixelStore& store);

// The same into objects that have seen nothing yet. Decoders of streams begin anew: their frames
// must be heard again (Renderer::hear).
//   errors  malformed, out_of_range, and those of the store
Result<void> restore(SharedPictures& shared, const nlohmann::json& state, PixelStore& store);
Result<void> restore(Renderer& renderer, const nlohmann::json& state, PixelStore& store);

}  // namespace spicebench::client
