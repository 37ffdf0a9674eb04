// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
// The codec vectors of tests/vectors, as tests use them (its README.md explains the fields).
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/image/bitmap_view.hpp"
#include "core/image/pixmap.hpp"

namespace spicebench::image_vectors {

using nlohmann::json;

Bytes file(const std::string& name);  // below tests/vectors
const json& manifest();
// The entries of a list of the manifest for one codec.
std::vector<json> entries(const std::string& list, const std::string& codec);
wire::display::BitmapFormat format_named(const std::string& name);
// The source of an entry that lies in `raw`, from `offset` on.
image::BitmapView view_of(const json& entry, const Bytes& raw, std::size_t offset = 0);
// The palette of an entry; "plt8:3" are the first three entries of plt8.
wire::display::Palette palette_of(const json& entry);

std::string sha256(BytesView bytes);
// The digest of a picture in a layout of `decoded_sha256`.
std::string digest(const image::Pixmap& picture, const std::string& layout);
// Whether a picture has every digest of an entry.
bool has_digests(const image::Pixmap& picture, const json& entry);

}  // namespace spicebench::image_vectors
