// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// The link stage (protocol.md §1): what passes before the first message.
namespace spicebench::wire::link {

constexpr std::uint32_t magic = 0x51444552;  // "REDQ"
constexpr std::uint32_t major_version = 2, minor_version = 2;
constexpr std::size_t header_bytes = 16, ticket_bytes = 128, public_key_bytes = 162;

struct LinkHeader {
  std::uint32_t magic = link::magic, major_version = link::major_version,
                minor_version = link::minor_version, size = 0;
  bool operator==(const LinkHeader&) const = default;
};
// Client to server. The counts of capability words and their offset are derived on encoding.
struct LinkMess {
  std::uint32_t connection_id = 0;
  std::uint8_t channel_type = 0, channel_id = 0;
  std::vector<std::uint32_t> common_caps, channel_caps;  // words
  bool operator==(const LinkMess&) const = default;
};
// Server to client.
struct LinkReply {
  std::uint32_t error = 0;                               // LinkError
  std::array<std::uint8_t, public_key_bytes> pub_key{};  // SubjectPublicKeyInfo DER
  std::vector<std::uint32_t> common_caps, channel_caps;
  bool operator==(const LinkReply&) const = default;
};

// The whole unit as it is sent: LinkHeader, the structure, its capability words.
Bytes unit_of(const LinkMess& mess);
Bytes unit_of(const LinkReply& reply);

// Capability numbers (protocol.md §7).
enum class CommonCap : std::uint32_t {
  auth_selection = 0,
  auth_spice = 1,
  auth_sasl = 2,
  mini_header = 3
};
// Mechanism words are capability numbers.
constexpr std::uint32_t auth_spice = static_cast<std::uint32_t>(CommonCap::auth_spice),
                        auth_sasl = static_cast<std::uint32_t>(CommonCap::auth_sasl);
enum class MainCap : std::uint32_t {
  semi_seamless_migrate = 0,
  name_and_uuid = 1,
  agent_connected_tokens = 2,
  seamless_migrate = 3,
};
enum class DisplayCap : std::uint32_t {
  sized_stream = 0,
  monitors_config = 1,
  composite = 2,
  a8_surface = 3,
  stream_report = 4,
  lz4_compression = 5,
  pref_compression = 6,
  gl_scanout = 7,
  multi_codec = 8,
  codec_mjpeg = 9,
  codec_vp8 = 10,
  codec_h264 = 11,
  pref_video_codec_type = 12,
  codec_vp9 = 13,
  codec_h265 = 14,
};
enum class InputsCap : std::uint32_t { key_scancode = 0 };

// Bit n of a capability array; missing words read as 0.
inline bool has_cap(const std::vector<std::uint32_t>& words, std::uint32_t n) {
  return n / 32 < words.size() && (words[n / 32] >> (n % 32) & 1) != 0;
}
template <class Cap>
bool has_cap(const std::vector<std::uint32_t>& words, Cap cap) {
  return has_cap(words, static_cast<std::uint32_t>(cap));
}
template <class Cap>
void set_cap(std::vector<std::uint32_t>& words, Cap cap) {
  const auto n = static_cast<std::uint32_t>(cap);
  if (n / 32 >= words.size()) words.resize(n / 32 + 1);
  words[n / 32] |= 1u << (n % 32);
}

}  // namespace spicebench::wire::link
