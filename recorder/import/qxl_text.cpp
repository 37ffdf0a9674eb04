// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/qxl_text.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace spicebench::recorder {

using namespace wire::display;

namespace {

constexpr std::size_t longest_line = 256;
constexpr std::uint64_t best_deflate_ratio = 1032;

// Takes a decimal number, which may be negative, off the front of `text`.
std::optional<std::int64_t> take_number(std::string_view& text, bool wide) {
  const bool negative = text.starts_with('-');
  const char* first = text.data() + (negative ? 1 : 0);
  std::uint64_t magnitude = 0;
  const auto [end, failed] = std::from_chars(first, text.data() + text.size(), magnitude);
  if (failed != std::errc{}) return std::nullopt;
  const std::uint64_t lowest = std::uint64_t{1} << (wide ? 63 : 31);
  const std::uint64_t most = negative ? lowest : wide ? UINT64_MAX : UINT32_MAX;
  if (magnitude > most) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

// The text as it can be shown: it may be anything.
std::string shown(std::string_view text) {
  constexpr std::size_t most = 40;
  std::string out(text.substr(0, most));
  std::ranges::replace_if(
      out, [](char c) { return c < ' ' || c > '~'; }, '?');
  return fmt::format("\"{}{}\"", out, text.size() > most ? "…" : "");
}

std::int32_t narrow(std::int64_t value) {
  return static_cast<std::int32_t>(value);
}

}  // namespace

Error QxlText::wrong(std::string_view name, std::string_view line) const {
  return {ErrorCode::malformed, line_at_, std::string(name), "found " + shown(line)};
}
Error QxlText::no_room(std::string_view name, std::int64_t value) const {
  return {ErrorCode::out_of_range, line_at_, std::string(name), fmt::format("{}", value)};
}

bool QxlText::next_starts_with(std::string_view word) const {
  return as_text(file_.view().subspan(at_)).starts_with(word);
}

Result<std::string_view> QxlText::line() {
  line_at_ = at_;
  const auto rest = as_text(file_.view().subspan(at_));
  const std::size_t end = rest.substr(0, longest_line).find('\n');
  if (end == std::string_view::npos) {
    if (rest.size() < longest_line)
      return fail(ErrorCode::truncated, "the file ends within a line", at_);
    return fail(ErrorCode::malformed, fmt::format("a line of more than {} bytes", longest_line),
                at_);
  }
  at_ += end + 1;
  return rest.substr(0, end);
}

Result<void> QxlText::word(std::string_view word) {
  const auto found = TRY(line());
  if (found != word) return std::unexpected(wrong(word, found));
  return {};
}

Result<void> QxlText::numbers(std::string_view name, std::span<std::int64_t> values, bool wide) {
  const auto found = TRY(line());
  auto rest = found;
  if (!name.empty()) {
    if (!rest.starts_with(name)) return std::unexpected(wrong(name, found));
    rest.remove_prefix(name.size());
  }
  bool first = name.empty();
  for (std::int64_t& value : values) {
    if (!std::exchange(first, false)) {
      if (!rest.starts_with(' ')) return std::unexpected(wrong(name, found));
      rest.remove_prefix(1);
    }
    const auto number = take_number(rest, wide);
    if (!number) return std::unexpected(wrong(name, found));
    value = *number;
  }
  if (!rest.empty()) return std::unexpected(wrong(name, found));
  return {};
}

Result<Rect> QxlText::rect(std::string_view name) {
  std::int64_t edges[4];
  CHECKED(numbers(fmt::format("rect {}", name), edges));
  return Rect{narrow(edges[0]), narrow(edges[1]), narrow(edges[2]), narrow(edges[3])};
}
Result<Point> QxlText::point() {
  std::int64_t place[2];
  CHECKED(numbers("point", place));
  return Point{narrow(place[0]), narrow(place[1])};
}
Result<Point16> QxlText::point16(std::string_view name) {
  std::int64_t place[2];
  CHECKED(numbers(name, place));
  for (const std::int64_t part : place)
    if (!std::in_range<std::int16_t>(part)) return std::unexpected(no_room(name, part));
  return Point16{static_cast<std::int16_t>(place[0]), static_cast<std::int16_t>(place[1])};
}

// Runs of bytes

Result<std::uint64_t> QxlText::size_until(char end, std::string_view name) {
  auto rest = as_text(file_.view().subspan(at_, std::min(file_.size() - at_, longest_line)));
  const std::size_t before = rest.size();
  const auto size = take_number(rest, false);
  if (rest.empty()) return fail(ErrorCode::truncated, "the file ends within a size", at_);
  if (!size || *size < 0 || rest.front() != end)
    return fail(ErrorCode::malformed, "no size of a run of bytes", at_, std::string(name));
  at_ += before - rest.size() + 1;
  return static_cast<std::uint64_t>(*size);
}

Result<SharedBytes> QxlText::raw(std::uint64_t size, std::string_view name) {
  if (size >= file_.size() - at_)
    return fail(ErrorCode::truncated, fmt::format("the file ends within {} bytes", size), at_,
                std::string(name));
  const auto bytes = file_.slice(at_, size);
  at_ += size;
  if (file_[at_] != std::byte{'\n'})
    return fail(ErrorCode::malformed, fmt::format("no end of line behind {} bytes", size), at_,
                std::string(name));
  ++at_;
  return bytes;
}

Result<SharedBytes> QxlText::unpacked(BytesView packed, std::uint64_t size, std::string_view name) {
  const auto damaged = [&](std::string detail) {
    return fail(ErrorCode::malformed, std::move(detail), line_at_, std::string(name));
  };
  if (size > unpacked_left_)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} bytes to unpack, {} left to the file", size, unpacked_left_),
                line_at_, std::string(name));
  if (size > packed.size() * best_deflate_ratio)
    return damaged(fmt::format("{} bytes cannot unpack to {}", packed.size(), size));
  unpacked_left_ -= size;
  Bytes out(size);
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) return fail(ErrorCode::internal, "zlib");
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> end(&stream, &inflateEnd);
  // A run has fewer than 2^32 bytes.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (inflate(&stream, Z_FINISH) != Z_STREAM_END || stream.avail_out != 0)
    return damaged(fmt::format("damaged zlib data, {} bytes announced", size));
  return SharedBytes(std::move(out));
}

