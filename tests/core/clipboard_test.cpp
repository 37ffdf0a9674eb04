// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/agent/clipboard.hpp"

#include <rapidcheck/catch.h>

// Names as of the test entries P-CLP and H-CLP: two ends, messages in order with any delay.
using namespace spicebench;
namespace protocol = wire::agent;

namespace {

constexpr std::uint32_t text = protocol::clipboard_utf8_text;

// One end, what it said and was not heard yet, and what became of its pastes.
template <Side own>
struct End final : agent::ClipboardHost {
  agent::Clipboard<own> clipboard{*this};
  std::deque<wire::AnyMessage> said;
  std::vector<std::pair<std::uint32_t, SharedBytes>> answers;
  std::size_t messages = 0;

  void send(wire::AnyMessage message) override {
    said.push_back(std::move(message));
    ++messages;
  }
  void offered(agent::SelectionId, const std::vector<std::uint32_t>&) override {}
  void pasted(agent::SelectionId, std::uint32_t type, const SharedBytes& data) override {
    answers.emplace_back(type, data);
  }
  template <class Far>
  bool hear(Far& far) {
    if (far.said.empty()) return false;
    const wire::AnyMessage message = std::move(far.said.front());
    far.said.pop_front();
    constexpr Side by = agent::Clipboard<own>::far;
    if (const auto* one = message.as<protocol::ClipboardGrab<by>>()) clipboard.handle(*one);
    if (const auto* one = message.as<protocol::ClipboardRequest<by>>()) clipboard.handle(*one);
    if (const auto* one = message.as<protocol::Clipboard<by>>()) clipboard.handle(*one);
    if (const auto* one = message.as<protocol::ClipboardRelease<by>>()) clipboard.handle(*one);
    return true;
  }
};
using Client = End<Side::client>;
using Guest = End<Side::server>;
using Owner = agent::Clipboard<Side::client>::Owner;

struct Pair {
  Client client;
  Guest guest;
  explicit Pair(bool serials = true, bool release_before_grab = false) {
    client.clipboard.set_abilities(true, serials, release_before_grab);
    guest.clipboard.set_abilities(true, serials, release_before_grab);
  }
  void settle() {
    while (client.hear(guest) || guest.hear(client)) {
    }
  }
};
SharedBytes words(std::string_view of) {
  return SharedBytes::copy_of(of);
}

}  // namespace

TEST_CASE("P-CLP-1, 2, 4, 5: whatever crosses, both ends agree on the owner, soon",
          "[core][clipboard]") {
  rc::prop("any actions at both ends, any delays", [] {
    Pair pair;
    std::size_t actions = 0, pastes = 0;
    const auto act = [&](auto& end, agent::SelectionId selection) {
      ++actions;
      switch (*rc::gen::inRange(0, 4)) {
        case 0:
        case 1:
          return end.clipboard.copy(selection, {{text, words("x")}});
        case 2:
          return end.clipboard.release(selection);
        default:
          ++pastes;
          end.clipboard.paste(selection, text);
      }
    };
    const int steps = *rc::gen::inRange(1, 60);
    for (int i = 0; i < steps; ++i) {
      const auto selection = *rc::gen::inRange<agent::SelectionId>(0, 3);
      switch (*rc::gen::inRange(0, 4)) {
        case 0:
          act(pair.client, selection);
          break;
        case 1:
          act(pair.guest, selection);
          break;
        case 2:
          pair.client.hear(pair.guest);
          break;
        default:
          pair.guest.hear(pair.client);
      }
    }
    pair.settle();
    for (agent::SelectionId selection = 0; selection < 3; ++selection) {
      const auto here = static_cast<int>(pair.client.clipboard.owner(selection));
      const auto there = static_cast<int>(pair.guest.clipboard.owner(selection));
      RC_ASSERT(there == (here == 0 ? 0 : 3 - here));  // nobody, or the other of us and them
      RC_ASSERT(pair.client.clipboard.serial(selection) == pair.guest.clipboard.serial(selection));
    }
    RC_ASSERT(pair.client.messages + pair.guest.messages <= 4 * actions);
    // Each paste has its answer; two that waited for the same may have had one.
    RC_ASSERT(pair.client.answers.size() + pair.guest.answers.size() <= pastes);
    const auto said = pair.client.answers.size();
    pair.client.clipboard.paste(0, text);
    pair.settle();
    RC_ASSERT(pair.client.answers.size() == said + 1);
  });
}

