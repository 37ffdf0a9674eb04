// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>
#include <lz4.h>

#include <array>

#include "core/wire/inner_readers.hpp"
#include "core/wire/stream_buffer.hpp"
#include "core/wire/tables.hpp"
#include "core/wire/usb_packets.hpp"
#include "core/wire/usbredir_channel.hpp"
#include "core/wire/webdav_channel.hpp"

// Messages out of the byte streams that DATA and COMPRESSED_DATA carry (protocol.md §6.1, §6.4):
// where a message of the channel ends means nothing there.
namespace spicebench::wire {
namespace {

template <ChannelType channel, Side by>
Result<SharedBytes> expanded(const SharedBytes& body) {
  const auto message = TRY((decode<spicevmc::CompressedData<channel, by>>(body)));
  if (message.type == spicevmc::compression_none) return message.compressed_data;
  if (message.type != spicevmc::compression_lz4)
    return fail(ErrorCode::unsupported, fmt::format("compression {}", message.type), 0, "type");
  constexpr std::uint64_t most_ratio = 255;  // of LZ4: nothing is allocated for less
  const std::size_t packed = message.compressed_data.size();
  if (message.uncompressed_size > most_ratio * packed)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} bytes out of {}", message.uncompressed_size, packed), 1,
                "uncompressed_size");
  Bytes bytes(message.uncompressed_size);
  const int size =
      LZ4_decompress_safe(reinterpret_cast<const char*>(message.compressed_data.data()),
                          reinterpret_cast<char*>(bytes.data()), static_cast<int>(packed),
                          static_cast<int>(bytes.size()));
  if (size != static_cast<int>(bytes.size()))
    return fail(ErrorCode::malformed, fmt::format("no LZ4 block of {} bytes", bytes.size()), 5,
                "compressed_data");
  return SharedBytes(std::move(bytes));
}

// Where the message at the beginning of a stream ends.
struct Whole {
  std::uint32_t type = 0;
  const Layout* header_layout = nullptr;
  std::size_t header = 0, size = 0;  // bytes; size is of all, header included
};

template <ChannelType channel>
class StreamReader : public InnerReader {
 public:
  Result<bool> read(Side by, std::uint16_t type, const SharedBytes& body,
                    std::vector<InnerMessage>& out) override {
    note(by, type);
    if (resets(by, type)) streams_ = {}, broken_ = {};
    const bool compressed = type == spicevmc::CompressedData<channel, Side::client>::message.id;
    if (!compressed && type != spicevmc::Data<channel, Side::client>::message.id) return false;
    if (broken_[at(by)]) return false;
    auto done = compressed ? take_compressed(by, body, out) : take(by, body, out);
    if (done) return true;
    broken_[at(by)] = true;
    streams_[at(by)] = {};
    return std::unexpected(std::move(done).error());
  }

  Unfinished unfinished(Side by) const override {
    const BytesView bytes = streams_[at(by)].view();
    const auto begun = whole(by, bytes);
    if (bytes.empty() || !begun || !*begun) return {nullptr, bytes.size(), 0};
    return {info_of_type(by, (*begun)->type), bytes.size(), (*begun)->size};
  }

 protected:
  static std::size_t at(Side side) { return static_cast<std::size_t>(side); }

  // Nothing: too few bytes to tell.
  virtual Result<std::optional<Whole>> whole(Side by, BytesView bytes) const = 0;
  virtual bool resets(Side by, std::uint16_t type) const = 0;
  virtual const MessageInfo* info_of_type(Side by, std::uint32_t type) const = 0;
  virtual void complete(InnerMessage& message) = 0;

