// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <variant>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// The smartcard channel (protocol.md §4.9, §6.3): one message, a VSC message of one of several
// types.
namespace spicebench::wire::smartcard {

enum Type : std::uint32_t {
  type_init = 1,
  type_error = 2,
  type_reader_add = 3,
  type_reader_remove = 4,
  type_atr = 5,
  type_card_remove = 6,
  type_apdu = 7,
  type_flush = 8,
  type_flush_complete = 9,
};
constexpr std::uint32_t undefined_reader = 0xffffffff;  // ReaderAdd is sent with it
constexpr std::uint32_t vsc_magic = 0x44435356;         // "VSCD"

struct Init {
  std::uint32_t magic = vsc_magic, version = 2, capabilities = 0;
  bool operator==(const Init&) const = default;
};
// A code of the server is little endian; one that comes from the guest's device is passed on in big
// endian: only 0 and not 0 can be told apart.
struct Error {
  std::uint32_t code = 0;
  bool operator==(const Error&) const = default;
};
struct ReaderAdd {
  SharedBytes name;  // all of `length`, without a NUL
  bool operator==(const ReaderAdd&) const = default;
};
struct ReaderRemove {
  bool operator==(const ReaderRemove&) const = default;
};
struct Atr {
  SharedBytes atr;  // answer to reset, at most 40 bytes
  bool operator==(const Atr&) const = default;
};
struct CardRemove {
  bool operator==(const CardRemove&) const = default;
};
struct Apdu {
  SharedBytes
      data;  // ISO 7816, at most 270 bytes: a command of the server, a response of the client
  bool operator==(const Apdu&) const = default;
};
struct Flush {
  bool operator==(const Flush&) const = default;
};
struct FlushComplete {
  bool operator==(const FlushComplete&) const = default;
};
struct Unknown {
  SharedBytes data;
  bool operator==(const Unknown&) const = default;
};
using Payload = std::variant<std::monostate, Init, Error, ReaderAdd, ReaderRemove, Atr, CardRemove,
                             Apdu, Flush, FlushComplete, Unknown>;

template <Side sender>
struct Data {
  static constexpr MessageKey message{ChannelType::smartcard, sender, 101};
  std::uint32_t type = 0;  // Type: says which payload is set, Unknown for any other
  std::uint32_t reader_id = 0;
  Payload payload = Unknown{};  // u32 length
  bool operator==(const Data&) const = default;
};
using DataToClient = Data<Side::server>;
using DataToServer = Data<Side::client>;

}  // namespace spicebench::wire::smartcard
