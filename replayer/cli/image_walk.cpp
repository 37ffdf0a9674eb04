// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/image_walk.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/live/terminal.hpp"
#include "core/wire/display_channel.hpp"
#include "core/wire/display_drawing.hpp"
#include "core/wire/display_streams.hpp"
#include "core/wire/tables.hpp"
#include "core/wire/visit.hpp"
#include "replayer/replay/compare.hpp"

namespace spicebench::cli {
namespace {

using namespace wire::display;

bool is_reference(const Image& image) {
  return std::holds_alternative<std::monostate>(image.payload) ||
         std::holds_alternative<SurfaceReference>(image.payload);
}
// Masks stand in a structure of their own, whose image is a bitmap without colours.
bool is_mask(const std::string& field) {
  return field.ends_with("mask.bitmap");
}

// Whether a later image may need that this one was decoded.
bool leaves_something(const Image& image) {
  if (const auto* bitmap = std::get_if<Bitmap>(&image.payload))
    return (bitmap->flags & pal_cache_me) != 0;
  if (const auto* lz = std::get_if<LzPaletteData>(&image.payload))
    return (lz->flags & pal_cache_me) != 0;
  return is_of_dictionary(image.type);
}

std::size_t coded_bytes(const Image& image) {
  return std::visit(
      [](const auto& payload) -> std::size_t {
        if constexpr (requires { payload.data.size(); })
          return payload.data.size();
        else
          return 0;
      },
      image.payload);
}

std::string_view format_name(image::Format format) {
  for (const wire::Name& name : surface_format_names.entries)
    if (name.value == static_cast<std::uint64_t>(format)) return name.name;
  return "unknown";
}

bool carries_picture(const recorder::ConnectionRow& connection, const recorder::MessageRow& row) {
  if (connection.channel != wire::ChannelType::display || row.by != Side::server) return false;
  const auto* info = wire::find_message(connection.channel, row.by, row.type);
  if (!info || !info->layout) return false;
  if (info->key == StreamData::message || info->key == StreamDataSized::message) return true;
  const auto decoded = wire::decode_any(*info, row.body, replayer::context_of(connection));
  bool found = false;
  if (decoded)
    wire::visit(*info->layout, decoded->message.object(), image_layout,
                [&found](const std::string&, const void* image) {
                  found = found || !is_reference(*static_cast<const Image*>(image));
                });
  return found;
}

}  // namespace

double FoundImage::ratio() const {
  if (!pixels || coded_bytes == 0) return 0;
  return static_cast<double>(image::row_bytes(pixels->format, pixels->width) * pixels->height) /
         static_cast<double>(coded_bytes);
}

std::string text_of(const FoundImage& found) {
  std::string text =
      fmt::format("{}  {} {}x{}, ", found.field, found.codec, found.width, found.height);
  if (!found.pixels)
    return text + fmt::format("{} bytes: {}", found.coded_bytes, found.pixels.error().text());
  return text + fmt::format("{}, {} bytes, {:.1f}:1, decoded in {:.3f} ms",
                            format_name(found.pixels->format), found.coded_bytes, found.ratio(),
                            static_cast<double>(found.took.count()) * 1e-6);
}

nlohmann::ordered_json json_of(const FoundImage& found) {
  nlohmann::ordered_json json = {{"message", found.message}, {"field", found.field},
                                 {"codec", found.codec},     {"width", found.width},
                                 {"height", found.height},   {"coded_bytes", found.coded_bytes}};
  if (found.pixels) {
    json["format"] = format_name(found.pixels->format);
    json["ratio"] = found.ratio();
    json["decode_ns"] = found.took.count();
  } else {
    json["error"] = found.pixels.error().text();
  }
  return json;
}

void ImageWalk::next(const recorder::ConnectionRow& connection, const recorder::MessageRow& row) {
  if (connection.channel != wire::ChannelType::display || row.by != Side::server) return;
  const auto* info = wire::find_message(connection.channel, row.by, row.type);
  if (!info || !info->layout) return;
  const auto decoded = wire::decode_any(*info, row.body, replayer::context_of(connection));
  if (!decoded) return;
  const wire::AnyMessage& message = decoded->message;
  Channel& channel = channels_.try_emplace(connection.id).first->second;
  channel.session = connection.session_id;
  if (const auto* gone = message.as<InvalPalette>()) channel.palettes.erase(gone->id);
  if (message.as<InvalAllPalettes>()) channel.palettes.clear();
  if (const auto* made = message.as<SurfaceCreate>(); made && image::is_known(made->format))
    channel.surfaces[made->surface_id] = static_cast<image::Format>(made->format);
  if (const auto* created = message.as<StreamCreate>()) {
    auto decoder = video::make_video_decoder(
        created->codec_type, (created->flags & stream_top_down) != 0 ? image::RowOrder::top_down
                                                                     : image::RowOrder::bottom_up);
    Channel::Stream stream{created->codec_type, created->stream_width, created->stream_height,
                           nullptr, decoder ? "" : decoder.error().text()};
    if (decoder) stream.decoder = std::move(*decoder);
    channel.streams.insert_or_assign(created->id, std::move(stream));
  }
  if (const auto* data = message.as<StreamData>())
    frame(channel, row.id, data->id, data->data, 0, 0);
  if (const auto* data = message.as<StreamDataSized>())
    frame(channel, row.id, data->id, data->data, data->width, data->height);

  image::Format surface = surface_32_xrgb;
  wire::visit(*info->layout, message.object(), base_layout,
              [&](const std::string&, const void* found) {
                const auto known =
                    channel.surfaces.find(static_cast<const DisplayBase*>(found)->surface_id);
                if (known != channel.surfaces.end()) surface = known->second;
              });
  wire::visit(*info->layout, message.object(), image_layout,
              [&](const std::string& field, const void* found) {
                const auto& inside = *static_cast<const Image*>(found);
                if (!is_reference(inside)) image({row.id, field, inside, connection.id, surface});
              });
}

bool ImageWalk::try_image(const Waiting& found) {
  Channel& channel = channels_.at(found.connection);
  if (!is_wanted(found.message) && !leaves_something(found.image)) return true;
  const live::Stopwatch watch;
  auto pixels = is_mask(found.field) ? image::decode_mask(found.image)
                                     : image::decode(found.image, {found.surface, &channel.palettes,
                                                                   &windows_[channel.session]});
  const auto took = watch.elapsed();
  if (!pixels && pixels.error().code == ErrorCode::not_found && is_of_dictionary(found.image.type))
    return false;
  tell({found.message, found.field, image_type_name(found.image.type), found.image.width,
        found.image.height, coded_bytes(found.image), std::move(pixels), took});
  return true;
}

void ImageWalk::image(Waiting found) {
  if (!try_image(found)) return waiting_.push_back(std::move(found));
  if (!is_of_dictionary(found.image.type)) return;
  // The dictionary has grown, and may grow again by each that can go on.
  for (bool grown = true; grown && !waiting_.empty();) {
    grown = std::erase_if(waiting_, [this](const Waiting& one) { return try_image(one); }) > 0;
  }
}

void ImageWalk::end() {
  for (const Waiting& one : waiting_)
    tell({one.message,
          one.field,
          image_type_name(one.image.type),
          one.image.width,
          one.image.height,
          coded_bytes(one.image),
          fail(ErrorCode::not_found, "the images that it refers to never came"),
          {}});
  waiting_.clear();
}

void ImageWalk::frame(Channel& channel, recorder::MessageId message, std::uint32_t stream,
                      BytesView data, std::uint32_t width, std::uint32_t height) {
  const auto known = channel.streams.find(stream);
  if (known == channel.streams.end()) return;
  const Channel::Stream& at = known->second;
  if (width == 0) width = at.width, height = at.height;
  FoundImage found{message,
                   "data",
                   video::codec_name(at.codec),
                   width,
                   height,
                   data.size(),
                   fail(ErrorCode::unsupported, at.why_not),
                   {}};
  if (at.decoder) {
    const live::Stopwatch watch;
    auto decoded = at.decoder->decode(data, width, height);
    found.took = watch.elapsed();
    if (!decoded)
      found.pixels = std::unexpected(std::move(decoded.error()));
    else if (*decoded)
      found.pixels = std::move(**decoded);
    else
      return;  // a frame that shows nothing
  }
  tell(found);
}

Result<std::vector<FoundImage>> images_in(const recorder::Reader& recording,
                                          const recorder::ConnectionRow& connection,
                                          const recorder::MessageRow& row) {
  std::vector<FoundImage> images;
  if (!carries_picture(connection, row)) return images;
  ImageWalk walk([&images](const FoundImage& found) { images.push_back(found); }, row.id);
  auto messages = recording.messages();
  while (const auto before = TRY(messages.next())) {
    if (const auto* of = recording.connection(before->connection)) walk.next(*of, *before);
    if (before->id >= row.id && !walk.waits()) break;
  }
  walk.end();
  return images;
}

void ImageWalk::tell(const FoundImage& found) const {
  if (is_wanted(found.message)) tell_(found);
}

}  // namespace spicebench::cli
