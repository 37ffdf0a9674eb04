// SPDX-License-Identifier: LGPL-2.1-or-later
// GLZ and its two windows against the streams of real encoders (tests/vectors), and against
// themselves.
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <map>
#include <memory>
#include <numeric>

#include "core/image/glz.hpp"
#include "core/image/glz_dictionary.hpp"
#include "core/image/lz_format.hpp"
#include "core/image/pixel.hpp"
#include "tests/core/image_vectors.hpp"

namespace {
using namespace spicebench;
using namespace spicebench::image;
using namespace spicebench::image_vectors;
namespace display = wire::display;

const json& sequences() {
  return manifest().at("glz_sequences");
}

// The stream of one image of a sequence: a file of its own, or a part of a pack.
Bytes stream_of(const json& sequence, const json& image) {
  if (image.contains("encoded")) return file(image.at("encoded"));
  static std::map<std::string, Bytes> packs;
  const std::string name = sequence.at("encoded_pack");
  if (!packs.contains(name)) packs[name] = file(name);
  const Bytes& pack = packs[name];
  const auto first = pack.begin() + image.at("encoded_offset").get<std::ptrdiff_t>();
  return {first, first + image.at("encoded_size").get<std::ptrdiff_t>()};
}
struct Arrival {
  json image;
  Bytes stream;
};
std::vector<Arrival> arrivals(const json& sequence) {
  std::vector<Arrival> all;
  for (const auto& image : sequence.at("images"))
    all.push_back({image, stream_of(sequence, image)});
  return all;
}
Result<Pixmap> decode(const Arrival& arrival, GlzWindow& window) {
  return decode_glz(arrival.stream, arrival.image.at("w"), arrival.image.at("h"), window);
}

TEST_CASE("every GLZ sequence decodes to the pixels of the real client", "[core][image][glz]") {
  for (const auto& sequence : sequences()) {
    GlzWindow window;
    for (const auto& arrival : arrivals(sequence)) {
      INFO(sequence.at("id") << " " << arrival.image.at("index"));
      const auto picture = decode(arrival, window);
      REQUIRE(picture);
      CHECK(has_digests(*picture, arrival.image));
      const GlzWindow::Picture* kept = window.find(arrival.image.at("image_id"));
      REQUIRE(kept);
      CHECK(kept->head_distance == arrival.image.at("win_head_dist"));
      CHECK(kept->type == arrival.image.at("glz_type"));
    }
  }
}

TEST_CASE("images leave the window as soon as the sender's has moved past them",
          "[core][image][glz]") {
  for (const auto& sequence : sequences()) {
    if (sequence.at("id") != "seqB") continue;
    GlzWindow window;
    for (const auto& arrival : arrivals(sequence)) {
      REQUIRE(decode(arrival, window));
      CHECK(window.size() == arrival.image.at("win_head_dist").get<std::size_t>() + 1);
      CHECK(window.pixels() <= sequence.at("dictionary_pixels").get<std::uint64_t>());
    }
    CHECK(window.stored() == sequence.at("images").size());
    window.clear();
    CHECK(window.size() == 0);
    CHECK(window.pixels() == 0);
  }
}

TEST_CASE("GLZ images may arrive in any order", "[core][image][glz]") {
  static const auto all = [] {
    std::vector<std::vector<Arrival>> loaded;
    for (const auto& sequence : sequences())
      if (sequence.at("id") == "seqA" || sequence.at("id") == "seqB" || sequence.at("id") == "seqC")
        loaded.push_back(arrivals(sequence));
    return loaded;
  }();
  rc::prop("each is decoded when the images that it refers to are there, and not before", [] {
    const auto& sequence = all.at(*rc::gen::inRange<std::size_t>(0, all.size()));
    std::vector<std::size_t> order(sequence.size());
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i > 1; --i)
      std::swap(order[i - 1], order[*rc::gen::inRange<std::size_t>(0, i)]);
    GlzWindow window;
    std::vector<std::size_t> waiting;
    const auto attempt = [&](std::size_t index) {
      const Arrival& arrival = sequence[index];
      const auto& references = arrival.image.at("references");
      const bool ready = std::ranges::all_of(
          references, [&](const json& id) { return window.find(id.get<std::uint64_t>()); });
      const auto stored = window.stored();
      const auto picture = decode(arrival, window);
      RC_ASSERT(picture.has_value() == ready);
      if (picture) {
        RC_ASSERT(has_digests(*picture, arrival.image));
      } else {
        RC_ASSERT(picture.error().code == ErrorCode::not_found);
        RC_ASSERT(window.stored() == stored);
      }
      return picture.has_value();
    };
    for (const std::size_t index : order) {
      waiting.push_back(index);
      while (std::erase_if(waiting, attempt) > 0) {
      }
    }
    RC_ASSERT(waiting.empty());
  });
}

