// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/framer.hpp"

#include <fmt/format.h>

#include <array>

#include "core/wire/descriptor_byte.hpp"
#include "core/wire/frame.hpp"
#include "core/wire/frame_limits.hpp"
#include "core/wire/stream_buffer.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace {

constexpr std::size_t word_bytes = 4;
constexpr std::uint32_t last_link_error =
    static_cast<std::uint32_t>(LinkError::channel_not_available);

std::uint32_t word_at(BytesView bytes, std::size_t offset) {
  return static_cast<std::uint32_t>(load_little_endian(bytes.data() + offset, word_bytes));
}

}  // namespace

// What a direction expects next.
enum class Stage : std::uint8_t {
  header,        // LinkHeader
  body,          // LinkMess or LinkReply
  mechanism,     // client: the mechanism word, if there is one
  ticket,        // client
  sasl_name,     // client: the mechanism's name
  sasl_start,    // client: its first data; server: the list of mechanisms
  sasl_steps,    // either: data by turns
  sasl_result,   // server
  sasl_refusal,  // server: a text after a result other than 0
  result,        // server: the link result; client: waits for it
  messages,
  refused,  // nothing may follow
};

struct ConnectionFramer::State {
  struct Direction {
    StreamBuffer buffer;
    Stage stage = Stage::header;
    std::uint32_t link_size = 0;  // of the body after a link header
    std::uint64_t serial = 0;     // of the last message
    DescriptorByte descriptor;
    std::optional<Error> error;
  };
  std::array<Direction, 2> directions;
  LinkState link;
  bool mechanism_settled = false;  // it is known whether a ticket or SASL follows
  bool refusal_in_place = false;   // the server answers with a second LinkReply
  std::string sasl_name;           // the mechanism that the client chose
  std::uint64_t server_answers = 0, client_steps = 0;
  bool sasl_complete = false;

  Direction& of(Side side) { return directions[static_cast<std::size_t>(side)]; }

  using Next = Result<std::optional<Unit>>;

  Next next(Side by) {
    Direction& direction = of(by);
    if (direction.error) return std::unexpected(*direction.error);
    Next unit = by == Side::client ? client(direction) : server(direction);
    if (!unit) direction.error = unit.error();
    return unit;
  }

  // Pieces common to both directions

  static std::optional<Unit> waiting() { return std::nullopt; }
  static std::unexpected<Error> wrong(const Direction& direction, ErrorCode code,
                                      std::string_view path, std::string detail,
                                      std::size_t within = 0) {
    return fail(code, std::move(detail), direction.buffer.taken() + within, std::string(path));
  }
  // A piece of the link stage, or a message: then `piece` is null.
  static Unit taken(Direction& direction, UnitKind kind, std::size_t size,
                    const MessageInfo* piece) {
    Unit unit;
    unit.kind = kind;
    unit.piece = piece;
    unit.offset = direction.buffer.taken();
    unit.bytes = direction.buffer.take(size);
    return unit;
  }

  Next header(Direction& direction, Side by) {
    const BytesView bytes = direction.buffer.view();
    if (bytes.size() < link::header_bytes) return waiting();
    if (const std::uint32_t found = word_at(bytes, 0); found != link::magic)
      return wrong(direction, ErrorCode::malformed, "link_header.magic",
                   fmt::format("{:#010x}, a SPICE link begins with {:#010x}", found, link::magic));
    if (const std::uint32_t major = word_at(bytes, 4); major != link::major_version)
      return wrong(direction, ErrorCode::unsupported, "link_header.major_version",
                   fmt::format("version {}, only {} is known", major, link::major_version), 4);
    const auto [least, most] = link_size_limits(by);
    const std::uint32_t size = word_at(bytes, 12);
    if (size < least || size > most)
      return wrong(direction, ErrorCode::out_of_range, "link_header.size",
                   fmt::format("{}, allowed {} to {}", size, least, most), 12);
    direction.link_size = size;
    direction.stage = Stage::body;
    return taken(direction, UnitKind::link_header, link::header_bytes,
                 &described(link::link_header(by)));
  }

