// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "core/wire/framer.hpp"
#include "recorder/import/import.hpp"
#include "recorder/stats.hpp"
#include "recorder/store/reader.hpp"
#include "tests/recorder/support.hpp"

// Real sessions, read to the last byte: what their channels carry inside, and which bytes nobody
// explains.
using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;
using nlohmann::json;

namespace {

const fs::path root = SPICEBENCH_SOURCE_DIR;

// "channel message field", as tests/core/opaque_fields.txt allows them.
std::set<std::string> allowed_fields() {
  std::ifstream file(root / "tests/core/opaque_fields.txt");
  std::set<std::string> allowed;
  for (std::string line; std::getline(file, line);)
    if (!line.starts_with("#")) allowed.insert(line.substr(0, line.find(": ")));
  return allowed;
}
// Every opaque field that holds bytes is listed, for its channel or for all of them.
void check_opaque(const std::string& channel, const json& opaque) {
  static const std::set<std::string> allowed = allowed_fields();
  for (const json& side : opaque)
    for (const auto& [field, bytes] : side.items()) {
      std::string rest = field;
      rest[rest.find('.')] = ' ';
      INFO(channel << " " << rest);
      CHECK((allowed.contains(channel + " " + rest) || allowed.contains("common " + rest)));
    }
}
json stats_of_capture(const Scratch& scratch, const std::string& name) {
  const fs::path folder = root / "corpus/captures" / name;
  value(import_capture(folder / "capture.pcapng.zst", scratch / "r.spicerec"));
  return value(stats_of(value(Reader::open(scratch / "r.spicerec"))));
}
// Of the first connection of the channel.
const json& inner_messages(const json& stats, std::string_view channel) {
  for (const json& connection : stats.at("connections"))
    if (connection.at("channel") == channel) return connection.at("inner").at("messages");
  FAIL("no connection of " << channel);
  return stats;
}

}  // namespace

TEST_CASE("what the channels of real sessions carry inside is read to its last byte",
          "[recorder][captures]") {
  const std::string name = GENERATE(from_range(capture_names("capture.pcapng.zst")));
  INFO(name);
  const Scratch scratch;
  const json stats = stats_of_capture(scratch, name);
  for (const json& connection : stats.at("connections")) {
    INFO(connection.at("channel"));
    CHECK(connection.at("errors").empty());
    CHECK(connection.at("undecoded_bytes") == 0);
    CHECK(connection.at("reencoded_different") == 0);
    check_opaque(connection.at("channel"), connection.at("opaque"));
    const json& inner = connection.at("inner");
    if (inner.is_null()) continue;
    CHECK(inner.at("undecoded_bytes") == 0);
    CHECK(inner.at("reencoded_different") == 0);
    CHECK(inner.at("unfinished_bytes") == json{{"client", 0}, {"server", 0}});
    check_opaque(inner.at("protocol"), inner.at("opaque"));
    // What the inner protocol reads is opaque no more.
    for (const json& side : connection.at("opaque")) {
      CHECK_FALSE(side.contains("agent_data.data"));
      CHECK_FALSE(side.contains("data.data"));
    }
  }
}

TEST_CASE("a clipboard, frames and packets come out of their pieces", "[recorder][captures]") {
  const Scratch scratch;
  const json clipboard = stats_of_capture(scratch, "q-clipboard-resize");
  CHECK(inner_messages(clipboard, "main").at("server") == json{{"announce_capabilities", 1},
                                                               {"clipboard", 1},
                                                               {"clipboard_grab", 1},
                                                               {"clipboard_request", 1},
                                                               {"file_xfer_status", 1}});
  CHECK(inner_messages(clipboard, "main").at("client").at("monitors_config") == 3);
  const json webdav = stats_of_capture(scratch, "q-ports-webdav");
  CHECK(inner_messages(webdav, "webdav") ==
        json{{"client", {{"frame", 6}}}, {"server", {{"frame", 7}}}});
  const json usb = stats_of_capture(scratch, "q-usbredir-cd");
  CHECK(inner_messages(usb, "usbredir").at("client").at("bulk_packet") == 508);
  CHECK(inner_messages(usb, "usbredir").at("server").at("bulk_packet") == 508);
}

TEST_CASE("every piece of the link stage of real sessions is described", "[recorder][captures]") {
  const std::string name =
      GENERATE(as<std::string>{}, "q-migrate-seamless", "x-sasl-digestmd5", "x-tls-ticket");
  INFO(name);
  const Scratch scratch;
  stats_of_capture(scratch, name);
  const Reader reader = value(Reader::open(scratch / "r.spicerec"));
  std::set<std::string_view> names;
  for (const ConnectionRow& connection : reader.connections()) {
    wire::ConnectionFramer framer;
    for (const StreamBytesRow& piece : value(reader.stream_bytes(connection.id)))
      if (piece.kind <= StreamBytesKind::sasl) framer.feed(piece.by, piece.bytes);
    for (bool more = true; more;) {
      more = false;
      for (const Side side : {Side::client, Side::server})
        while (const auto unit = value(framer.next(side))) {
          more = true;
          REQUIRE(unit->piece != nullptr);
          names.insert(unit->piece->name);
          const auto decoded = value(wire::decode_any(*unit->piece, unit->bytes));
          CHECK(decoded.used == unit->bytes.size());
          Bytes again;
          wire::encode(*unit->piece->layout, decoded.message.object(), again);
          CHECK(SharedBytes(std::move(again)) == unit->bytes);
        }
    }
    CHECK(framer.unframed(Side::client).empty());
    CHECK(framer.unframed(Side::server).empty());
  }
  CHECK(names.contains("link_reply"));
  CHECK(names.contains("ticket") == (name != "x-sasl-digestmd5"));
  CHECK(names.contains("sasl_answer") == (name == "x-sasl-digestmd5"));
}
