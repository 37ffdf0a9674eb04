// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.hpp"

namespace spicebench::recorder {

struct ImportOptions {
  // Of the capture after decompression; a larger one is refused.
  std::uint64_t max_capture_bytes = std::uint64_t{2} << 30;
  // The secrets of TLS sessions (tls_key_log.hpp). Empty: the file `tls-keys.log` beside the
  // capture, if there is one.
  std::filesystem::path key_log;
  // Called now and then with bytes done and bytes in all, of the decompressed capture.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};
struct ImportReport {
  std::size_t connections = 0;  // SPICE connections recorded
  std::uint64_t messages = 0;
  std::vector<std::string> notices;  // what was ignored or found wrong; also in the recording
};

// Makes a recording of the SPICE connections in a packet capture: pcap or pcapng, plain or
// compressed by gzip or zstd. Times count from the first packet.
// TLS is looked into with the key log, WebSocket is unframed; what a SASL security layer encrypts
// is recorded as it passed. A connection that cannot be looked into is a notice.
//   errors  name the capture (or the key log) and the byte (of the decompressed capture unless the
//   text says
//           otherwise): io, malformed (no capture, damaged, cut off), out_of_range (too large),
//           not_found (no SPICE connection that can be read, no key log of this name); on any error
//           nothing is left of `recording`, and what was there before still is
Result<ImportReport> import_capture(const std::filesystem::path& capture,
                                    const std::filesystem::path& recording,
                                    const ImportOptions& options = {});

}  // namespace spicebench::recorder