  // A LinkMess or LinkReply into `object`.
  template <Message T>
  static Next link_body(Direction& direction, UnitKind kind, T& object) {
    if (direction.buffer.view().size() < direction.link_size) return waiting();
    const MessageInfo& piece = info_of<T>();
    Unit unit = taken(direction, kind, direction.link_size, &piece);
    auto used = decode(*piece.layout, &object, unit.bytes, {});
    if (!used) {
      Error error = std::move(used).error().within(piece.name);
      error.offset += unit.offset;
      return std::unexpected(std::move(error));
    }
    return unit;
  }

  // A u32 length and so many bytes, and `extra` more: a T.
  template <Message T>
  static Next sized(Direction& direction, std::string_view name, std::uint32_t least,
                    std::uint32_t most, std::size_t extra = 0) {
    const BytesView bytes = direction.buffer.view();
    if (bytes.size() < word_bytes) return waiting();
    const std::uint32_t size = word_at(bytes, 0);
    if (size < least || size > most)
      return wrong(direction, ErrorCode::out_of_range, name,
                   fmt::format("length {}, allowed {} to {}", size, least, most));
    if (bytes.size() < word_bytes + size + extra) return waiting();
    return taken(direction, UnitKind::sasl, word_bytes + size + extra, &info_of<T>());
  }

  Next refused(const Direction& direction) const {
    if (direction.buffer.view().empty()) return waiting();
    return wrong(direction, ErrorCode::out_of_order, "", "bytes after the link was refused");
  }

  std::unexpected<Error> sealed(const Direction& direction) const {
    return wrong(
        direction, ErrorCode::unsupported, "",
        fmt::format("SASL {} negotiated a security layer: what follows is encrypted", sasl_name));
  }

  Next message(Direction& direction, Side by) {
    const BytesView bytes = direction.buffer.view();
    const auto due = direction.descriptor.next(bytes, link.mini_header, direction.serial);
    if (due == DescriptorByte::Verdict::wait) return waiting();
    if (due == DescriptorByte::Verdict::there)
      return taken(direction, UnitKind::descriptor, 1, &info_of<link::Descriptor>());
    if (due == DescriptorByte::Verdict::wrong)
      return wrong(direction, ErrorCode::malformed, "descriptor", "no byte of a file descriptor");
    const std::size_t header = link.mini_header ? mini_header_bytes : full_header_bytes;
    if (bytes.size() < header) return waiting();
    const std::size_t type_at = link.mini_header ? 0 : 8, size_at = type_at + 2;
    const auto type = static_cast<std::uint16_t>(load_little_endian(bytes.data() + type_at, 2));
    const std::uint32_t size = word_at(bytes, size_at);
    if (const std::uint32_t most = most_body_bytes(link.channel(), by, type); size > most) {
      const MessageInfo* info = find_message(link.channel(), by, type);
      const std::string name = info ? std::string(info->name) : fmt::format("type_{}", type);
      return wrong(direction, ErrorCode::out_of_range, name + ".size",
                   fmt::format("{} bytes, at most {}", size, most), size_at);
    }
    if (bytes.size() - header < size) return waiting();
    Unit unit = taken(direction, UnitKind::message, header + size, nullptr);
    unit.type = type;
    unit.header_bytes = static_cast<std::uint32_t>(header);
    ++direction.serial;
    if (!link.mini_header) {
      direction.serial = load_little_endian(unit.bytes.data(), 8);
      unit.sub_list = word_at(unit.bytes, 14);
    }
    unit.serial = direction.serial;
    direction.descriptor.sent(link.channel(), by, unit);
    return unit;
  }

  // The client's direction