 private:
  Result<void> take_compressed(Side by, const SharedBytes& body, std::vector<InnerMessage>& out) {
    const auto bytes = TRY(by == Side::client ? (expanded<channel, Side::client>(body))
                                              : (expanded<channel, Side::server>(body)));
    return take(by, bytes, out);
  }
  Result<void> take(Side by, BytesView bytes, std::vector<InnerMessage>& out) {
    StreamBuffer& stream = streams_[at(by)];
    const std::size_t before = stream.view().size();  // bytes that came with earlier messages
    stream.feed(bytes);
    for (std::size_t taken = 0;;) {
      const BytesView view = stream.view();
      auto next = whole(by, view);
      if (!next) {
        Error error = std::move(next).error();
        const std::uint64_t in_stream = taken + error.offset;
        error.offset = in_stream > before ? in_stream - before : 0;
        return std::unexpected(std::move(error));
      }
      if (!*next || (*next)->size > view.size()) return {};
      const Whole found = **next;
      const SharedBytes all = stream.take(found.size);
      taken += found.size;
      out.push_back({.by = by,
                     .type = found.type,
                     .info = info_of_type(by, found.type),
                     .header_layout = found.header_layout,
                     .header = all.slice(0, found.header),
                     .body = all.slice(found.header, found.size - found.header)});
      complete(out.back());
    }
  }

  std::array<StreamBuffer, 2> streams_;
  std::array<bool, 2> broken_{};
};

class WebdavReader final : public StreamReader<ChannelType::webdav> {
  static constexpr std::size_t id_bytes = 8, size_bytes = 2;

  Result<std::optional<Whole>> whole(Side, BytesView bytes) const override {
    if (bytes.size() < id_bytes + size_bytes) return std::nullopt;
    const std::size_t data = load_little_endian(bytes.data() + id_bytes, size_bytes);
    return Whole{.type = webdav::Frame<Side::client>::message.id,
                 .size = id_bytes + size_bytes + data};
  }
  // The guest's side opens or closes: all connections are gone, with them half a frame.
  bool resets(Side by, std::uint16_t type) const override {
    return by == Side::server &&
           (type == webdav::PortInit::message.id || type == webdav::PortEventToClient::message.id);
  }
  const MessageInfo* info_of_type(Side by, std::uint32_t type) const override {
    return find_message(ChannelType::webdav_mux, by, static_cast<std::uint16_t>(type));
  }
  void complete(InnerMessage&) override {}
};

class UsbReader final : public StreamReader<ChannelType::usbredir> {
  static constexpr std::size_t short_header_bytes = 12, header_bytes = 16, version_bytes = 64,
                               word_bytes = 4;

  Result<std::optional<Whole>> whole(Side, BytesView bytes) const override {
    if (bytes.size() < short_header_bytes) return std::nullopt;
    usb::ShortHeader header;  // what both kinds begin with
    auto used = decode(usb::short_header_layout, &header,
                       SharedBytes::copy_of(bytes.first(short_header_bytes)));
    if (!used) return std::unexpected(std::move(used).error().within("usb_header"));
    Whole whole{.type = header.type,
                .header_layout = &usb::short_header_layout,
                .header = short_header_bytes};
    // A hello is sent before the other end's capabilities are known.
    if (header.type != usb::Hello<usb::host>::message.id && both(usb::Cap::ids_of_64_bits))
      whole.header_layout = &usb::header_layout, whole.header = header_bytes;
    whole.size = whole.header + header.length;
    return whole;
  }
  bool both(usb::Cap cap) const {
    return ((caps_[0] & caps_[1]) >> static_cast<std::uint32_t>(cap) & 1) != 0;
  }
  bool resets(Side, std::uint16_t) const override { return false; }
  const MessageInfo* info_of_type(Side by, std::uint32_t type) const override {
    return type <= UINT16_MAX ? find_message(ChannelType::usb, by, static_cast<std::uint16_t>(type))
                              : nullptr;
  }
  void complete(InnerMessage& message) override {
    message.client_caps = caps_[at(Side::client)];
    message.guest_caps = caps_[at(Side::server)];
    if (message.type == usb::Hello<usb::host>::message.id)
      caps_[at(message.by)] = message.body.size() < version_bytes + word_bytes
                                  ? 0
                                  : static_cast<std::uint32_t>(load_little_endian(
                                        message.body.data() + version_bytes, word_bytes));
  }

  std::array<std::uint32_t, 2> caps_{};
};

}  // namespace

std::unique_ptr<InnerReader> webdav_reader() {
  return std::make_unique<WebdavReader>();
}
std::unique_ptr<InnerReader> usb_reader() {
  return std::make_unique<UsbReader>();
}

}  // namespace spicebench::wire
