// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/packets.hpp"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <cerrno>
#include <cstring>

namespace spicebench::recorder {

void PacketReader::Close::operator()(pcap* reader) const {
  pcap_close(reader);
}

Result<PacketReader> PacketReader::open(BytesView capture) {
  if (capture.empty()) return fail(ErrorCode::malformed, "not a capture: empty");
  PacketReader packets;
  // Reading only: the buffer is not written to.
  packets.file_ = fmemopen(const_cast<std::byte*>(capture.data()), capture.size(), "rb");
  if (!packets.file_)
    return fail(ErrorCode::io, fmt::format("cannot read memory: {}", std::strerror(errno)));
  char why[PCAP_ERRBUF_SIZE] = {};
  packets.reader_.reset(
      pcap_fopen_offline_with_tstamp_precision(packets.file_, PCAP_TSTAMP_PRECISION_NANO, why));
  if (!packets.reader_) {
    const auto at = packets.position();
    std::fclose(packets.file_);
    return fail(ErrorCode::malformed, fmt::format("not a capture: {}", why), at);
  }
  return packets;
}

Result<std::optional<Packet>> PacketReader::next() {
  // A capture of 2^33 seconds would be past what 64 bits of nanoseconds hold.
  constexpr std::int64_t most_seconds = INT64_C(1) << 33;
  const std::uint64_t begin = position();
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  const int outcome = pcap_next_ex(reader_.get(), &header, &data);
  if (outcome == PCAP_ERROR_BREAK) return std::nullopt;
  ++number_;
  if (outcome != 1)
    return fail(ErrorCode::malformed,
                fmt::format("packet {}: {}", number_, pcap_geterr(reader_.get())), begin);
  if (header->ts.tv_sec < 0 || header->ts.tv_sec >= most_seconds)
    return fail(ErrorCode::malformed,
                fmt::format("packet {}: time of {} s", number_, header->ts.tv_sec), begin);
  return Packet{header->ts.tv_sec * INT64_C(1'000'000'000) + header->ts.tv_usec,
                {reinterpret_cast<const std::byte*>(data), header->caplen},
                header->len};
}

int PacketReader::link_type() const {
  return pcap_datalink(reader_.get());
}

std::uint64_t PacketReader::position() const {
  const long at = std::ftell(file_);
  return at > 0 ? static_cast<std::uint64_t>(at) : 0;
}

}  // namespace spicebench::recorder
