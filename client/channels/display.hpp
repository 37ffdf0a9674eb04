// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <vector>

#include "client/channel.hpp"
#include "client/connection.hpp"
#include "client/display/renderer.hpp"
#include "client/display/stream_reports.hpp"
#include "core/base/hash.hpp"
#include "core/wire/display_channel.hpp"

namespace spicebench::client {

// A display channel (protocol.md §4.3, §9.4; canvas.md §13): surfaces, and what is drawn on them.
enum class DisplayState : std::uint8_t {
  empty,     // no primary surface
  unmarked,  // its first picture is not complete yet
  marked,    // may be shown
};
class Display final : public TableChannel<Display, DisplayState> {
 public:
  explicit Display(Connection& connection);
  static const Table& table();

  const draw::Surface* find_surface(std::uint32_t id) const { return renderer_.find_surface(id); }
  const draw::Surface* screen() const { return renderer_.screen(); }
  Hash128 screen_hash() const;
  bool ready() const { return state() == DisplayState::marked; }
  const std::vector<wire::display::Head>& heads() const { return heads_; }
  void tell_if_ready() const;

  void up() override;
  Result<Readiness> readiness(const wire::AnyMessage& message) override;

  // What only changes pictures.
  template <wire::Message T>
  Result<DisplayState> shown(const T& message) {
    CHECKED(renderer_.handle(T::message, &message));
    return state();
  }
  Result<DisplayState> mode(const wire::display::Mode& message);
  Result<DisplayState> mark(const wire::display::Mark& message);
  Result<DisplayState> reset(const wire::display::Reset& message);
  Result<DisplayState> surface_create(const wire::display::SurfaceCreate& message);
  Result<DisplayState> surface_destroy(const wire::display::SurfaceDestroy& message);
  Result<DisplayState> monitors_config(const wire::display::MonitorsConfig& message);
  Result<DisplayState> stream_create(const wire::display::StreamCreate& message);
  Result<DisplayState> stream_data(const wire::display::StreamData& message);
  Result<DisplayState> stream_data_sized(const wire::display::StreamDataSized& message);
  Result<DisplayState> stream_activate_report(const wire::display::StreamActivateReport& message);
  Result<DisplayState> stream_destroy(const wire::display::StreamDestroy& message);
  Result<DisplayState> stream_destroy_all(const wire::display::StreamDestroyAll& message);

 private:
  void refuse_unknown_stream(std::uint32_t id);
  void report_frame(std::uint32_t stream, std::uint32_t mm_time);

  Connection& connection_;
  Renderer renderer_;
  StreamReports reports_;
  std::vector<wire::display::Head> heads_;
};

}  // namespace spicebench::client
