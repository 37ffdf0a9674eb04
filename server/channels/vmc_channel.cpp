// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/vmc_channel.hpp"

#include <fmt/format.h>

#include "core/image/lz4_block.hpp"
#include "core/wire/link.hpp"

namespace spicebench::server {

using wire::ChannelType;
namespace spicevmc = wire::spicevmc;

template <ChannelType channel>
const typename VmcChannel<channel>::Table& VmcChannel<channel>::table() {
  using Self = VmcChannel;
  static constexpr std::string_view names[] = {"up"};
  static constexpr typename Table::Row port_rows[] = {
      common_row<Self, &Channel::ack_sync>(State::up),
      common_row<Self, &Channel::ack>(State::up),
      common_row<Self, &Channel::pong>(State::up),
      common_row<Self, &Channel::disconnecting>(State::up),
      state_row<&Self::data>(State::up, State::up),
      state_row<&Self::compressed>(State::up, State::up),
      state_row<&Self::event>(State::up, State::up),
  };
  static constexpr typename Table::Row usb_rows[] = {port_rows[0], port_rows[1], port_rows[2],
                                                     port_rows[3], port_rows[4], port_rows[5]};
  if constexpr (is_port) {
    static constexpr Table all(channel == ChannelType::port ? "port" : "webdav", names, port_rows);
    return all;
  } else {
    static constexpr Table all("usbredir", names, usb_rows);
    return all;
  }
}

template <ChannelType channel>
VmcChannel<channel>::VmcChannel(ChannelLink link, VmcDevice& device)
    : Channel(channel, std::move(link)), device_(device) {
  device_.attach(*this);
}

template <ChannelType channel>
VmcChannel<channel>::~VmcChannel() {
  device_.detach();
}

template <ChannelType channel>
void VmcChannel<channel>::open() {
  told_opening_ = device_.opening();
  if constexpr (is_port) {
    Bytes name(device_.name().size() + 1);  // the NUL counts
    std::ranges::copy(as_bytes(device_.name()), name.begin());
    outbox().send(spicevmc::PortInit<channel>{std::move(name), told_opening_ != 0});
  }
}

template <ChannelType channel>
bool VmcChannel<channel>::may_read() const {
  return device_.may_write(link().connection);
}

template <ChannelType channel>
Result<void> VmcChannel<channel>::dispatch(const wire::MessageInfo& info, const void* message) {
  CHECKED(table().dispatch(*this, State::up, info.key, message, info.name));
  return {};
}

template <ChannelType channel>
Result<typename VmcChannel<channel>::State> VmcChannel<channel>::data(const Data& message) {
  device_.write(message.data, link().connection);
  return State::up;
}

template <ChannelType channel>
Result<typename VmcChannel<channel>::State> VmcChannel<channel>::compressed(
    const Compressed& message) {
  if (message.type != spicevmc::compression_lz4)
    return fail(ErrorCode::unsupported, fmt::format("type {}, offered is 1", message.type), 0,
                "type");
  auto bytes = image::lz4_expanded(message.compressed_data, message.uncompressed_size);
  if (!bytes) return std::unexpected(std::move(bytes).error().within("compressed_data"));
  device_.write(*std::move(bytes), link().connection);
  return State::up;
}

template <ChannelType channel>
Result<typename VmcChannel<channel>::State> VmcChannel<channel>::event(const Event& message) {
  if (message.event > spicevmc::event_closed) device_.send_event(message.event);
  return State::up;
}

// A client that does not read hears of a program that came and went, came and went once.
template <ChannelType channel>
bool VmcChannel<channel>::tell_opening() {
  const std::uint32_t now = device_.opening();
  if (now == told_opening_ || backlog_bytes() > 0) return false;
  if constexpr (is_port) {
    using Told = spicevmc::PortEvent<channel, Side::server>;
    if (told_opening_ != 0) outbox().send(Told{spicevmc::event_closed});
    if (now != 0) outbox().send(Told{spicevmc::event_opened});
  }
  told_opening_ = now;
  return true;
}

template <ChannelType channel>
void VmcChannel<channel>::device_said(const SharedBytes& bytes) {
  if (bytes.size() > vmc_least_compressed && link().transport != Transport::unix_socket &&
      wire::link::has_cap(link().caps, wire::link::SpicevmcCap::data_compress_lz4))
    if (auto smaller = image::lz4_compressed(bytes))
      return outbox().send(spicevmc::CompressedData<channel, Side::server>{
          .uncompressed_size = static_cast<std::uint32_t>(bytes.size()),
          .compressed_data = *std::move(smaller)});
  outbox().send(spicevmc::Data<channel, Side::server>{bytes});
}

template <ChannelType channel>
nlohmann::json VmcChannel<channel>::describe() const {
  nlohmann::json json = describe_outbox();
  json["state"] = table().name_of(State::up);
  json["opening"] = told_opening_;
  return json;
}

template class VmcChannel<ChannelType::port>;
template class VmcChannel<ChannelType::webdav>;
template class VmcChannel<ChannelType::usbredir>;

}  // namespace spicebench::server
