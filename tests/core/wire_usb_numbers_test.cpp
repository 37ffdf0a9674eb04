// SPDX-License-Identifier: LGPL-2.1-or-later
#include <usbredirproto.h>

#include <catch2/catch.hpp>

#include "core/wire/tables.hpp"
#include "core/wire/usb_packets.hpp"

// Our description of USB redirection packets against the header of libusbredirparser.
using namespace spicebench;
using namespace spicebench::wire;

namespace {

struct Known {
  int type;
  bool from_host, from_guest;
  const char* name;
  std::size_t least, most;  // bytes of the type's header: without and with what capabilities add
};
#define SIZE(name) sizeof(usb_redir_##name##_header), sizeof(usb_redir_##name##_header)
constexpr Known packets[] = {
    {usb_redir_hello, true, true, "hello", SIZE(hello)},
    {usb_redir_device_connect, true, false, "device_connect",
     sizeof(usb_redir_device_connect_header) - 2, sizeof(usb_redir_device_connect_header)},
    {usb_redir_device_disconnect, true, false, "device_disconnect", 0, 0},
    {usb_redir_reset, false, true, "reset", 0, 0},
    {usb_redir_interface_info, true, false, "interface_info", SIZE(interface_info)},
    {usb_redir_ep_info, true, false, "ep_info", sizeof(usb_redir_ep_info_header) - 64 - 128,
     sizeof(usb_redir_ep_info_header)},
    {usb_redir_set_configuration, false, true, "set_configuration", SIZE(set_configuration)},
    {usb_redir_get_configuration, false, true, "get_configuration", 0, 0},
    {usb_redir_configuration_status, true, false, "configuration_status",
     SIZE(configuration_status)},
    {usb_redir_set_alt_setting, false, true, "set_alt_setting", SIZE(set_alt_setting)},
    {usb_redir_get_alt_setting, false, true, "get_alt_setting", SIZE(get_alt_setting)},
    {usb_redir_alt_setting_status, true, false, "alt_setting_status", SIZE(alt_setting_status)},
    {usb_redir_start_iso_stream, false, true, "start_iso_stream", SIZE(start_iso_stream)},
    {usb_redir_stop_iso_stream, false, true, "stop_iso_stream", SIZE(stop_iso_stream)},
    {usb_redir_iso_stream_status, true, false, "iso_stream_status", SIZE(iso_stream_status)},
    {usb_redir_start_interrupt_receiving, false, true, "start_interrupt_receiving",
     SIZE(start_interrupt_receiving)},
    {usb_redir_stop_interrupt_receiving, false, true, "stop_interrupt_receiving",
     SIZE(stop_interrupt_receiving)},
    {usb_redir_interrupt_receiving_status, true, false, "interrupt_receiving_status",
     SIZE(interrupt_receiving_status)},
    {usb_redir_alloc_bulk_streams, false, true, "alloc_bulk_streams", SIZE(alloc_bulk_streams)},
    {usb_redir_free_bulk_streams, false, true, "free_bulk_streams", SIZE(free_bulk_streams)},
    {usb_redir_bulk_streams_status, true, false, "bulk_streams_status", SIZE(bulk_streams_status)},
    {usb_redir_cancel_data_packet, false, true, "cancel_data_packet", 0, 0},
    {usb_redir_filter_reject, false, true, "filter_reject", 0, 0},
    {usb_redir_filter_filter, true, true, "filter_filter", 0, 0},
    {usb_redir_device_disconnect_ack, false, true, "device_disconnect_ack", 0, 0},
    {usb_redir_start_bulk_receiving, false, true, "start_bulk_receiving",
     SIZE(start_bulk_receiving)},
    {usb_redir_stop_bulk_receiving, false, true, "stop_bulk_receiving", SIZE(stop_bulk_receiving)},
    {usb_redir_bulk_receiving_status, true, false, "bulk_receiving_status",
     SIZE(bulk_receiving_status)},
    {usb_redir_control_packet, true, true, "control_packet", SIZE(control_packet)},
    {usb_redir_bulk_packet, true, true, "bulk_packet", sizeof(usb_redir_bulk_packet_header) - 2,
     sizeof(usb_redir_bulk_packet_header)},
    {usb_redir_iso_packet, true, true, "iso_packet", SIZE(iso_packet)},
    {usb_redir_interrupt_packet, true, true, "interrupt_packet", SIZE(interrupt_packet)},
    {usb_redir_buffered_bulk_packet, true, false, "buffered_bulk_packet",
     SIZE(buffered_bulk_packet)},
};
#undef SIZE

std::size_t all_bytes(const Layout& layout) {
  std::size_t sum = 0;
  for (Field field : layout.fields) {
    field.condition = {};
    sum += least_bytes(field);
  }
  return sum;
}

}  // namespace

TEST_CASE("USB packets have the numbers and sizes of libusbredirparser", "[core][wire][channels]") {
  std::size_t rows = 0;
  for (const Known& known : packets)
    for (const auto& [side, sent] :
         {std::pair{usb::host, known.from_host}, std::pair{usb::guest, known.from_guest}}) {
      INFO(known.name << " of the " << name_of(side));
      const MessageInfo* info =
          find_message(ChannelType::usb, side, static_cast<std::uint16_t>(known.type));
      REQUIRE((info != nullptr) == sent);
      if (info == nullptr) continue;
      ++rows;
      CHECK(info->name == known.name);
      CHECK(least_bytes(*info->layout) == known.least);
      CHECK(all_bytes(*info->layout) == known.most);
    }
  CHECK(rows == usb_messages().size());
  CHECK(least_bytes(usb::header_layout) == sizeof(usb_redir_header));
  CHECK(least_bytes(usb::short_header_layout) == sizeof(usb_redir_header) - 4);
  CHECK(static_cast<int>(usb::Cap::ids_of_64_bits) == usb_redir_cap_64bits_ids);
  CHECK(static_cast<int>(usb::Cap::bulk_length_of_32_bits) == usb_redir_cap_32bits_bulk_length);
  CHECK(static_cast<int>(usb::Cap::bulk_receiving) == usb_redir_cap_bulk_receiving);
  CHECK(static_cast<int>(usb::Cap::connect_device_version) == usb_redir_cap_connect_device_version);
  CHECK(static_cast<int>(usb::Cap::ep_info_max_packet_size) ==
        usb_redir_cap_ep_info_max_packet_size);
}
