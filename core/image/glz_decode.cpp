// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/image/glz.hpp"
#include "core/image/lz_format.hpp"
#include "core/image/lz_output.hpp"
#include "core/image/pixel_buffer.hpp"

namespace spicebench::image {
namespace {

using namespace wire::display;

struct Header {
  LzType type = LzType::rgb32;
  bool top_down = true;
  std::uint64_t id = 0;
  std::uint32_t head_distance = 0;
};

Result<Header> read_header(BytesView data, std::uint32_t width, std::uint32_t height) {
  CHECKED(check_image_size(width, height));
  if (data.size() < glz_header_bytes)
    return fail(ErrorCode::truncated,
                fmt::format("{} bytes, a GLZ header has {}", data.size(), glz_header_bytes),
                data.size(), "header");
  const auto number = [&](std::size_t at, std::size_t bytes) {
    return load_big_endian(data.data() + at, bytes);
  };
  if (number(0, 4) != lz_magic)
    return fail(ErrorCode::malformed, fmt::format("magic {:#010x}", number(0, 4)), 0, "magic");
  if (number(4, 4) != lz_version)
    return fail(ErrorCode::malformed,
                fmt::format("version {:#x}, known {:#x}", number(4, 4), lz_version), 4, "version");
  const auto type = static_cast<LzType>(number(8, 1) & 15u);
  if (type < LzType::rgb16 || type > LzType::rgba)
    return fail(ErrorCode::malformed,
                fmt::format("type byte {:#04x}, its low bits are 6 to 9", number(8, 1)), 8, "type");
  if (number(9, 4) != width || number(13, 4) != height)
    return fail(ErrorCode::out_of_range,
                fmt::format("stream of {} x {} in an image of {} x {}", number(9, 4), number(13, 4),
                            width, height),
                9, "width");
  const std::uint64_t stride = std::uint64_t{width} * (type == LzType::rgb16   ? 2
                                                       : type == LzType::rgb24 ? 3
                                                                               : 4);
  if (number(17, 4) != stride)
    return fail(ErrorCode::malformed,
                fmt::format("stride {}, {} pixels have {}", number(17, 4), width, stride), 17,
                "stride");
  return Header{type, number(8, 1) > 15, number(21, 8), static_cast<std::uint32_t>(number(29, 4))};
}

// The items of one image; its two passes, if it has two, go one behind the other.
class Decoder {
 public:
  Decoder(BytesView data, const Header& header, std::uint64_t units, std::byte* out,
          const GlzWindow& window)
      : data_(data), header_(header), units_(units), out_(out), window_(window) {}

  template <class Units>
  Result<void> decode_pass();

 private:
  struct Match {
    std::uint64_t length = 0;
    std::uint32_t place = 0;  // distance - 1, or position in the other image
    std::uint32_t image = 0;  // how many images before this one; 0: this one
  };
  Result<Match> read_match(std::uint64_t rest, std::uint32_t shortest);
  Result<const GlzWindow::Picture*> referenced(std::uint32_t back, std::size_t item);
  bool has(std::size_t bytes) const { return data_.size() - at_ >= bytes; }
  std::uint32_t next() { return std::to_integer<std::uint32_t>(data_[at_++]); }
  std::unexpected<Error> input_ends(std::uint64_t missing) const {
    return fail(ErrorCode::truncated, fmt::format("the stream ends {} units early", missing),
                data_.size(), "data");
  }

