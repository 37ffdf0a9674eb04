// SPDX-License-Identifier: LGPL-2.1-or-later
#include <openssl/evp.h>
#include <zlib.h>

#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "core/draw/draw.hpp"
#include "core/image/pixel.hpp"

// The vectors of the canvas specification against our canvas, pixel by pixel.
namespace spicebench::draw {
namespace {

using namespace wire::display;
using nlohmann::json;

std::string unzipped(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  REQUIRE(file != nullptr);
  std::string text, piece(1 << 16, '\0');
  for (int got; (got = gzread(file, piece.data(), static_cast<unsigned>(piece.size()))) > 0;)
    text.append(piece, 0, static_cast<std::size_t>(got));
  gzclose(file);
  return text;
}

Bytes from_base64(const std::string& text) {
  Bytes bytes(text.size() / 4 * 3);
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  REQUIRE(size >= 0);
  const auto padding = text.size() - text.find_last_not_of('=') - 1;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

std::uint32_t surface_format(const std::string& name) {
  static const std::map<std::string, std::uint32_t> formats = {
      {"1_A", surface_1_a},       {"8_A", surface_8_a},         {"16_555", surface_16_555},
      {"16_565", surface_16_565}, {"32_xRGB", surface_32_xrgb}, {"32_ARGB", surface_32_argb}};
  return formats.at(name);
}

std::uint16_t rop_bits(const json& names) {
  static const std::map<std::string, std::uint16_t> bits = {
      {"INVERS_SRC", 1},     {"INVERS_BRUSH", 2}, {"INVERS_DEST", 4},  {"OP_PUT", 8},
      {"OP_OR", 16},         {"OP_AND", 32},      {"OP_XOR", 64},      {"OP_BLACKNESS", 128},
      {"OP_WHITENESS", 256}, {"OP_INVERS", 512},  {"INVERS_RES", 1024}};
  std::uint16_t result = 0;
  for (const auto& name : names)
    result = static_cast<std::uint16_t>(result | bits.at(name.get<std::string>()));
  return result;
}

Rect rect_of(const json& r) {
  return {r[1], r[0], r[3], r[2]};
}
Point point_of(const json& p) {
  return {p[0], p[1]};
}

Bitmap bitmap_of(const json& j) {
  static const std::map<std::string, std::uint8_t> formats = {
      {"1BIT_LE", 1}, {"1BIT_BE", 2}, {"4BIT_BE", 4}, {"8BIT", 5},   {"16BIT", 6},
      {"24BIT", 7},   {"32BIT", 8},   {"RGBA", 9},    {"8BIT_A", 10}};
  Bitmap bitmap;
  bitmap.format = formats.at(j["format"]);
  bitmap.flags = 0;
  for (const auto& flag : j["bitmap_flags"])
    bitmap.flags =
        static_cast<std::uint8_t>(bitmap.flags | (flag == "TOP_DOWN"       ? top_down
                                                  : flag == "PAL_CACHE_ME" ? pal_cache_me
                                                                           : pal_from_cache));
  bitmap.x = j["width"];
  bitmap.y = j["height"];
  bitmap.stride = j["stride"];
  if ((bitmap.flags & pal_from_cache) != 0)
    bitmap.palette_id = j["palette_id"];
  else if (j.contains("palette"))
    bitmap.palette = Palette{j.value("palette_id", std::uint64_t{0}), j["palette"]};
  bitmap.data = from_base64(j["data_b64"]);
  return bitmap;
}

Image image_of(const json& j) {
  Image image;
  image.id = j.value("id", std::uint64_t{0});
  image.width = j.value("width", 0u);
  image.height = j.value("height", 0u);
  for (const auto& flag : j.value("flags", json::array()))
    image.flags =
        static_cast<std::uint8_t>(image.flags | (flag == "CACHE_ME"        ? cache_me
                                                 : flag == "HIGH_BITS_SET" ? high_bits_set
                                                                           : cache_replace_me));
  const std::string kind = j["kind"];
  if (kind == "bitmap") {
    image.payload = bitmap_of(j);
  } else if (kind == "surface") {
    image.type = static_cast<std::uint8_t>(ImageType::surface);
    image.payload = SurfaceReference{j["surface_id"]};
  } else {
    image.type = static_cast<std::uint8_t>(kind == "from_cache" ? ImageType::from_cache
                                                                : ImageType::from_cache_lossless);
  }
  return image;
}

struct Screen final : Images {
  std::map<std::uint32_t, Bytes> pixels;
  std::map<std::uint32_t, Surface> surfaces;
  std::map<std::uint64_t, image::Pixmap> cache;
  image::PaletteCache palette_cache;

  std::optional<PixelView> surface(std::uint32_t id) const override {
    const auto found = surfaces.find(id);
    if (found == surfaces.end()) return std::nullopt;
    return found->second.view();
  }
  Result<image::Pixmap> cached(std::uint64_t id, bool) override {
    const auto found = cache.find(id);
    if (found == cache.end()) return fail(ErrorCode::not_found, "not cached");
    return found->second;
  }
  Result<void> keep(const Image& image, const image::Pixmap* picture) override {
    cache.insert_or_assign(image.id, *picture);
    return {};
  }
  image::PaletteCache* palettes() override { return &palette_cache; }
};

Result<void> execute(Screen& screen, const json& command, const json& images) {
  const auto named = [&](const json& name) { return image_of(images[name.get<std::string>()]); };
  DisplayBase base{command["surface_id"], rect_of(command["bbox"]), {}};
  if (command.contains("clip")) {
    base.clip.type = clip_rects;
    for (const auto& rect : command["clip"]) base.clip.rects.push_back(rect_of(rect));
  }
  QMask mask;
  if (command.contains("mask"))
    mask = {static_cast<std::uint8_t>(command["mask"]["invers"].get<bool>()),
            point_of(command["mask"]["pos"]), named(command["mask"]["image"])};
  Surface& surface = screen.surfaces.at(base.surface_id);
  const std::string op = command["op"];
  if (op == "copy_bits")
    return render(surface, CopyBits{base, point_of(command["src_pos"])}, screen);
  if (op == "draw_copy")
    return render(surface,
                  DrawCopy{base, named(command["src"]), rect_of(command["src_area"]),
                           rop_bits(command["rop"]),
                           static_cast<std::uint8_t>(command["scale_mode"] == "nearest"), mask},
                  screen);
  REQUIRE(op == "draw_fill");
  Brush brush;
  const json& wanted = command["brush"];
  if (wanted["type"] == "solid")
    brush = {1, SolidBrush{wanted["color"]}};
  else if (wanted["type"] == "pattern")
    brush = {2, PatternBrush{named(wanted["pattern"]), point_of(wanted["pos"])}};
  return render(surface, DrawFill{base, brush, rop_bits(command["rop"]), mask}, screen);
}

void check_case(const json& vector, const json& contents) {
  Screen screen;
  std::map<std::uint32_t, Bytes> before;
  for (const json& s : vector["surfaces"]) {
    const std::uint32_t id = s["id"];
    before[id] = from_base64(contents[s["before"].get<std::string>()]);
    Bytes& pixels = screen.pixels[id] = before[id];
    const auto surface =
        Surface::over(pixels, s["width"], s["height"], s["stride"], surface_format(s["format"]));
    REQUIRE(surface.has_value());
    screen.surfaces[id] = *surface;
  }
  for (const json& command : vector["commands"]) {
    const auto drawn = execute(screen, command, vector["images"]);
    INFO((drawn ? std::string() : drawn.error().text()));
    CHECK(drawn.has_value());
  }
  for (const json& expected : vector["expected"]) {
    const std::uint32_t id = expected["surface_id"];
    const Bytes changed = from_base64(expected["changed_b64"]);
    Bytes after = before[id];
    for (std::size_t i = 0; i < after.size(); ++i) after[i] ^= changed[i];
    const Surface& ours = screen.surfaces[id];
    const auto theirs =
        Surface::over(after, ours.width(), ours.height(), ours.stride(), ours.format());
    const auto mask = static_cast<std::uint32_t>(
        std::stoul(expected["compare_mask"].get<std::string>(), nullptr, 16));
    std::size_t different = 0;
    for (std::uint32_t y = 0; y < ours.height(); ++y)
      for (std::uint32_t x = 0; x < ours.width(); ++x)
        if (((image::word_at(ours.format(), ours.row(y), x) ^
              image::word_at(ours.format(), theirs->row(y), x)) &
             mask) != 0)
          ++different;
    CHECK(different == 0);
  }
}

}  // namespace

TEST_CASE("every vector of fill, copy and copy_bits is drawn to the pixel", "[core][draw]") {
  const std::string text =
      unzipped(std::string(SPICEBENCH_SOURCE_DIR) + "/tests/core/canvas_vectors/cases.jsonl.gz");
  std::size_t at = 0, cases = 0;
  const auto next_line = [&] {
    const std::size_t end = text.find('\n', at);
    std::string line = text.substr(at, end - at);
    at = end + 1;
    return line;
  };
  const json contents = json::parse(next_line());
  while (at < text.size()) {
    const json vector = json::parse(next_line());
    INFO(vector["name"].get<std::string>());
    check_case(vector, contents);
    ++cases;
  }
  CHECK(cases == 69);
}

}  // namespace spicebench::draw