  Next client(Direction& direction) {
    switch (direction.stage) {
      case Stage::header:
        return header(direction, Side::client);
      case Stage::body: {
        link::LinkMess mess;
        Next unit = link_body(direction, UnitKind::link_mess, mess);
        if (!unit || !*unit) return unit;
        link.mess = std::move(mess);
        direction.stage = Stage::mechanism;
        settle();
        return unit;
      }
      case Stage::mechanism:
        return mechanism(direction);
      case Stage::ticket: {
        if (direction.buffer.view().size() < link::ticket_bytes) return waiting();
        direction.stage = Stage::result;
        return taken(direction, UnitKind::ticket, link::ticket_bytes, &info_of<link::Ticket>());
      }
      case Stage::sasl_name: {
        Next unit = sized<link::SaslMechname>(direction, "mechname", 1, link::most_mechname_bytes);
        if (!unit || !*unit) return unit;
        sasl_name = as_text((*unit)->bytes.view().subspan(word_bytes));
        direction.stage = Stage::sasl_start;
        return unit;
      }
      case Stage::sasl_start:
      case Stage::sasl_steps: {
        const bool start = direction.stage == Stage::sasl_start;
        if (!start && client_steps == steps_due()) {
          if (!sasl_complete) return waiting();
          direction.stage = Stage::result;
          return client(direction);
        }
        Next unit = sized<link::SaslStep>(direction, "sasl data", 0, link::most_sasl_bytes);
        if (!unit || !*unit) return unit;
        if (!start) ++client_steps;
        direction.stage = Stage::sasl_steps;
        return unit;
      }
      case Stage::sasl_result:
      case Stage::sasl_refusal:
      case Stage::result:
        if (link.encrypted)
          return direction.buffer.view().empty() ? Next(waiting()) : Next(sealed(direction));
        if (!link.result) return waiting();
        direction.stage = link.up() ? Stage::messages : Stage::refused;
        return client(direction);
      case Stage::messages:
        return message(direction, Side::client);
      case Stage::refused:
        break;
    }
    return refused(direction);
  }

  // After LinkMess: is there a mechanism word, and which?
  Next mechanism(Direction& direction) {
    if (refused_by_server()) {
      direction.stage = Stage::refused;
      return refused(direction);
    }
    if (!link.reply) return waiting();  // a word of the server
    if (mechanism_settled) {
      direction.stage = Stage::ticket;
      return client(direction);
    }
    const BytesView bytes = direction.buffer.view();
    if (bytes.size() < word_bytes) return waiting();
    const std::uint32_t word = word_at(bytes, 0);
    if (word != link::auth_spice && word != link::auth_sasl) {
      link.mechanism = word, mechanism_settled = true;
      return wrong(direction, ErrorCode::malformed, "auth_mechanism",
                   fmt::format("{}, allowed {} (spice) or {} (sasl)", word, link::auth_spice,
                               link::auth_sasl));
    }
    link.mechanism = word, mechanism_settled = true;
    direction.stage = word == link::auth_sasl ? Stage::sasl_name : Stage::ticket;
    return taken(direction, UnitKind::auth_mechanism, word_bytes, &info_of<link::AuthMechanism>());
  }
  // Every answer of the server that does not complete the exchange asks for a step.
  std::uint64_t steps_due() const { return server_answers - (sasl_complete ? 1 : 0); }
  bool refused_by_server() const { return link.result && !link.up(); }

  // Once both link messages are known.
  void settle() {
    if (!link.mess || !link.reply || refused_by_server()) return;
    const auto both = [&](link::CommonCap cap) {
      return link::has_cap(link.mess->common_caps, cap) &&
             link::has_cap(link.reply->common_caps, cap);
    };
    link.mini_header = both(link::CommonCap::mini_header);
    if (both(link::CommonCap::auth_selection)) return;
    link.mechanism = link::auth_spice, mechanism_settled = true;
  }

  // The server's direction