TEST_CASE("P-CLP-2: of two grabs that cross the client's wins", "[core][clipboard]") {
  Pair pair;
  pair.guest.clipboard.copy(0, {{text, words("guest")}});
  pair.client.clipboard.copy(0, {{text, words("client")}});
  pair.settle();
  CHECK(pair.client.clipboard.owner(0) == Owner::us);
  pair.guest.clipboard.paste(0, text);
  pair.settle();
  REQUIRE(pair.guest.answers.size() == 1);
  CHECK(as_text(pair.guest.answers.front().second) == "client");
}

TEST_CASE("P-CLP-3: a paste gives what its selection has in that type, or nothing",
          "[core][clipboard]") {
  Pair pair(false);
  pair.guest.clipboard.copy(0, {{text, words("text")}});
  pair.guest.clipboard.copy(1, {{protocol::clipboard_image_png, words("png")}});
  pair.settle();
  const auto paste = [&](agent::SelectionId selection, std::uint32_t type) {
    pair.client.answers.clear();
    pair.client.clipboard.paste(selection, type);
    pair.settle();
    REQUIRE(pair.client.answers.size() == 1);
    return pair.client.answers.front();
  };
  CHECK(paste(0, text) == std::pair{text, words("text")});
  CHECK(paste(0, protocol::clipboard_image_png).first == protocol::clipboard_none);
  CHECK(paste(1, protocol::clipboard_image_png).second == words("png"));
  CHECK(paste(2, text).first == protocol::clipboard_none);
  pair.guest.clipboard.release(0);
  pair.client.clipboard.paste(0, text);  // the release is on its way
  pair.settle();
  CHECK(pair.client.answers.back().first == protocol::clipboard_none);
  CHECK(pair.client.answers.size() == 2);
}

TEST_CASE("P-CLP-5: an end that goes answers what was asked with nothing", "[core][clipboard]") {
  Pair pair;
  pair.guest.clipboard.copy(0, {{text, words("text")}});
  pair.settle();
  pair.client.clipboard.paste(0, text);
  pair.client.clipboard.reset();
  REQUIRE(pair.client.answers.size() == 1);
  CHECK(pair.client.answers.front().first == protocol::clipboard_none);
  CHECK(pair.client.clipboard.owner(0) == Owner::nobody);
}

TEST_CASE("P-CLP-7: what is larger than may be is not sent", "[core][clipboard]") {
  Pair pair;
  pair.guest.clipboard.set_most(4);
  pair.guest.clipboard.copy(0, {{text, words("five!")}});
  pair.settle();
  pair.client.clipboard.paste(0, text);
  pair.settle();
  REQUIRE(pair.client.answers.size() == 1);
  CHECK(pair.client.answers.front().first == protocol::clipboard_none);
}

TEST_CASE("H-CLP-1, 2, 3: wrong serials, answers nobody asked for and storms mean nothing",
          "[core][clipboard]") {
  Pair pair;
  Client& client = pair.client;
  client.clipboard.handle(protocol::ClipboardGrab<Side::server>{{}, 7, {text}});
  CHECK(client.clipboard.owner(0) == Owner::nobody);
  client.clipboard.handle(protocol::ClipboardGrab<Side::server>{{9, {}}, 0, {text}});
  client.clipboard.handle(protocol::Clipboard<Side::server>{{}, text, words("unasked")});
  CHECK(client.answers.empty());
  client.clipboard.handle(
      protocol::ClipboardGrab<Side::server>{{}, 0, std::vector<std::uint32_t>(256, 77)});
  CHECK(client.clipboard.owner(0) == Owner::them);
  pair.guest.clipboard.handle(protocol::ClipboardGrab<Side::client>{{}, 0, {}});
  client.clipboard.handle(protocol::ClipboardGrab<Side::server>{{}, 1, {text}});
  for (int i = 0; i < 1000; ++i) client.clipboard.paste(0, text);
  CHECK(client.said.size() == 1);
  client.clipboard.handle(protocol::Clipboard<Side::server>{{}, 5, words("another type")});
  client.clipboard.handle(protocol::Clipboard<Side::server>{{1, {}}, text, words("another place")});
  CHECK(client.answers.empty());
  client.clipboard.handle(protocol::Clipboard<Side::server>{{}, text, words("this")});
  client.clipboard.handle(protocol::Clipboard<Side::server>{{}, text, words("and again")});
  REQUIRE(client.answers.size() == 1);
  CHECK(as_text(client.answers.front().second) == "this");
}

TEST_CASE("without serials and with releases before grabs both ends agree too",
          "[core][clipboard]") {
  Pair pair(false, true);
  pair.guest.clipboard.copy(0, {{text, words("one")}});
  pair.guest.clipboard.copy(0, {{text, words("two")}});
  CHECK(pair.guest.said.size() == 3);
  pair.settle();
  CHECK(pair.client.clipboard.owner(0) == Owner::them);
}
