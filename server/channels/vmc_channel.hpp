// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/wire/spicevmc.hpp"
#include "server/channels/channel.hpp"
#include "server/char_device/vmc_device.hpp"

namespace spicebench::server {

// The channel of a port, of webdav or of USB redirection: bytes between a program in the guest and
// one at the client, compressed where both can and it is worth it.
//
// Source: protocol.md §4.10, §6.4, §9.9; channels.md §13.1, §13.3. DIFFERS, as recommended there:
// an empty message means nothing, compressed ones count like others, a client's OPENED and CLOSED
// go nowhere.
template <wire::ChannelType channel>
class VmcChannel final : public Channel, private VmcClient {
 public:
  enum class State : std::uint8_t { up };
  static constexpr bool is_port = channel != wire::ChannelType::usbredir;
  using Data = wire::spicevmc::Data<channel, Side::client>;
  using Compressed = wire::spicevmc::CompressedData<channel, Side::client>;
  using Event = wire::spicevmc::PortEvent<channel, Side::client>;

  // Precondition: nobody has the device.
  VmcChannel(ChannelLink link, VmcDevice& device);
  ~VmcChannel() override;

  void open() override;
  bool may_read() const override;
  nlohmann::json describe() const override;
  State state() const { return State::up; }

  // The rows of the table.
  Result<State> data(const Data& message);
  Result<State> compressed(const Compressed& message);
  Result<State> event(const Event& message);

  using Table = StateTable<VmcChannel, State, wire::MessageKey>;
  static const Table& table();

 private:
  Result<void> dispatch(const wire::MessageInfo& info, const void* message) override;
  bool tell_opening() override;
  bool knows_opening(std::uint32_t opening) const override { return told_opening_ == opening; }
  void device_said(const SharedBytes& bytes) override;
  std::size_t backlog_bytes() const override { return outbox().queue().queued(); }

  VmcDevice& device_;
  std::uint32_t told_opening_ = 0;
};

extern template class VmcChannel<wire::ChannelType::port>;
extern template class VmcChannel<wire::ChannelType::webdav>;
extern template class VmcChannel<wire::ChannelType::usbredir>;

}  // namespace spicebench::server