  BytesView data_;
  std::size_t at_ = glz_header_bytes;
  const Header& header_;
  std::uint64_t units_;
  std::byte* out_;
  const GlzWindow& window_;
  // The images that were referred to last, by the low bits of how far back they are.
  struct Known {
    std::uint32_t back = 0;
    const GlzWindow::Picture* picture = nullptr;
  };
  std::array<Known, 16> known_{};
};

Result<Decoder::Match> Decoder::read_match(std::uint64_t rest, std::uint32_t shortest) {
  const std::size_t item = at_;
  const std::uint32_t first = next();
  Match match{.length = first >> 5, .place = first & 15u};
  if (match.length == long_length) {
    std::uint32_t more = 255;
    while (more == 255 && match.length <= rest) {
      if (!has(1)) return input_ends(rest);
      more = next();
      match.length += more;
    }
  }
  match.length += shortest - 1;
  if (match.length > rest)
    return fail(ErrorCode::out_of_range,
                fmt::format("a match of {} units or more, {} are left", match.length, rest), item,
                "data");
  if (!has(2)) return input_ends(rest);
  match.place |= next() << 4;
  const std::uint32_t flags = next(), more_bytes = flags >> 6;
  const bool far = (first & 16u) != 0, farther = far && (flags & 32u) != 0;
  if (!has(more_bytes + (farther ? 1 : 0))) return input_ends(rest);
  unsigned shift = far ? 0 : 6;
  if (far)
    match.place |= (flags & 31u) << 12;
  else
    match.image = flags & 63u;
  for (std::uint32_t i = 0; i < more_bytes; ++i, shift += 8) match.image |= next() << shift;
  if (farther) match.place |= next() << 17;
  return match;
}

Result<const GlzWindow::Picture*> Decoder::referenced(std::uint32_t back, std::size_t item) {
  Known& known = known_[back % known_.size()];
  if (known.back == back) return known.picture;
  if (back > header_.id)
    return fail(ErrorCode::out_of_range,
                fmt::format("a reference {} images back from image {}", back, header_.id), item,
                "data");
  const std::uint64_t id = header_.id - back;
  const GlzWindow::Picture* picture = window_.find(id);
  if (!picture && !window_.may_still_come(id))
    return fail(ErrorCode::out_of_range, fmt::format("image {} has left the window", id), item,
                "data");
  if (!picture)
    return fail(ErrorCode::not_found, fmt::format("image {} is not there yet", id), item, "data");
  if (picture->type != static_cast<std::uint8_t>(header_.type))
    return fail(ErrorCode::out_of_range,
                fmt::format("a reference from type {} to image {} of type {}",
                            static_cast<int>(header_.type), id, picture->type),
                item, "data");
  known = {back, picture};
  return picture;
}

template <class Units>
Result<void> Decoder::decode_pass() {
  std::uint64_t done = 0;
  while (done < units_) {
    const std::uint64_t rest = units_ - done;
    if (!has(1)) return input_ends(rest);
    const std::size_t item = at_;
    std::byte* const to = out_ + done * Units::size;
    const auto first = std::to_integer<std::uint32_t>(data_[at_]);
    if (first < most_literals) {
      const std::size_t count = first + 1;
      if (count > rest)
        return fail(ErrorCode::out_of_range,
                    fmt::format("{} literals, {} units are left", count, rest), item, "data");
      ++at_;
      if (!has(count * Units::coded)) return input_ends(rest);
      Units::literals(to, data_.data() + at_, count);
      at_ += count * Units::coded;
      done += count;
      continue;
    }
    const Match match = TRY(read_match(rest, Units::shortest));
    if (match.image == 0) {
      const std::uint64_t distance = std::uint64_t{match.place} + 1;
      if (distance > done)
        return fail(ErrorCode::out_of_range,
                    fmt::format("a match {} units back, {} are there", distance, done), item,
                    "data");
      Units::match(to, distance, match.length);
    } else {
      const GlzWindow::Picture& picture = *TRY(referenced(match.image, item));
      if (match.place + match.length > picture.units)
        return fail(ErrorCode::out_of_range,
                    fmt::format("units {} to {} of an image of {}", match.place,
                                match.place + match.length, picture.units),
                    item, "data");
      const std::size_t from = std::size_t{match.place} * Units::size;
      Units::copy(to, picture.pixels.data() + from, match.length, picture.pixels.size() - from);
    }
    done += match.length;
  }
  return {};
}

}  // namespace

Result<Pixmap> decode_glz(BytesView data, std::uint32_t width, std::uint32_t height,
                          GlzWindow& window) {
  const Header header = TRY(read_header(data, width, height));
  const std::uint64_t units = std::uint64_t{width} * height;
  CHECKED(window.check_room(header.id, units));
  // Asked before anything is allocated: can the stream be long enough for its picture?
  if (units > most_units_per_byte * (data.size() - glz_header_bytes))
    return fail(ErrorCode::truncated,
                fmt::format("{} bytes cannot give {} units", data.size(), units), data.size(),
                "data");
  PixelBuffer pixels(units * 4);
  Decoder decoder(data, header, units, pixels.data(), window);
  if (header.type == LzType::rgb16)
    CHECKED(decoder.decode_pass<WidenedUnits>());
  else
    CHECKED(decoder.decode_pass<ColourUnits>());
  if (header.type == LzType::rgba) CHECKED(decoder.decode_pass<AlphaUnits>());

  SharedBytes coded_order = std::move(pixels).take();
  window.store(header.id, {.type = static_cast<std::uint8_t>(header.type),
                           .head_distance = header.head_distance,
                           .units = units,
                           .pixels = coded_order});
  return pixmap_of_rows(width, height,
                        header.type == LzType::rgba ? surface_32_argb : surface_32_xrgb,
                        std::move(coded_order), header.top_down);
}

}  // namespace spicebench::image
