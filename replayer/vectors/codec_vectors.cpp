// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/vectors/codec_vectors.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/image/decode.hpp"
#include "core/image/lz.hpp"
#include "core/image/quic.hpp"
#include "core/video/video_decoder.hpp"
#include "replayer/vectors/vector_files.hpp"

namespace spicebench::replayer {
namespace {

using namespace wire::display;
using image::Pixmap;
using nlohmann::json;

std::string sha256(BytesView bytes) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

// The rows of a picture without padding, `pixel` bytes of each pixel.
Bytes rows_of(const image::PixelView& picture, std::size_t pixel) {
  const std::size_t step = image::bits_per_pixel(picture.format) / 8;
  Bytes bytes;
  bytes.reserve(std::size_t{picture.width} * picture.height * pixel);
  for (std::uint32_t y = 0; y < picture.height; ++y)
    for (std::uint32_t x = 0; x < picture.width; ++x) {
      const std::byte* from = picture.row(y) + x * step;
      bytes.insert(bytes.end(), from, from + pixel);
    }
  return bytes;
}
// The picture in one of the layouts of the manifest. Nothing: it has no such form.
std::optional<Bytes> in_layout(const Pixmap& picture, const std::string& layout, bool keep_pad) {
  const auto format = picture.format;
  if (layout == "x8r8g8b8" && format == surface_16_555)
    return in_layout(image::convert(picture.view(), surface_32_xrgb), layout, keep_pad);
  if (layout == "x8r8g8b8" && format == surface_32_xrgb) {
    Bytes bytes = rows_of(picture.view(), 4);
    if (!keep_pad)
      for (std::size_t i = 3; i < bytes.size(); i += 4) bytes[i] = std::byte{0};
    return bytes;
  }
  if (layout == "r8g8b8" && format == surface_32_xrgb) return rows_of(picture.view(), 3);
  if (layout == "a8r8g8b8" && format == surface_32_argb) return rows_of(picture.view(), 4);
  if (layout == "x1r5g5b5" && format == surface_16_555) return rows_of(picture.view(), 2);
  if ((layout == "a8" || layout == "gray8") && format == surface_8_a)
    return rows_of(picture.view(), 1);
  return std::nullopt;
}

class CodecVectors {
 public:
  CodecVectors(const std::filesystem::path& folder, const json& manifest)
      : folder_(folder), manifest_(manifest) {}

  std::vector<VectorResult> run() {
    for (const json& one : manifest_.value("vectors", json::array()))
      add(one, [&] { return single(one); });
    for (const json& sequence : manifest_.value("glz_sequences", json::array()))
      for (auto& result : this->sequence(sequence)) results_.push_back(std::move(result));
    auto video = video::make_video_decoder(1, image::RowOrder::top_down);
    for (const json& one : manifest_.value("mjpeg", json::array()))
      add(one, [&] { return frame(one, **video); });
    for (const json& one : manifest_.value("corrupt", json::array()))
      add(one, [&] { return broken(one); });
    return std::move(results_);
  }

 private:
  // What a vector's own fields make impossible is its failure.
  template <class Check>
  void add(const json& one, Check check) {
    VectorResult result{one.value("id", "(without id)"), {}};
    try {
      if (auto done = check(); !done) result.failure = done.error().text();
    } catch (const json::exception& error) {
      result.failure = fmt::format("manifest.json: {}", error.what());
    }
    results_.push_back(std::move(result));
  }
  static Result<void> wrong(std::string what) {
    return fail(ErrorCode::malformed, std::move(what));
  }
  Result<SharedBytes> file(const json& one, const char* key) const {
    return SharedBytes(TRY(read_vector_file(folder_ / one.at(key).get<std::string>())));
  }

  // "plt8", "plt8:3": that palette, its first entries
  Result<Palette> palette(std::string name) const {
    std::size_t entries = 256;
    if (const auto colon = name.find(':'); colon != std::string::npos) {
      entries = static_cast<std::size_t>(std::strtoul(name.c_str() + colon + 1, nullptr, 10));
      name.resize(colon);
    }
    for (const char* order : {"le", "be"})
      if (name.ends_with(order)) name.resize(name.size() - 2);
    Palette palette;
    palette.entries = manifest_.at("palettes").at(name).get<std::vector<std::uint32_t>>();
    palette.entries.resize(std::min(entries, palette.entries.size()));
    return palette;
  }

