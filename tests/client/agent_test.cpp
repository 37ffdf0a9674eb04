// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck/catch.h>

#include "client/agent/line_ends.hpp"
#include "client/agent/windows.hpp"
#include "core/agent/message_stream.hpp"
#include "core/wire/link.hpp"
#include "core/wire/user_agent.hpp"
#include "tests/client/fake_server.hpp"

// Names as of the test entries P-AGT, H-AGT, P-CLP, P-XFR, H-XFR.
using namespace spicebench;
using namespace spicebench::client;
using namespace wire::agent;
namespace user = wire::user;

namespace {

// All that our agent can that matters here.
std::vector<std::uint32_t> guest_caps(std::vector<Cap> more = {}) {
  std::vector<std::uint32_t> caps;
  for (const Cap cap : {Cap::clipboard_by_demand, Cap::clipboard_selection,
                        Cap::clipboard_grab_serial, Cap::clipboard_no_release_on_regrab,
                        Cap::file_xfer_detailed_errors, Cap::monitors_config_position})
    wire::link::set_cap(caps, cap);
  for (const Cap cap : more) wire::link::set_cap(caps, cap);
  return caps;
}

// A client whose server has an agent: what goes to that and comes from it.
class WithAgent {
 public:
  explicit WithAgent(std::vector<std::uint32_t> caps = guest_caps(), ClientOptions options = {})
      : server(std::move(options)), caps_(std::move(caps)) {
    main = server.take_connection();
    server.bring_up(main);
    server.user_arrives();
    server.say(main, 103, Body().u32(1).u32(1).u32(1).u32(1).u32(1).u32(10).u32(0).u32(0));
    const auto first = heard();
    REQUIRE(first.size() == 1);
    client_caps_ = first.front().as<AnnounceCapabilities<Side::client>>()->caps;
    say(AnnounceCapabilities<Side::server>{0, caps_});
  }

  template <wire::Message T>
  void say(T message) {
    wire::Context context;
    context.client_agent_caps = client_caps_;
    context.guest_agent_caps = caps_;
    say_raw(agent::bytes_of(wire::AnyMessage::of(std::move(message)), context));
  }
  void say_raw(const Bytes& whole) {
    for (const SharedBytes& block : agent::blocks_of(SharedBytes(whole))) say_block(block);
  }
  void say_block(BytesView block) { server.say(main, 109, Body().raw(block)); }
  // Messages to the agent so far, tokens given back as they were spent.
  std::vector<wire::AnyMessage> heard(std::uint32_t tokens_a_turn = UINT32_MAX) {
    std::vector<wire::AnyMessage> out;
    for (;;) {
      std::uint32_t spent = 0;
      for (const Frame& frame : server.frames(main)) {
        if (frame.type != 107) continue;
        ++spent;
        auto whole = assembler_.take(SharedBytes::copy_of(frame.body));
        REQUIRE(whole.has_value());
        if (!*whole) continue;
        wire::Context context;
        context.client_agent_caps = client_caps_;
        context.guest_agent_caps = caps_;
        const auto* info = wire::find_message(wire::ChannelType::agent, Side::client,
                                              static_cast<std::uint16_t>((*whole)->type));
        REQUIRE(info);
        auto message = wire::decode_any(*info, (*whole)->body, context);
        REQUIRE(message.has_value());
        out.push_back(message->message);
      }
      CHECK(spent <= tokens_);
      tokens_ -= std::min(spent, tokens_);
      if (spent == 0) return out;
      const std::uint32_t given = std::min(10 - tokens_, tokens_a_turn);
      tokens_ += given;
      server.say(main, 110, Body().u32(given));
    }
  }
  template <wire::Message T>
  std::vector<T> heard_of() {
    std::vector<T> out;
    for (const auto& message : heard())
      if (const T* one = message.as<T>()) out.push_back(*one);
    return out;
  }

  FakeServer server;
  LinkId main = 0;

 private:
  std::vector<std::uint32_t> caps_, client_caps_;
  agent::Assembler assembler_{UINT32_MAX};
  std::uint32_t tokens_ = 10;
};

SharedBytes text(std::string_view words) {
  return SharedBytes::copy_of(words);
}

}  // namespace

