// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/core/image_vectors.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <map>

#include "core/image/pixel.hpp"

namespace spicebench::image_vectors {
namespace display = wire::display;
using image::Pixmap;

namespace {
const std::string folder = SPICEBENCH_SOURCE_DIR "/tests/vectors/";
}

Bytes file(const std::string& name) {
  std::ifstream in(folder + name, std::ios::binary);
  REQUIRE(in);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

const json& manifest() {
  static const json loaded = json::parse(std::ifstream(folder + "manifest.json"));
  return loaded;
}

std::vector<json> entries(const std::string& list, const std::string& codec) {
  std::vector<json> found;
  for (const auto& entry : manifest().at(list))
    if (entry.at("codec") == codec) found.push_back(entry);
  REQUIRE_FALSE(found.empty());
  return found;
}

display::BitmapFormat format_named(const std::string& name) {
  static const std::map<std::string, display::BitmapFormat> formats{
      {"plt1le", display::format_1bit_le}, {"plt1be", display::format_1bit_be},
      {"plt4le", display::format_4bit_le}, {"plt4be", display::format_4bit_be},
      {"plt8", display::format_8bit},      {"rgb16", display::format_16bit},
      {"rgb24", display::format_24bit},    {"rgb32", display::format_32bit},
      {"rgba", display::format_rgba},      {"xxxa", display::format_rgba},
      {"a8", display::format_8bit_a},      {"gray8", display::format_8bit_a}};
  return formats.at(name);
}

image::BitmapView view_of(const json& entry, const Bytes& raw, std::size_t offset) {
  image::BitmapView view{format_named(entry.at("format")), entry.at("w"), entry.at("h"),
                         raw.data() + offset, entry.at("stride").get<std::ptrdiff_t>()};
  REQUIRE(raw.size() >= offset + view.height * entry.at("stride").get<std::size_t>());
  if (!entry.at("top_down").get<bool>()) {
    view.top += (view.height - 1) * view.stride;
    view.stride = -view.stride;
  }
  return view;
}

display::Palette palette_of(const json& entry) {
  const std::string name = entry.at("palette");
  const auto colon = name.find(':');
  display::Palette palette{.entries = manifest().at("palettes").at(name.substr(0, 4))};
  if (colon != std::string::npos) palette.entries.resize(std::stoul(name.substr(colon + 1)));
  return palette;
}

std::string sha256(BytesView bytes) {
  unsigned char sum[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), sum);
  std::string text;
  for (const unsigned char byte : sum) text += fmt::format("{:02x}", byte);
  return text;
}

std::string digest(const Pixmap& picture, const std::string& layout) {
  if (layout == "r8g8b8") {  // our pictures are 32-bit then
    Bytes packed;
    for (std::size_t i = 0; i < picture.area() * 4; ++i)
      if (i % 4 != 3) packed.push_back(picture.pixels[i]);
    return sha256(packed);
  }
  if (layout == "x8r8g8b8" && picture.format == display::surface_16_555) {
    Bytes widened(picture.area() * 4);
    for (std::size_t i = 0; i < picture.area(); ++i) {
      const auto word = image::load_word<std::uint16_t>(picture.pixels.data() + 2 * i);
      image::store_word(widened.data() + 4 * i,
                        image::argb_of_word(picture.format, word) & 0x00ff'ffffu);
    }
    return sha256(widened);
  }
  return sha256(picture.pixels);
}

bool has_digests(const Pixmap& picture, const json& entry) {
  for (const auto& [layout, expected] : entry.at("decoded_sha256").items())
    if (digest(picture, layout) != expected.get<std::string>()) return false;
  return true;
}

}  // namespace spicebench::image_vectors
