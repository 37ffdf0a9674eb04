// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/spicevmc.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/port_channel.hpp"
#include "core/wire/tables.hpp"
#include "core/wire/usbredir_channel.hpp"
#include "core/wire/webdav_channel.hpp"

// The tables of usbredir, port and webdav: all of their messages are the same but for the channel.
namespace spicebench::wire {
namespace spicevmc {
namespace {

constexpr std::int64_t most_name_bytes = 256;

constexpr Name compression_entries[] = {{compression_none, "none"}, {compression_lz4, "lz4"}};
constexpr Names compression_names{false, compression_entries};
constexpr Name event_entries[] = {
    {event_opened, "opened"}, {event_closed, "closed"}, {event_break, "break"}};
constexpr Names event_names{false, event_entries};

template <class T>
constexpr Field data_fields[] = {bytes(MEMBER(T, data)).to_end()};
template <class T>
constexpr Layout data_layout = describes<T>("data", data_fields<T>);

template <class T>
constexpr Field compressed_data_fields[] = {
    scalar(MEMBER(T, type)).named(compression_names),
    scalar(MEMBER(T, uncompressed_size))
        .limited(1, most_uncompressed_bytes)
        .unless(is(MEMBER(T, type), compression_none)),
    bytes(MEMBER(T, compressed_data)).to_end(),
};
template <class T>
constexpr Layout compressed_data_layout = describes<T>("compressed_data",
                                                       compressed_data_fields<T>);

template <class T>
std::string check_port_init(const Scope& scope) {
  const SharedBytes& name = scope.as<T>().name;
  return name.empty() || name.view().back() != std::byte{0} ? "name does not end in NUL" : "";
}
template <class T>
constexpr Field port_init_fields[] = {
    count("name_size", 4, 0).limited(1, most_name_bytes),
    bytes(MEMBER(T, name)).counted(0).text().by_pointer(Place::required_pointer),
    scalar(MEMBER(T, opened)),
};
template <class T>
constexpr Layout port_init_layout = describes<T>("port_init", port_init_fields<T>,
                                                 {.check = check_port_init<T>,
                                                  .says = "name ends in NUL"});

template <class T>
constexpr Field port_event_fields[] = {scalar(MEMBER(T, event)).named(event_names)};
template <class T>
constexpr Layout port_event_layout = describes<T>("port_event", port_event_fields<T>);

template <ChannelType channel>
constexpr MessageInfo rows[] = {
    row<Data<channel, Side::server>>(data_layout<Data<channel, Side::server>>),
    row<Data<channel, Side::client>>(data_layout<Data<channel, Side::client>>),
    row<CompressedData<channel, Side::server>>(
        compressed_data_layout<CompressedData<channel, Side::server>>),
    row<CompressedData<channel, Side::client>>(
        compressed_data_layout<CompressedData<channel, Side::client>>),
};
template <ChannelType channel>
constexpr MessageInfo port_rows[] = {
    row<PortInit<channel>>(port_init_layout<PortInit<channel>>),
    row<PortEvent<channel, Side::server>>(port_event_layout<PortEvent<channel, Side::server>>),
    row<PortEvent<channel, Side::client>>(port_event_layout<PortEvent<channel, Side::client>>),
};

template <class T>
constexpr Field frame_fields[] = {
    scalar(MEMBER(T, client)),
    count("size", 2, 0),
    bytes(MEMBER(T, data)).counted(0),
};
template <class T>
constexpr Layout frame_layout = describes<T>("frame", frame_fields<T>);
using FrameToClient = webdav::Frame<Side::server>;
using FrameToServer = webdav::Frame<Side::client>;
constexpr MessageInfo frame_rows[] = {
    row<FrameToClient>(frame_layout<FrameToClient>),
    row<FrameToServer>(frame_layout<FrameToServer>),
};

}  // namespace
}  // namespace spicevmc

std::span<const MessageInfo> spicevmc_messages() {
  using namespace spicevmc;
  static const std::vector<MessageInfo> all = [] {
    std::vector<MessageInfo> joined;
    for (const std::span<const MessageInfo> part :
         {std::span<const MessageInfo>(rows<ChannelType::usbredir>),
          std::span<const MessageInfo>(rows<ChannelType::port>),
          std::span<const MessageInfo>(rows<ChannelType::webdav>),
          std::span<const MessageInfo>(port_rows<ChannelType::port>),
          std::span<const MessageInfo>(port_rows<ChannelType::webdav>),
          std::span<const MessageInfo>(frame_rows)})
      joined.insert(joined.end(), part.begin(), part.end());
    return joined;
  }();
  return all;
}

}  // namespace spicebench::wire
