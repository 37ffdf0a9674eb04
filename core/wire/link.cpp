// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/link.hpp"

#include <fmt/format.h>

#include "core/wire/describe.hpp"
#include "core/wire/frame_limits.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace link {
namespace {

constexpr std::int64_t most_cap_words = 1024;

constexpr Name mechanism_entries[] = {{auth_spice, "spice"}, {auth_sasl, "sasl"}};
constexpr Names mechanism_names{false, mechanism_entries};

template <Side sender>
constexpr Field header_fields[] = {
    scalar(MEMBER(LinkHeader, magic)).limited(link::magic, link::magic),
    scalar(MEMBER(LinkHeader, major_version)).limited(link::major_version, link::major_version),
    scalar(MEMBER(LinkHeader, minor_version)),
    scalar(MEMBER(LinkHeader, size))
        .limited(link_size_limits(sender).first, link_size_limits(sender).second),
};
constexpr Field mess_fields[] = {
    scalar(MEMBER(LinkMess, connection_id)),
    scalar(MEMBER(LinkMess, channel_type)).named(channel_type_names),
    scalar(MEMBER(LinkMess, channel_id)),
    count("num_common_caps", 4, 0).limited(0, most_cap_words),
    count("num_channel_caps", 4, 1).limited(0, most_cap_words),
    jump("caps_offset"),
    list(MEMBER(LinkMess, common_caps)).counted(0),
    list(MEMBER(LinkMess, channel_caps)).counted(1),
};
constexpr Field reply_fields[] = {
    scalar(MEMBER(LinkReply, error)).named(common::link_error_names),
    array(MEMBER(LinkReply, pub_key)),
    count("num_common_caps", 4, 0).limited(0, most_cap_words),
    count("num_channel_caps", 4, 1).limited(0, most_cap_words),
    jump("caps_offset"),
    list(MEMBER(LinkReply, common_caps)).counted(0),
    list(MEMBER(LinkReply, channel_caps)).counted(1),
};

constexpr Field mechanism_fields[] = {
    scalar(MEMBER(AuthMechanism, mechanism)).named(mechanism_names),
};
constexpr Layout mechanism_layout = describes<AuthMechanism>("auth_mechanism", mechanism_fields);
constexpr Field ticket_fields[] = {
    bytes(MEMBER(Ticket, ciphertext)).to_end().limited(ticket_bytes, ticket_bytes),
};
constexpr Layout ticket_layout = describes<Ticket>("ticket", ticket_fields);
constexpr Field result_fields[] = {
    scalar(MEMBER(LinkResult, result)).named(common::link_error_names),
};
constexpr Layout result_layout = describes<LinkResult>("link_result", result_fields);

constexpr Field mechlist_fields[] = {
    count("mechlist_len", 4, 0).limited(0, most_mechlist_bytes),
    bytes(MEMBER(SaslMechlist, mechlist)).counted(0).text(),
};
constexpr Layout mechlist_layout = describes<SaslMechlist>("sasl_mechlist", mechlist_fields);
constexpr Field mechname_fields[] = {
    count("mechname_len", 4, 0).limited(1, most_mechname_bytes),
    bytes(MEMBER(SaslMechname, mechname)).counted(0).text(),
};
constexpr Layout mechname_layout = describes<SaslMechname>("sasl_mechname", mechname_fields);
constexpr Field step_fields[] = {
    count("data_len", 4, 0).limited(0, most_sasl_bytes),
    bytes(MEMBER(SaslStep, data)).counted(0),
};
constexpr Layout step_layout = describes<SaslStep>("sasl_step", step_fields);
constexpr Field answer_fields[] = {
    count("data_len", 4, 0).limited(0, most_sasl_bytes),
    bytes(MEMBER(SaslAnswer, data)).counted(0),
    scalar(MEMBER(SaslAnswer, complete)),
};
constexpr Layout answer_layout = describes<SaslAnswer>("sasl_answer", answer_fields);
constexpr Field sasl_result_fields[] = {scalar(MEMBER(SaslResult, result))};
constexpr Layout sasl_result_layout = describes<SaslResult>("sasl_result", sasl_result_fields);
constexpr Field refusal_fields[] = {
    count("text_len", 4, 0).limited(0, most_sasl_bytes),
    bytes(MEMBER(SaslRefusal, text)).counted(0).text(),
};
constexpr Layout refusal_layout = describes<SaslRefusal>("sasl_refusal", refusal_fields);

template <Side sender>
constexpr Layout header_layout_of = describes<LinkHeader>("link_header", header_fields<sender>);

Bytes with_header(const Layout& layout, const void* object) {
  Bytes body;
  encode(layout, object, body);
  LinkHeader header;
  header.size = static_cast<std::uint32_t>(body.size());
  Bytes unit;
  encode(header_layout_of<Side::client>, &header, unit);
  append(unit, body);
  return unit;
}

constexpr Field descriptor_fields[] = {
    scalar(MEMBER(Descriptor, mark)).limited(Descriptor::own_mark, Descriptor::own_mark),
};
constexpr Layout descriptor_layout = describes<Descriptor>("descriptor", descriptor_fields);

}  // namespace

constexpr Layout mess_layout = describes<LinkMess>("link_mess", mess_fields);
constexpr Layout reply_layout = describes<LinkReply>("link_reply", reply_fields);

Bytes unit_of(const LinkMess& mess) {
  return with_header(mess_layout, &mess);
}
Bytes unit_of(const LinkReply& reply) {
  return with_header(reply_layout, &reply);
}

namespace {

constexpr MessageInfo rows[] = {
    {link_header(Side::client), "link_header", &header_layout_of<Side::client>},
    {link_header(Side::server), "link_header", &header_layout_of<Side::server>},
    row<LinkMess>(mess_layout),
    row<LinkReply>(reply_layout),
    row<AuthMechanism>(mechanism_layout),
    row<Ticket>(ticket_layout),
    row<LinkResult>(result_layout),
    row<SaslMechlist>(mechlist_layout),
    row<SaslMechname>(mechname_layout),
    row<SaslStep>(step_layout),
    row<SaslAnswer>(answer_layout),
    row<SaslResult>(sasl_result_layout),
    row<SaslRefusal>(refusal_layout),
    row<Descriptor>(descriptor_layout),
};

}  // namespace
}  // namespace link

std::span<const MessageInfo> link_messages() {
  return link::rows;
}

}  // namespace spicebench::wire