  // The image that a message would carry.
  Result<Image> image_of(const json& one, const std::string& codec, const SharedBytes& data,
                         std::uint32_t width, std::uint32_t height) const {
    Image image;
    image.width = width;
    image.height = height;
    const auto typed = [&](ImageType type) { image.type = static_cast<std::uint8_t>(type); };
    const bool indexed = codec == "lz_plt" || one.value("image_type", json()) == json(100);
    if (codec == "bitmap") {
      typed(ImageType::bitmap);
      Bitmap bitmap;
      bitmap.format = one.contains("bitmap_format") ? one["bitmap_format"].get<std::uint8_t>()
                                                    : std::uint8_t{format_8bit};
      bitmap.flags = one.value("flags", one.value("top_down", true) ? int{top_down} : 0);
      bitmap.x = width;
      bitmap.y = height;
      bitmap.stride = one.at("stride");
      bitmap.data = data;
      if (one.contains("palette")) bitmap.palette = TRY(palette(one["palette"]));
      image.payload = std::move(bitmap);
    } else if (indexed) {
      typed(ImageType::lz_plt);
      const std::string name = one.contains("palette") ? one["palette"] : one.at("format");
      image.payload = LzPaletteData{0, 0, TRY(palette(name)), data};
    } else if (codec == "zlib_glz") {
      typed(ImageType::zlib_glz_rgb);
      image.payload = ZlibGlzData{one.at("glz_data_size"), data};
    } else if (codec == "jpeg_alpha") {
      typed(ImageType::jpeg_alpha);
      image.payload = JpegAlphaData{one.at("flags"), one.at("jpeg_size"), data};
    } else {
      static const std::map<std::string, ImageType> sized{{"quic", ImageType::quic},
                                                          {"lz", ImageType::lz_rgb},
                                                          {"glz", ImageType::glz_rgb},
                                                          {"lz4", ImageType::lz4},
                                                          {"jpeg", ImageType::jpeg}};
      const auto type = sized.find(codec);
      if (type == sized.end())
        return fail(ErrorCode::unsupported, fmt::format("there is no codec {}", codec));
      typed(type->second);
      image.payload = SizedData{data};
    }
    return image;
  }

  Result<Pixmap> decoded(const json& one) const {
    const SharedBytes data = TRY(file(one, "encoded"));
    const std::uint32_t width = one.at("w"), height = one.at("h");
    if (one.at("format") == "gray8")
      return image::decode_quic(data, width, height, image::QuicGray::accepted);
    if (one.at("format") == "xxxa") return alpha_over_zeros(one, data, width, height);
    return image::decode(TRY(image_of(one, one.at("codec"), data, width, height)));
  }
  static Result<Pixmap> alpha_over_zeros(const json& one, const SharedBytes& data,
                                         std::uint32_t width, std::uint32_t height) {
    Bytes pixels(std::size_t{width} * height * 4);
    CHECKED(image::decode_lz_alpha(data, width, height, one.at("top_down"), pixels));
    return Pixmap{width, height, surface_32_argb, width * 4, std::move(pixels)};
  }

  Result<void> single(const json& one) const {
    auto picture = decoded(one);
    if (one.contains("real_client")) {
      if (picture || picture.error().code != ErrorCode::unsupported)
        return wrong("a format that is no colour image was taken");
      return {};
    }
    if (!picture) return std::unexpected(picture.error());
    return one.contains("decoded") ? compare_lossy(one, *picture) : compare_exact(one, *picture);
  }

  static Result<void> compare_exact(const json& one, const Pixmap& picture) {
    const bool keep_pad = one.value("id", "").ends_with("-x") && one.value("codec", "") == "lz4";
    for (const auto& [layout, expected] : one.at("decoded_sha256").items()) {
      std::optional<Bytes> bytes;
      if (layout == "bgra_with_only_alpha_written_over_zeros_storage_order") {
        bytes.emplace();
        for (std::uint32_t y = 0; y < picture.height; ++y) {
          const auto* row = picture.view().row(one.at("top_down") ? y : picture.height - 1 - y);
          bytes->insert(bytes->end(), row, row + std::size_t{picture.width} * 4);
        }
      } else {
        bytes = in_layout(picture, layout, keep_pad);
      }
      if (!bytes)
        return wrong(fmt::format("decoded to format {}, not {}",
                                 static_cast<std::uint32_t>(picture.format), layout));
      if (const auto found = sha256(*bytes); found != expected)
        return wrong(fmt::format("{} pixels have SHA-256 {}, expected {}", layout, found,
                                 expected.get<std::string>()));
    }
    return {};
  }

  Result<void> compare_lossy(const json& one, const Pixmap& picture) const {
    const SharedBytes expected = TRY(file(one, "decoded"));
    const Bytes found = rows_of(picture.view(), 4);
    if (found.size() != expected.size())
      return wrong(fmt::format("{} bytes of pixels, expected {}", found.size(), expected.size()));
    const bool has_alpha = picture.format == surface_32_argb;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const int difference =
          std::abs(std::to_integer<int>(found[i]) - std::to_integer<int>(expected[i]));
      const int allowed = i % 4 != 3 ? lossy_tolerance : has_alpha ? 0 : 255;
      if (difference > allowed)
        return wrong(fmt::format("pixel {}, {}: channel {} differs by {}", i / 4 % picture.width,
                                 i / 4 / picture.width, i % 4, difference));
    }
    return {};
  }

