// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/glz_dictionary.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "core/image/bitmap_view.hpp"
#include "core/image/lz_format.hpp"
#include "core/image/lz_parse.hpp"
#include "core/image/pixel_buffer.hpp"
#include "core/image/stored_rows.hpp"

namespace spicebench::image {
namespace {

using namespace wire::display;

// A slot of the table: where some units were, and enough of their hash to tell most others from
// them without a look at their pixels.
constexpr unsigned place_bits = 25, id_bits = 24, tag_bits = 64 - place_bits - id_bits;
constexpr std::uint64_t most_capacity = std::uint64_t{1} << place_bits;
constexpr std::uint32_t most_images = (1u << id_bits) - 1;  // that a reference can go back
// What a reference has room for, image-codecs.md §6.2.
constexpr std::uint32_t near_places = 1u << 12, far_places = 1u << 17;

constexpr std::uint64_t slot_of(std::uint64_t tag, std::uint64_t id, std::uint64_t place) {
  return tag << (64 - tag_bits) | (id & most_images) << place_bits | place;
}

// Bytes that the number of an image takes beyond those a reference has anyway.
std::uint32_t image_bytes(std::uint32_t back, bool far) {
  const int bits = std::bit_width(back) - (far ? 0 : 6);
  return bits <= 0 ? 0 : static_cast<std::uint32_t>(bits + 7) / 8;
}

LzType type_of(std::uint8_t format) {
  return format == format_16bit   ? LzType::rgb16
         : format == format_24bit ? LzType::rgb24
         : format == format_32bit ? LzType::rgb32
                                  : LzType::rgba;
}

// The rows of a bitmap in storage order without padding.
SharedBytes tight_rows(const Bitmap& bitmap) {
  const std::size_t row = std::size_t{bitmap.x} * bitmap_bits(bitmap.format) / 8;
  if (bitmap.stride == row) return bitmap.data.slice(0, row * bitmap.y);
  Bytes rows(row * bitmap.y);
  for (std::uint32_t y = 0; y < bitmap.y; ++y)
    std::memcpy(rows.data() + row * y, bitmap.data.data() + std::size_t{bitmap.stride} * y, row);
  return rows;
}

}  // namespace

// What lz_parse asks about one pass of the image that is being encoded.
template <class Unit>
class GlzDictionary::Search {
 public:
  Search(GlzDictionary& dictionary, const Image& image) : dictionary_(dictionary), image_(image) {}

  LzCandidate look_up(std::uint64_t hash, std::uint32_t position) {
    std::uint64_t& slot = dictionary_.table_[hash >> (64 - dictionary_.table_bits_)];
    const std::uint64_t seen = slot;
    slot = slot_of(tag(hash), dictionary_.next_id_, position);
    if ((seen ^ slot) >> (64 - tag_bits) != 0) return {};
    const auto place = static_cast<std::uint32_t>(seen & (most_capacity - 1));
    const auto back =
        static_cast<std::uint32_t>((dictionary_.next_id_ - (seen >> place_bits)) & most_images);
    if (back == 0) {
      if (place >= position) return {};
      return {0, at(image_, place), place, ~std::uint32_t{0}};
    }
    if (back > dictionary_.images_.size()) return {};
    const Image& other = dictionary_.images_[dictionary_.images_.size() - back];
    // Place 0 of another image is left alone, as the reference encoder does.
    if (other.type != image_.type || other.pixels.empty() || place == 0 || place >= other.units)
      return {};
    return {back, at(other, place), place - 1, other.units - place};
  }
  void remember(std::uint64_t hash, std::uint32_t position) {
    dictionary_.table_[hash >> (64 - dictionary_.table_bits_)] =
        slot_of(tag(hash), dictionary_.next_id_, position);
  }
  std::size_t cost(std::uint32_t position, const LzCandidate& candidate) const {
    const std::uint32_t place = place_of(position, candidate);
    return 3 + image_bytes(candidate.image, place >= near_places) + (place >= far_places ? 1 : 0);
  }
  std::byte* match(std::byte* out, std::uint32_t position, const LzCandidate& candidate,
                   std::uint32_t length) const {
    const std::uint32_t place = place_of(position, candidate);
    const bool far = place >= near_places, farther = place >= far_places;
    const std::uint32_t n = length - (Unit::shortest - 1), top = std::min(n, long_length);
    const std::uint32_t more = image_bytes(candidate.image, far);
    const auto put = [&out](std::uint32_t byte) { *out++ = static_cast<std::byte>(byte); };
    put(top << 5 | (far ? 16u : 0u) | (place & 15u));
    if (top == long_length) out = write_length(out, n - long_length);
    put(place >> 4);
    put(more << 6 | (far ? (farther ? 32u : 0u) | (place >> 12 & 31u) : candidate.image & 63u));
    std::uint32_t image = far ? candidate.image : candidate.image >> 6;
    for (std::uint32_t i = 0; i < more; ++i, image >>= 8) put(image);
    if (farther) put(place >> 17);
    return out;
  }