Result<SharedBytes> QxlText::binary(std::string_view name) {
  line_at_ = at_;
  const bool packed = next_starts_with("binary 1");
  const std::string start = fmt::format("binary {} {} ", packed ? 1 : 0, name);
  if (!next_starts_with(start)) {
    const auto found = TRY(line());
    return std::unexpected(wrong(fmt::format("binary {}", name), found));
  }
  at_ += start.size();
  const std::uint64_t size = TRY(size_until(':', name));
  if (!packed) return raw(size, name);
  const std::uint64_t packed_size = TRY(size_until(':', name));
  return unpacked(TRY(raw(packed_size, name)), size, name);
}

Result<SharedBytes> QxlText::chunks(std::string_view name) {
  std::int64_t counts[2];
  CHECKED(numbers("data_chunks", counts));
  const std::uint64_t at = line_at_;
  const auto total = static_cast<std::uint64_t>(counts[1]);
  SharedBytes first = TRY(binary(name));
  std::uint64_t seen = first.size();
  Bytes joined;
  for (std::int64_t more = counts[0]; more > 0; --more) {
    if (joined.empty()) append(joined, first);
    const auto next = TRY(binary(name));
    append(joined, next);
    seen += next.size();
  }
  if (seen != total)
    return fail(ErrorCode::malformed, fmt::format("{} bytes in chunks, {} announced", seen, total),
                at, std::string(name));
  return counts[0] > 0 ? SharedBytes(std::move(joined)) : first;
}

}  // namespace spicebench::recorder