  Result<void> frame(const json& one, video::VideoDecoder& decoder) const {
    const SharedBytes data = TRY(file(one, "encoded"));
    const auto picture = TRY(decoder.decode(data, one.at("w"), one.at("h")));
    if (!picture) return wrong("the frame showed no picture");
    return compare_lossy(one, *picture);
  }

  // Images that share a dictionary; those that also exist deflated are decoded so as well, with a
  // window of their own.
  std::vector<VectorResult> sequence(const json& sequence) const {
    std::vector<VectorResult> results;
    image::GlzWindow plain, deflated;
    Result<Bytes> pack = Bytes{};
    if (sequence.contains("encoded_pack"))
      pack = read_vector_file(folder_ / sequence["encoded_pack"].get<std::string>());
    for (const json& one : sequence.value("images", json::array())) {
      VectorResult result{
          fmt::format("{}-{:02}", sequence.value("id", "glz"), one.value("index", 0)), {}};
      try {
        if (auto done = in_sequence(one, pack, plain, deflated); !done)
          result.failure = done.error().text();
      } catch (const json::exception& error) {
        result.failure = fmt::format("manifest.json: {}", error.what());
      }
      results.push_back(std::move(result));
    }
    return results;
  }
  Result<void> in_sequence(const json& one, const Result<Bytes>& pack, image::GlzWindow& plain,
                           image::GlzWindow& deflated) const {
    SharedBytes data;
    if (one.contains("encoded")) {
      data = TRY(file(one, "encoded"));
    } else {
      if (!pack) return std::unexpected(pack.error());
      const std::size_t offset = one.at("encoded_offset"), size = one.at("encoded_size");
      if (offset > pack->size() || size > pack->size() - offset)
        return wrong("encoded_offset lies outside of the pack");
      data = SharedBytes::copy_of(BytesView(*pack).subspan(offset, size));
    }
    const auto decode = [&](const char* codec, const SharedBytes& bytes,
                            image::GlzWindow& window) -> Result<void> {
      const Image image = TRY(image_of(one, codec, bytes, one.at("w"), one.at("h")));
      const Pixmap picture = TRY(image::decode(image, {surface_32_xrgb, nullptr, &window}));
      return compare_exact(one, picture);
    };
    CHECKED(decode("glz", data, plain));
    if (!one.contains("zlib_glz")) return decode("glz", data, deflated);
    return decode("zlib_glz", TRY(file(one, "zlib_glz")), deflated);
  }

  Result<void> broken(const json& one) const {
    const std::string expected = one.at("expected");
    image::GlzWindow window;
    for (const json& first : one.value("decode_first", json::array())) {
      const SharedBytes data = TRY(read_vector_file(folder_ / first.get<std::string>()));
      // Its size stands in the stream's header, big endian.
      const auto word = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i)
          value = value << 8 | std::to_integer<std::uint32_t>(data.view()[at + i]);
        return value;
      };
      if (data.size() < 20) return wrong("decode_first: too short");
      const Image image = TRY(image_of(one, "glz", data, word(9), word(13)));
      CHECKED(image::decode(image, {surface_32_xrgb, nullptr, &window}));
    }
    const SharedBytes data = TRY(file(one, "file"));
    const Image image =
        TRY(image_of(one, one.at("codec"), data, one.at("descriptor_w"), one.at("descriptor_h")));
    auto picture = image::decode(image, {surface_32_xrgb, nullptr, &window});
    if (expected == "must_reject")
      return picture ? wrong("was decoded, must be refused") : Result<void>{};
    if (expected == "wait_for_image") {
      if (!picture && picture.error().code == ErrorCode::not_found) return {};
      return wrong("did not ask for the missing image");
    }
    if (!picture)
      return expected == "decodes_same" ? std::unexpected(picture.error()) : Result<void>{};
    if (picture->width != image.width || picture->height != image.height)
      return wrong("decoded to another size");
    if (expected == "garbage_or_reject" || expected == "must_not_read_past") return {};
    if (one.at("base").is_null()) return {};
    for (const json& base : manifest_.at("vectors"))
      if (base.at("id") == one["base"])
        return base.contains("decoded") ? compare_lossy(base, *picture)
                                        : compare_exact(base, *picture);
    return wrong("base is not in the manifest");
  }

  const std::filesystem::path& folder_;
  const json& manifest_;
  std::vector<VectorResult> results_;
};

}  // namespace

Result<std::vector<VectorResult>> run_codec_vectors(const std::filesystem::path& folder) {
  const json manifest = TRY(read_vector_json(folder / "manifest.json"));
  if (!manifest.is_object())
    return fail(ErrorCode::malformed,
                fmt::format("{}: no object", (folder / "manifest.json").string()));
  return CodecVectors(folder, manifest).run();
}

}  // namespace spicebench::replayer