TEST_CASE("once the agent has told what it can, the client tells its settings once",
          "[client][agent]") {
  WithAgent with(guest_caps({Cap::display_config, Cap::max_clipboard, Cap::audio_volume_sync}));
  const auto told = with.heard();
  REQUIRE(told.size() == 4);
  CHECK(told[0].as<DisplayConfig>());
  CHECK(told[1].as<AudioVolumeSync>()->is_playback == 1);
  CHECK(told[2].as<AudioVolumeSync>()->is_playback == 0);
  CHECK(told[3].as<MaxClipboard>()->max == 100 << 20);
  with.say(AnnounceCapabilities<Side::server>{1, guest_caps()});
  const auto again = with.heard();
  REQUIRE(again.size() == 1);
  CHECK(again[0].as<AnnounceCapabilities<Side::client>>()->request == 0);
}

TEST_CASE("a text is offered, asked for and given; the guest's is pasted", "[client][agent]") {
  WithAgent with;
  with.server.user(user::CopyText{text("ours")});
  const auto grabs = with.heard_of<ClipboardGrab<Side::client>>();
  REQUIRE(grabs.size() == 1);
  CHECK(grabs[0].serial == 0);
  with.say(ClipboardRequest<Side::server>{{}, clipboard_utf8_text});
  const auto given = with.heard_of<Clipboard<Side::client>>();
  REQUIRE(given.size() == 1);
  CHECK(as_text(given[0].data) == "ours");

  with.say(ClipboardGrab<Side::server>{{}, 1, {clipboard_utf8_text}});
  CHECK(with.server.told<user::GuestOffers>()->text == 1);
  with.server.user(user::PasteText{});
  CHECK(with.heard_of<ClipboardRequest<Side::client>>().size() == 1);
  with.say(Clipboard<Side::server>{{}, clipboard_utf8_text, text("theirs\0\0")});
  CHECK(as_text(with.server.told<user::Pasted>()->text) == "theirs");
  with.say(ClipboardRequest<Side::server>{{}, clipboard_utf8_text});  // no longer ours
  CHECK(with.heard_of<Clipboard<Side::client>>().at(0).type == clipboard_none);
}

TEST_CASE("P-CLP-6: lines end as the guest has them, both ways, once", "[client][agent]") {
  rc::prop("each form is a fixed point of its own direction", [](const std::string& any) {
    const std::string crlf = with_crlf(any), lf = without_cr(any);
    RC_ASSERT(with_crlf(crlf) == crlf);
    RC_ASSERT(crlf.find("\n") == std::string::npos || crlf.find("\r\n") != std::string::npos);
    RC_ASSERT(without_cr(with_crlf(without_cr(lf))) == without_cr(lf));
  });
  WithAgent with(guest_caps({Cap::guest_lineend_crlf}));
  with.server.user(user::CopyText{text("a\nb\r\nc")});
  with.heard();
  with.say(ClipboardRequest<Side::server>{{}, clipboard_utf8_text});
  CHECK(as_text(with.heard_of<Clipboard<Side::client>>().at(0).data) == "a\r\nb\r\nc");
  with.say(ClipboardGrab<Side::server>{{}, 1, {clipboard_utf8_text}});
  with.server.user(user::PasteText{});
  with.say(Clipboard<Side::server>{{}, clipboard_utf8_text, text("x\r\ny\n")});
  CHECK(as_text(with.server.told<user::Pasted>()->text) == "x\ny\n");
}

TEST_CASE("P-CLP-8: an agent that releases before it grabs shows no gap", "[client][agent]") {
  std::vector<std::uint32_t> old;
  wire::link::set_cap(old, Cap::clipboard_by_demand);
  WithAgent with(old);
  with.say(ClipboardGrab<Side::server>{{}, 0, {clipboard_utf8_text}});
  const std::size_t news = with.server.news();
  with.say(ClipboardRelease<Side::server>{});
  CHECK(with.server.news() == news);
  with.say(ClipboardGrab<Side::server>{{}, 0, {clipboard_utf8_text}});
  CHECK_FALSE(with.server.armed(with.main));
  with.say(ClipboardRelease<Side::server>{});
  const std::size_t before = with.server.news();
  with.server.fire(with.main);
  CHECK(with.server.news() == before + 1);
}