TEST_CASE("GLZ inside zlib is the same image", "[core][image][glz]") {
  GlzWindow window;
  for (const auto& sequence : sequences()) {
    if (sequence.at("id") != "seqA") continue;
    for (const auto& arrival : arrivals(sequence)) {
      INFO(arrival.image.at("index"));
      const std::uint32_t width = arrival.image.at("w"), height = arrival.image.at("h");
      const SharedBytes deflated = deflate_glz(arrival.stream);
      if (arrival.image.contains("zlib_glz")) {
        const Bytes real = file(arrival.image.at("zlib_glz"));
        // The same library at the same level, but not always the same release.
        if (arrival.image.at("zlib_smaller").get<bool>())
          CHECK(deflated.size() <= real.size() * 102 / 100);
        GlzWindow copy = window;
        const auto picture =
            decode_zlib_glz(real, arrival.image.at("glz_data_size"), width, height, copy);
        REQUIRE(picture);
        CHECK(has_digests(*picture, arrival.image));
      }
      const auto size = static_cast<std::uint32_t>(arrival.stream.size());
      const auto picture = deflated.empty()
                               ? decode(arrival, window)
                               : decode_zlib_glz(deflated, size, width, height, window);
      REQUIRE(picture);
      CHECK(has_digests(*picture, arrival.image));
    }
  }
}

// The source of an image of a sequence as the server holds it.
display::Bitmap bitmap_of(const json& image, const Bytes& raw) {
  display::Bitmap bitmap{
      .format = format_named(image.at("format")),
      .flags = image.at("top_down").get<bool>() ? display::top_down : display::BitmapFlags{},
      .x = image.at("w"),
      .y = image.at("h"),
      .stride = image.at("stride"),
      .palette = {}};
  const std::size_t offset = image.at("raw_offset"), size = std::size_t{bitmap.stride} * bitmap.y;
  REQUIRE(raw.size() >= offset + size);
  bitmap.data = SharedBytes::copy_of(BytesView(raw).subspan(offset, size));
  return bitmap;
}

TEST_CASE("GLZ streams of ours decode to the same pixels and are not longer than real ones",
          "[core][image][glz]") {
  for (const auto& sequence : sequences()) {
    if (!sequence.contains("raw_pack")) continue;
    INFO(sequence.at("id"));
    const Bytes raw = file(sequence.at("raw_pack"));
    const auto& images = sequence.at("images");
    GlzDictionary dictionary(sequence.at("dictionary_pixels"), images.front().at("image_id"));
    GlzWindow window;
    std::size_t ours = 0, real = 0;
    for (const auto& image : images) {
      INFO(image.at("index"));
      const auto bitmap = bitmap_of(image, raw);
      REQUIRE(dictionary.takes(bitmap));
      const Arrival arrival{image, [&] {
                              const SharedBytes stream = dictionary.encode(bitmap);
                              return Bytes(stream.view().begin(), stream.view().end());
                            }()};
      const auto picture = decode(arrival, window);
      REQUIRE(picture);
      CHECK(has_digests(*picture, image));
      CHECK(dictionary.next_id() - 1 - dictionary.head() == image.at("win_head_dist"));
      ours += arrival.stream.size();
      real += image.at("encoded_size").get<std::size_t>();
    }
    CHECK(ours <= real * 102 / 100);
  }
}

