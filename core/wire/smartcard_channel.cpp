// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/smartcard_channel.hpp"

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace smartcard {
namespace {

constexpr std::int64_t most_atr_bytes = 40, most_apdu_bytes = 270, most_name_bytes = 256,
                       most_message_bytes = 1 << 20;

constexpr Name type_entries[] = {
    {type_init, "init"},
    {type_error, "error"},
    {type_reader_add, "reader_add"},
    {type_reader_remove, "reader_remove"},
    {type_atr, "atr"},
    {type_card_remove, "card_remove"},
    {type_apdu, "apdu"},
    {type_flush, "flush"},
    {type_flush_complete, "flush_complete"},
};
constexpr Names type_names{false, type_entries};

constexpr Field init_fields[] = {
    scalar(MEMBER(Init, magic)).limited(vsc_magic, vsc_magic, Enforced::validate),
    scalar(MEMBER(Init, version)),
    scalar(MEMBER(Init, capabilities)),
};
constexpr Layout init_layout = describes<Init>("init", init_fields);
constexpr Field error_fields[] = {scalar(MEMBER(Error, code))};
constexpr Layout error_layout = describes<Error>("error", error_fields);
constexpr Field reader_add_fields[] = {
    bytes(MEMBER(ReaderAdd, name)).to_end().limited(0, most_name_bytes).text(),
};
constexpr Layout reader_add_layout = describes<ReaderAdd>("reader_add", reader_add_fields);
constexpr Layout reader_remove_layout = describes<ReaderRemove>("reader_remove", {});
constexpr Field atr_fields[] = {bytes(MEMBER(Atr, atr)).to_end().limited(0, most_atr_bytes)};
constexpr Layout atr_layout = describes<Atr>("atr", atr_fields);
constexpr Layout card_remove_layout = describes<CardRemove>("card_remove", {});
constexpr Field apdu_fields[] = {bytes(MEMBER(Apdu, data)).to_end().limited(0, most_apdu_bytes)};
constexpr Layout apdu_layout = describes<Apdu>("apdu", apdu_fields);
constexpr Layout flush_layout = describes<Flush>("flush", {});
constexpr Layout flush_complete_layout = describes<FlushComplete>("flush_complete", {});
constexpr Field unknown_fields[] = {bytes(MEMBER(Unknown, data)).to_end()};
constexpr Layout unknown_layout = describes<Unknown>("unknown", unknown_fields);

constexpr Case payload_cases[] = {
    {.value = type_init, .alternative = 1, .layout = &init_layout},
    {.value = type_error, .alternative = 2, .layout = &error_layout},
    {.value = type_reader_add, .alternative = 3, .layout = &reader_add_layout},
    {.value = type_reader_remove, .alternative = 4, .layout = &reader_remove_layout},
    {.value = type_atr, .alternative = 5, .layout = &atr_layout},
    {.value = type_card_remove, .alternative = 6, .layout = &card_remove_layout},
    {.value = type_apdu, .alternative = 7, .layout = &apdu_layout},
    {.value = type_flush, .alternative = 8, .layout = &flush_layout},
    {.value = type_flush_complete, .alternative = 9, .layout = &flush_complete_layout},
    {.mask = 0, .alternative = 10, .layout = &unknown_layout},  // any other
};

template <class T>
constexpr Field data_fields[] = {
    scalar(MEMBER(T, type)).named(type_names),
    scalar(MEMBER(T, reader_id)),
    count("length", 4, 0).limited(0, most_message_bytes),
    choice(MEMBER(T, payload), MEMBER(T, type), payload_cases).counted(0),
};
template <class T>
constexpr Layout data_layout = describes<T>("data", data_fields<T>);

constexpr MessageInfo rows[] = {
    row<DataToClient>(data_layout<DataToClient>),
    row<DataToServer>(data_layout<DataToServer>),
};

}  // namespace
}  // namespace smartcard

std::span<const MessageInfo> smartcard_messages() {
  return smartcard::rows;
}

}  // namespace spicebench::wire
