// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/capture_file.hpp"

#include <fmt/format.h>
#include <zlib.h>
#include <zstd.h>

#include <fstream>
#include <memory>
#include <system_error>

namespace spicebench::recorder {

namespace {

constexpr std::size_t step_bytes = 1u << 20;  // of output, at a time

Error too_large(std::uint64_t most) {
  return {ErrorCode::out_of_range, 0, {}, fmt::format("more than {} bytes when unpacked", most)};
}

bool starts_with(BytesView bytes, std::initializer_list<unsigned> magic) {
  if (bytes.size() < magic.size()) return false;
  std::size_t at = 0;
  for (const unsigned byte : magic)
    if (std::to_integer<unsigned>(bytes[at++]) != byte) return false;
  return true;
}

// Room for the next step of output behind what `out` holds, but never beyond `most` + 1 bytes.
std::size_t make_room(Bytes& out, std::size_t used, std::uint64_t most) {
  const std::uint64_t allowed = most + 1 - used;
  const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(step_bytes, allowed));
  out.resize(used + room);
  return room;
}

Result<Bytes> unzstd(BytesView packed, std::uint64_t most) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                     &ZSTD_freeDCtx);
  ZSTD_inBuffer in{packed.data(), packed.size(), 0};
  Bytes out;
  std::size_t used = 0;
  std::size_t wanted = 1;  // 0: at the end of a frame
  while (in.pos < in.size || wanted != 0) {
    ZSTD_outBuffer to{nullptr, make_room(out, used, most), 0};
    to.dst = out.data() + used;
    const std::size_t before = in.pos;
    wanted = ZSTD_decompressStream(context.get(), &to, &in);
    if (ZSTD_isError(wanted))
      return fail(ErrorCode::malformed,
                  fmt::format("damaged zstd data: {}", ZSTD_getErrorName(wanted)), in.pos);
    used += to.pos;
    if (used > most) return std::unexpected(too_large(most));
    if (wanted != 0 && to.pos == 0 && in.pos == before)
      return fail(ErrorCode::malformed, "the zstd data is cut off", in.pos);
  }
  out.resize(used);
  return out;
}

Result<Bytes> gunzip(BytesView packed, std::uint64_t most) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return fail(ErrorCode::internal, "zlib");
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> end(&stream, &inflateEnd);
  Bytes out;
  std::size_t used = 0;
  std::size_t taken = 0;
  while (true) {
    const std::size_t room = make_room(out, used, most);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data() + taken));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size() - taken, 1u << 30));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = static_cast<uInt>(room);
    const uInt had = stream.avail_in;
    const int outcome = inflate(&stream, Z_NO_FLUSH);
    taken += had - stream.avail_in;
    used += room - stream.avail_out;
    if (used > most) return std::unexpected(too_large(most));
    if (outcome == Z_STREAM_END) {
      if (taken == packed.size()) break;
      inflateReset(&stream);  // gzip files may be put one behind the other
    } else if (outcome == Z_BUF_ERROR && taken == packed.size()) {
      return fail(ErrorCode::malformed, "the gzip data is cut off", taken);
    } else if (outcome != Z_OK) {
      return fail(ErrorCode::malformed,
                  fmt::format("damaged gzip data: {}", stream.msg ? stream.msg : "no more input"),
                  taken);
    }
  }
  out.resize(used);
  return out;
}

Result<Bytes> read_file(const std::filesystem::path& path, std::uint64_t most) {
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) return fail(ErrorCode::not_found, "no such file");
  const auto size = std::filesystem::file_size(path, failed);
  if (failed) return fail(ErrorCode::io, fmt::format("cannot read: {}", failed.message()));
  if (size > most)
    return fail(ErrorCode::out_of_range, fmt::format("{} bytes, at most {}", size, most));
  Bytes bytes(size);
  std::ifstream in(path, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size)))
    return fail(ErrorCode::io, "cannot read");
  return bytes;
}

}  // namespace

Result<Bytes> read_capture_file(const std::filesystem::path& path, std::uint64_t most) {
  Bytes bytes = TRY(read_file(path, most));
  if (starts_with(bytes, {0x28, 0xb5, 0x2f, 0xfd})) return unzstd(bytes, most);
  if (starts_with(bytes, {0x1f, 0x8b})) return gunzip(bytes, most);
  return bytes;
}

}  // namespace spicebench::recorder
