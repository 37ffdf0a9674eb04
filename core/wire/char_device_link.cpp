// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/char_device_link.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace device {
namespace {

constexpr Name kind_entries[] = {{0, "agent"}, {1, "port"}, {2, "usbredir"}, {3, "smartcard"}};
constexpr Names kind_names{false, kind_entries};

constexpr Field add_fields[] = {
    scalar(MEMBER(CharDeviceAdd, device_id)),
    scalar(MEMBER(CharDeviceAdd, kind)).named(kind_names),
    count("name_size", 4, 0).limited(0, most_char_device_name),
    bytes(MEMBER(CharDeviceAdd, name)).counted(0).text(),
};
constexpr Layout add_layout = describes<CharDeviceAdd>("char_device_add", add_fields);

constexpr Field opened_fields[] = {
    scalar(MEMBER(CharDeviceOpened, device_id)),
    scalar(MEMBER(CharDeviceOpened, opening)),
};
constexpr Layout opened_layout = describes<CharDeviceOpened>("char_device_opened", opened_fields);

constexpr Field output_fields[] = {
    scalar(MEMBER(CharDeviceOutput, device_id)),
    bytes(MEMBER(CharDeviceOutput, data)).to_end().limited(0, most_char_device_bytes),
};
constexpr Layout output_layout = describes<CharDeviceOutput>("char_device_output", output_fields);

constexpr Field room_fields[] = {
    scalar(MEMBER(CharDeviceRoom, device_id)),
    scalar(MEMBER(CharDeviceRoom, bytes)),
};
constexpr Layout room_layout = describes<CharDeviceRoom>("char_device_room", room_fields);

constexpr Field address_fields[] = {
    scalar(MEMBER(DisplayAddress, monitors)),
    bytes(MEMBER(DisplayAddress, address)).to_end().text().limited(0, most_char_device_name),
};
constexpr Layout address_layout = describes<DisplayAddress>("display_address", address_fields);

constexpr Field attached_fields[] = {
    scalar(MEMBER(CharDeviceAttached, device_id)),
    scalar(MEMBER(CharDeviceAttached, attached)),
};
constexpr Layout attached_layout =
    describes<CharDeviceAttached>("char_device_attached", attached_fields);

constexpr Field input_fields[] = {
    scalar(MEMBER(CharDeviceInput, device_id)),
    scalar(MEMBER(CharDeviceInput, opening)),
    bytes(MEMBER(CharDeviceInput, data)).to_end().limited(0, most_char_device_bytes),
};
constexpr Layout input_layout = describes<CharDeviceInput>("char_device_input", input_fields);

constexpr Field wanted_fields[] = {
    scalar(MEMBER(CharDeviceWanted, device_id)),
    scalar(MEMBER(CharDeviceWanted, bytes)),
};
constexpr Layout wanted_layout = describes<CharDeviceWanted>("char_device_wanted", wanted_fields);

constexpr Field event_fields[] = {
    scalar(MEMBER(CharDeviceEvent, device_id)),
    scalar(MEMBER(CharDeviceEvent, event)),
};
constexpr Layout event_layout = describes<CharDeviceEvent>("char_device_event", event_fields);

constexpr MessageInfo rows[] = {
    row<CharDeviceAdd>(add_layout),       row<CharDeviceOpened>(opened_layout),
    row<CharDeviceOutput>(output_layout), row<CharDeviceRoom>(room_layout),
    row<DisplayAddress>(address_layout),  row<CharDeviceAttached>(attached_layout),
    row<CharDeviceInput>(input_layout),   row<CharDeviceWanted>(wanted_layout),
    row<CharDeviceEvent>(event_layout),
};

}  // namespace
}  // namespace device

std::span<const MessageInfo> char_device_messages() {
  return device::rows;
}

}  // namespace spicebench::wire