TEST_CASE("a broken GLZ image is an error, a picture, or waits, as its vector says",
          "[core][image][glz]") {
  for (const std::string codec : {"glz", "zlib_glz"})
    for (const auto& entry : entries("corrupt", codec)) {
      INFO(entry.at("id") << " " << entry.at("change"));
      GlzWindow window;
      for (const auto& name : entry.value("decode_first", json::array())) {
        const Bytes first = file(name);
        REQUIRE(decode_glz(first, static_cast<std::uint32_t>(load_big_endian(&first[9], 4)),
                           static_cast<std::uint32_t>(load_big_endian(&first[13], 4)), window));
      }
      const auto before = window.stored();
      const Bytes stream = file(entry.at("file"));
      const std::uint32_t width = entry.at("descriptor_w"), height = entry.at("descriptor_h");
      const auto picture = codec == "glz" ? decode_glz(stream, width, height, window)
                                          : decode_zlib_glz(stream, entry.at("glz_data_size"),
                                                            width, height, window);
      const std::string expected = entry.at("expected");
      if (expected == "must_reject" || expected == "wait_for_image") CHECK_FALSE(picture);
      if (expected == "wait_for_image") CHECK(picture.error().code == ErrorCode::not_found);
      if (!picture) CHECK(window.stored() == before);
    }
}

std::uint32_t next_noise(std::uint32_t& seed) {
  seed = seed * 1664525 + 1013904223;
  return seed >> 24;
}
display::Bitmap noise(std::uint32_t width, std::uint32_t height, std::uint32_t seed) {
  Bytes pixels(std::size_t{width} * height * 4);
  for (auto& byte : pixels) byte = static_cast<std::byte>(next_noise(seed));
  return {.x = width, .y = height, .stride = width * 4, .palette = {}, .data = std::move(pixels)};
}

TEST_CASE("a number comes once, and the window holds no more than it may", "[core][image][glz]") {
  GlzDictionary dictionary(10000);
  const SharedBytes first = dictionary.encode(noise(20, 20, 1));
  const SharedBytes second = dictionary.encode(noise(20, 20, 2));
  GlzWindow window(500);
  REQUIRE(decode_glz(first, 20, 20, window));
  const auto again = decode_glz(first, 20, 20, window);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == ErrorCode::out_of_range);
  const auto more = decode_glz(second, 20, 20, window);
  REQUIRE_FALSE(more);
  CHECK(more.error().code == ErrorCode::out_of_range);
}

TEST_CASE("an image that was withdrawn is never referred to", "[core][image][glz]") {
  const auto bitmap = noise(30, 20, 3);
  GlzDictionary dictionary(10000);
  dictionary.encode(bitmap);
  const std::size_t short_one = dictionary.encode(bitmap).size();
  dictionary.withdraw(0);
  dictionary.withdraw(1);
  dictionary.withdraw(77);
  const SharedBytes alone = dictionary.encode(bitmap);
  CHECK(short_one < 100);
  CHECK(alone.size() > 1000);
  CHECK(dictionary.head() == 0);
  CHECK(dictionary.pixels() == 3 * 600);
  GlzWindow empty;
  CHECK(decode_glz(alone, 30, 20, empty));
}

TEST_CASE("a dictionary lets go of the pixels of an image that has left", "[core][image][glz]") {
  auto bitmap = noise(30, 20, 4);
  auto owner = std::make_shared<SharedBytes>(bitmap.data);
  const std::weak_ptr<SharedBytes> held = owner;
  const BytesView view = bitmap.data.view();
  bitmap.data = SharedBytes(std::move(owner), view);
  GlzDictionary dictionary(1000);
  dictionary.encode(bitmap);
  bitmap.data = {};
  CHECK_FALSE(held.expired());
  dictionary.encode(noise(30, 20, 5));
  CHECK(held.expired());
  CHECK(dictionary.head() == 1);
}

