// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/audio/audio.hpp"

// Opus behind make_audio_decoder() and make_audio_encoder(). Errors: unsupported (rate, channels).
namespace spicebench::audio {

Result<std::unique_ptr<AudioDecoder>> make_opus_decoder(StreamFormat format);
Result<std::unique_ptr<AudioEncoder>> make_opus_encoder(StreamFormat format);

}  // namespace spicebench::audio
