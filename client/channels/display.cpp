// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/channels/display.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "client/channels/playback.hpp"
#include "client/session.hpp"
#include "core/draw/picture_hash.hpp"
#include "core/wire/user_link.hpp"

namespace spicebench::client {

using namespace wire::display;
using State = DisplayState;

namespace {
constexpr StateSet<State> any{State::empty, State::unmarked, State::marked};
constexpr StateSet<State> with_primary{State::unmarked, State::marked};
}  // namespace

Display::Display(Connection& connection)
    : connection_(connection), renderer_(connection.session().pictures(), [this](Error error) {
        connection_.note(std::move(error));
      }) {}

const Display::Table& Display::table() {
  static constexpr Table::Row rows[] = {
      state_row<&Display::mode>(any, with_primary),
      state_row<&Display::mark>(any, {State::empty, State::marked}),
      state_row<&Display::reset>(any, {State::empty, State::unmarked}),
      state_row<&Display::surface_create>(any, any),
      state_row<&Display::surface_destroy>(any, any),
      state_row<&Display::monitors_config>(any, any),
      state_row<&Display::shown<InvalList>>(any, any),
      state_row<&Display::shown<InvalAllPixmaps>>(any, any),
      state_row<&Display::shown<InvalPalette>>(any, any),
      state_row<&Display::shown<InvalAllPalettes>>(any, any),
      state_row<&Display::stream_create>(any, any),
      state_row<&Display::stream_data>(any, any),
      state_row<&Display::stream_data_sized>(any, any),
      state_row<&Display::shown<StreamClip>>(any, any),
      state_row<&Display::stream_activate_report>(any, any),
      state_row<&Display::stream_destroy>(any, any),
      state_row<&Display::stream_destroy_all>(any, any),
      state_row<&Display::shown<CopyBits>>(any, any),
      state_row<&Display::shown<DrawFill>>(any, any),
      state_row<&Display::shown<DrawOpaque>>(any, any),
      state_row<&Display::shown<DrawCopy>>(any, any),
      state_row<&Display::shown<DrawBlend>>(any, any),
      state_row<&Display::shown<DrawBlackness>>(any, any),
      state_row<&Display::shown<DrawWhiteness>>(any, any),
      state_row<&Display::shown<DrawInvers>>(any, any),
      state_row<&Display::shown<DrawRop3>>(any, any),
      state_row<&Display::shown<DrawStroke>>(any, any),
      state_row<&Display::shown<DrawText>>(any, any),
      state_row<&Display::shown<DrawTransparent>>(any, any),
      state_row<&Display::shown<DrawAlphaBlend>>(any, any),
      state_row<&Display::shown<DrawComposite>>(any, any),
  };
  static constexpr std::string_view names[] = {"empty", "unmarked", "marked"};
  static constexpr Table table("display", names, rows);
  return table;
}

void Display::up() {
  const ClientOptions& options = connection_.session().options();
  constexpr std::uint32_t mib = 1 << 20, bytes_per_pixel = 4;
  const std::uint32_t window =
      options.glz_window_size != 0
          ? static_cast<std::uint32_t>(options.glz_window_size)
          : std::clamp(connection_.session().ram_hint / 2, 12 * mib, 64 * mib) / bytes_per_pixel;
  connection_.send(Init{options.pixmap_cache_id, options.pixmap_cache_size,
                        options.glz_dictionary_id, static_cast<std::int32_t>(window)});
  if (options.preferred_compression != 0 &&
      wire::link::has_cap(connection_.server_caps(), wire::link::DisplayCap::pref_compression))
    connection_.send(PreferredCompression{options.preferred_compression});
  if (!options.preferred_video_codecs.empty() &&
      wire::link::has_cap(connection_.server_caps(), wire::link::DisplayCap::pref_video_codec_type))
    connection_.send(PreferredVideoCodecType{options.preferred_video_codecs});
}

// Surfaces

void Display::tell_if_ready() const {
  if (const draw::Surface* primary = screen(); ready() && primary)
    connection_.session().tell(
        wire::value_of(wire::user::ScreenReady{primary->width(), primary->height()}));
}

Result<State> Display::surface_create(const SurfaceCreate& message) {
  const auto created = TRY(renderer_.create(message));
  const bool primary = (message.flags & surface_primary) != 0;
  return primary && created == Surfaces::Created::fresh ? State::unmarked : state();
}
Result<State> Display::surface_destroy(const SurfaceDestroy& message) {
  CHECKED(shown(message));
  return screen() ? state() : State::empty;
}
Result<State> Display::mode(const Mode& message) {
  return TRY(renderer_.create(message)) == Surfaces::Created::fresh ? State::unmarked : state();
}

Result<State> Display::mark(const Mark&) {
  const draw::Surface* primary = screen();
  if (!primary) {
    connection_.note({ErrorCode::out_of_order, 0, "mark", "there is no primary surface"});
    return State::empty;
  }
  connection_.session().tell(
      wire::value_of(wire::user::ScreenReady{primary->width(), primary->height()}));
  return State::marked;
}

Result<State> Display::reset(const Reset& message) {
  CHECKED(shown(message));
  return screen() ? State::unmarked : State::empty;
}

Result<State> Display::monitors_config(const MonitorsConfig& message) {
  const std::size_t allowed = std::clamp<std::size_t>(message.max_allowed, 1, 256);
  const std::size_t count = message.heads.size();
  if (count == 0 || count > allowed)
    connection_.note({ErrorCode::out_of_range, 0, "monitors_config.heads",
                      fmt::format("{} heads, 1 to {} are allowed", count, allowed)});
  if (count != 0)
    heads_.assign(message.heads.begin(),
                  message.heads.begin() + static_cast<std::ptrdiff_t>(std::min(count, allowed)));
  return state();
}

Hash128 Display::screen_hash() const {
  const draw::Surface* primary = screen();
  return primary ? draw::picture_hash(primary->view()) : Hash128{};
}

// With other display channels in the session, what is missing may be on its way there.
Result<Readiness> Display::readiness(const wire::AnyMessage& message) {
  if (const auto* all = message.as<InvalAllPixmaps>()) return connection_.wait_for(all->wait_list);
  return connection_.session().has_other_display(connection_) &&
                 renderer_.is_waiting_for_images(message)
             ? Readiness::wait_briefly
             : Readiness::ready;
}

// Streams

// Tells the server that a stream cannot be shown (canvas.md §14.1): it sends images again.
void Display::refuse_unknown_stream(std::uint32_t id) {
  if (renderer_.streams().has(id) ||
      !wire::link::has_cap(connection_.server_caps(), wire::link::DisplayCap::stream_report))
    return;
  StreamReport report;
  report.stream_id = id;
  report.num_drops = UINT32_MAX;
  connection_.send(report);
}
Result<State> Display::stream_create(const StreamCreate& message) {
  CHECKED(shown(message));
  refuse_unknown_stream(message.id);
  return state();
}
Result<State> Display::stream_data(const StreamData& message) {
  refuse_unknown_stream(message.id);
  report_frame(message.id, message.multi_media_time);
  return shown(message);
}
Result<State> Display::stream_data_sized(const StreamDataSized& message) {
  refuse_unknown_stream(message.id);
  report_frame(message.id, message.multi_media_time);
  return shown(message);
}
Result<State> Display::stream_activate_report(const StreamActivateReport& message) {
  if (renderer_.streams().has(message.stream_id)) reports_.activate(message);
  return state();
}
void Display::report_frame(std::uint32_t stream, std::uint32_t mm_time) {
  const Session& session = connection_.session();
  const Playback* sound = session.playback();
  if (const auto report = reports_.frame(stream, mm_time, session.media_clock.at(session.now()),
                                         sound ? sound->delay_ms() : UINT32_MAX))
    connection_.send(*report);
}
Result<State> Display::stream_destroy(const StreamDestroy& message) {
  reports_.forget(message.id);
  return shown(message);
}
Result<State> Display::stream_destroy_all(const StreamDestroyAll& message) {
  reports_.forget_all();
  return shown(message);
}

}  // namespace spicebench::client
