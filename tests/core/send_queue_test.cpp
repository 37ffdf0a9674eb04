// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/world/send_queue.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

namespace spicebench {

TEST_CASE("a queue sends whole messages while the credit lasts, then parts", "[core][world]") {
  SendQueue queue(4);
  Outputs out;
  queue.push(Bytes(5, std::byte{1}));
  queue.push({});
  queue.push(Bytes(5, std::byte{2}));
  queue.flush(out);
  CHECK(out.empty());
  queue.grant(7);
  queue.flush(out);
  REQUIRE(out.size() == 2);
  CHECK(std::get<Send>(out[0]).link == 4);
  CHECK(std::get<Send>(out[0]).bytes == Bytes(5, std::byte{1}));
  CHECK(std::get<Send>(out[1]).bytes == Bytes(2, std::byte{2}));
  CHECK(queue.queued() == 3);
  CHECK_FALSE(queue.empty());
  queue.grant(100);
  queue.flush(out);
  CHECK(std::get<Send>(out[2]).bytes.size() == 3);
  CHECK(queue.empty());
  CHECK(queue.credit() == 97);
}

TEST_CASE("a queue keeps order, loses nothing and never exceeds its credit", "[core][world]") {
  rc::prop("for any messages and any credit", [] {
    SendQueue queue(0);
    Bytes pushed, sent;
    std::size_t granted = 0;
    const auto steps = *rc::gen::container<std::vector<std::pair<bool, std::uint8_t>>>(
        rc::gen::pair(rc::gen::arbitrary<bool>(), rc::gen::arbitrary<std::uint8_t>()));
    std::uint8_t value = 0;
    for (const auto& [is_grant, size] : steps) {
      if (is_grant) {
        queue.grant(size);
        granted += size;
      } else {
        Bytes message;
        for (std::size_t i = 0; i < size; ++i) message.push_back(std::byte{value++});
        append(pushed, message);
        queue.push(std::move(message));
      }
      Outputs out;
      queue.flush(out);
      for (const Output& output : out) append(sent, std::get<Send>(output).bytes);
      RC_ASSERT(sent.size() == std::min(granted, pushed.size()));
      RC_ASSERT(queue.queued() == pushed.size() - sent.size());
    }
    RC_ASSERT(std::equal(sent.begin(), sent.end(), pushed.begin()));
  });
}

}  // namespace spicebench
