// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <deque>
#include <map>
#include <set>
#include <vector>

#include "core/wire/device_link.hpp"
#include "core/wire/message_value.hpp"
#include "core/world/peer.hpp"

namespace spicebench::qxl::test {

// The server end of the device link without a server behind it: fetches what is there, draws
// nothing, releases, and counts.
class FakeServer final : public Peer {
 public:
  // What it does; set before the world starts.
  Duration fetch_pause{};              // before each fetch
  std::size_t held = 0;                // resources kept back until an update or newer ones
  std::uint64_t release_twice_at = 0;  // the n-th release is sent twice; 0: none
  std::vector<std::pair<Instant, ValuePtr>> script;  // input for the guest, in order of time

  // What it saw.
  std::optional<wire::device::SurfaceCreate> surface;
  std::uint64_t fills = 0, copies = 0, copy_bits = 0, clipped = 0, rops = 0, cached_copies = 0;
  std::uint64_t cursor_sets = 0, cursor_moves = 0, pixel_bytes = 0;
  std::uint64_t distinct_cached_pixels = 0;
  Instant last_command_at{};
  wire::display::Point16 pointer{};
  int leds = -1;
  bool absolute_pointer = false;
  template <wire::Message T>
  std::uint64_t count() const {
    const auto found = messages_.find(T::message.id);
    return found == messages_.end() ? 0 : found->second;
  }

  Outputs start(Instant) override {
    Outputs out;
    if (!script.empty()) out.emplace_back(Arm{script_timer, script.front().first});
    return out;
  }

  Outputs handle(const Input& input, Instant now) override {
    out_.clear();
    if (const auto* opened = std::get_if<Opened>(&input)) {
      link_ = opened->link;
      say(wire::device::ClientCapabilities{.client_present = 1});
    } else if (const auto* handed = std::get_if<Handed>(&input)) {
      take(wire::message_in(*handed->value), now);
    } else if (const auto* fired = std::get_if<Fired>(&input)) {
      if (fired->timer == script_timer) {
        out_.emplace_back(Hand{link_, script[next_line_++].second});
        if (next_line_ < script.size())
          out_.emplace_back(Arm{script_timer, script[next_line_].first});
      } else {
        say(wire::device::FetchCommand{++fetch_id_});
      }
    }
    return std::move(out_);
  }

 private:
  static constexpr TimerId script_timer = 1, fetch_timer = 2;

  template <wire::Message T>
  void say(T message) {
    out_.emplace_back(Hand{link_, wire::value_of(std::move(message))});
  }

  void take(const wire::AnyMessage& message, Instant now) {
    namespace device = wire::device;
    ++messages_[message.info().key.id];
    if (message.as<device::Wakeup>()) {
      if (!reading_cursor_) say(device::FetchCursor{++fetch_id_});
      if (!reading_) fetch(now);
      reading_ = reading_cursor_ = true;
    } else if (const auto* draw = message.as<device::DrawCommand>()) {
      last_command_at = now;
      look_at(draw->drawable);
      hold(draw->drawable.release_id);
      fetch(now);
    } else if (const auto* other = message.as<device::SurfaceCommand>()) {
      last_command_at = now;
      hold(other->release_id);
      fetch(now);
    } else if (const auto* cursor = message.as<device::CursorCommand>()) {
      last_command_at = now;
      look_at(*cursor);
      say(device::FetchCursor{++fetch_id_});
    } else if (message.as<device::NoCommand>()) {
      reading_ = false;
    } else if (message.as<device::NoCursor>()) {
      reading_cursor_ = false;
    } else if (const auto* create = message.as<device::SurfaceCreate>()) {
      surface = *create;
    } else if (const auto* update = message.as<device::UpdateArea>()) {
      while (!holding_.empty()) release_oldest();
      say(device::AreaUpdated{update->request_id, {}});
    } else if (const auto* lights = message.as<device::KeyboardLeds>()) {
      leds = lights->modifiers;
    } else if (const auto* kind = message.as<device::PointerDevice>()) {
      absolute_pointer = kind->absolute != 0;
    }
  }

  void fetch(Instant now) {
    if (fetch_pause == Duration{})
      say(wire::device::FetchCommand{++fetch_id_});
    else
      out_.emplace_back(Arm{fetch_timer, now + fetch_pause});
  }
  void hold(std::uint64_t id) {
    holding_.push_back(id);
    while (holding_.size() > held) release_oldest();
  }
  void release_oldest() { release(std::exchange(holding_.front(), 0)), holding_.pop_front(); }
  void release(std::uint64_t id) {
    say(wire::device::Release{id});
    if (++releases_ == release_twice_at) say(wire::device::Release{id});
  }

  void look_at(const wire::device::Drawable& drawable) {
    using namespace wire::display;
    const auto see = [this](const DisplayBase& base, std::uint16_t rop) {
      if (base.clip.type == clip_rects) ++clipped;
      if (rop != ropd_put) ++rops;
    };
    if (const auto* fill = std::get_if<DrawFill>(&drawable.body)) {
      ++fills;
      see(fill->base, fill->rop_descriptor);
    } else if (const auto* bits = std::get_if<CopyBits>(&drawable.body)) {
      ++copy_bits;
      see(bits->base, ropd_put);
    } else if (const auto* copy = std::get_if<DrawCopy>(&drawable.body)) {
      ++copies;
      see(copy->base, copy->rop_descriptor);
      if (const auto* bitmap = std::get_if<Bitmap>(&copy->src_bitmap->payload))
        pixel_bytes += bitmap->data.size();
      if ((copy->src_bitmap->flags & cache_me) == 0) return;
      ++cached_copies;
      if (cached_.insert(copy->src_bitmap->id).second)
        distinct_cached_pixels += std::uint64_t{copy->src_bitmap->width} * copy->src_bitmap->height;
    }
  }
  // A shape is the current one until the next; everything else is done with at once.
  void look_at(const wire::device::CursorCommand& command) {
    if (const auto* move = std::get_if<wire::cursor::Move>(&command.body)) {
      ++cursor_moves;
      pointer = move->position;
    }
    if (!std::holds_alternative<wire::cursor::Set>(command.body))
      return release(command.release_id);
    ++cursor_sets;
    if (shape_ != 0) release(shape_);
    shape_ = command.release_id;
  }

  Outputs out_;
  LinkId link_ = 0;
  std::uint32_t fetch_id_ = 0;
  bool reading_ = false, reading_cursor_ = false;
  std::deque<std::uint64_t> holding_;
  std::uint64_t shape_ = 0, releases_ = 0;
  std::size_t next_line_ = 0;
  std::map<std::uint16_t, std::uint64_t> messages_;
  std::set<std::uint64_t> cached_;
};

}  // namespace spicebench::qxl::test
