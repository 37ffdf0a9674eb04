// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/sound_link.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace sound {
namespace {

constexpr std::int64_t most_volumes = 8, most_data_bytes = 256 * 1024;

constexpr Field device_fields[] = {
    scalar(MEMBER(Device, has_playback)),
    scalar(MEMBER(Device, has_record)),
    scalar(MEMBER(Device, playback_rate)),
    scalar(MEMBER(Device, record_rate)),
};
constexpr Layout device_layout = describes<Device>("sound_device", device_fields);

constexpr Layout playback_start_layout = describes<PlaybackStart>("playback_start", {});
constexpr Layout playback_stop_layout = describes<PlaybackStop>("playback_stop", {});
constexpr Layout record_start_layout = describes<RecordStart>("record_start", {});
constexpr Layout record_stop_layout = describes<RecordStop>("record_stop", {});

constexpr Field playback_samples_fields[] = {
    bytes(MEMBER(PlaybackSamples, data)).to_end().limited(0, most_data_bytes),
};
constexpr Layout playback_samples_layout =
    describes<PlaybackSamples>("playback_samples", playback_samples_fields);

template <class T>
constexpr Field volume_fields[] = {
    count("nchannels", 1, 0).limited(0, most_volumes),
    list(MEMBER(T, volume)).counted(0),
};
constexpr Layout playback_volume_layout =
    describes<PlaybackVolume>("playback_volume", volume_fields<PlaybackVolume>);
constexpr Layout record_volume_layout =
    describes<RecordVolume>("record_volume", volume_fields<RecordVolume>);

constexpr Field playback_mute_fields[] = {scalar(MEMBER(PlaybackMute, mute))};
constexpr Layout playback_mute_layout =
    describes<PlaybackMute>("playback_mute", playback_mute_fields);
constexpr Field record_mute_fields[] = {scalar(MEMBER(RecordMute, mute))};
constexpr Layout record_mute_layout = describes<RecordMute>("record_mute", record_mute_fields);

constexpr Field compression_fields[] = {scalar(MEMBER(PlaybackCompression, on))};
constexpr Layout compression_layout =
    describes<PlaybackCompression>("playback_compression", compression_fields);

constexpr Field record_read_fields[] = {
    scalar(MEMBER(RecordRead, request_id)),
    scalar(MEMBER(RecordRead, most_frames)),
};
constexpr Layout record_read_layout = describes<RecordRead>("record_read", record_read_fields);

constexpr Field record_samples_fields[] = {
    scalar(MEMBER(RecordSamples, request_id)),
    bytes(MEMBER(RecordSamples, data)).to_end().limited(0, most_data_bytes),
};
constexpr Layout record_samples_layout =
    describes<RecordSamples>("record_samples", record_samples_fields);

constexpr MessageInfo rows[] = {
    row<Device>(device_layout),
    row<PlaybackStart>(playback_start_layout),
    row<PlaybackStop>(playback_stop_layout),
    row<PlaybackSamples>(playback_samples_layout),
    row<PlaybackVolume>(playback_volume_layout),
    row<PlaybackMute>(playback_mute_layout),
    row<PlaybackCompression>(compression_layout),
    row<RecordStart>(record_start_layout),
    row<RecordStop>(record_stop_layout),
    row<RecordVolume>(record_volume_layout),
    row<RecordMute>(record_mute_layout),
    row<RecordRead>(record_read_layout),
    row<RecordSamples>(record_samples_layout),
};

}  // namespace
}  // namespace sound

std::span<const MessageInfo> sound_messages() {
  return sound::rows;
}

}  // namespace spicebench::wire
