// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "core/wire/cursor_channel.hpp"
#include "server/display/puller.hpp"
#include "server/display/release.hpp"
#include "server/session/mouse_modes.hpp"

namespace spicebench::server {

struct CursorItem {
  wire::AnyMessage message;  // of the cursor channel; shapes are whole, caches come in on sending
  ResourceHold hold;         // of the command that brought it, if one did
};

// A client's cursor channel, as the worker sees it.
class CursorClient {
 public:
  virtual ~CursorClient() = default;
  virtual void append(CursorItem item) = 0;
  virtual std::size_t pipe_length() const = 0;
};

// The pointer of one device: pulls its commands and keeps what a new client must be told.
//
// Source: display-pipeline.md §23, channels.md §11.1. DIFFERS: SET carries the visibility of its
// own moment, not that of the moment of sending, so that output does not depend on how fast a
// client reads; between RESET and INIT nothing is sent; INIT is repeated after RESET alone, since a
// client takes a second one for an error.
class CursorWorker {
 public:
  CursorWorker(Services& services, const MouseModes& mouse) : services_(services), mouse_(mouse) {}

  // From the device.
  void device_gone();
  void wake() { puller_.wake(); }
  // `message`: a wire::device::CursorCommand, answer to a fetch.
  void command(const wire::AnyMessage& message);
  void no_command(const wire::device::NoCursor& answer);
  void reset();            // the primary surface, or the device, is gone
  void surface_created();  // there is a primary surface again

  void attach(CursorClient& client);
  void detach(CursorClient& client);

  void pump();
  bool waits_for_clients() const { return puller_.waiting(); }
  nlohmann::json describe() const;

 private:
  struct Client {
    CursorClient* channel;
    bool initialised;  // INIT has been queued since the last RESET
  };
  Result<void> accept(const wire::device::CursorCommand& command, const ResourceHold& hold);
  template <wire::Message T>
  void tell_all(const T& message, const ResourceHold& hold);
  void init(Client& client);

  Services& services_;
  const MouseModes& mouse_;
  Puller<wire::device::FetchCursor> puller_;
  std::vector<Client> clients_;
  wire::cursor::Cursor shape_;
  ResourceHold shape_hold_;
  wire::display::Point16 position_;
  bool visible_ = true;
  std::uint16_t trail_length_ = 0, trail_frequency_ = 0;
};

}  // namespace spicebench::server
