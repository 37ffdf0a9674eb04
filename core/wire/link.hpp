// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// The link stage (protocol.md §1): what passes before the first message. Each piece is a row of the
// catalogue under ChannelType::link, with numbers of our own.
namespace spicebench::wire::link {

constexpr std::uint32_t magic = 0x51444552;  // "REDQ"
constexpr std::uint32_t major_version = 2, minor_version = 2;
constexpr std::size_t header_bytes = 16, ticket_bytes = 128, public_key_bytes = 162;
constexpr std::uint32_t most_mechlist_bytes = 300, most_mechname_bytes = 100,
                        most_sasl_bytes = 1 << 20;

// Either way; what it may announce differs (link_size_limits of frame_limits.hpp).
struct LinkHeader {
  std::uint32_t magic = link::magic, major_version = link::major_version,
                minor_version = link::minor_version, size = 0;
  bool operator==(const LinkHeader&) const = default;
};
constexpr MessageKey link_header(Side sender) {
  return {ChannelType::link, sender, 1};
}
// Client to server. The counts of capability words and their offset are derived on encoding.
struct LinkMess {
  static constexpr MessageKey message{ChannelType::link, Side::client, 2};
  std::uint32_t connection_id = 0;
  std::uint8_t channel_type = 0, channel_id = 0;
  std::vector<std::uint32_t> common_caps, channel_caps;  // words
  bool operator==(const LinkMess&) const = default;
};
// Server to client.
struct LinkReply {
  static constexpr MessageKey message{ChannelType::link, Side::server, 2};
  std::uint32_t error = 0;                               // LinkError
  std::array<std::uint8_t, public_key_bytes> pub_key{};  // SubjectPublicKeyInfo DER
  std::vector<std::uint32_t> common_caps, channel_caps;
  bool operator==(const LinkReply&) const = default;
};

struct AuthMechanism {
  static constexpr MessageKey message{ChannelType::link, Side::client, 3};
  std::uint32_t mechanism = 0;  // auth_spice or auth_sasl
  bool operator==(const AuthMechanism&) const = default;
};
struct Ticket {
  static constexpr MessageKey message{ChannelType::link, Side::client, 4};
  SharedBytes ciphertext;  // ticket_bytes: RSA-OAEP of the password and a NUL
  bool operator==(const Ticket&) const = default;
};
struct LinkResult {
  static constexpr MessageKey message{ChannelType::link, Side::server, 3};
  std::uint32_t result = 0;  // LinkError
  bool operator==(const LinkResult&) const = default;
};

// The SASL exchange, in its order.
struct SaslMechlist {
  static constexpr MessageKey message{ChannelType::link, Side::server, 4};
  SharedBytes mechlist;  // u32 length, at most 300: ",SCRAM-SHA-256,DIGEST-MD5,"
  bool operator==(const SaslMechlist&) const = default;
};
struct SaslMechname {
  static constexpr MessageKey message{ChannelType::link, Side::client, 5};
  SharedBytes mechname;  // u32 length, 1 … 100
  bool operator==(const SaslMechname&) const = default;
};
// The mechanism's own data, which end in a NUL that is none of theirs, or nothing at all: the
// client's first data and its steps; the server's answer to each.
struct SaslStep {
  static constexpr MessageKey message{ChannelType::link, Side::client, 6};
  SharedBytes data;  // u32 length, at most 1 MiB
  bool operator==(const SaslStep&) const = default;
};
struct SaslAnswer {
  static constexpr MessageKey message{ChannelType::link, Side::server, 5};
  SharedBytes data;           // u32 length, at most 1 MiB
  std::uint8_t complete = 0;  // 1: the server is satisfied
  bool operator==(const SaslAnswer&) const = default;
};
struct SaslResult {
  static constexpr MessageKey message{ChannelType::link, Side::server, 6};
  std::uint32_t result = 0;  // 0: accepted; a link result follows
  bool operator==(const SaslResult&) const = default;
};
struct SaslRefusal {  // after a result that is not 0
  static constexpr MessageKey message{ChannelType::link, Side::server, 7};
  SharedBytes text;  // u32 length
  bool operator==(const SaslRefusal&) const = default;
};

// Not of the link stage: a byte outside of any message that carries the file descriptor of a
// gl_scanout_unix, behind it (§4.3.1).
struct Descriptor {
  static constexpr MessageKey message{ChannelType::link, Side::server, 8};
  static constexpr std::uint8_t own_mark = 0x40;  // "@"
  std::uint8_t mark = own_mark;
  bool operator==(const Descriptor&) const = default;
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
enum class PlaybackCap : std::uint32_t { celt_0_5_1 = 0, volume = 1, latency = 2, opus = 3 };
enum class RecordCap : std::uint32_t { celt_0_5_1 = 0, volume = 1, opus = 2 };
enum class SpicevmcCap : std::uint32_t { data_compress_lz4 = 0 };  // usbredir, port, webdav

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
