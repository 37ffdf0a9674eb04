// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/link.hpp"

#include <fmt/format.h>

#include "core/wire/describe.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire::link {
namespace {

constexpr std::int64_t most_cap_words = 1024;

constexpr Field header_fields[] = {
    scalar(MEMBER(LinkHeader, magic)),
    scalar(MEMBER(LinkHeader, major_version)),
    scalar(MEMBER(LinkHeader, minor_version)),
    scalar(MEMBER(LinkHeader, size)),
};
constexpr Field mess_fields[] = {
    scalar(MEMBER(LinkMess, connection_id)),
    scalar(MEMBER(LinkMess, channel_type)),
    scalar(MEMBER(LinkMess, channel_id)),
    count("num_common_caps", 4, 0).limited(0, most_cap_words),
    count("num_channel_caps", 4, 1).limited(0, most_cap_words),
    jump("caps_offset"),
    list(MEMBER(LinkMess, common_caps)).counted(0),
    list(MEMBER(LinkMess, channel_caps)).counted(1),
};
constexpr Field reply_fields[] = {
    scalar(MEMBER(LinkReply, error)),
    array(MEMBER(LinkReply, pub_key)),
    count("num_common_caps", 4, 0).limited(0, most_cap_words),
    count("num_channel_caps", 4, 1).limited(0, most_cap_words),
    jump("caps_offset"),
    list(MEMBER(LinkReply, common_caps)).counted(0),
    list(MEMBER(LinkReply, channel_caps)).counted(1),
};

Bytes with_header(const Layout& layout, const void* object) {
  Bytes body;
  encode(layout, object, body);
  LinkHeader header;
  header.size = static_cast<std::uint32_t>(body.size());
  Bytes unit;
  encode(header_layout, &header, unit);
  append(unit, body);
  return unit;
}

}  // namespace

constexpr Layout header_layout = describes<LinkHeader>("link_header", header_fields);
constexpr Layout mess_layout = describes<LinkMess>("link_mess", mess_fields);
constexpr Layout reply_layout = describes<LinkReply>("link_reply", reply_fields);

Bytes unit_of(const LinkMess& mess) {
  return with_header(mess_layout, &mess);
}
Bytes unit_of(const LinkReply& reply) {
  return with_header(reply_layout, &reply);
}

}  // namespace spicebench::wire::link
