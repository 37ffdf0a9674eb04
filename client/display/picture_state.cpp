// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/display/picture_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/wire/message.hpp"

namespace spicebench::client {

using nlohmann::json;

namespace {

constexpr std::uint32_t band_rows = 64;  // of a surface that are stored as one

json json_of(const Hash128& hash) {
  return {hash.high, hash.low};
}
Hash128 hash_of(const json& value) {
  return {value.at(0).get<std::uint64_t>(), value.at(1).get<std::uint64_t>()};
}

Result<json> json_of(const image::Pixmap& picture, PixelStore& store) {
  return json{{"width", picture.width},
              {"height", picture.height},
              {"format", static_cast<std::uint32_t>(picture.format)},
              {"stride", picture.stride},
              {"pixels", json_of(TRY(store.put(picture.pixels)))}};
}
Result<image::Pixmap> pixmap_of(const json& value, PixelStore& store) {
  image::Pixmap picture;
  picture.width = value.at("width");
  picture.height = value.at("height");
  const std::uint32_t format = value.at("format");
  if (!image::is_known(format))
    return fail(ErrorCode::malformed, fmt::format("pixels of format {}", format), 0, "format");
  picture.format = static_cast<image::Format>(format);
  picture.stride = value.at("stride");
  if (picture.stride < image::row_bytes(picture.format, picture.width))
    return fail(ErrorCode::malformed, "a stride shorter than a row", 0, "stride");
  picture.pixels =
      TRY(store.get(hash_of(value.at("pixels")), std::size_t{picture.stride} * picture.height));
  return picture;
}

// What a file holds may be anything.
template <class Read>
Result<void> guarded(Read read) {
  try {
    return read();
  } catch (const json::exception& error) {
    return fail(ErrorCode::malformed, fmt::format("state: {}", error.what()));
  }
}

}  // namespace

Result<json> state_of(const SharedPictures& shared, PixelStore& store) {
  json images = json::array(), pictures = json::array();
  for (const auto& [id, entry] : shared.images.entries()) {
    json one{{"id", id}, {"area", entry.area}, {"lossy", entry.lossy}, {"puts", entry.puts}};
    if (entry.picture) one["picture"] = TRY(json_of(*entry.picture, store));
    images.push_back(std::move(one));
  }
  for (const auto& [id, picture] : shared.glz.pictures())
    pictures.push_back({{"id", id},
                        {"type", picture.type},
                        {"head_distance", picture.head_distance},
                        {"units", picture.units},
                        {"bytes", picture.pixels.size()},
                        {"pixels", json_of(TRY(store.put(picture.pixels)))}});
  return json{{"images", std::move(images)},
              {"glz",
               {{"tail", shared.glz.tail()},
                {"stored", shared.glz.stored()},
                {"pictures", std::move(pictures)}}}};
}

Result<void> restore(SharedPictures& shared, const json& state, PixelStore& store) {
  return guarded([&]() -> Result<void> {
    for (const json& one : state.at("images")) {
      ImageCache::Entry entry{std::nullopt, one.at("area"), one.at("lossy"), one.at("puts")};
      if (one.contains("picture")) entry.picture = TRY(pixmap_of(one["picture"], store));
      CHECKED(shared.images.restore(one.at("id"), std::move(entry)));
    }
    const json& glz = state.at("glz");
    std::map<std::uint64_t, image::GlzWindow::Picture> pictures;
    for (const json& one : glz.at("pictures")) {
      image::GlzWindow::Picture picture;
      picture.type = one.at("type");
      picture.head_distance = one.at("head_distance");
      picture.units = one.at("units");
      picture.pixels = TRY(store.get(hash_of(one.at("pixels")), one.at("bytes")));
      pictures.emplace(one.at("id").get<std::uint64_t>(), std::move(picture));
    }
    return shared.glz.restore(glz.at("tail"), glz.at("stored"), std::move(pictures));
  });
}

Result<json> state_of(const Renderer& renderer, PixelStore& store) {
  json surfaces = json::array(), palettes = json::array(), streams = json::array();
  for (const auto& [id, surface] : renderer.surfaces().all()) {
    json bands = json::array();
    const std::size_t stride = static_cast<std::size_t>(surface.view.stride());
    for (std::size_t from = 0; from < surface.pixels.size(); from += stride * band_rows)
      bands.push_back(json_of(TRY(store.put(
          BytesView(surface.pixels)
              .subspan(from, std::min(stride * band_rows, surface.pixels.size() - from))))));
    surfaces.push_back({{"id", id},
                        {"width", surface.view.width()},
                        {"height", surface.view.height()},
                        {"format", static_cast<std::uint32_t>(surface.view.format())},
                        {"primary", renderer.surfaces().primary_id() == id},
                        {"transform",
                         {surface.transform.t00, surface.transform.t01, surface.transform.t02,
                          surface.transform.t10, surface.transform.t11, surface.transform.t12}},
                        {"bands", std::move(bands)}});
  }
  for (const auto& [unique, palette] : renderer.palette_cache().all())
    palettes.push_back({{"unique", unique}, {"entries", palette.entries}});
  for (const auto& [id, stream] : renderer.streams().all()) {
    Bytes create;
    wire::encode(stream.created, create);
    const auto text = as_text(create);
    streams.push_back({{"create", json::binary({text.begin(), text.end()})}});
  }
  return json{{"surfaces", std::move(surfaces)},
              {"palettes", std::move(palettes)},
              {"streams", std::move(streams)}};
}

Result<void> restore(Renderer& renderer, const json& state, PixelStore& store) {
  return guarded([&]() -> Result<void> {
    for (const json& one : state.at("surfaces")) {
      wire::display::SurfaceCreate create;
      create.surface_id = one.at("id");
      create.width = one.at("width");
      create.height = one.at("height");
      create.format = one.at("format");
      if (one.at("primary").get<bool>()) create.flags = wire::display::surface_primary;
      const json& t = one.at("transform");
      const auto pixels = TRY(
          renderer.restore_surface(create, {t.at(0), t.at(1), t.at(2), t.at(3), t.at(4), t.at(5)}));
      std::size_t filled = 0;
      for (const json& hash : one.at("bands")) {
        const std::size_t stride = pixels.size() / create.height;
        const std::size_t size = std::min(stride * band_rows, pixels.size() - filled);
        const SharedBytes band = TRY(store.get(hash_of(hash), size));
        std::ranges::copy(band.view(), pixels.begin() + static_cast<std::ptrdiff_t>(filled));
        filled += size;
      }
      if (filled != pixels.size())
        return fail(ErrorCode::malformed, "pixels of a surface are missing", 0, "bands");
    }
    for (const json& one : state.at("palettes"))
      if (!renderer.restore_palette({one.at("unique"), one.at("entries")}))
        return fail(ErrorCode::malformed, "too many palettes", 0, "palettes");
    for (const json& one : state.at("streams")) {
      const auto& bytes = one.at("create").get_binary();
      const auto create = TRY(wire::decode<wire::display::StreamCreate>(SharedBytes::copy_of(
          std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()))));  // NOLINT
      CHECKED(renderer.restore_stream(create));
    }
    return {};
  });
}

}  // namespace spicebench::client
