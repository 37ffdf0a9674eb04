// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "core/wire/display_channel.hpp"
#include "core/wire/sub_message.hpp"
#include "tests/core/wire_support.hpp"

using namespace spicebench;
using namespace spicebench::wire;

namespace {

std::string refusal(const Bytes& body, std::size_t list_at = 0) {
  const auto subs = split_sub_messages(SharedBytes(body), list_at);
  return subs ? "accepted" : subs.error().text();
}

}  // namespace

TEST_CASE("sub-messages come in the order of their list, sizes clamped to the body",
          "[core][wire]") {
  // WAIT_FOR_CHANNELS and INVAL_LIST as spice-server writes them: the sizes are those of its
  // structures in memory, 8 + 16 n, which runs past the end.
  const Bytes body =
      hex("0200 0a000000 1b000000"
          "0500 18000000  01 02 01 0900000000000000"
          "6900 18000000  0100 01 1122334455667788");
  const auto subs = split_sub_messages(SharedBytes(body), 0);
  REQUIRE(subs.has_value());
  REQUIRE(subs->size() == 2);
  CHECK(subs->at(0).type == 5);
  CHECK(subs->at(0).offset == 10);
  CHECK(subs->at(0).body.size() == 0x18);
  const auto wait = decode<common::WaitForChannels>(subs->at(0).body);
  REQUIRE(wait.has_value());
  CHECK(wait->wait_list == std::vector{common::ChannelWait{2, 1, 9}});
  CHECK(subs->at(1).type == 105);
  CHECK(subs->at(1).body.size() == 11);  // 24 stated
  const auto inval = decode<display::InvalList>(subs->at(1).body);
  REQUIRE(inval.has_value());
  CHECK(inval->resources == std::vector{display::ResourceId{1, 0x8877665544332211}});
}

TEST_CASE("a list may stand behind the content of a message", "[core][wire]") {
  const auto subs = split_sub_messages(SharedBytes(hex("aabb 6c00 00000000 0100 02000000")), 8);
  REQUIRE(subs.has_value());
  CHECK(subs->at(0).type == 108);
  CHECK(subs->at(0).body.empty());
}

TEST_CASE("lists of sub-messages keep to their limits", "[core][wire][bounds]") {
  CHECK(refusal(hex("00")) == "sub_list: truncated at byte 0: a list at 0, the body has 1 bytes");
  CHECK(refusal(hex("0000")) == "accepted");
  CHECK(refusal(hex("0000"), 3) ==
        "sub_list: truncated at byte 3: a list at 3, the body has 2 bytes");
  CHECK(refusal(hex("0200 00000000")) ==
        "sub_list.count: truncated at byte 0: 2 offsets of 4 bytes, 4 bytes left");
  Bytes many = hex("4100");
  many.resize(2 + 65 * 4);
  CHECK(refusal(many) == "sub_list.count: out of range at byte 0: 65, at most 64");
  CHECK(refusal(hex("0100 01000000")) ==
        "sub_list[0]: out of range at byte 2: offset 1, the body has 6 bytes");
  CHECK(refusal(hex("0100 ffffffff")) ==
        "sub_list[0]: out of range at byte 2: offset 4294967295, the body has 6 bytes");
  CHECK(refusal(hex("0100 06000000 0800 00000000")) ==
        "sub_list[0]: malformed at byte 6: a list inside a list");
}
