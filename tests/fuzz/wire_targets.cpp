// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/wire/framer.hpp"
#include "core/wire/inner.hpp"
#include "core/wire/print.hpp"
#include "core/wire/sub_message.hpp"
#include "core/wire/tree.hpp"
#include "core/wire/validate.hpp"
#include "tests/fuzz/targets.hpp"

namespace spicebench::fuzz {

using wire::ChannelType;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// Everything that may be done with a body.
void body_of(const wire::MessageInfo& info, const SharedBytes& body, const wire::Context& context) {
  const auto tree = wire::tree_of(*info.layout, body, context);
  const auto decoded = wire::decode_any(info, body, context);
  require(decoded.has_value() == !tree.error.has_value());
  if (!decoded) return require(decoded.error().offset <= body.size());
  wire::validate(decoded->message, context);
  wire::to_text(decoded->message, context);
  wire::to_json(decoded->message, context);
  // What was understood can be said again, and is then understood alike.
  Bytes again;
  wire::encode(*info.layout, decoded->message.object(), again, context);
  const auto second = wire::decode_any(info, SharedBytes(again), context);
  require(second.has_value());
  Bytes third;
  wire::encode(*info.layout, second->message.object(), third, context);
  require(again == third);
}

void message(ChannelType channel, BytesView bytes) {
  Input input(bytes);
  const Side side = input.number(1) % 2 == 0 ? Side::server : Side::client;
  const auto id = static_cast<std::uint16_t>(input.number(2));
  const auto body = SharedBytes::copy_of(input.rest());
  const wire::MessageInfo* info = wire::find_message(channel, side, id);
  if (info && info->layout) body_of(*info, body, {});
  (void)wire::split_sub_messages(body, id % 8);
}

}  // namespace

void message_main(BytesView input) {
  message(ChannelType::main, input);
}
void message_display(BytesView input) {
  message(ChannelType::display, input);
}
void message_inputs(BytesView input) {
  message(ChannelType::inputs, input);
}
void message_cursor(BytesView input) {
  message(ChannelType::cursor, input);
}
void message_playback(BytesView input) {
  message(ChannelType::playback, input);
}
void message_record(BytesView input) {
  message(ChannelType::record, input);
}
void message_smartcard(BytesView input) {
  message(ChannelType::smartcard, input);
}
void message_usbredir(BytesView input) {
  message(ChannelType::usbredir, input);
}
void message_port(BytesView input) {
  message(ChannelType::port, input);
}
void message_webdav(BytesView input) {
  message(ChannelType::webdav, input);
}

void message_inner(BytesView bytes) {
  Input input(bytes);
  const std::uint64_t first = input.number(1);
  constexpr ChannelType channels[] = {ChannelType::main, ChannelType::usbredir,
                                      ChannelType::webdav};
  const auto reader = wire::inner_reader(channels[first % 3]);
  std::vector<wire::InnerMessage> found;
  while (!input.empty()) {
    const Side side = input.number(1) % 2 == 0 ? Side::server : Side::client;
    const auto type = static_cast<std::uint16_t>(input.number(2));
    const std::size_t size = input.number(2);
    const auto body = SharedBytes::copy_of(input.take(size));
    (void)reader->read(side, type, body, found);
    for (const wire::InnerMessage& one : found)
      if (one.info && one.info->layout) body_of(*one.info, one.body, one.context());
    found.clear();
  }
}

void framer(BytesView bytes) {
  Input input(bytes);
  wire::ConnectionFramer framer;
  while (!input.empty()) {
    const std::uint64_t control = input.number(1);
    framer.feed(control % 2 == 0 ? Side::client : Side::server, input.take(control / 2 + 1));
    for (const Side side : {Side::client, Side::server, Side::client})
      for (;;) {
        const auto unit = framer.next(side);
        if (!unit || !*unit) break;
      }
  }
}

}  // namespace spicebench::fuzz
