// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/channels/port.hpp"

#include <fmt/format.h>

#include "client/session.hpp"
#include "core/image/lz4_block.hpp"
#include "core/wire/link.hpp"
#include "core/wire/user_agent.hpp"

namespace spicebench::client {

using namespace wire::port;
using State = PortState;
namespace user = wire::user;
namespace spicevmc = wire::spicevmc;

namespace {
constexpr StateSet<State> known{State::closed, State::opened};
constexpr std::size_t least_compressed = 1000;  // bytes, channels.md §13.1
}  // namespace

const Port::Table& Port::table() {
  static constexpr Table::Row rows[] = {
      state_row<&Port::init>(State::linked, known),
      state_row<&Port::event>(known, known),
      state_row<&Port::data>(known, State::opened),
      state_row<&Port::compressed>(known, State::opened),
  };
  static constexpr std::string_view names[] = {"linked", "closed", "opened"};
  static constexpr Table table("port", names, rows);
  return table;
}

void Port::tell_if_known() {
  if (state() != State::linked)
    connection_.session().tell(wire::value_of(
        user::PortIs{connection_.id(), state() == State::opened, SharedBytes::copy_of(name_)}));
}

PortStatus Port::status() const {
  return {name_, state() == State::opened, read_, written_};
}

Result<State> Port::init(const PortInit& message) {
  const std::string_view name = as_text(message.name);
  name_ = name.substr(0, name.find('\0'));
  if (name_.empty()) return fail(ErrorCode::malformed, "the port has no name", 0, "name");
  connection_.session().tell(
      wire::value_of(user::PortIs{connection_.id(), message.opened, SharedBytes::copy_of(name_)}));
  return message.opened != 0 ? State::opened : State::closed;
}

Result<State> Port::event(const PortEventToClient& message) {
  if (message.event > spicevmc::event_closed) return state();
  const bool opened = message.event == spicevmc::event_opened;
  connection_.session().tell(
      wire::value_of(user::PortIs{connection_.id(), opened, SharedBytes::copy_of(name_)}));
  return opened ? State::opened : State::closed;
}

State Port::took(const SharedBytes& bytes) {
  read_ += bytes.size();
  connection_.session().tell(wire::value_of(user::PortRead{connection_.id(), bytes}));
  return State::opened;  // whoever says something is there
}

Result<State> Port::data(const DataToClient& message) {
  return took(message.data);
}

Result<State> Port::compressed(const CompressedDataToClient& message) {
  if (message.type != spicevmc::compression_lz4)
    return fail(ErrorCode::unsupported, fmt::format("type {}, known is 1", message.type), 0,
                "type");
  auto bytes = image::lz4_expanded(message.compressed_data, message.uncompressed_size);
  if (!bytes) return std::unexpected(std::move(bytes).error().within("compressed_data"));
  return took(*std::move(bytes));
}

bool Port::compresses() const {
  return connection_.session().options().lz4_compression &&
         wire::link::has_cap(connection_.server_caps(), wire::link::SpicevmcCap::data_compress_lz4);
}

void Port::write(const SharedBytes& bytes) {
  if (state() != State::opened)
    return connection_.note(
        {ErrorCode::denied, 0, "port_write", "nobody in the guest has the port open"});
  written_ += bytes.size();
  if (bytes.size() > least_compressed && compresses())
    if (auto smaller = image::lz4_compressed(bytes))
      return connection_.send(
          CompressedDataToServer{.uncompressed_size = static_cast<std::uint32_t>(bytes.size()),
                                 .compressed_data = *std::move(smaller)});
  connection_.send(DataToServer{bytes});
}

}  // namespace spicebench::client