TEST_CASE("P-CLP-9: a client that does not share says nothing of its clipboard",
          "[client][agent]") {
  ClientOptions options;
  options.share_clipboard = false;
  WithAgent with(guest_caps(), options);
  with.server.user(user::CopyText{text("a secret")});
  with.say(ClipboardGrab<Side::server>{{}, 0, {clipboard_utf8_text}});
  with.say(ClipboardRequest<Side::server>{{}, clipboard_utf8_text});
  CHECK(with.heard().empty());
  CHECK_FALSE(with.server.told<user::GuestOffers>());
}

TEST_CASE("P-CLP-5: what was asked of an agent that goes is answered with nothing",
          "[client][agent]") {
  WithAgent with;
  with.say(ClipboardGrab<Side::server>{{}, 0, {clipboard_utf8_text}});
  with.server.user(user::PasteText{});
  with.server.say(with.main, 108, Body().u32(0));
  REQUIRE(with.server.told<user::Pasted>());
  CHECK(with.server.told<user::Pasted>()->given == 0);
}

TEST_CASE("H-AGT-7: what a guest says wrong is passed over; broken framing ends the session",
          "[client][agent]") {
  const auto ends = [](const Bytes& block) {
    WithAgent with;
    with.say_block(block);
    return with.server.client.ended();
  };
  const auto message = [](std::uint32_t type, std::uint32_t size, std::size_t have,
                          std::uint32_t protocol = 1) {
    Bytes bytes;
    append_little_endian(bytes, protocol, 4);
    append_little_endian(bytes, type, 4);
    append_little_endian(bytes, 0, 8);
    append_little_endian(bytes, size, 4);
    bytes.resize(header_bytes + have);
    return bytes;
  };
  CHECK(ends(message(4, 0xffff'ffff, 0)));
  CHECK(ends(message(4, 4, 5)));
  CHECK(ends(message(4, 4, 4, 0)));
  CHECK(ends(Bytes(19)));
  Bytes selection = message(7, 8, 8);
  selection[header_bytes] = std::byte{255};
  CHECK_FALSE(ends(selection));
  CHECK_FALSE(ends(message(11, 4, 4)));  // a status of four bytes
  CHECK_FALSE(ends(message(4, 3, 3)));
  CHECK_FALSE(ends(message(7, 2, 2)));
  CHECK_FALSE(ends(message(77, 0, 0)));
  CHECK_FALSE(ends(message(0x1'0004, 0, 0)));
  CHECK_FALSE(ends(message(6, 8, 8)));
  CHECK_FALSE(ends(message(6, 4 + 4 * 400, 4 + 4 * 400)));
  CHECK_FALSE(ends(message(6, 0, 0)));
}

TEST_CASE(
    "P-XFR-1, 2, 6: a file goes in pieces, with others in turn, and what is said between waits "
    "for no more than one",
    "[client][agent]") {
  for (const std::size_t size : {0u, 1u, 65535u, 65536u, 65537u, 200'000u}) {
    INFO(size);
    WithAgent with;
    Bytes content(size);
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<std::byte>(i * 7 + i / 256);
    with.server.user(user::SendFile{text("a"), content});
    with.server.user(user::SendFile{text("b"), content});
    const auto starts = with.heard_of<FileXferStart>();
    REQUIRE(starts.size() == 2);
    CHECK(as_text(starts[0].data).starts_with("[vdagent-file-xfer]\nname=a\n"));
    with.say(FileXferStatus<Side::server>{.id = 1, .result = xfer_can_send_data});
    with.say(FileXferStatus<Side::server>{.id = 1, .result = xfer_can_send_data});  // H-XFR-5
    with.say(FileXferStatus<Side::server>{.id = 2, .result = xfer_can_send_data});
    with.server.user(user::CopyText{text("between")});
    std::map<std::uint32_t, Bytes> got;
    std::size_t pieces = 0, before_grab = 0;
    for (const auto& message : with.heard(3)) {
      if (message.as<ClipboardGrab<Side::client>>()) before_grab = pieces;
      if (const auto* data = message.as<FileXferData>()) {
        append(got[data->id], data->data);
        ++pieces;
      }
    }
    CHECK(pieces == 2 * std::max<std::size_t>((size + 65535) / 65536, 1));
    CHECK(before_grab <= 2);
    CHECK(got[1] == content);
    CHECK(got[2] == content);
    with.say(FileXferStatus<Side::server>{.id = 1, .result = xfer_success});
    with.say(FileXferStatus<Side::server>{.id = 1, .result = xfer_success});  // H-XFR-1
    CHECK(with.server.told<user::FileSent>()->result == xfer_success);
    CHECK(with.server.client.agent().files.size() == 1);
  }
}

TEST_CASE("P-XFR-3, 4, 5: each file ends once, however it ends", "[client][agent]") {
  WithAgent with;
  const auto& files = [&with] { return with.server.client.agent().files; };
  for (int i = 0; i < 8; ++i) with.server.user(user::SendFile{text("f"), Bytes(100'000)});
  with.heard();
  with.say(FileXferStatus<Side::server>{
      .id = 1, .result = xfer_not_enough_space, .detail = FileXferSpaceDetail{{5}}});
  with.say(FileXferStatus<Side::server>{.id = 2, .result = 255});           // H-XFR-6
  with.say(FileXferStatus<Side::server>{.id = 3, .result = xfer_success});  // before it had any
  with.say(FileXferStatus<Side::server>{.id = 4, .result = xfer_can_send_data});
  with.say(FileXferStatus<Side::server>{
      .id = 99, .result = xfer_error, .detail = FileXferErrorDetail{}});
  with.server.user(user::CancelFile{4});
  with.server.user(user::CancelFile{4});
  bool cancelled = false;
  for (const auto& message : with.heard()) {
    if (message.as<FileXferStatus<Side::client>>()) {
      CHECK_FALSE(cancelled);
      cancelled = true;
    }
    CHECK_FALSE((cancelled && message.as<FileXferData>()));
  }
  CHECK(cancelled);
  with.server.user(user::CancelFile{5});  // one that the guest never answered: H-XFR-2
  CHECK(files() == std::map<std::uint32_t, std::uint32_t>{{1, xfer_not_enough_space},
                                                          {2, 255},
                                                          {3, xfer_error},
                                                          {4, xfer_cancelled},
                                                          {5, xfer_cancelled}});
  with.server.say(with.main, 108, Body().u32(0));
  CHECK(files().size() == 8);
  CHECK(files().at(8) == xfer_vdagent_not_connected);
}

TEST_CASE("a file is refused at once where the guest takes none", "[client][agent]") {
  WithAgent with(guest_caps({Cap::file_xfer_disabled}));
  with.server.user(user::SendFile{text("f"), Bytes(1)});
  CHECK(with.heard().empty());
  CHECK(with.server.told<user::FileSent>()->result == xfer_disabled);
  with.server.say(with.main, 108, Body().u32(0));
  with.server.user(user::SendFile{text("f"), Bytes(1)});
  CHECK(with.server.client.agent().files.at(2) == xfer_vdagent_not_connected);
}

TEST_CASE("windows are told a second after the last change, as the agent takes them",
          "[client][agent]") {
  const bool sparse = GENERATE(false, true);
  WithAgent with(sparse ? guest_caps({Cap::sparse_monitors_config}) : guest_caps());
  with.server.user(user::Resize{0, 801, 600});
  with.server.user(user::Resize{2, 40'000, 40'000});
  with.server.user(user::Resize{16, 640, 480});  // there is none
  CHECK(with.heard().empty());
  with.server.fire(with.main);
  const auto told = with.heard_of<MonitorsConfig>();
  REQUIRE(told.size() == 1);
  const MonitorsConfig& config = told[0];
  CHECK(config.flags == (monitors_use_pos | monitors_physical_size));
  REQUIRE(config.monitors.size() == (sparse ? 16 : 2));
  CHECK(config.physical_sizes.size() == config.monitors.size());
  CHECK(config.monitors[0] == Monitor{600, 800, 32, 0, 0});
  CHECK(config.monitors[sparse ? 2 : 1] == Monitor{16384, 16384, 32, 800, 0});
  // A new agent hears of them as soon as it has told what it can.
  with.server.say(with.main, 115, Body().u32(10));
  with.say(AnnounceCapabilities<Side::server>{0, guest_caps()});
  std::size_t again = 0;
  for (const Frame& frame : with.server.frames(with.main))
    again += frame.type == 107 && frame.u(4, 4) == MonitorsConfig::message.id;
  CHECK(again == 1);
}
