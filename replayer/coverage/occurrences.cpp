// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/coverage/occurrences.hpp"

#include <fmt/format.h>

#include "core/video/video_decoder.hpp"
#include "core/wire/cursor_channel.hpp"
#include "core/wire/display_channel.hpp"
#include "core/wire/display_streams.hpp"
#include "core/wire/sub_message.hpp"
#include "core/wire/tables.hpp"
#include "core/wire/visit.hpp"
#include "replayer/replay/compare.hpp"

namespace spicebench::replayer {

using namespace wire::display;
namespace cursor = wire::cursor;

namespace {

constexpr ImageType codecs_of_images[] = {
    ImageType::bitmap,  ImageType::quic,       ImageType::lz_plt, ImageType::lz_rgb,
    ImageType::glz_rgb, ImageType::surface,    ImageType::jpeg,   ImageType::zlib_glz_rgb,
    ImageType::lz4,     ImageType::jpeg_alpha,
};
constexpr VideoCodec video_codecs[] = {VideoCodec::mjpeg, VideoCodec::vp8, VideoCodec::h264,
                                       VideoCodec::vp9, VideoCodec::h265};

std::string message_key(const wire::MessageInfo& info) {
  return fmt::format("{}.{}", wire::name_of(info.key.channel), info.name);
}
bool is_of_protocol(wire::ChannelType channel) {
  return channel <= wire::ChannelType::webdav;
}

}  // namespace

Occurrences::Occurrences() {
  for (const wire::MessageInfo& info : wire::all_messages())
    if (info.key.sender == Side::server && is_of_protocol(info.key.channel))
      messages[message_key(info)] = 0;
  for (const ImageType type : codecs_of_images)
    codecs[std::string(image_type_name(static_cast<std::uint8_t>(type)))] = 0;
  for (const VideoCodec codec : video_codecs)
    codecs[std::string(video::codec_name(static_cast<std::uint8_t>(codec)))] = 0;
  for (const char* cache : {"pixmap", "palette", "cursor"})
    for (const char* outcome : {"hit", "miss", "evict", "inval"})
      caches[fmt::format("{}.{}", cache, outcome)] = 0;
}

Result<void> Occurrences::add(const recorder::Reader& recording) {
  streams_.clear();
  auto rows = recording.messages({.by = Side::server});
  while (const auto row = TRY(rows.next())) {
    const auto* connection = recording.connection(row->connection);
    if (!connection || connection->kind != LinkKind::stream) continue;
    connection_ = connection->id;
    if (row->sub_list > 0)
      if (const auto inside = wire::split_sub_messages(row->body, row->sub_list))
        for (const wire::SubMessage& one : *inside) add_message(*connection, one.type, one.body);
    add_message(*connection, row->type, row->body);
  }
  return {};
}

void Occurrences::add_message(const recorder::ConnectionRow& connection, std::uint16_t type,
                              const SharedBytes& body) {
  const auto* info = wire::find_message(connection.channel, Side::server, type);
  if (!info) return;
  ++messages[message_key(*info)];
  if (!info->layout) return;
  if (const auto decoded = wire::decode_any(*info, body, context_of(connection)))
    look_into(decoded->message);
}

void Occurrences::look_into(const wire::AnyMessage& message) {
  const auto palette = [this](std::uint8_t flags) {
    if ((flags & pal_from_cache) != 0) ++caches["palette.hit"];
    if ((flags & pal_cache_me) != 0) ++caches["palette.miss"];
  };
  const auto image = [&](const Image& one) {
    const auto type = static_cast<ImageType>(one.type);
    if (type == ImageType::from_cache || type == ImageType::from_cache_lossless) {
      ++caches["pixmap.hit"];
      return;
    }
    if ((one.flags & cache_me) != 0) ++caches["pixmap.miss"];
    ++codecs[std::string(image_type_name(one.type))];
    if (const auto* bitmap = std::get_if<Bitmap>(&one.payload)) palette(bitmap->flags);
    if (const auto* lz = std::get_if<LzPaletteData>(&one.payload)) palette(lz->flags);
  };
  const auto shape = [this](const cursor::Cursor& one) {
    if ((one.flags & cursor::cursor_from_cache) != 0) ++caches["cursor.hit"];
    if ((one.flags & cursor::cursor_cache_me) != 0) ++caches["cursor.miss"];
  };
  const auto frame = [this](std::uint32_t stream) {
    if (const auto known = streams_.find({connection_, stream}); known != streams_.end())
      ++codecs[std::string(video::codec_name(known->second))];
  };

  if (const auto* dropped = message.as<InvalList>())
    caches["pixmap.evict"] += dropped->resources.size();
  if (message.as<InvalAllPixmaps>()) ++caches["pixmap.inval"];
  if (message.as<InvalPalette>()) ++caches["palette.evict"];
  if (message.as<InvalAllPalettes>()) ++caches["palette.inval"];
  if (message.as<cursor::InvalOne>()) ++caches["cursor.evict"];
  if (message.as<cursor::InvalAll>()) ++caches["cursor.inval"];
  if (const auto* init = message.as<cursor::Init>()) shape(init->cursor);
  if (const auto* set = message.as<cursor::Set>()) shape(set->cursor);
  if (const auto* stream = message.as<StreamCreate>())
    streams_[{connection_, stream->id}] = stream->codec_type;
  if (const auto* data = message.as<StreamData>()) frame(data->id);
  if (const auto* data = message.as<StreamDataSized>()) frame(data->id);
  wire::visit(
      *message.info().layout, message.object(), image_layout,
      [&](const std::string&, const void* found) { image(*static_cast<const Image*>(found)); });
}

}  // namespace spicebench::replayer
