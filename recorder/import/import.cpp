// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>

#include "recorder/import/capture_file.hpp"
#include "recorder/import/packets.hpp"
#include "recorder/import/segments.hpp"
#include "recorder/import/spice_streams.hpp"
#include "recorder/import/tcp_streams.hpp"
#include "recorder/store/writer.hpp"

namespace spicebench::recorder {

namespace {

constexpr std::uint64_t packets_per_progress = 512;

// The packets of a capture, all the way into the recording.
Result<void> read_packets(BytesView capture, SpiceStreams& streams, const ImportOptions& options) {
  PacketReader packets = TRY(PacketReader::open(capture));
  CHECKED(check_link_type(packets.link_type()));
  TcpStreams tcp(streams);
  std::optional<std::int64_t> first_ns;
  Instant now{};
  std::uint64_t count = 0, cut = 0, damaged = 0;
  while (const auto packet = TRY(packets.next())) {
    if (!first_ns) first_ns = packet->at_ns;
    now = std::max(now, instant(packet->at_ns - *first_ns));  // captures can step back a little
    if (packet->original > packet->bytes.size()) ++cut;
    auto segment = segment_in(packets.link_type(), packet->bytes);
    if (!segment)
      ++damaged;
    else if (*segment)
      tcp.handle(std::move(**segment), now);
    if (options.progress && ++count % packets_per_progress == 0)
      options.progress(packets.position(), capture.size());
  }
  if (!first_ns) return fail(ErrorCode::malformed, "a capture without packets", capture.size());
  if (cut != 0) streams.note(fmt::format("{} packets are not captured to their end", cut), now);
  if (damaged != 0) streams.note(fmt::format("{} packets could not be parsed", damaged), now);
  tcp.finish();
  streams.finish(now);
  if (options.progress) options.progress(capture.size(), capture.size());
  return {};
}

Result<ImportReport> import_bytes(BytesView capture, Writer& writer,
                                  const std::optional<TlsKeyLog>& keys,
                                  const ImportOptions& options) {
  SpiceStreams streams(writer, keys ? &*keys : nullptr);
  CHECKED(read_packets(capture, streams, options));
  ImportReport report{streams.connections(), writer.message_count(), streams.notices()};
  if (report.connections == 0)
    return fail(ErrorCode::not_found, report.notices.empty()
                                          ? std::string("no SPICE connection in this capture")
                                          : fmt::format("no SPICE connection that can be read; {}",
                                                        fmt::join(report.notices, "; ")));
  return report;
}

// Nothing: none was named and none lies beside the capture.
Result<std::optional<TlsKeyLog>> key_log_of(const std::filesystem::path& capture,
                                            const ImportOptions& options) {
  if (!options.key_log.empty()) return TRY(TlsKeyLog::read(options.key_log));
  const auto beside = capture.parent_path() / "tls-keys.log";
  std::error_code failed;
  if (!std::filesystem::exists(beside, failed)) return std::nullopt;
  return TRY(TlsKeyLog::read(beside));
}

}  // namespace

Result<ImportReport> import_capture(const std::filesystem::path& capture,
                                    const std::filesystem::path& recording,
                                    const ImportOptions& options) {
  const auto in_capture = [&](Error error) {
    return std::unexpected(std::move(error).within(capture.string()));
  };
  const auto bytes = read_capture_file(capture, options.max_capture_bytes);
  if (!bytes) return in_capture(bytes.error());
  const auto keys = TRY(key_log_of(capture, options));
  Writer writer = TRY(Writer::create(recording, Writer::Placement::on_finish));
  writer.set_meta(meta::producer, "spicebench import");
  writer.set_meta(meta::source, capture.filename().string());
  writer.add_peer(0, "client");
  writer.add_peer(1, "server");
  auto report = import_bytes(*bytes, writer, keys, options);
  if (!report) return in_capture(std::move(report.error()));
  CHECKED(writer.finish());
  return report;
}

}  // namespace spicebench::recorder
