// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdio>
#include <memory>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

struct pcap;  // libpcap's reader

namespace spicebench::recorder {

// One packet of a capture.
struct Packet {
  std::int64_t at_ns = 0;    // since 1970
  BytesView bytes;           // valid until the next one is read
  std::size_t original = 0;  // bytes on the wire; more than bytes.size(): cut by a snap length
};

// The packets of a pcap or pcapng file in memory, in the order of the file.
class PacketReader {
 public:
  // `capture` must outlive the reader. Error: malformed, not a capture.
  static Result<PacketReader> open(BytesView capture);
  // Nothing: the end. Error: malformed (damaged, or the file ends inside a packet); its offset is
  // where the packet begins.
  Result<std::optional<Packet>> next();
  int link_type() const;           // DLT_…
  std::uint64_t position() const;  // bytes read so far

 private:
  PacketReader() = default;
  struct Close {
    void operator()(pcap* reader) const;
  };
  std::unique_ptr<pcap, Close> reader_;
  std::FILE* file_ = nullptr;  // reader_ owns it
  std::uint64_t number_ = 0;
};

}  // namespace spicebench::recorder
