// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/display_types.hpp"

// What a channel's server hands to the server that it migrates to, by way of the client
// (protocol.md §8.6): the bodies of migrate_data on these channels, in both directions. Clients
// that only pass it on use common::MigrateData and common::ClientMigrateData, whose bodies are
// bytes.
namespace spicebench::wire::migration {

// The state of a character device; all 0 if none was attached.
struct CharDevice {
  std::uint32_t version = 1;
  std::uint8_t connected = 0;
  std::uint32_t num_client_tokens = 0;        // credit that the client still has
  std::uint32_t num_send_tokens = 0;          // of the server towards the client
  SharedBytes write_data;                     // pointer; what is still to be written to the device
  std::uint32_t write_num_client_tokens = 0;  // to be given back for write_data
  bool operator==(const CharDevice&) const = default;
};

// What becomes of the agent message at hand.
enum class AgentFilter : std::uint8_t { ok = 0, discard = 1, wrong = 2, monitors_config = 3 };
struct ChunkHeader {
  std::uint32_t port = 0, size = 0;  // size: what is left of the chunk, once the header is whole
  bool operator==(const ChunkHeader&) const = default;
};
struct FromAgent {
  std::uint32_t chunk_header_size = 0;  // bytes of chunk_header that were read, at most 8
  ChunkHeader chunk_header;
  std::uint8_t msg_header_done = 0;  // 1: an agent message's header has been passed on
  SharedBytes msg_header;            // pointer; the beginning of an incomplete one
  std::uint32_t msg_remaining = 0;   // bytes
  std::uint8_t msg_filter_result = 0;
  bool operator==(const FromAgent&) const = default;
};
struct ToAgent {
  std::uint32_t msg_remaining = 0;  // bytes
  std::uint8_t msg_filter_result = 0;
  bool operator==(const ToAgent&) const = default;
};
struct Main {
  static constexpr std::uint32_t own_magic = 0x444d4e4d;  // "MNMD"
  std::uint32_t magic = own_magic, version = 1;
  CharDevice agent;
  std::uint8_t client_agent_started = 0;
  FromAgent from_agent;
  ToAgent to_agent;
  bool operator==(const Main&) const = default;
};

// A surface with the area that was drawn from lossy images; unlike a Rect, left comes first.
struct LossySurface {
  std::uint32_t id = 0;
  std::int32_t left = 0, top = 0, right = 0, bottom = 0;
  bool operator==(const LossySurface&) const = default;
};
// The surfaces that the client has, in the form that Context::lossy_images says.
struct Surfaces {
  std::vector<std::uint32_t> ids;
  std::vector<LossySurface> lossy;
  bool operator==(const Surfaces&) const = default;
};
struct Display {
  static constexpr std::uint32_t own_magic = 0x444d4344;  // "DCMD"
  std::uint32_t magic = own_magic, version = 1;
  std::uint64_t message_serial = 0;  // of this message
  std::uint8_t low_bandwidth_setting = 0, pixmap_cache_id = 0;
  std::int64_t pixmap_cache_size = 0;                   // pixels
  std::uint8_t pixmap_cache_freezer = 0;                // 1: this channel unfreezes the cache
  std::array<std::uint64_t, 4> pixmap_cache_clients{};  // per display: last serial that used it
  std::uint8_t glz_dict_id = 0;
  std::int32_t glz_dict_size = 0;  // pixels
  std::uint32_t glz_max_encoders = 1;
  std::uint64_t glz_last_image_id = 0;  // of the next image
  std::optional<Surfaces> surfaces;     // pointer
  bool operator==(const Display&) const = default;
};

struct Inputs {
  static constexpr std::uint32_t own_magic = 0x444d4349;  // "ICMD"
  std::uint32_t magic = own_magic, version = 1;
  std::uint16_t motion_count = 0;  // not acknowledged yet
  bool operator==(const Inputs&) const = default;
};

struct Smartcard {
  static constexpr std::uint32_t own_magic = 0x444d4353;  // "SCMD"
  std::uint32_t magic = own_magic, version = 1;
  CharDevice device;
  std::uint8_t reader_added = 0;
  SharedBytes read_data;  // pointer; the beginning of an incomplete message of the device
  bool operator==(const Smartcard&) const = default;
};

// usbredir, port and webdav
struct Spicevmc {
  static constexpr std::uint32_t own_magic = 0x444d5653;  // "SVMD"
  std::uint32_t magic = own_magic, version = 1;
  CharDevice device;
  bool operator==(const Spicevmc&) const = default;
};

}  // namespace spicebench::wire::migration
