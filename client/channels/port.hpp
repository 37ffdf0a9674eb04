// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "client/channel.hpp"
#include "client/connection.hpp"
#include "core/wire/port_channel.hpp"

namespace spicebench::client {

// A port channel (protocol.md §6.4, §9.9): a program in the guest, and a user here who reads and
// writes.
enum class PortState : std::uint8_t { linked, closed, opened };
class Port final : public TableChannel<Port, PortState> {
 public:
  explicit Port(Connection& connection) : connection_(connection) {}
  static const Table& table();

  // Noted as an error and not sent while nobody in the guest has the port open.
  void write(const SharedBytes& bytes);
  void tell_if_known();  // a user that came later
  PortStatus status() const;

  Result<PortState> init(const wire::port::PortInit& message);
  Result<PortState> event(const wire::port::PortEventToClient& message);
  Result<PortState> data(const wire::port::DataToClient& message);
  Result<PortState> compressed(const wire::port::CompressedDataToClient& message);

 private:
  PortState took(const SharedBytes& bytes);
  bool compresses() const;

  Connection& connection_;
  std::string name_;
  std::uint64_t read_ = 0, written_ = 0;
};

}  // namespace spicebench::client