TEST_CASE("GLZ is for colours that fit the window", "[core][image][glz]") {
  const GlzDictionary dictionary(1000);
  CHECK(dictionary.takes(noise(33, 30, 1)));
  CHECK_FALSE(dictionary.takes(noise(50, 20, 1)));
  auto bitmap = noise(10, 10, 1);
  bitmap.format = display::format_8bit_a;
  CHECK_FALSE(dictionary.takes(bitmap));
  bitmap.format = display::format_8bit;
  CHECK_FALSE(dictionary.takes(bitmap));
  bitmap.format = display::format_rgba;
  bitmap.y = 11;
  CHECK_FALSE(dictionary.takes(bitmap));
}

TEST_CASE("GLZ of any pictures", "[core][image][glz]") {
  rc::prop("a client that decodes what a dictionary encoded has the pixels", [] {
    const auto capacity = *rc::gen::inRange<std::uint64_t>(600, 3000);
    GlzDictionary dictionary(capacity, *rc::gen::inRange<std::uint64_t>(0, 3));
    GlzWindow window;
    // Pieces of one strip of pixels: there is much to find again.
    const auto few = *rc::gen::inRange(1u, 256u);
    auto seed = *rc::gen::arbitrary<std::uint32_t>();
    Bytes strip(4000);
    for (auto& byte : strip) byte = static_cast<std::byte>(next_noise(seed) % few);
    const auto count = *rc::gen::inRange(1, 12);
    for (int i = 0; i < count; ++i) {
      const auto format = *rc::gen::element(display::format_16bit, display::format_24bit,
                                            display::format_32bit, display::format_rgba);
      const auto width = *rc::gen::inRange<std::uint32_t>(1, 40);
      const auto height = *rc::gen::inRange<std::uint32_t>(1, 14);
      const std::uint32_t bytes = display::bitmap_bits(format) / 8;
      const std::uint32_t stride = width * bytes + *rc::gen::inRange<std::uint32_t>(0, 2);
      const auto flags = *rc::gen::arbitrary<bool>() ? display::top_down : display::BitmapFlags{};
      const auto from = *rc::gen::inRange<std::size_t>(0, strip.size() - stride * height + 1);
      const display::Bitmap bitmap{
          .format = format,
          .flags = flags,
          .x = width,
          .y = height,
          .stride = stride,
          .palette = {},
          .data = SharedBytes::copy_of(BytesView(strip).subspan(from, stride * height))};
      RC_ASSERT(dictionary.takes(bitmap));
      const SharedBytes stream = dictionary.encode(bitmap);
      const auto picture = decode_glz(stream, width, height, window);
      RC_ASSERT(picture.has_value());
      RC_ASSERT(dictionary.pixels() <= capacity);
      for (std::uint32_t y = 0; y < height; ++y)
        for (std::uint32_t x = 0; x < width; ++x) {
          const std::uint32_t stored = flags == display::top_down ? y : height - 1 - y;
          std::uint32_t given = 0;
          std::memcpy(&given, bitmap.data.data() + stride * stored + x * bytes, bytes);
          if (format == display::format_16bit) given = argb_of_word(display::surface_16_555, given);
          if (format != display::format_rgba) given &= 0xff'ffff;
          RC_ASSERT(load_word<std::uint32_t>(picture->view().row(y) + 4 * x) == given);
        }
    }
  });
  rc::prop("a damaged stream is an error or a picture", [] {
    static const auto all = arrivals(sequences().front());
    GlzWindow window;
    const auto victim = *rc::gen::inRange<std::size_t>(0, all.size());
    for (std::size_t i = 0; i < victim; ++i) RC_ASSERT(decode(all[i], window).has_value());
    Arrival damaged = all[victim];
    const auto at = *rc::gen::inRange<std::size_t>(0, damaged.stream.size());
    damaged.stream[at] ^= static_cast<std::byte>(*rc::gen::inRange(1, 256));
    damaged.stream.resize(*rc::gen::inRange<std::size_t>(at, damaged.stream.size() + 1));
    const auto stored = window.stored();
    const auto picture = decode(damaged, window);
    RC_ASSERT(window.stored() == stored + (picture ? 1 : 0));
    if (!picture) RC_ASSERT(picture.error().offset <= damaged.stream.size());
  });
}

}  // namespace
