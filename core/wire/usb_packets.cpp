// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/usb_packets.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace usb {
namespace {

constexpr std::int64_t most_interfaces = 32;

constexpr std::uint64_t bit(Cap cap) {
  return std::uint64_t{1} << static_cast<std::uint32_t>(cap);
}
constexpr Condition both(Cap cap) {
  return both_agents(static_cast<std::uint32_t>(cap));
}

constexpr Name type_entries[] = {
    {0, "hello"},
    {1, "device_connect"},
    {2, "device_disconnect"},
    {3, "reset"},
    {4, "interface_info"},
    {5, "ep_info"},
    {6, "set_configuration"},
    {7, "get_configuration"},
    {8, "configuration_status"},
    {9, "set_alt_setting"},
    {10, "get_alt_setting"},
    {11, "alt_setting_status"},
    {12, "start_iso_stream"},
    {13, "stop_iso_stream"},
    {14, "iso_stream_status"},
    {15, "start_interrupt_receiving"},
    {16, "stop_interrupt_receiving"},
    {17, "interrupt_receiving_status"},
    {18, "alloc_bulk_streams"},
    {19, "free_bulk_streams"},
    {20, "bulk_streams_status"},
    {21, "cancel_data_packet"},
    {22, "filter_reject"},
    {23, "filter_filter"},
    {24, "device_disconnect_ack"},
    {25, "start_bulk_receiving"},
    {26, "stop_bulk_receiving"},
    {27, "bulk_receiving_status"},
    {100, "control_packet"},
    {101, "bulk_packet"},
    {102, "iso_packet"},
    {103, "interrupt_packet"},
    {104, "buffered_bulk_packet"},
};
constexpr Names type_names{false, type_entries};
constexpr Name cap_entries[] = {
    {bit(Cap::bulk_streams), "bulk_streams"},
    {bit(Cap::connect_device_version), "connect_device_version"},
    {bit(Cap::filter), "filter"},
    {bit(Cap::device_disconnect_ack), "device_disconnect_ack"},
    {bit(Cap::ep_info_max_packet_size), "ep_info_max_packet_size"},
    {bit(Cap::ids_of_64_bits), "64bits_ids"},
    {bit(Cap::bulk_length_of_32_bits), "32bits_bulk_length"},
    {bit(Cap::bulk_receiving), "bulk_receiving"},
};
constexpr Names cap_names{true, cap_entries};
constexpr Name status_entries[] = {
    {0, "success"}, {1, "cancelled"}, {2, "inval"},  {3, "ioerror"},
    {4, "stall"},   {5, "timeout"},   {6, "babble"},
};
constexpr Names status_names{false, status_entries};
constexpr Name speed_entries[] = {
    {0, "low"}, {1, "full"}, {2, "high"}, {3, "super"}, {255, "unknown"}};
constexpr Names speed_names{false, speed_entries};

template <class T>
constexpr Field endpoint = scalar(MEMBER(T, endpoint));
template <class T>
constexpr Field status = scalar(MEMBER(T, status)).named(status_names);
template <class T>
constexpr Field data = bytes(MEMBER(T, data)).to_end();

template <class T>
constexpr Field hello_fields[] = {
    array(MEMBER(T, version)).text(),
    list(MEMBER(T, capabilities)).to_end().named(cap_names),
};
template <class T>
constexpr Layout hello_layout = describes<T>("hello", hello_fields<T>);
constexpr Field device_connect_fields[] = {
    scalar(MEMBER(DeviceConnect, speed)).named(speed_names),
    scalar(MEMBER(DeviceConnect, device_class)),
    scalar(MEMBER(DeviceConnect, device_subclass)),
    scalar(MEMBER(DeviceConnect, device_protocol)),
    scalar(MEMBER(DeviceConnect, vendor_id)),
    scalar(MEMBER(DeviceConnect, product_id)),
    scalar(MEMBER(DeviceConnect, device_version_bcd)).when(both(Cap::connect_device_version)),
};
constexpr Layout device_connect_layout =
    describes<DeviceConnect>("device_connect", device_connect_fields);
constexpr Layout device_disconnect_layout = describes<DeviceDisconnect>("device_disconnect", {});
constexpr Layout reset_layout = describes<Reset>("reset", {});
constexpr Field interface_info_fields[] = {
    scalar(MEMBER(InterfaceInfo, interface_count)).limited(0, most_interfaces),
    array(MEMBER(InterfaceInfo, interface)),
    array(MEMBER(InterfaceInfo, interface_class)),
    array(MEMBER(InterfaceInfo, interface_subclass)),
    array(MEMBER(InterfaceInfo, interface_protocol)),
};
constexpr Layout interface_info_layout =
    describes<InterfaceInfo>("interface_info", interface_info_fields);
constexpr Field ep_info_fields[] = {
    array(MEMBER(EpInfo, type)),
    array(MEMBER(EpInfo, interval)),
    array(MEMBER(EpInfo, interface)),
    array(MEMBER(EpInfo, max_packet_size)).when(both(Cap::ep_info_max_packet_size)),
    array(MEMBER(EpInfo, max_streams)).when(both(Cap::bulk_streams)),
};
constexpr Layout ep_info_layout = describes<EpInfo>("ep_info", ep_info_fields);

constexpr Field set_configuration_fields[] = {scalar(MEMBER(SetConfiguration, configuration))};
constexpr Layout set_configuration_layout =
    describes<SetConfiguration>("set_configuration", set_configuration_fields);
constexpr Layout get_configuration_layout = describes<GetConfiguration>("get_configuration", {});
constexpr Field configuration_status_fields[] = {
    status<ConfigurationStatus>,
    scalar(MEMBER(ConfigurationStatus, configuration)),
};
constexpr Layout configuration_status_layout =
    describes<ConfigurationStatus>("configuration_status", configuration_status_fields);
constexpr Field set_alt_setting_fields[] = {
    scalar(MEMBER(SetAltSetting, interface)),
    scalar(MEMBER(SetAltSetting, alt)),
};
constexpr Layout set_alt_setting_layout =
    describes<SetAltSetting>("set_alt_setting", set_alt_setting_fields);
constexpr Field get_alt_setting_fields[] = {scalar(MEMBER(GetAltSetting, interface))};
constexpr Layout get_alt_setting_layout =
    describes<GetAltSetting>("get_alt_setting", get_alt_setting_fields);
constexpr Field alt_setting_status_fields[] = {
    status<AltSettingStatus>,
    scalar(MEMBER(AltSettingStatus, interface)),
    scalar(MEMBER(AltSettingStatus, alt)),
};
constexpr Layout alt_setting_status_layout =
    describes<AltSettingStatus>("alt_setting_status", alt_setting_status_fields);

constexpr Field start_iso_stream_fields[] = {
    endpoint<StartIsoStream>,
    scalar(MEMBER(StartIsoStream, pkts_per_urb)),
    scalar(MEMBER(StartIsoStream, no_urbs)),
};
constexpr Layout start_iso_stream_layout =
    describes<StartIsoStream>("start_iso_stream", start_iso_stream_fields);
constexpr Field stop_iso_stream_fields[] = {endpoint<StopIsoStream>};
constexpr Layout stop_iso_stream_layout =
    describes<StopIsoStream>("stop_iso_stream", stop_iso_stream_fields);
constexpr Field iso_stream_status_fields[] = {status<IsoStreamStatus>, endpoint<IsoStreamStatus>};
constexpr Layout iso_stream_status_layout =
    describes<IsoStreamStatus>("iso_stream_status", iso_stream_status_fields);
constexpr Field start_interrupt_fields[] = {endpoint<StartInterruptReceiving>};
constexpr Layout start_interrupt_layout =
    describes<StartInterruptReceiving>("start_interrupt_receiving", start_interrupt_fields);
constexpr Field stop_interrupt_fields[] = {endpoint<StopInterruptReceiving>};
constexpr Layout stop_interrupt_layout =
    describes<StopInterruptReceiving>("stop_interrupt_receiving", stop_interrupt_fields);
constexpr Field interrupt_status_fields[] = {
    status<InterruptReceivingStatus>,
    endpoint<InterruptReceivingStatus>,
};
constexpr Layout interrupt_status_layout =
    describes<InterruptReceivingStatus>("interrupt_receiving_status", interrupt_status_fields);

constexpr Field alloc_bulk_streams_fields[] = {
    scalar(MEMBER(AllocBulkStreams, endpoints)),
    scalar(MEMBER(AllocBulkStreams, no_streams)),
};
constexpr Layout alloc_bulk_streams_layout =
    describes<AllocBulkStreams>("alloc_bulk_streams", alloc_bulk_streams_fields);
constexpr Field free_bulk_streams_fields[] = {scalar(MEMBER(FreeBulkStreams, endpoints))};
constexpr Layout free_bulk_streams_layout =
    describes<FreeBulkStreams>("free_bulk_streams", free_bulk_streams_fields);
constexpr Field bulk_streams_status_fields[] = {
    scalar(MEMBER(BulkStreamsStatus, endpoints)),
    scalar(MEMBER(BulkStreamsStatus, no_streams)),
    status<BulkStreamsStatus>,
};
constexpr Layout bulk_streams_status_layout =
    describes<BulkStreamsStatus>("bulk_streams_status", bulk_streams_status_fields);

constexpr Layout cancel_data_packet_layout = describes<CancelDataPacket>("cancel_data_packet", {});
constexpr Layout filter_reject_layout = describes<FilterReject>("filter_reject", {});
template <class T>
constexpr Field filter_fields[] = {bytes(MEMBER(T, rules)).to_end().text()};
template <class T>
constexpr Layout filter_layout = describes<T>("filter_filter", filter_fields<T>);
constexpr Layout disconnect_ack_layout =
    describes<DeviceDisconnectAck>("device_disconnect_ack", {});

constexpr Field start_bulk_fields[] = {
    scalar(MEMBER(StartBulkReceiving, stream_id)),
    scalar(MEMBER(StartBulkReceiving, bytes_per_transfer)),
    endpoint<StartBulkReceiving>,
    scalar(MEMBER(StartBulkReceiving, no_transfers)),
};
constexpr Layout start_bulk_layout =
    describes<StartBulkReceiving>("start_bulk_receiving", start_bulk_fields);
constexpr Field stop_bulk_fields[] = {
    scalar(MEMBER(StopBulkReceiving, stream_id)),
    endpoint<StopBulkReceiving>,
};
constexpr Layout stop_bulk_layout =
    describes<StopBulkReceiving>("stop_bulk_receiving", stop_bulk_fields);
constexpr Field bulk_status_fields[] = {
    scalar(MEMBER(BulkReceivingStatus, stream_id)),
    endpoint<BulkReceivingStatus>,
    status<BulkReceivingStatus>,
};
constexpr Layout bulk_status_layout =
    describes<BulkReceivingStatus>("bulk_receiving_status", bulk_status_fields);

template <class T>
constexpr Field control_fields[] = {
    endpoint<T>,
    scalar(MEMBER(T, request)),
    scalar(MEMBER(T, requesttype)),
    status<T>,
    scalar(MEMBER(T, value)),
    scalar(MEMBER(T, index)),
    scalar(MEMBER(T, length)),
    data<T>,
};
template <class T>
constexpr Layout control_layout = describes<T>("control_packet", control_fields<T>);
template <class T>
constexpr Field bulk_fields[] = {
    endpoint<T>,
    status<T>,
    scalar(MEMBER(T, length)),
    scalar(MEMBER(T, stream_id)),
    scalar(MEMBER(T, length_high)).when(both(Cap::bulk_length_of_32_bits)),
    data<T>,
};
template <class T>
constexpr Layout bulk_layout = describes<T>("bulk_packet", bulk_fields<T>);
template <class T>  // iso and interrupt packets
constexpr Field small_packet_fields[] = {
    endpoint<T>,
    status<T>,
    scalar(MEMBER(T, length)),
    data<T>,
};
template <class T>
constexpr Layout iso_layout = describes<T>("iso_packet", small_packet_fields<T>);
template <class T>
constexpr Layout interrupt_layout = describes<T>("interrupt_packet", small_packet_fields<T>);
constexpr Field buffered_bulk_fields[] = {
    scalar(MEMBER(BufferedBulkPacket, stream_id)),
    scalar(MEMBER(BufferedBulkPacket, length)),
    endpoint<BufferedBulkPacket>,
    status<BufferedBulkPacket>,
    data<BufferedBulkPacket>,
};
constexpr Layout buffered_bulk_layout =
    describes<BufferedBulkPacket>("buffered_bulk_packet", buffered_bulk_fields);

template <Side sender>
constexpr MessageInfo rows_of_both[] = {
    row<Hello<sender>>(hello_layout<Hello<sender>>),
    row<FilterFilter<sender>>(filter_layout<FilterFilter<sender>>),
    row<ControlPacket<sender>>(control_layout<ControlPacket<sender>>),
    row<BulkPacket<sender>>(bulk_layout<BulkPacket<sender>>),
    row<IsoPacket<sender>>(iso_layout<IsoPacket<sender>>),
    row<InterruptPacket<sender>>(interrupt_layout<InterruptPacket<sender>>),
};
constexpr MessageInfo rows[] = {
    row<DeviceConnect>(device_connect_layout),
    row<DeviceDisconnect>(device_disconnect_layout),
    row<Reset>(reset_layout),
    row<InterfaceInfo>(interface_info_layout),
    row<EpInfo>(ep_info_layout),
    row<SetConfiguration>(set_configuration_layout),
    row<GetConfiguration>(get_configuration_layout),
    row<ConfigurationStatus>(configuration_status_layout),
    row<SetAltSetting>(set_alt_setting_layout),
    row<GetAltSetting>(get_alt_setting_layout),
    row<AltSettingStatus>(alt_setting_status_layout),
    row<StartIsoStream>(start_iso_stream_layout),
    row<StopIsoStream>(stop_iso_stream_layout),
    row<IsoStreamStatus>(iso_stream_status_layout),
    row<StartInterruptReceiving>(start_interrupt_layout),
    row<StopInterruptReceiving>(stop_interrupt_layout),
    row<InterruptReceivingStatus>(interrupt_status_layout),
    row<AllocBulkStreams>(alloc_bulk_streams_layout),
    row<FreeBulkStreams>(free_bulk_streams_layout),
    row<BulkStreamsStatus>(bulk_streams_status_layout),
    row<CancelDataPacket>(cancel_data_packet_layout),
    row<FilterReject>(filter_reject_layout),
    row<DeviceDisconnectAck>(disconnect_ack_layout),
    row<StartBulkReceiving>(start_bulk_layout),
    row<StopBulkReceiving>(stop_bulk_layout),
    row<BulkReceivingStatus>(bulk_status_layout),
    row<BufferedBulkPacket>(buffered_bulk_layout),
};

constexpr Field header_fields[] = {
    scalar(MEMBER(Header, type)).named(type_names),
    scalar(MEMBER(Header, length)).limited(0, most_packet_bytes),
    scalar(MEMBER(Header, id)),
};
constexpr Field short_header_fields[] = {
    scalar(MEMBER(ShortHeader, type)).named(type_names),
    scalar(MEMBER(ShortHeader, length)).limited(0, most_packet_bytes),
    scalar(MEMBER(ShortHeader, id)),
};

}  // namespace

constexpr Layout header_layout = describes<Header>("usb_header", header_fields);
constexpr Layout short_header_layout = describes<ShortHeader>("usb_header", short_header_fields);

}  // namespace usb

std::span<const MessageInfo> usb_messages() {
  static const std::vector<MessageInfo> all = [] {
    std::vector<MessageInfo> joined;
    for (const std::span<const MessageInfo> part :
         {std::span<const MessageInfo>(usb::rows_of_both<usb::host>),
          std::span<const MessageInfo>(usb::rows_of_both<usb::guest>),
          std::span<const MessageInfo>(usb::rows)})
      joined.insert(joined.end(), part.begin(), part.end());
    return joined;
  }();
  return all;
}

}  // namespace spicebench::wire
