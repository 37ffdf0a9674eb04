// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/base/hash.hpp"
#include "core/base/random.hpp"
#include "core/draw/draw.hpp"
#include "core/draw/operators.hpp"
#include "core/draw/pixel_rows.hpp"
#include "core/draw/sampler.hpp"
#include "core/image/quic.hpp"

// Blended operations: rows against their definition pixel by pixel, and the specification's
// examples.
namespace spicebench::draw {
namespace {

using namespace wire::display;

std::vector<Argb> any_row(std::size_t count) {
  return *rc::gen::container<std::vector<Argb>>(count, rc::gen::arbitrary<Argb>());
}
std::uint32_t component(Argb colour, unsigned shift) {
  return colour >> shift & 255;
}
template <class Of>
Argb each(Of of) {
  return of(24u) << 24 | of(16u) << 16 | of(8u) << 8 | of(0u);
}
std::uint32_t saturated(std::uint32_t value) {
  return std::min(value, 255u);
}
Argb over(Argb s, Argb d) {
  return each([&](unsigned k) {
    return saturated(component(s, k) + mul(component(d, k), 255 - (s >> 24)));
  });
}

// One pixel of a surface, to be drawn on.
struct Pixel {
  Bytes memory = Bytes(4);
  Surface surface;
  Pixel(Format format, std::uint32_t word) {
    surface = Surface::over(memory, 1, 1, 4, format).value();
    image::put_word_at(format, memory.data(), 0, word);
  }
  std::uint32_t word() const { return image::word_at(surface.format(), surface.row(0), 0); }
};
constexpr Rect one{0, 0, 1, 1};
PixelView view_of(Format format, const std::uint32_t& word) {
  return {1, 1, format, reinterpret_cast<const std::byte*>(&word), 4};
}
Argb composited(std::uint8_t number, Argb source, Format format, std::uint32_t dest,
                std::optional<Argb> mask = {}, std::uint32_t flags = 0) {
  Pixel pixel(format, dest);
  DrawComposite command;
  command.base.box = one;
  command.flags = number | 3u << 8 | flags | (mask ? composite_has_mask : 0u);
  Resolved images{.source = view_of(surface_32_argb, source)};
  if (mask) images.mask = view_of(surface_32_argb, *mask);
  REQUIRE(composite(pixel.surface, command, images).has_value());
  return pixel.word();
}

}  // namespace

TEST_CASE("rows of pixels are what the formulas say of each pixel", "[core][draw]") {
  rc::prop("for any length", [] {
    const std::size_t count = *rc::gen::inRange<std::size_t>(0, 200);
    const std::vector<Argb> a = any_row(count), b = any_row(count);
    const auto factor = *rc::gen::inRange<std::uint32_t>(0, 256);
    const auto coverage =
        *rc::gen::container<std::vector<std::uint8_t>>(count, rc::gen::arbitrary<std::uint8_t>());
    const Argb colour = *rc::gen::arbitrary<Argb>() | 0xff00'0000u;
    std::vector<Argb> overs = b, constant = a, covered = a, products = a, inked = b, weighed = a;
    over_row(overs.data(), a.data(), count);
    multiply_row(constant.data(), factor, count);
    multiply_row(covered.data(), coverage.data(), count);
    multiply_row(products.data(), b.data(), count);
    cover_row(inked.data(), colour, coverage.data(), count);
    weigh_row(weighed.data(), b.data(), b.data(), a.data(), count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto times = [&](auto by) {
        return each([&](unsigned k) { return mul(component(a[i], k), by(k)); });
      };
      RC_ASSERT(overs[i] == over(a[i], b[i]));
      RC_ASSERT(constant[i] == times([&](unsigned) { return factor; }));
      RC_ASSERT(covered[i] == times([&](unsigned) { return std::uint32_t{coverage[i]}; }));
      RC_ASSERT(products[i] == times([&](unsigned k) { return component(b[i], k); }));
      const Argb ink = each([&](unsigned k) { return mul(component(colour, k), coverage[i]); });
      RC_ASSERT(inked[i] == over(ink, b[i]));
      RC_ASSERT(weighed[i] == each([&](unsigned k) {
                  return saturated(2 * mul(component(a[i], k), component(b[i], k)));
                }));
    }
  });
}

TEST_CASE("pixels go through every format and back, but for what the format drops",
          "[core][draw]") {
  rc::prop("anywhere in a row", [] {
    const std::size_t count = *rc::gen::inRange<std::size_t>(1, 60),
                      at = *rc::gen::inRange<std::size_t>(0, 30);
    const std::vector<Argb> colours = any_row(count);
    for (const Format format : {surface_32_xrgb, surface_32_argb, surface_16_555, surface_16_565,
                                surface_8_a, surface_1_a}) {
      Bytes row(400), other(400);
      store_row(format, row.data(), at, colours.data(), count);
      std::vector<Argb> loaded(count);
      load_row(loaded.data(), format, row.data(), at, count);
      for (std::size_t i = 0; i < count; ++i)
        RC_ASSERT(loaded[i] ==
                  image::argb_of_word(format, image::word_of_argb(format, colours[i])));
      store_row(format, other.data(), at, loaded.data(), count);
      RC_ASSERT(other == row);
    }
  });
}

TEST_CASE("alpha_blend gives the specification's examples", "[core][draw]") {
  const auto blended = [](Format source, std::uint32_t word, std::uint8_t alpha, Format format,
                          std::uint32_t dest) {
    Pixel pixel(format, dest);
    DrawAlphaBlend command;
    command.base.box = command.src_area = one;
    command.alpha = alpha;
    const Resolved images{.source = view_of(source, word)};
    REQUIRE(alpha_blend(pixel.surface, command, images).has_value());
    return pixel.word();
  };
  CHECK(blended(surface_32_argb, 0x80402010, 255, surface_32_xrgb, 0xff8000) == 0xbf6010);
  CHECK(blended(surface_32_xrgb, 0x333333, 77, surface_32_xrgb, 0xc8c8c8) == 0x9b9b9b);
  CHECK(blended(surface_32_xrgb, 0xffffff, 1, surface_32_xrgb, 0) == 0x010101);
  CHECK(blended(surface_32_xrgb, 0xffffff, 254, surface_32_xrgb, 0) == 0xfefefe);
  CHECK(blended(surface_32_xrgb, 0x402010, 128, surface_16_555, 0x2a9f) == 0x2590);
  CHECK(blended(surface_32_xrgb, 0x402010, 0, surface_16_555, 0x2a9f) == 0x2a9f);
}

TEST_CASE("rop3 of the three test patterns is its own code", "[core][draw]") {
  for (unsigned code = 0; code < 256; ++code) {
    Pixel pixel(surface_32_xrgb, 0xaaaa'aaaa);
    const std::uint32_t source = 0xcccc'cccc;
    DrawRop3 command;
    command.base.box = command.src_area = one;
    command.brush = {1, SolidBrush{0xf0f0'f0f0}};
    command.rop3 = static_cast<std::uint8_t>(code);
    REQUIRE(rop3(pixel.surface, command, {.source = view_of(surface_32_xrgb, source)}));
    CHECK(pixel.word() == code * 0x0101'0101u);
  }
}

TEST_CASE("stretching takes the columns of the specification's examples", "[core][draw]") {
  using Row = std::vector<std::uint32_t>;
  const auto stretch = [](const Row& row, std::uint32_t to, Filter filter) {
    const auto size = static_cast<std::uint32_t>(row.size());
    const PixelView view{size, 1, surface_32_argb, reinterpret_cast<const std::byte*>(row.data()),
                         size * 4};
    Row out(to);
    const Rect area{0, 0, 1, static_cast<std::int32_t>(size)},
        box{0, 0, 1, static_cast<std::int32_t>(to)};
    Sampler(view, stretched(area, box), filter).row(0, 0, std::span(out));
    return out;
  };
  CHECK(stretch({0, 1, 2}, 7, Filter::nearest) == Row{0, 0, 1, 1, 1, 2, 2});
  CHECK(stretch({0, 1, 2, 3, 4, 5, 6}, 3, Filter::nearest) == Row{1, 3, 5});
  CHECK(stretch({0, 1, 2, 3, 4}, 2, Filter::nearest) == Row{1, 3});
  CHECK(stretch({0, 1}, 5, Filter::nearest) == Row{0, 0, 0, 1, 1});
  CHECK(stretch({0, 60, 120, 255}, 6, Filter::bilinear) == Row{0, 29, 69, 109, 186, 213});
}

TEST_CASE("between rows and at any angle bilinear samples are the same", "[core][draw]") {
  rc::prop("of any picture, with every repeat", [] {
    const std::vector<Argb> words = any_row(35);
    const PixelView view{7, 5, surface_32_argb, reinterpret_cast<const std::byte*>(words.data()),
                         28};
    const auto entry = [] { return std::int64_t{*rc::gen::inRange(-200'000, 200'000)}; };
    const Affine straight{entry(), 0, entry(), 0, entry(), entry()};
    const auto repeat = static_cast<Repeat>(*rc::gen::inRange(0, 4));
    const Sampler sampler(view, straight, Filter::bilinear, repeat);
    std::vector<Argb> row(20);
    sampler.row(-3, 2, std::span(row));
    for (std::size_t i = 0; i < row.size(); ++i) {
      // One sample of a transform that turns: v changes along the row, so there is no shortcut.
      Affine turned = straight;
      turned.t10 = 1;
      const std::int64_t at = static_cast<std::int64_t>(i) - 3;
      const auto fraction = [](std::int64_t a, std::int64_t b) {
        return (a * 0x8000 + b * 0x8000 + 0x8000) >> 16;
      };
      turned.t12 += -at + fraction(0, straight.t11) - fraction(1, straight.t11);
      Argb alone = 0;
      Sampler(view, turned, Filter::bilinear, repeat).row(at, 2, std::span(&alone, 1));
      RC_ASSERT(row[i] == alone);
    }
  });
}

TEST_CASE("composite gives the specification's examples", "[core][draw]") {
  const Argb s = 0x80402010, d = 0xc0604020;
  CHECK(composited(0x09, s, surface_32_argb, d) == 0xc060381c);
  CHECK(composited(0x0b, s, surface_32_argb, d) == 0x80402814);
  CHECK(composited(0x30, s, surface_32_argb, d) == 0xe0583016);
  CHECK(composited(0x31, s, surface_32_argb, d) == 0xe088582e);
  CHECK(composited(0x0c, s, surface_32_argb, d) == 0xffa06030);
  CHECK(composited(0x32, s, surface_32_argb, d) == 0xe0703818);
  CHECK(composited(0x03, s, surface_32_xrgb, 0xff8000, 0x80000000) == 0xdf7008);
  CHECK(composited(0x03, 0xff402010, surface_32_xrgb, 0xff8000, 0x00ff8000,
                   composite_component_alpha) == 0x405000);
}

TEST_CASE("every operator number is of one kind or unknown, and none leaves its bytes",
          "[core][draw]") {
  unsigned bytes = 0, reals = 0;
  Random random(1);
  for (unsigned n = 0; n < 256; ++n) {
    const auto number = static_cast<std::uint8_t>(n);
    CHECK_FALSE((is_byte_operator(number) && is_real_operator(number)));
    bytes += is_byte_operator(number) ? 1 : 0;
    reals += is_real_operator(number) ? 1 : 0;
    if (!is_byte_operator(number) && !is_real_operator(number)) continue;
    // Colours that are no products of their alpha too: whatever comes out is some colour.
    for (int i = 0; i < 50; ++i)
      composited(number, static_cast<Argb>(random.next()), surface_32_argb,
                 static_cast<Argb>(random.next()), static_cast<Argb>(random.next()),
                 i % 2 == 0 ? composite_component_alpha : 0u);
  }
  CHECK(bytes == 13 + 8);
  CHECK(reals == 1 + 24 + 7);
}

TEST_CASE("composites have the same bytes whatever compiler made this", "[core][draw]") {
  Random random(7);
  Hasher hasher;
  for (unsigned number = 0; number < 256; ++number) {
    if (!is_byte_operator(static_cast<std::uint8_t>(number)) &&
        !is_real_operator(static_cast<std::uint8_t>(number)))
      continue;
    for (std::uint32_t round = 0; round < 4; ++round) {
      const Bytes source = random.bytes(20 * 16 * 4), mask = random.bytes(12 * 12 * 4);
      Bytes dest = random.bytes(30 * 20 * 4);
      Surface surface = Surface::over(dest, 30, 20, 120, surface_32_argb).value();
      DrawComposite command;
      command.base.box = {0, 0, 20, 30};
      command.flags = number | (3 + round % 2) << 8 | 4u << 11 | round << 14 | 3u << 16 |
                      (round % 2) * composite_component_alpha | composite_has_mask;
      command.src_transform = Transform{30'000, 9'000, 777, -5'000, 40'000, 99};
      command.mask_transform = Transform{20'000, 0, 0, 0, 41'234, 5};
      const PixelView from{20, 16, surface_32_argb, source.data(), 80},
          through{12, 12, surface_32_argb, mask.data(), 48};
      REQUIRE(composite(surface, command, {.source = from, .mask = through}).has_value());
      hasher.add(dest);
    }
  }
  CHECK(hasher.value().hex() == "5947a0f315bd7b6c65934828da4c63cf");
}

// As QEMU's device shows on surfaces with alpha.
TEST_CASE("images without alpha on surfaces with alpha", "[core][draw]") {
  Images images;
  Image indexed{.width = 1, .height = 1};
  indexed.payload = Bitmap{.format = format_8bit,
                           .x = 1,
                           .y = 1,
                           .stride = 4,
                           .palette = Palette{.entries = {0x40'2010}},
                           .data = SharedBytes(Bytes(4))};

  DrawComposite blended{.base = {.box = one}, .flags = 3 /* over */, .src_bitmap = indexed};
  Pixel opaque(surface_32_argb, 0x10ff'ffff);
  REQUIRE(render(opaque.surface, blended, images));
  CHECK(opaque.word() == 0xff40'2010);

  DrawCopy copied{.base = {.box = one}, .src_bitmap = indexed, .src_area = one};
  Pixel raw(surface_32_argb, 0x10ff'ffff);
  REQUIRE(render(raw.surface, copied, images));
  CHECK(raw.word() == 0x0040'2010);

  const Bytes word{std::byte{0xff}, std::byte{0x7f}};
  const auto stream = image::encode_quic(
      {.format = format_16bit, .width = 1, .height = 1, .top = word.data(), .stride = 2});
  REQUIRE(stream);
  copied.src_bitmap = Image{.type = static_cast<std::uint8_t>(ImageType::quic),
                            .width = 1,
                            .height = 1,
                            .payload = SizedData{SharedBytes(*stream)}};
  REQUIRE(render(raw.surface, copied, images));
  CHECK(raw.word() == 0x00ff'ffff);
  copied.src_bitmap->type = static_cast<std::uint8_t>(ImageType::bitmap);
  copied.src_bitmap->payload =
      Bitmap{.format = format_16bit, .x = 1, .y = 1, .stride = 2, .data = SharedBytes(word)};
  REQUIRE(render(raw.surface, copied, images));
  CHECK(raw.word() == 0xffff'ffff);
}

}  // namespace spicebench::draw
