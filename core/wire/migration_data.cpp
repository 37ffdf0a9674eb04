// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/migration_data.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/common_messages.hpp"
#include "core/wire/describe.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace migration {
namespace {

constexpr std::string_view name = "migrate_data";
constexpr std::int64_t most_chunk_header = 8, most_partial_header = 19;

// Every body begins with these two.
template <class T>
constexpr Field magic_field = scalar(MEMBER(T, magic)).limited(T::own_magic, T::own_magic);
template <class T>
constexpr Field version_field = scalar(MEMBER(T, version)).limited(0, 1);

constexpr Field char_device_fields[] = {
    version_field<CharDevice>,
    scalar(MEMBER(CharDevice, connected)),
    scalar(MEMBER(CharDevice, num_client_tokens)),
    scalar(MEMBER(CharDevice, num_send_tokens)),
    count("write_size", 4, 0),
    scalar(MEMBER(CharDevice, write_num_client_tokens)),
    bytes(MEMBER(CharDevice, write_data)).called("write_data_ptr").counted(0).by_pointer(),
};
constexpr Layout char_device_layout = describes<CharDevice>("char_device", char_device_fields);

constexpr Name filter_entries[] = {{0, "ok"}, {1, "discard"}, {2, "wrong"}, {3, "monitors_config"}};
constexpr Names filter_names{false, filter_entries};
constexpr Field chunk_header_fields[] = {
    scalar(MEMBER(ChunkHeader, port)),
    scalar(MEMBER(ChunkHeader, size)),
};
constexpr Layout chunk_header_layout = describes<ChunkHeader>("chunk_header", chunk_header_fields);
constexpr Field from_agent_fields[] = {
    scalar(MEMBER(FromAgent, chunk_header_size)).limited(0, most_chunk_header),
    structure(MEMBER(FromAgent, chunk_header), chunk_header_layout),
    scalar(MEMBER(FromAgent, msg_header_done)),
    count("msg_header_partial_len", 4, 0).limited(0, most_partial_header),
    bytes(MEMBER(FromAgent, msg_header)).called("msg_header_ptr").counted(0).by_pointer(),
    scalar(MEMBER(FromAgent, msg_remaining)),
    scalar(MEMBER(FromAgent, msg_filter_result)).named(filter_names),
};
constexpr Layout from_agent_layout = describes<FromAgent>("from_agent", from_agent_fields);
constexpr Field to_agent_fields[] = {
    scalar(MEMBER(ToAgent, msg_remaining)),
    scalar(MEMBER(ToAgent, msg_filter_result)).named(filter_names),
};
constexpr Layout to_agent_layout = describes<ToAgent>("to_agent", to_agent_fields);
constexpr Field main_fields[] = {
    magic_field<Main>,
    version_field<Main>,
    structure(MEMBER(Main, agent), char_device_layout),
    scalar(MEMBER(Main, client_agent_started)),
    structure(MEMBER(Main, from_agent), from_agent_layout),
    structure(MEMBER(Main, to_agent), to_agent_layout),
};
constexpr Layout main_layout = describes<Main>(name, main_fields);

constexpr Field lossy_surface_fields[] = {
    scalar(MEMBER(LossySurface, id)).limited(0, display::most_surface_id),
    scalar(MEMBER(LossySurface, left)),
    scalar(MEMBER(LossySurface, top)),
    scalar(MEMBER(LossySurface, right)),
    scalar(MEMBER(LossySurface, bottom)),
};
constexpr Layout lossy_surface_layout =
    describes<LossySurface>("lossy_surface", lossy_surface_fields);
std::string check_surfaces(const Scope& scope) {
  const auto& surfaces = scope.as<Surfaces>();
  std::vector<std::uint32_t> ids = surfaces.ids;
  for (const LossySurface& lossy : surfaces.lossy) ids.push_back(lossy.id);
  std::ranges::sort(ids);
  if (!ids.empty() && ids.back() > display::most_surface_id)
    return fmt::format("surface {}, at most {}", ids.back(), display::most_surface_id);
  const auto twice = std::ranges::adjacent_find(ids);
  return twice == ids.end() ? "" : fmt::format("surface {} is there twice", *twice);
}
void settle_surfaces(void* object, const Scope*, Choices& choices) {
  auto& surfaces = *static_cast<Surfaces*>(object);
  std::uint32_t id = 0;
  const auto next = [&] { return id += 1 + static_cast<std::uint32_t>(choices.below(100)); };
  for (std::uint32_t& one : surfaces.ids) one = next();
  for (LossySurface& one : surfaces.lossy) one.id = next();
}
constexpr Field surfaces_fields[] = {
    count("num_surfaces", 4, 0),
    list(MEMBER(Surfaces, ids)).counted(0).unless(lossy_images()),
    list(MEMBER(Surfaces, lossy), lossy_surface_layout).counted(0).when(lossy_images()),
};
constexpr Layout surfaces_layout = describes<Surfaces>(
    "surfaces", surfaces_fields,
    {.check = check_surfaces, .settle = settle_surfaces, .says = "ids at most 1023, none twice"});
constexpr Field display_fields[] = {
    magic_field<Display>,
    version_field<Display>,
    scalar(MEMBER(Display, message_serial)),
    scalar(MEMBER(Display, low_bandwidth_setting)),
    scalar(MEMBER(Display, pixmap_cache_id)),
    scalar(MEMBER(Display, pixmap_cache_size)),
    scalar(MEMBER(Display, pixmap_cache_freezer)),
    array(MEMBER(Display, pixmap_cache_clients)),
    scalar(MEMBER(Display, glz_dict_id)),
    scalar(MEMBER(Display, glz_dict_size)).limited(0, INT32_MAX),
    scalar(MEMBER(Display, glz_max_encoders)).limited(1, UINT32_MAX, Enforced::validate),
    scalar(MEMBER(Display, glz_last_image_id)),
    structure(MEMBER(Display, surfaces), surfaces_layout).called("surfaces_ptr").by_pointer(),
};
constexpr Layout display_layout = describes<Display>(name, display_fields);

constexpr Field inputs_fields[] = {
    magic_field<Inputs>,
    version_field<Inputs>,
    scalar(MEMBER(Inputs, motion_count)),
};
constexpr Layout inputs_layout = describes<Inputs>(name, inputs_fields);

constexpr Field smartcard_fields[] = {
    magic_field<Smartcard>,
    version_field<Smartcard>,
    structure(MEMBER(Smartcard, device), char_device_layout),
    scalar(MEMBER(Smartcard, reader_added)),
    count("read_size", 4, 0),
    bytes(MEMBER(Smartcard, read_data)).called("read_data_ptr").counted(0).by_pointer(),
};
constexpr Layout smartcard_layout = describes<Smartcard>(name, smartcard_fields);

constexpr Field spicevmc_fields[] = {
    magic_field<Spicevmc>,
    version_field<Spicevmc>,
    structure(MEMBER(Spicevmc, device), char_device_layout),
};
constexpr Layout spicevmc_layout = describes<Spicevmc>(name, spicevmc_fields);

constexpr MessageInfo by_server(ChannelType channel, const Layout& layout) {
  return {{channel, Side::server, common::MigrateData::message.id}, name, &layout};
}
constexpr MessageInfo by_client(ChannelType channel, const Layout& layout) {
  return {{channel, Side::client, common::ClientMigrateData::message.id}, name, &layout};
}
constexpr MessageInfo rows[] = {
    by_server(ChannelType::main, main_layout),
    by_client(ChannelType::main, main_layout),
    by_server(ChannelType::display, display_layout),
    by_client(ChannelType::display, display_layout),
    by_server(ChannelType::inputs, inputs_layout),
    by_client(ChannelType::inputs, inputs_layout),
    by_server(ChannelType::smartcard, smartcard_layout),
    by_client(ChannelType::smartcard, smartcard_layout),
    by_server(ChannelType::usbredir, spicevmc_layout),
    by_client(ChannelType::usbredir, spicevmc_layout),
    by_server(ChannelType::port, spicevmc_layout),
    by_client(ChannelType::port, spicevmc_layout),
    by_server(ChannelType::webdav, spicevmc_layout),
    by_client(ChannelType::webdav, spicevmc_layout),
};

}  // namespace
}  // namespace migration

std::span<const MessageInfo> migration_messages() {
  return migration::rows;
}

}  // namespace spicebench::wire
