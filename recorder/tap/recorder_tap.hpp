// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>

#include "core/world/tap.hpp"
#include "recorder/store/writer.hpp"

namespace spicebench::recorder {

// Records everything that a world does: messages of stream links (framed) and value links
// (encoded), the other bytes of the streams, every input of every peer, how links end. The writer
// must outlive the tap. Names of peers: Writer::add_peer.
class RecorderTap final : public Tap {
 public:
  explicit RecorderTap(Writer& writer);
  ~RecorderTap() override;

  void opened(const LinkDescription& link, Instant now) override;
  void sent(LinkNumber link, Side by, BytesView bytes, Instant now) override;
  void handed(LinkNumber link, Side by, const Value& value, Instant now, Instant arrives) override;
  void ended(LinkNumber link, Side by, Ending ending, Instant now) override;
  void delivered(PeerNumber peer, LinkNumber link, const Input& input, Instant now) override;

  // The end of the recording: stores the beginnings of units whose rest never came. Call once, then
  // Writer::finish().
  void finish(Instant now);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spicebench::recorder
