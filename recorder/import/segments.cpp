// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/segments.hpp"

#include <fmt/format.h>
#include <pcap/dlt.h>
#include <pcap/pcap.h>
#include <tins/ethernetII.h>
#include <tins/exceptions.h>
#include <tins/ip.h>
#include <tins/ipv6.h>
#include <tins/loopback.h>
#include <tins/rawpdu.h>
#include <tins/sll.h>
#include <tins/tcp.h>

#include <algorithm>
#include <memory>

namespace spicebench::recorder {

namespace {

constexpr std::size_t sll2_header_bytes = 20;

std::unique_ptr<Tins::PDU> parse_ip(const std::uint8_t* data, std::uint32_t size) {
  if (size != 0 && data[0] >> 4 == 6) return std::make_unique<Tins::IPv6>(data, size);
  return std::make_unique<Tins::IP>(data, size);
}

// Throws Tins::malformed_packet. Null: nothing that could hold TCP.
std::unique_ptr<Tins::PDU> parse(int link_type, const std::uint8_t* data, std::uint32_t size) {
  switch (link_type) {
    case DLT_EN10MB:
      return std::make_unique<Tins::EthernetII>(data, size);
    case DLT_LINUX_SLL:
      return std::make_unique<Tins::SLL>(data, size);
    case DLT_NULL:
    case DLT_LOOP:
      return std::make_unique<Tins::Loopback>(data, size);
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
      return parse_ip(data, size);
    case DLT_LINUX_SLL2: {  // unknown to this libtins: the protocol is in its first two bytes
      if (size < sll2_header_bytes) throw Tins::malformed_packet();
      const unsigned protocol = unsigned{data[0]} << 8 | data[1];
      if (protocol != 0x0800 && protocol != 0x86dd) return nullptr;
      return parse_ip(data + sll2_header_bytes, size - sll2_header_bytes);
    }
    default:
      return nullptr;
  }
}

bool set_addresses(const Tins::PDU& packet, Segment& segment) {
  if (const auto* ip = packet.find_pdu<Tins::IP>()) {
    const auto mapped = [](Tins::IPv4Address address) {
      std::array<std::uint8_t, 16> bytes{};
      bytes[10] = bytes[11] = 0xff;
      const std::uint32_t word = address;  // network order
      std::copy_n(reinterpret_cast<const std::uint8_t*>(&word), 4, bytes.begin() + 12);
      return bytes;
    };
    segment.from.address = mapped(ip->src_addr());
    segment.to.address = mapped(ip->dst_addr());
    return true;
  }
  if (const auto* ip = packet.find_pdu<Tins::IPv6>()) {
    const Tins::IPv6Address from = ip->src_addr(), to = ip->dst_addr();
    std::copy(from.begin(), from.end(), segment.from.address.begin());
    std::copy(to.begin(), to.end(), segment.to.address.begin());
    return true;
  }
  return false;
}

}  // namespace

std::string Endpoint::text() const {
  const std::uint8_t* bytes = address.data();
  const bool v4 = std::all_of(bytes, bytes + 10, [](auto byte) { return byte == 0; }) &&
                  bytes[10] == 0xff && bytes[11] == 0xff;
  if (v4) return fmt::format("{}.{}.{}.{}:{}", bytes[12], bytes[13], bytes[14], bytes[15], port);
  return fmt::format("[{}]:{}", Tins::IPv6Address(bytes).to_string(), port);
}

Result<void> check_link_type(int link_type) {
  for (const int known :
       {DLT_EN10MB, DLT_LINUX_SLL, DLT_NULL, DLT_LOOP, DLT_RAW, DLT_IPV4, DLT_IPV6, DLT_LINUX_SLL2})
    if (link_type == known) return {};
  const char* name = pcap_datalink_val_to_name(link_type);
  return fail(ErrorCode::unsupported,
              fmt::format("packets of link type {} ({})", link_type, name ? name : "unknown"));
}

Result<std::optional<Segment>> segment_in(int link_type, BytesView packet) {
  try {
    const auto parsed = parse(link_type, reinterpret_cast<const std::uint8_t*>(packet.data()),
                              static_cast<std::uint32_t>(packet.size()));
    auto* tcp = parsed ? parsed->find_pdu<Tins::TCP>() : nullptr;
    if (!tcp) return std::nullopt;
    Segment segment;
    if (!set_addresses(*parsed, segment)) return std::nullopt;
    segment.from.port = tcp->sport();
    segment.to.port = tcp->dport();
    segment.sequence = tcp->seq();
    segment.syn = tcp->get_flag(Tins::TCP::SYN) != 0;
    segment.ack = tcp->get_flag(Tins::TCP::ACK) != 0;
    segment.fin = tcp->get_flag(Tins::TCP::FIN) != 0;
    segment.reset = tcp->get_flag(Tins::TCP::RST) != 0;
    if (auto* payload = tcp->find_pdu<Tins::RawPDU>())
      segment.payload = std::move(payload->payload());
    return segment;
  } catch (const Tins::exception_base& why) {
    return fail(ErrorCode::malformed, why.what());
  }
}

}  // namespace spicebench::recorder