 private:
  std::uint64_t tag(std::uint64_t hash) const {
    return hash << dictionary_.table_bits_ >> (64 - tag_bits);
  }
  static const std::byte* at(const Image& image, std::uint32_t place) {
    return image.pixels.data() + std::size_t{place} * Unit::size;
  }
  // As the stream has it: units back less one in this image, else units from the other's first.
  static std::uint32_t place_of(std::uint32_t position, const LzCandidate& candidate) {
    return candidate.image == 0 ? position - candidate.before - 1 : candidate.before + 1;
  }

  GlzDictionary& dictionary_;
  const Image& image_;
};

GlzDictionary::GlzDictionary(std::uint64_t capacity_pixels, std::uint64_t next_id)
    : capacity_(capacity_pixels), next_id_(next_id) {
  assert(capacity_ <= most_capacity);
  // A slot for 64 pixels: what comes often is found by any of its places, and the table stays in
  // the processor's cache, without which pictures that never match take twenty times as long.
  table_bits_ = std::clamp(static_cast<unsigned>(std::bit_width(capacity_ / 64)), 14u, 18u);
  table_.resize(std::size_t{1} << table_bits_);
}

bool GlzDictionary::takes(const Bitmap& bitmap) const {
  if (bitmap.format < format_16bit || bitmap.format > format_rgba || bitmap.x == 0 ||
      bitmap.y == 0 || bitmap.x > longest_image_side || bitmap.y > longest_image_side)
    return false;
  const std::uint64_t row = std::uint64_t{bitmap.x} * bitmap_bits(bitmap.format) / 8;
  return std::uint64_t{bitmap.x} * bitmap.y < capacity_ && bitmap.stride >= row &&
         bitmap.data.size() >= std::uint64_t{bitmap.stride} * bitmap.y;
}

SharedBytes GlzDictionary::encode(const Bitmap& bitmap) {
  assert(takes(bitmap));
  const std::uint32_t units = bitmap.x * bitmap.y;
  make_room(units);
  const Image image{static_cast<std::uint8_t>(type_of(bitmap.format)), units, tight_rows(bitmap)};

  PixelBuffer stream(glz_header_bytes + most_coded<ColourInput>(units) +
                     (bitmap.format == format_rgba ? most_coded<AlphaInput>(units) : 0));
  std::byte* out = stream.data();
  store_big_endian(out, lz_magic, 4);
  store_big_endian(out + 4, lz_version, 4);
  out[8] = static_cast<std::byte>(image.type | ((bitmap.flags & top_down) != 0 ? 16u : 0u));
  store_big_endian(out + 9, bitmap.x, 4);
  store_big_endian(out + 13, bitmap.y, 4);
  store_big_endian(out + 17, image.pixels.size() / bitmap.y, 4);
  store_big_endian(out + 21, next_id_, 8);
  store_big_endian(out + 29, images_.size(), 4);
  out += glz_header_bytes;

  const auto code = [&]<class Unit>(Unit) {
    Search<Unit> search(*this, image);
    out = lz_parse<Unit>(image.pixels.data(), units, search, out);
  };
  switch (bitmap.format) {
    case format_16bit:
      code(WordInput{});
      break;
    case format_24bit:
      code(TripleInput{});
      break;
    case format_32bit:
      code(ColourInput{});
      break;
    default:
      code(ColourInput{});
      code(AlphaInput{});
  }
  images_.push_back(image);
  pixels_ += units;
  ++next_id_;
  return std::move(stream).take(static_cast<std::size_t>(out - stream.data()));
}

void GlzDictionary::withdraw(std::uint64_t id) {
  if (id >= head() && id < next_id_) images_[static_cast<std::size_t>(id - head())].pixels = {};
}

void GlzDictionary::make_room(std::uint64_t units) {
  while (!images_.empty() && (pixels_ + units > capacity_ || images_.size() >= most_images)) {
    pixels_ -= images_.front().units;
    images_.pop_front();
  }
}

}  // namespace spicebench::image
