// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/audio.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/playback_channel.hpp"
#include "core/wire/record_channel.hpp"
#include "core/wire/tables.hpp"

// The tables of playback and record: most of their messages are the same under other numbers.
namespace spicebench::wire {
namespace {

constexpr std::int64_t most_channels = 8, least_frequency = 4000, most_frequency = 192000;

constexpr Name mode_entries[] = {{0, "invalid"},
                                 {audio::mode_raw, "raw"},
                                 {audio::mode_celt_0_5_1, "celt_0_5_1"},
                                 {audio::mode_opus, "opus"}};
constexpr Names mode_names{false, mode_entries};
constexpr Name format_entries[] = {{0, "invalid"}, {audio::format_s16, "s16"}};
constexpr Names format_names{false, format_entries};

template <class T>
constexpr Field data_fields[] = {
    scalar(MEMBER(T, time)),
    bytes(MEMBER(T, data)).to_end().limited(0, audio::most_data_bytes),
};
template <class T>
constexpr Layout data_layout = describes<T>("data", data_fields<T>);

template <class T>
constexpr Field mode_fields[] = {
    scalar(MEMBER(T, time)),
    scalar(MEMBER(T, mode)).named(mode_names),
    bytes(MEMBER(T, data)).to_end().limited(0, audio::most_data_bytes),
};
template <class T>
constexpr Layout mode_layout = describes<T>("mode", mode_fields<T>);

template <class T>
constexpr Field volume_fields[] = {
    count("nchannels", 1, 0).limited(0, most_channels),
    list(MEMBER(T, volume)).counted(0),
};
template <class T>
constexpr Layout volume_layout = describes<T>("volume", volume_fields<T>);

template <class T>
constexpr Field mute_fields[] = {scalar(MEMBER(T, mute))};
template <class T>
constexpr Layout mute_layout = describes<T>("mute", mute_fields<T>);

template <class T>
constexpr Field start_channels = scalar(MEMBER(T, channels)).limited(1, most_channels);
template <class T>
constexpr Field start_format = scalar(MEMBER(T, format)).named(format_names);
template <class T>
constexpr Field start_frequency =
    scalar(MEMBER(T, frequency)).limited(least_frequency, most_frequency);

constexpr Field playback_start_fields[] = {
    start_channels<playback::Start>,
    start_format<playback::Start>,
    start_frequency<playback::Start>,
    scalar(MEMBER(playback::Start, time)),
};
constexpr Layout playback_start_layout = describes<playback::Start>("start", playback_start_fields);
constexpr Layout playback_stop_layout = describes<playback::Stop>("stop", {});
constexpr Field latency_fields[] = {scalar(MEMBER(playback::Latency, latency_ms))};
constexpr Layout latency_layout = describes<playback::Latency>("latency", latency_fields);

constexpr Field record_start_fields[] = {
    start_channels<record::Start>,
    start_format<record::Start>,
    start_frequency<record::Start>,
};
constexpr Layout record_start_layout = describes<record::Start>("start", record_start_fields);
constexpr Layout record_stop_layout = describes<record::Stop>("stop", {});
constexpr Field start_mark_fields[] = {scalar(MEMBER(record::StartMark, time))};
constexpr Layout start_mark_layout = describes<record::StartMark>("start_mark", start_mark_fields);

constexpr MessageInfo playback_rows[] = {
    row<playback::Data>(data_layout<playback::Data>),
    row<playback::ModeChanged>(mode_layout<playback::ModeChanged>),
    row<playback::Start>(playback_start_layout),
    row<playback::Stop>(playback_stop_layout),
    row<playback::Volume>(volume_layout<playback::Volume>),
    row<playback::Mute>(mute_layout<playback::Mute>),
    row<playback::Latency>(latency_layout),
};
constexpr MessageInfo record_rows[] = {
    row<record::Start>(record_start_layout),
    row<record::Stop>(record_stop_layout),
    row<record::Volume>(volume_layout<record::Volume>),
    row<record::Mute>(mute_layout<record::Mute>),
    row<record::Data>(data_layout<record::Data>),
    row<record::ModeChanged>(mode_layout<record::ModeChanged>),
    row<record::StartMark>(start_mark_layout),
};

}  // namespace

std::span<const MessageInfo> playback_messages() {
  return playback_rows;
}
std::span<const MessageInfo> record_messages() {
  return record_rows;
}

}  // namespace spicebench::wire
