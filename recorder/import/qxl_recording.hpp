// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/base/hash.hpp"
#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"
#include "core/wire/guest_action.hpp"

namespace spicebench::recorder {

// What spice-server's own recorder (SPICE_WORKER_RECORD_FILENAME) kept of a guest: the commands
// that its QXL device took from the rings, surfaces made and destroyed by port, each with its time.
// Source: server-abi.md §13. What it does not record: requests without a lasting effect are there
// by number only and are left out, as are update and message commands.
struct QxlRecording {
  std::vector<wire::device::GuestAction> actions;  // in the order in which the device took them
  // Commands that no value can hold: the path names the event and the field.
  std::vector<Error> refused;
  // Where the first event lies that the file has not all of; a recorder that was killed leaves such
  // files.
  std::optional<std::uint64_t> cut_off;
  Hash128 digest;  // of the file, unpacked
};
constexpr std::uint64_t most_recording_bytes = std::uint64_t{2} << 30;  // unpacked

//   file    the recording, unpacked; its pixels are kept alive by the result
//   errors  malformed, out_of_range (what the recorder cannot have written): the offset is in
//           `file`, the path names the event and the field
Result<QxlRecording> read_qxl_recording(SharedBytes file);
// The same from a file: plain, or compressed by gzip or zstd. Errors: those of read_capture_file
// too.
Result<QxlRecording> load_qxl_recording(const std::filesystem::path& path);

}  // namespace spicebench::recorder
