// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/ack_window.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

namespace spicebench::server {

TEST_CASE("an acknowledgement window blocks above two windows, not at two", "[server][ack]") {
  AckWindow window;
  CHECK_FALSE(window.blocked());  // no SET_ACK yet: nothing is asked for
  CHECK(window.open(3) == wire::common::SetAck{1, 3});
  for (int i = 0; i < 6; ++i) {
    window.sent();  // SET_ACK is the first
    CHECK_FALSE(window.blocked());
  }
  window.sent();
  CHECK(window.blocked());
  CHECK(window.acknowledge() == AckWindow::Effect::stale);  // no ACK_SYNC yet
  CHECK(window.blocked());
  window.sync(1);
  CHECK(window.acknowledge() == AckWindow::Effect::accepted);
  CHECK_FALSE(window.blocked());
  CHECK(window.outstanding() == 4);
}

TEST_CASE("more acknowledged than sent is clamped to nothing outstanding", "[server][ack]") {
  AckWindow window;
  window.open(3);
  window.sync(1);
  window.sent();
  window.sent();
  CHECK(window.acknowledge() == AckWindow::Effect::excess);
  CHECK(window.outstanding() == 0);
  window.sent();
  window.sent();
  window.sent();
  CHECK(window.acknowledge() == AckWindow::Effect::accepted);
  CHECK(window.acknowledge() == AckWindow::Effect::excess);
}

TEST_CASE("P-CH-2: a new SET_ACK makes acknowledgements of the old one stale", "[server][ack]") {
  AckWindow window;
  window.open(3);
  window.sync(1);
  for (int i = 0; i < 3; ++i) window.sent();
  CHECK(window.open(5) == wire::common::SetAck{2, 5});
  CHECK(window.outstanding() == 0);
  CHECK(window.acknowledge() == AckWindow::Effect::stale);
  window.sync(2);
  for (int i = 0; i < 5; ++i) window.sent();
  CHECK(window.acknowledge() == AckWindow::Effect::accepted);
}

TEST_CASE("window 0 never blocks", "[server][ack]") {
  AckWindow window;
  window.open(0);
  for (int i = 0; i < 1000; ++i) window.sent();
  CHECK_FALSE(window.blocked());
}

TEST_CASE("P-CH-1: server and client halves of the window never stop each other", "[server][ack]") {
  rc::prop("a client by the book, however late it reads, keeps the server sending", [] {
    const auto size = *rc::gen::inRange<std::uint32_t>(1, 50);
    AckWindow server;
    server.open(size);
    server.sent();
    server.sync(1);
    std::uint64_t sent = 1, read = 1;  // the client counts from the message after SET_ACK
    std::uint32_t counter = size;
    for (int step = 0; step < 500; ++step) {
      if (!server.blocked() && *rc::gen::inRange(0, 2) == 0) {
        server.sent();
        ++sent;
      } else if (read < sent) {
        ++read;
        if (--counter == 0) {
          counter = size;
          RC_ASSERT(server.acknowledge() == AckWindow::Effect::accepted);
        }
      }
      RC_ASSERT(server.outstanding() <= 2 * std::uint64_t{size} + 1);
    }
    while (read < sent) {
      ++read;
      if (--counter == 0) {
        counter = size;
        RC_ASSERT(server.acknowledge() == AckWindow::Effect::accepted);
      }
    }
    RC_ASSERT_FALSE(server.blocked());
  });
}

}  // namespace spicebench::server
