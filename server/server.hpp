// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>

#include "core/base/random.hpp"
#include "core/base/result.hpp"
#include "core/draw/region.hpp"
#include "core/wire/ids.hpp"
#include "core/world/peer.hpp"
#include "server/server_counters.hpp"
#include "server/server_options.hpp"

namespace spicebench::server {

// Something that a client or the device did and should not have done.
struct Finding {
  LinkId connection = 0;                                  // as the server knows the link
  wire::ChannelType channel = wire::ChannelType::common;  // common: still in the link stage
  std::uint8_t channel_id = 0;
  std::uint64_t message = 0;  // serial of the sender's message, from 1; 0: not about a message
  bool fatal = false;         // the connection was ended for it
  Error error;                // offset counts bytes of the message body
  std::string peer;           // the client's host; empty: not known
};

// A SPICE server as one peer. It accepts stream links at "spice", "spice+tls" and "spice+unix"
// (session/link_origin.hpp), one for each channel of a client; one value link at "device", from
// which it pulls drawing and cursor commands (wire::device), and one at "admin" (wire::admin). It
// serves as many clients (sessions) as it may, by default one: one more ends the oldest session.
// One display and one cursor channel (id 0), main and inputs.
//
// Output depends on the order of inputs alone: however the streams are split and however write
// credit comes, the same requests give the same bytes.
class Server final : public Peer {
 public:
  // Precondition: options came from server_options_from_json or keep its rules.
  Server(ServerOptions options, Random random);
  ~Server() override;

  Outputs start(Instant now) override;
  Outputs handle(const Input& input, Instant now) override;

  const ServerOptions& options() const;
  ServerCounters counters() const;
  // Oldest first; at most most_kept_errors are kept.
  std::span<const Finding> errors() const;
  // Whether a main channel is up.
  bool has_client() const;
  // Whether a client's display channel is up.
  bool has_display_client() const;
  // The pixels of a surface, as rendered so far; nothing: there is none.
  std::optional<image::PixelView> surface(std::uint32_t surface_id) const;
  // What some client, once it has received all that waits for it, shows of a surface with less than
  // full quality: film and what JPEG has coded.
  draw::Region inexact(std::uint32_t surface_id) const;
  // Whether some of it is film, which becomes exact by itself when it is over.
  bool shows_film() const;
  // The state of every connection and channel, of the caches and pipes, and of what all clients
  // share, for people and tools.
  nlohmann::json describe() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace spicebench::server