  Next server(Direction& direction) {
    switch (direction.stage) {
      case Stage::header:
        return header(direction, Side::server);
      case Stage::body:
        return reply(direction);
      case Stage::mechanism:
      case Stage::ticket:
      case Stage::sasl_name: {  // waits for the client's choice
        if (answers_by_reply(direction)) return header(direction, Side::server);
        if (!mechanism_settled) return waiting();
        direction.stage = link.mechanism == link::auth_sasl ? Stage::sasl_start : Stage::result;
        return server(direction);
      }
      case Stage::sasl_start: {
        if (answers_by_reply(direction)) return header(direction, Side::server);
        Next unit = sized<link::SaslMechlist>(direction, "mechlist", 0, link::most_mechlist_bytes);
        if (unit && *unit) direction.stage = Stage::sasl_steps;
        return unit;
      }
      case Stage::sasl_steps: {
        if (answers_by_reply(direction)) return header(direction, Side::server);
        if (sasl_name.empty()) return waiting();  // a word of the client
        Next unit = sized<link::SaslAnswer>(direction, "sasl data", 0, link::most_sasl_bytes, 1);
        if (!unit || !*unit) return unit;
        ++server_answers;
        sasl_complete = (*unit)->bytes.view().back() != std::byte{0};
        if (sasl_complete) direction.stage = Stage::sasl_result;
        return unit;
      }
      case Stage::sasl_result: {
        const BytesView bytes = direction.buffer.view();
        if (bytes.size() < word_bytes) return waiting();
        const std::uint32_t word = word_at(bytes, 0);
        direction.stage = word == 0 ? Stage::result : Stage::sasl_refusal;
        if (word != 0) link.result = static_cast<std::uint32_t>(LinkError::permission_denied);
        return taken(direction, UnitKind::sasl, word_bytes, &info_of<link::SaslResult>());
      }
      case Stage::sasl_refusal: {
        Next unit = sized<link::SaslRefusal>(direction, "refusal", 0, link::most_sasl_bytes);
        if (unit && *unit) direction.stage = Stage::refused;
        return unit;
      }
      case Stage::result:
        return result(direction);
      case Stage::messages:
        return message(direction, Side::server);
      case Stage::refused:
        break;
    }
    return refused(direction);
  }

  Next reply(Direction& direction) {
    link::LinkReply found;
    Next unit = link_body(direction, UnitKind::link_reply, found);
    if (!unit || !*unit) return unit;
    if (refusal_in_place && found.error == 0)
      return wrong(direction, ErrorCode::out_of_order, "link_reply",
                   "a second reply that does not refuse");
    if (found.error != 0) {
      link.result = found.error;
      direction.stage = Stage::refused;
    } else {
      direction.stage = Stage::mechanism;
    }
    if (!refusal_in_place) link.reply = std::move(found);
    settle();
    return unit;
  }

  // Instead of an answer the server may refuse by a second link header and reply (§1.5, §1.6).
  bool answers_by_reply(const Direction& direction) {
    const BytesView bytes = direction.buffer.view();
    refusal_in_place = bytes.size() >= word_bytes && word_at(bytes, 0) == link::magic;
    return refusal_in_place;
  }

  Next result(Direction& direction) {
    if (link.encrypted)
      return direction.buffer.view().empty() ? Next(waiting()) : Next(sealed(direction));
    if (answers_by_reply(direction)) return header(direction, Side::server);
    const BytesView bytes = direction.buffer.view();
    if (bytes.size() < word_bytes) return waiting();
    const std::uint32_t word = word_at(bytes, 0);
    // A buffer of a security layer begins with its length, big endian and at most 100000: as a
    // little-endian word that is no result code.
    if (link.mechanism == link::auth_sasl && word > last_link_error) {
      link.encrypted = true;
      return sealed(direction);
    }
    link.result = word;
    direction.stage = word == 0 ? Stage::messages : Stage::refused;
    return taken(direction, UnitKind::link_result, word_bytes, &info_of<link::LinkResult>());
  }
};

ConnectionFramer::ConnectionFramer() : state_(std::make_unique<State>()) {}
ConnectionFramer::~ConnectionFramer() = default;
ConnectionFramer::ConnectionFramer(ConnectionFramer&&) noexcept = default;
ConnectionFramer& ConnectionFramer::operator=(ConnectionFramer&&) noexcept = default;

void ConnectionFramer::feed(Side by, BytesView bytes) {
  state_->of(by).buffer.feed(bytes);
}
Result<std::optional<Unit>> ConnectionFramer::next(Side by) {
  return state_->next(by);
}
const LinkState& ConnectionFramer::link() const {
  return state_->link;
}
BytesView ConnectionFramer::unframed(Side by) const {
  return state_->of(by).buffer.view();
}

}  // namespace spicebench::wire
