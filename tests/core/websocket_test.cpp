// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/layers/websocket_frames.hpp"
#include "core/layers/websocket_upgrade.hpp"

using namespace spicebench;
using namespace spicebench::layers;

namespace {

Bytes bytes_of(const std::vector<std::uint8_t>& values) {
  Bytes bytes;
  for (const auto value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

struct Read {
  Bytes data;
  std::vector<ControlFrame> controls;
  std::optional<Error> error;
  std::uint64_t unfinished = 0;
};
// All pieces through one reader.
Read read_in_pieces(BytesView frames, const std::vector<std::size_t>& cuts) {
  FrameReader reader;
  Read read;
  std::size_t at = 0;
  for (const std::size_t cut : cuts) {
    const std::size_t size = std::min(cut, frames.size() - at);
    if (auto fed = reader.feed(frames.subspan(at, size), read.data, read.controls); !fed) {
      read.error = fed.error();
      return read;
    }
    at += size;
  }
  if (auto fed = reader.feed(frames.subspan(at), read.data, read.controls); !fed)
    read.error = fed.error();
  read.unfinished = reader.unfinished();
  return read;
}
Read read_all(const std::vector<std::uint8_t>& frames) {
  return read_in_pieces(bytes_of(frames), {});
}

std::string text(const Bytes& bytes) {
  return std::string(as_text(bytes));
}

const std::string example_key = "dGhlIHNhbXBsZSBub25jZQ==";

}  // namespace

TEST_CASE("the accept word is the one of RFC 6455", "[core][websocket]") {
  CHECK(accept_word(example_key) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("an upgrade's heads are read as they are written", "[core][websocket]") {
  UpgradeRequest request;
  request.target = "/websockify";
  request.host = "127.0.0.1:5900";
  request.key = example_key;
  const bool asks = GENERATE(true, false);
  if (asks) request.protocol = "binary";
  const std::string head = request.text();
  CHECK(head_size(as_bytes(head)).value() == head.size());
  const auto read = parse_request(as_bytes(head)).value();
  CHECK(read.target == request.target);
  CHECK(read.host == request.host);
  CHECK(read.key == request.key);
  CHECK(read.protocol == request.protocol);
  const auto response = response_to(read).value();
  CHECK(response.protocol == request.protocol);
  const auto answer = parse_response(as_bytes(response.text())).value();
  CHECK(answer.accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK(answer.protocol == request.protocol);
}

TEST_CASE("header names of an upgrade have no case, values no blanks around them",
          "[core][websocket]") {
  const std::string head =
      "GET / HTTP/1.1\r\nSEC-websocket-KEY: \t abc \r\nsec-websocket-protocol:binary\r\n\r\n";
  const auto request = parse_request(as_bytes(head)).value();
  CHECK(request.key == "abc");
  CHECK(request.protocol == "binary");
}

TEST_CASE("an upgrade that is none is refused by name", "[core][websocket]") {
  const auto why = [](std::string_view head) {
    return parse_request(as_bytes(head)).error().detail;
  };
  CHECK(why("PUT / HTTP/1.1\r\n\r\n") == "no GET request: 'PUT / HTTP/1.1'");
  CHECK(why("GET /\x1b[2J HTTP/1.1\r\nHost: a\r\n\r\n") ==
        "no Sec-WebSocket-Key in 'GET /?[2J HTTP/1.1'");
  const auto answer = [](std::string_view head) { return parse_response(as_bytes(head)).error(); };
  CHECK(answer("HTTP/1.1 403 Forbidden\r\n\r\n").code == ErrorCode::denied);
  CHECK(answer("HTTP/1.1 101 Switching Protocols\r\n\r\n").code == ErrorCode::malformed);
  UpgradeRequest request;
  request.protocol = "base64";
  CHECK(response_to(request).error().code == ErrorCode::unsupported);
}

TEST_CASE("a head has its end within 4095 bytes", "[core][websocket]") {
  const auto head = [](std::size_t size) {
    std::string text = "GET / HTTP/1.1\r\nCookie: ";
    text.resize(size - 4, 'x');
    return text + "\r\n\r\n";
  };
  CHECK(head_size(as_bytes(head(4095))).value() == 4095);
  CHECK_FALSE(head_size(as_bytes(head(4094)).first(4093)).value());
  CHECK(head_size(as_bytes(head(4096))).error().code == ErrorCode::out_of_range);
}

TEST_CASE("the frames of RFC 6455 carry what it says", "[core][websocket]") {
  CHECK(text(read_all({0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f}).data) == "Hello");
  const std::vector<std::uint8_t> masked = {0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d,
                                            0x7f, 0x9f, 0x4d, 0x51, 0x58};
  CHECK(text(read_all(masked).data) == "Hello");
  Bytes made;
  append_frame(made, Opcode::text, as_bytes("Hello"),
               Mask{std::byte{0x37}, std::byte{0xfa}, std::byte{0x21}, std::byte{0x3d}});
  CHECK(made == bytes_of(masked));
  CHECK(text(read_all({0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f}).data) == "Hello");
  const Read ping = read_all({0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f});
  CHECK(ping.data.empty());
  REQUIRE(ping.controls.size() == 1);
  CHECK(ping.controls[0].opcode == Opcode::ping);
  CHECK(text(ping.controls[0].payload) == "Hello");
}

TEST_CASE("a length is written in the shortest of three forms", "[core][websocket]") {
  const auto head = [](std::size_t size) {
    Bytes out;
    append_frame(out, Opcode::binary, Bytes(size));
    return Bytes(out.begin(), out.end() - static_cast<std::ptrdiff_t>(size));
  };
  CHECK(head(125) == bytes_of({0x82, 125}));
  CHECK(head(126) == bytes_of({0x82, 126, 0, 126}));
  CHECK(head(65535) == bytes_of({0x82, 126, 0xff, 0xff}));
  CHECK(head(65536) == bytes_of({0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0}));
}

TEST_CASE("a frame that may not be is an error where it begins", "[core][websocket]") {
  const auto error = [](std::vector<std::uint8_t> frame) {
    frame.insert(frame.begin(), {0x82, 0x01, 0x41});  // a good one before it
    const Read read = read_all(frame);
    REQUIRE(read.error);
    CHECK(text(read.data) == "A");
    CHECK(read.error->offset == 3);
    return read.error->detail;
  };
  CHECK(error({0xc2, 0x01, 0x00}) == "reserved bits 0x40 of a WebSocket frame");
  CHECK(error({0x83, 0x01}) == "WebSocket opcode 3");
  CHECK(error({0x8b, 0x00}) == "WebSocket opcode 11");
  CHECK(error({0x09, 0x00}) == "a WebSocket control frame in fragments");
  CHECK(error({0x89, 126, 0, 126}) == "a WebSocket control frame of more than 125 bytes");
  CHECK(error({0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0}) ==
        "a WebSocket frame of 9223372036854775808 bytes");
}

TEST_CASE("a frame of nearly 2^63 bytes is passed on as it comes", "[core][websocket]") {
  const Read read = read_all({0x82, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3});
  CHECK_FALSE(read.error);
  CHECK(read.data == bytes_of({1, 2, 3}));
  CHECK(read.unfinished == 13);
}

TEST_CASE("after a close frame nothing is read", "[core][websocket]") {
  const Read read =
      read_all({0x82, 0x01, 0x41, 0x88, 0x02, 0x03, 0xe8, 0xff, 0xff, 0x82, 0x01, 0x42});
  CHECK_FALSE(read.error);
  CHECK(text(read.data) == "A");
  REQUIRE(read.controls.size() == 1);
  CHECK(read.controls[0] == ControlFrame{Opcode::close, bytes_of({0x03, 0xe8})});
  CHECK(read.unfinished == 0);
}

TEST_CASE("any frames in any pieces give what was put in", "[core][websocket]") {
  rc::prop("data and control frames, masked or not, fragmented or not", [] {
    Bytes frames, data;
    std::vector<ControlFrame> controls;
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
      const bool control = *rc::gen::inRange(0, 3) == 0;
      const auto size = control ? *rc::gen::inRange<std::size_t>(0, 126)
                                : *rc::gen::element<std::size_t>(0, 1, 7, 125, 126, 300, 70'000);
      Bytes payload(size);
      auto value = *rc::gen::arbitrary<std::uint8_t>();
      for (std::byte& byte : payload) byte = static_cast<std::byte>(value = value * 5 + 1);
      std::optional<Mask> mask;
      if (*rc::gen::arbitrary<bool>()) {
        mask.emplace();
        for (std::byte& byte : *mask) byte = std::byte{*rc::gen::arbitrary<std::uint8_t>()};
      }
      const auto opcode =
          control ? *rc::gen::element(Opcode::ping, Opcode::pong)
                  : *rc::gen::element(Opcode::continuation, Opcode::text, Opcode::binary);
      append_frame(frames, opcode, payload, mask, control || *rc::gen::arbitrary<bool>());
      if (control)
        controls.push_back({opcode, payload});
      else
        append(data, payload);
    }
    const auto cuts =
        *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 200));
    const Read read = read_in_pieces(frames, cuts);
    RC_ASSERT(!read.error);
    RC_ASSERT(read.data == data);
    RC_ASSERT(read.controls == controls);
    RC_ASSERT(read.unfinished == 0u);
  });
}

TEST_CASE("bytes of nonsense are frames or an error, the same in any pieces", "[core][websocket]") {
  rc::prop("frames",
           [](const std::vector<std::uint8_t>& values, const std::vector<std::uint8_t>& cuts) {
             const Bytes bytes = bytes_of(values);
             const Read whole = read_in_pieces(bytes, {});
             const Read pieces = read_in_pieces(bytes, {cuts.begin(), cuts.end()});
             RC_ASSERT(whole.data.size() <= bytes.size());
             RC_ASSERT(whole.data == pieces.data);
             RC_ASSERT(whole.controls == pieces.controls);
             RC_ASSERT(whole.error.has_value() == pieces.error.has_value());
             if (whole.error) RC_ASSERT(whole.error->offset == pieces.error->offset);
           });
  rc::prop("heads", [](const std::string& lines) {
    const std::string head = "GET " + lines + "\r\n\r\n";
    (void)parse_request(as_bytes(head));
    (void)parse_response(as_bytes(head));
    RC_ASSERT(head_size(as_bytes(head)).value().has_value());
  });
}
