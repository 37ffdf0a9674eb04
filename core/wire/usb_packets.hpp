// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// Packets of the USB redirection protocol 0.7, which the usbredir channel carries as a stream of
// bytes. The client is the end with the real device (usb-host), the guest's virtual controller the
// other (usb-guest). Described here rather than by callbacks of libusbredirparser, which knows one
// end of a connection: it needs its own end's hello before the other's, hands out structures
// without saying which bytes they came from, and cannot write what it has read. Its numbers and
// sizes are compared with these in a test.
namespace spicebench::wire::usb {

constexpr std::uint32_t most_packet_bytes = 128 << 20;  // of a packet after its header

// Stands before every packet. The id pairs a request with its answer; u32 in a hello and unless
// both ends have Cap::ids_of_64_bits.
struct Header {
  std::uint32_t type = 0, length = 0;
  std::uint64_t id = 0;
  bool operator==(const Header&) const = default;
};
struct ShortHeader {
  std::uint32_t type = 0, length = 0, id = 0;
  bool operator==(const ShortHeader&) const = default;
};

enum class Cap : std::uint32_t {
  bulk_streams = 0,
  connect_device_version = 1,
  filter = 2,
  device_disconnect_ack = 3,
  ep_info_max_packet_size = 4,
  ids_of_64_bits = 5,
  bulk_length_of_32_bits = 6,
  bulk_receiving = 7,
};

// Packets of one end only: `host` is Side::client, `guest` Side::server.
constexpr Side host = Side::client, guest = Side::server;

template <Side sender>
struct Hello {
  static constexpr MessageKey message{ChannelType::usb, sender, 0};
  std::array<std::uint8_t, 64> version{};   // text, ends in NUL
  std::vector<std::uint32_t> capabilities;  // to the end; bits are Cap
  bool operator==(const Hello&) const = default;
};
struct DeviceConnect {
  static constexpr MessageKey message{ChannelType::usb, host, 1};
  std::uint8_t speed = 0;  // 0 low, 1 full, 2 high, 3 super, 255 unknown
  std::uint8_t device_class = 0, device_subclass = 0, device_protocol = 0;
  std::uint16_t vendor_id = 0, product_id = 0;
  std::uint16_t device_version_bcd = 0;  // there if both have Cap::connect_device_version
  bool operator==(const DeviceConnect&) const = default;
};
struct DeviceDisconnect {
  static constexpr MessageKey message{ChannelType::usb, host, 2};
  bool operator==(const DeviceDisconnect&) const = default;
};
struct Reset {
  static constexpr MessageKey message{ChannelType::usb, guest, 3};
  bool operator==(const Reset&) const = default;
};
// Arrays of 32: of interfaces the first interface_count are meant; of endpoints the index is the
// endpoint's number, plus 16 for inputs.
struct InterfaceInfo {
  static constexpr MessageKey message{ChannelType::usb, host, 4};
  std::uint32_t interface_count = 0;
  std::array<std::uint8_t, 32> interface {
  }, interface_class{}, interface_subclass{}, interface_protocol{};
  bool operator==(const InterfaceInfo&) const = default;
};
struct EpInfo {
  static constexpr MessageKey message{ChannelType::usb, host, 5};
  std::array<std::uint8_t, 32> type{}, interval{}, interface {};  // type 255: no such endpoint
  std::array<std::uint16_t, 32> max_packet_size{};  // both have Cap::ep_info_max_packet_size
  std::array<std::uint32_t, 32> max_streams{};      // both have Cap::bulk_streams
  bool operator==(const EpInfo&) const = default;
};
struct SetConfiguration {
  static constexpr MessageKey message{ChannelType::usb, guest, 6};
  std::uint8_t configuration = 0;
  bool operator==(const SetConfiguration&) const = default;
};
struct GetConfiguration {
  static constexpr MessageKey message{ChannelType::usb, guest, 7};
  bool operator==(const GetConfiguration&) const = default;
};
struct ConfigurationStatus {
  static constexpr MessageKey message{ChannelType::usb, host, 8};
  std::uint8_t status = 0, configuration = 0;
  bool operator==(const ConfigurationStatus&) const = default;
};
struct SetAltSetting {
  static constexpr MessageKey message{ChannelType::usb, guest, 9};
  std::uint8_t interface = 0, alt = 0;
  bool operator==(const SetAltSetting&) const = default;
};
struct GetAltSetting {
  static constexpr MessageKey message{ChannelType::usb, guest, 10};
  std::uint8_t interface = 0;
  bool operator==(const GetAltSetting&) const = default;
};
struct AltSettingStatus {
  static constexpr MessageKey message{ChannelType::usb, host, 11};
  std::uint8_t status = 0, interface = 0, alt = 0;
  bool operator==(const AltSettingStatus&) const = default;
};
struct StartIsoStream {
  static constexpr MessageKey message{ChannelType::usb, guest, 12};
  std::uint8_t endpoint = 0, pkts_per_urb = 0, no_urbs = 0;
  bool operator==(const StartIsoStream&) const = default;
};
struct StopIsoStream {
  static constexpr MessageKey message{ChannelType::usb, guest, 13};
  std::uint8_t endpoint = 0;
  bool operator==(const StopIsoStream&) const = default;
};
struct IsoStreamStatus {
  static constexpr MessageKey message{ChannelType::usb, host, 14};
  std::uint8_t status = 0, endpoint = 0;
  bool operator==(const IsoStreamStatus&) const = default;
};
struct StartInterruptReceiving {
  static constexpr MessageKey message{ChannelType::usb, guest, 15};
  std::uint8_t endpoint = 0;
  bool operator==(const StartInterruptReceiving&) const = default;
};
struct StopInterruptReceiving {
  static constexpr MessageKey message{ChannelType::usb, guest, 16};
  std::uint8_t endpoint = 0;
  bool operator==(const StopInterruptReceiving&) const = default;
};
struct InterruptReceivingStatus {
  static constexpr MessageKey message{ChannelType::usb, host, 17};
  std::uint8_t status = 0, endpoint = 0;
  bool operator==(const InterruptReceivingStatus&) const = default;
};
struct AllocBulkStreams {
  static constexpr MessageKey message{ChannelType::usb, guest, 18};
  std::uint32_t endpoints = 0;  // a bit for each
  std::uint32_t no_streams = 0;
  bool operator==(const AllocBulkStreams&) const = default;
};
struct FreeBulkStreams {
  static constexpr MessageKey message{ChannelType::usb, guest, 19};
  std::uint32_t endpoints = 0;
  bool operator==(const FreeBulkStreams&) const = default;
};
struct BulkStreamsStatus {
  static constexpr MessageKey message{ChannelType::usb, host, 20};
  std::uint32_t endpoints = 0, no_streams = 0;
  std::uint8_t status = 0;
  bool operator==(const BulkStreamsStatus&) const = default;
};
struct CancelDataPacket {
  static constexpr MessageKey message{ChannelType::usb, guest, 21};
  bool operator==(const CancelDataPacket&) const = default;
};
struct FilterReject {
  static constexpr MessageKey message{ChannelType::usb, guest, 22};
  bool operator==(const FilterReject&) const = default;
};
template <Side sender>
struct FilterFilter {
  static constexpr MessageKey message{ChannelType::usb, sender, 23};
  SharedBytes rules;  // to the end; text, ends in NUL
  bool operator==(const FilterFilter&) const = default;
};
struct DeviceDisconnectAck {
  static constexpr MessageKey message{ChannelType::usb, guest, 24};
  bool operator==(const DeviceDisconnectAck&) const = default;
};
struct StartBulkReceiving {
  static constexpr MessageKey message{ChannelType::usb, guest, 25};
  std::uint32_t stream_id = 0, bytes_per_transfer = 0;
  std::uint8_t endpoint = 0, no_transfers = 0;
  bool operator==(const StartBulkReceiving&) const = default;
};
struct StopBulkReceiving {
  static constexpr MessageKey message{ChannelType::usb, guest, 26};
  std::uint32_t stream_id = 0;
  std::uint8_t endpoint = 0;
  bool operator==(const StopBulkReceiving&) const = default;
};
struct BulkReceivingStatus {
  static constexpr MessageKey message{ChannelType::usb, host, 27};
  std::uint32_t stream_id = 0;
  std::uint8_t endpoint = 0, status = 0;
  bool operator==(const BulkReceivingStatus&) const = default;
};

// Data packets: a request of the guest without data for an input endpoint, the host's answer with
// them; the other way round for an output endpoint.
template <Side sender>
struct ControlPacket {
  static constexpr MessageKey message{ChannelType::usb, sender, 100};
  std::uint8_t endpoint = 0, request = 0, requesttype = 0, status = 0;
  std::uint16_t value = 0, index = 0, length = 0;
  SharedBytes data;  // to the end
  bool operator==(const ControlPacket&) const = default;
};
template <Side sender>
struct BulkPacket {
  static constexpr MessageKey message{ChannelType::usb, sender, 101};
  std::uint8_t endpoint = 0, status = 0;
  std::uint16_t length = 0;
  std::uint32_t stream_id = 0;
  std::uint16_t length_high = 0;  // there if both have Cap::bulk_length_of_32_bits
  SharedBytes data;
  bool operator==(const BulkPacket&) const = default;
};
template <Side sender>
struct IsoPacket {
  static constexpr MessageKey message{ChannelType::usb, sender, 102};
  std::uint8_t endpoint = 0, status = 0;
  std::uint16_t length = 0;
  SharedBytes data;
  bool operator==(const IsoPacket&) const = default;
};
template <Side sender>
struct InterruptPacket {
  static constexpr MessageKey message{ChannelType::usb, sender, 103};
  std::uint8_t endpoint = 0, status = 0;
  std::uint16_t length = 0;
  SharedBytes data;
  bool operator==(const InterruptPacket&) const = default;
};
struct BufferedBulkPacket {
  static constexpr MessageKey message{ChannelType::usb, host, 104};
  std::uint32_t stream_id = 0, length = 0;
  std::uint8_t endpoint = 0, status = 0;
  SharedBytes data;
  bool operator==(const BufferedBulkPacket&) const = default;
};

}  // namespace spicebench::wire::usb
