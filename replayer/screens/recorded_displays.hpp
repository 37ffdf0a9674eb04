// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "client/display/picture_state.hpp"
#include "core/base/result.hpp"
#include "recorder/store/checkpoints.hpp"
#include "recorder/store/reader.hpp"

namespace spicebench::replayer {

// What a message should have done to a picture and could not.
struct NotShown {
  recorder::MessageId message = 0;
  Error error;
};

// The pictures of all display channels of a recording, made from what the servers said by the code
// that a client draws with. It does not matter who the client was, nor whether there was one.
class RecordedDisplays {
 public:
  // A message that may have changed an area of a surface was handled.
  struct Change {
    recorder::MessageId message = 0;
    Instant at{};  // when it had arrived
    recorder::ConnectionId connection = 0;
    std::uint32_t surface_id = 0;
    wire::display::Rect area;
  };
  using OnChange = std::function<void(const Change&)>;

  explicit RecordedDisplays(const recorder::Reader& recording);

  // Called after the message that did it, once for every area.
  void on_change(OnChange callback) { on_change_ = std::move(callback); }

  // Handles the next message; false: there is none that was sent by `until`, or none up to `last`.
  // Messages that had not arrived by `until` are handled by a later call that goes further.
  // Errors: those of reading the recording.
  Result<bool> step(Instant until, recorder::MessageId last);
  Result<bool> step() { return step(Instant::max(), UINT64_MAX); }
  recorder::MessageId position() const { return position_; }  // the last one read; 0: none

  // Checkpoints make any instant reachable without handling everything before it again.
  //   save     what there is now. Precondition: nothing waits; checkpoint_due(): worth it
  //   resume   goes on from the last state that was saved at or before message `last` and holds
  //            nothing that arrived after `until`; false: there is none. Precondition: nothing was
  //            handled yet
  bool checkpoint_due() const;
  Result<void> save();  // into the recording
  Result<bool> resume(const recorder::Checkpoints& checkpoints, Instant until,
                      recorder::MessageId last);

  // What a display connection shows. Null: it has said nothing yet, or is no display.
  const client::Renderer* renderer(recorder::ConnectionId connection) const;
  // The display connection of this channel id that was opened last among those that have a screen.
  std::optional<recorder::ConnectionId> shown(std::uint8_t channel_id) const;

  // At most most_not_shown of them; not_shown_count() counts all.
  static constexpr std::size_t most_not_shown = 100;
  const std::vector<NotShown>& not_shown() const { return not_shown_; }
  std::uint64_t not_shown_count() const { return not_shown_count_; }
  // The first message that waits for something that has not come; nothing: none does.
  std::optional<recorder::MessageId> waiting() const;

 private:
  struct Picture;
  // Of the image cache: the server keeps to what its client announced, which need not be known.
  static constexpr std::int64_t no_limit = INT64_MAX / 2;
  struct Work {
    recorder::MessageId id = 0;
    Instant arrives{};
    std::optional<wire::AnyMessage> message;  // nothing: none that concerns pictures
    std::uint64_t completes = 0;              // serial that is processed with it; 0: none
  };
  // A connection: what its server said and is not handled yet, and how far it is.
  struct Channel {
    const recorder::ConnectionRow* row = nullptr;
    std::shared_ptr<Picture> picture;  // of a display channel, once it has said anything
    std::deque<Work> work;
    std::uint64_t completed_serial = 0;
    bool moves = false;  // MIGRATE with data: its successor goes on with the picture
  };

  bool is_display(const Channel& channel) const;
  bool same_session(const Channel& a, const Channel& b) const;
  void open_picture(Channel& channel);
  Result<void> write(recorder::Checkpoints& checkpoints);
  void take(const recorder::MessageRow& row);
  void queue(Channel& channel, const recorder::MessageRow& row, std::uint16_t type,
             const SharedBytes& body, std::uint64_t completes);
  bool must_wait(const Channel& channel, const std::vector<wire::common::ChannelWait>& list) const;
  bool must_wait(Channel& channel, const wire::AnyMessage& message);
  void handle(Channel& channel, const Work& work);
  void run(Instant until);
  Result<void> restore(const nlohmann::json& state, client::PixelStore& store);
  Result<void> hear_again(Picture& picture, std::uint32_t stream, recorder::MessageId created);
  void note(recorder::MessageId message, Error error);

  const recorder::Reader& recording_;
  OnChange on_change_;
  std::vector<Channel> channels_;                  // index = connection id - 1
  std::optional<recorder::MessageCursor> cursor_;  // absent: to be opened behind position_
  std::optional<recorder::MessageRow> next_;
  bool ended_ = false;
  recorder::MessageId position_ = 0;
  Instant latest_{};        // arrival of what was handled
  std::uint64_t work_ = 0;  // since the last checkpoint: pixels, and something for each message
  std::vector<NotShown> not_shown_;
  std::uint64_t not_shown_count_ = 0;
};

}  // namespace spicebench::replayer
