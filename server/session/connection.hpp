// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/wire/framer.hpp"
#include "server/channels/channel.hpp"
#include "server/session/link_stage.hpp"
#include "server/session/outbox.hpp"

namespace spicebench::server {

// One stream link: the link stage, then the messages of one channel. What is wrong with its bytes
// concerns this connection alone.
class Connection {
 public:
  enum class Phase : std::uint8_t {
    link,      // not authenticated
    up,        // a channel is there
    draining,  // refused: the answer goes out, then the end; what still comes in is dropped
  };

  Connection(LinkId id, Services& services, LinkHost& host, LinkOrigin origin)
      : outbox_(id, services), stage_(framer_, outbox_, host, std::move(origin)), id_(id) {}

  void feed(BytesView bytes) { framer_.feed(Side::client, bytes); }
  std::size_t waiting_bytes() const { return framer_.unframed(Side::client).size(); }
  // Goes on with the link stage. True: the channel may be made. Errors: why the link is refused.
  Result<bool> advance_link();
  // Whether the answer to the ticket is being held back; for how long; no longer.
  bool is_held() const { return stage_.state() == LinkStage::State::held; }
  Duration held_for() const { return stage_.held_for(); }
  void release() { stage_.release(); }
  // The next whole message. Errors: a body beyond the channel's limit, not SPICE.
  Result<std::optional<wire::Unit>> next_message();

  void start(std::unique_ptr<Channel> channel);
  void refuse() { phase_ = Phase::draining; }
  // Lets the channel end, while the rest of the connection is still there.
  void end_channel() { channel_.reset(); }

  LinkId id() const { return id_; }
  Phase phase() const { return phase_; }
  const LinkOrigin& origin() const { return stage_.origin(); }
  const wire::LinkState& link() const { return framer_.link(); }
  Outbox& outbox() { return outbox_; }
  Channel* channel() { return channel_.get(); }
  std::uint64_t messages_received() const { return received_; }
  // Whether its channel has room for what more it may say.
  bool may_read() const { return !channel_ || channel_->may_read(); }
  std::optional<Liveness> liveness;  // of a main channel whose client is watched
  bool shut_down = false;            // our end of the stream has been announced
  std::size_t kept = 0;  // bytes that came and that the link was not told to have been taken
  nlohmann::json describe() const;

 private:
  wire::ConnectionFramer framer_;
  Outbox outbox_;
  LinkStage stage_;
  std::unique_ptr<Channel> channel_;
  LinkId id_;
  Phase phase_ = Phase::link;
  std::uint64_t received_ = 0;
};

}  // namespace spicebench::server
