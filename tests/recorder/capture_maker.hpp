// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <tins/ethernetII.h>
#include <tins/ip.h>
#include <tins/rawpdu.h>
#include <tins/tcp.h>

#include <map>
#include <utility>
#include <vector>

#include "core/base/side.hpp"
#include "tests/recorder/support.hpp"

namespace spicebench::test {

// A classic capture file (pcap, ns, Ethernet) of packets made here.
class CaptureMaker {
 public:
  CaptureMaker() { Put{bytes_}.u32(0xa1b23c4d).u16(2).u16(4).u32(0).u32(0).u32(1 << 18).u32(1); }
  // A packet from the client (or server) of a connection, `port` being the server's.
  void packet(std::uint16_t port, Side by, std::uint32_t sequence, BytesView payload,
              int flags = Tins::TCP::ACK) {
    const bool from_client = by == Side::client;
    Tins::TCP tcp(from_client ? port : 40000, from_client ? 40000 : port);
    tcp.seq(sequence);
    tcp.flags(static_cast<Tins::small_uint<12>>(flags));
    const auto head = Tins::EthernetII() / Tins::IP("127.0.0.1", "127.0.0.1") / tcp;
    auto frame = payload.empty()
                     ? head
                     : head / Tins::RawPDU(reinterpret_cast<const std::uint8_t*>(payload.data()),
                                           static_cast<std::uint32_t>(payload.size()));
    const auto raw = frame.serialize();
    ++number_;
    Put{bytes_}.u32(1'700'000'000).u32(number_ * 1000).u32(raw.size()).u32(raw.size());
    append(bytes_, {reinterpret_cast<const std::byte*>(raw.data()), raw.size()});
  }
  void open(std::uint16_t port) {
    packet(port, Side::client, 99, {}, Tins::TCP::SYN);
    packet(port, Side::server, 499, {}, Tins::TCP::SYN | Tins::TCP::ACK);
    next_[{port, Side::client}] = 100;
    next_[{port, Side::server}] = 500;
  }
  // The next bytes of a side, in one packet. Precondition: the connection is open.
  void say(std::uint16_t port, Side by, BytesView bytes) {
    std::uint32_t& sequence = next_.at({port, by});
    packet(port, by, sequence, bytes);
    sequence += static_cast<std::uint32_t>(bytes.size());
  }
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  std::uint32_t number_ = 0;
  std::map<std::pair<std::uint16_t, Side>, std::uint32_t> next_;  // sequence numbers
};

// A whole SPICE connection of a cursor channel: link stage, two messages of the server, one of the
// client.
inline std::vector<std::pair<Side, Bytes>> small_session() {
  const LinkStage stage = link_stage(4, 0, true);
  return {{Side::client, stage.client_hello},
          {Side::server, stage.server_reply},
          {Side::client, stage.client_ticket},
          {Side::server, stage.server_result},
          {Side::server, message_bytes(true, 1, 3, Bytes(8, std::byte{1}))},  // set_ack
          {Side::client, message_bytes(true, 1, 1, Bytes(4, std::byte{1}))},  // ack_sync
          {Side::server, message_bytes(true, 2, 102, {})}};                   // cursor reset
}

}  // namespace spicebench::test
