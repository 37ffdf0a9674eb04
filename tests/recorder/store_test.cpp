// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "recorder/store/reader.hpp"
#include "recorder/store/writer.hpp"
#include "tests/recorder/support.hpp"

using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;

namespace {

ConnectionRow display_connection() {
  ConnectionRow row;
  row.address = "spice";
  row.opened = instant(5);
  row.transport = Transport::spice;
  row.channel = wire::ChannelType::display;
  row.channel_id = 1;
  row.session_id = 0xdeadbeef;
  row.link_error = 0;
  row.auth = 1;
  row.header_bytes = 6;
  row.client = {"127.0.0.1:1", 1, 7, {13}, {1, 0xffffffff}, Ending::end, instant(90), 100};
  row.server = {"127.0.0.1:5900", 0, first_accepted, {}, {2}, {}, {}, 200};
  return row;
}

Bytes filled(std::size_t size, int with) {
  return Bytes(size, static_cast<std::byte>(with));
}

// Three messages: a small one, and two with the same large body.
void write_three(Writer& writer) {
  const ConnectionId id = writer.put_connection(display_connection());
  writer.add_message({.sent = instant(10),
                      .connection = id,
                      .by = Side::server,
                      .serial = 1,
                      .type = 101,
                      .sub_list = 3},
                     filled(8, 0xab));
  for (int i = 0; i < 2; ++i)
    writer.add_message({.sent = instant(20 + i),
                        .arrived = instant(30),
                        .connection = id,
                        .by = Side::client,
                        .serial = 1,
                        .type = 304},
                       filled(100'000, 0xcd));
  writer.set_arrived(1, instant(15));
}

fs::path recording_of_three(const Scratch& scratch) {
  const auto path = scratch / "three.spicerec";
  Writer writer = value(Writer::create(path));
  write_three(writer);
  value(writer.finish());
  return path;
}

Error error_of(const fs::path& path) {
  auto reader = Reader::open(path);
  REQUIRE_FALSE(reader.has_value());
  return reader.error();
}

}  // namespace

TEST_CASE("what is written is read again", "[recorder][store]") {
  const Scratch scratch;
  const auto path = scratch / "a.spicerec";
  {
    Writer writer = value(Writer::create(path));
    writer.set_meta("seed", "7");
    writer.add_peer(0, "server");
    write_three(writer);
    writer.add_input({.at = instant(11),
                      .peer = 1,
                      .kind = InputKind::received,
                      .connection = 1,
                      .side = Side::client,
                      .value = 14});
    writer.add_input({.at = instant(12), .peer = 0, .kind = InputKind::fired, .value = 4});
    writer.add_fault({instant(13), 1, Side::server, "reset"});
    writer.add_notice({instant(14), 0, "nothing to see"});
    writer.add_screen({instant(15), 3, 1, 0, 640, 480, hash128(as_bytes("x"))});
    CHECK(writer.message_count() == 3);
    value(writer.finish());
  }
  CHECK(scratch.files() == std::vector<std::string>{"a.spicerec"});
  const Reader reader = value(Reader::open(path));
  CHECK(reader.meta("seed") == "7");
  CHECK(reader.meta(meta::complete) == "1");
  CHECK_FALSE(reader.meta("no such key"));
  CHECK(reader.peers().at(0).name == "server");
  CHECK(reader.end() == instant(90));

  const ConnectionRow& connection = *reader.connection(1);
  CHECK(reader.connection(2) == nullptr);
  CHECK(connection.session_id == 0xdeadbeef);
  CHECK(connection.link_error == 0u);
  CHECK_FALSE(connection.link_result);
  CHECK(connection.client.channel_caps == std::vector<std::uint32_t>{1, 0xffffffff});
  CHECK(connection.client.ending == Ending::end);
  CHECK(connection.client.ended == instant(90));
  CHECK_FALSE(connection.server.ending);
  CHECK(connection.server.link == first_accepted);

  CHECK(reader.message_count() == 3);
  const MessageRow first = value(reader.message(1));
  CHECK(first.sent == instant(10));
  CHECK(first.arrived == instant(15));
  CHECK(first.by == Side::server);
  CHECK(first.sub_list == 3);
  CHECK(std::ranges::equal(first.body.view(), filled(8, 0xab)));
  const MessageRow third = value(reader.message(3));
  CHECK(third.size == 100'000);
  CHECK(std::ranges::equal(third.body.view(), filled(100'000, 0xcd)));
  CHECK_FALSE(reader.message(4).has_value());

  MessageCursor from_client =
      reader.messages({.connection = 1, .by = Side::client, .bodies = false});
  const auto second = value(from_client.next());
  CHECK(second->id == 2);
  CHECK(second->size == 100'000);
  CHECK(second->body.empty());
  CHECK(value(from_client.next())->id == 3);
  CHECK_FALSE(value(from_client.next()));
  CHECK_FALSE(value(from_client.next()));  // the end stays the end

  InputCursor inputs = reader.inputs();
  const auto received = value(inputs.next());
  CHECK(received->kind == InputKind::received);
  CHECK(received->link == 7);  // as the client knows it
  CHECK(received->value == 14);
  CHECK(value(inputs.next())->kind == InputKind::fired);
  CHECK_FALSE(value(inputs.next()));
  CHECK(value(reader.faults()).at(0).kind == "reset");
  CHECK(value(reader.notices()).at(0).text == "nothing to see");
  CHECK(value(reader.screens()).at(0).hash == hash128(as_bytes("x")));
  CHECK_FALSE(value(reader.first_edited()));
}

TEST_CASE("equal large bodies are stored once, small ones in their row", "[recorder][store]") {
  const Scratch scratch;
  const auto path = recording_of_three(scratch);
  CHECK(ask_sql(path, "SELECT count(*) FROM blob") == "1");
  CHECK(ask_sql(path, "SELECT group_concat(blob IS NULL) FROM message") == "1,0,0");
  CHECK(fs::file_size(path) < 200'000);  // of 200 kB of bodies
}

TEST_CASE("names stand beside numbers for whoever asks in SQL", "[recorder][store]") {
  const Scratch scratch;
  const auto path = scratch / "a.spicerec";
  Writer writer = value(Writer::create(path));
  const ConnectionId id = writer.put_connection(display_connection());
  for (const std::uint16_t type : {4, 304, 999})  // a common message, one of display, none
    writer.add_message({.connection = id, .by = Side::server, .type = type}, {});
  value(writer.finish());
  CHECK(
      ask_sql(path, "SELECT group_concat(channel || ' ' || sender || ' ' || name) FROM messages") ==
      "display server ping,display server draw_copy,display server type_999");
}

TEST_CASE("a recording holds keystrokes: nobody else may read it", "[recorder][store]") {
  const Scratch scratch;
  const mode_t before = umask(0);
  const auto path = recording_of_three(scratch);
  umask(before);
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("an edited message is found by the chained hash", "[recorder][store]") {
  const Scratch scratch;
  const auto path = recording_of_three(scratch);
  SECTION("a byte of a body") {
    run_sql(path, "UPDATE message SET body = X'abababababababac' WHERE id = 1");
    CHECK(value(value(Reader::open(path)).first_edited()) == 1u);
  }
  SECTION("a type") {
    run_sql(path, "UPDATE message SET type = 305 WHERE id = 2");
    CHECK(value(value(Reader::open(path)).first_edited()) == 2u);
  }
  SECTION("a message taken away") {
    run_sql(path, "DELETE FROM message WHERE id = 2");
    CHECK(value(value(Reader::open(path)).first_edited()) == 3u);
  }
}

TEST_CASE("what is no recording is refused by name and reason", "[recorder][store]") {
  const Scratch scratch;
  const auto path = scratch / "x.spicerec";
  SECTION("nothing there") {
    CHECK(error_of(path).code == ErrorCode::not_found);
    CHECK_FALSE(fs::exists(path));
  }
  SECTION("not SQLite") {
    write_bytes(path,
                as_bytes("[scenario]\nname = \"desktop\" and enough text to be a header of some "
                         "hundred bytes, which SQLite wants to see before it says no\n"));
    CHECK(error_of(path).text().find("no SQLite file") != std::string::npos);
  }
  SECTION("empty") {
    write_bytes(path, {});
    CHECK(error_of(path).text().find("not a recording") != std::string::npos);
  }
  SECTION("another SQLite file") {
    run_sql(path, "CREATE TABLE message(id INTEGER)");
    CHECK(error_of(path).text().find("application id") != std::string::npos);
  }
  SECTION("a newer version") {
    fs::copy_file(recording_of_three(scratch), path);
    run_sql(path, "PRAGMA user_version = 99");
    const Error error = error_of(path);
    CHECK(error.code == ErrorCode::unsupported);
    CHECK(error.text().find("version 99") != std::string::npos);
  }
  SECTION("a table is missing") {
    fs::copy_file(recording_of_three(scratch), path);
    run_sql(path, "DROP TABLE input");
    CHECK(error_of(path).text().find("no table input") != std::string::npos);
  }
  CHECK((!fs::exists(path) || error_of(path).text().find("x.spicerec") != std::string::npos));
}

TEST_CASE("a recording of format 1, which knew no carriers, is read", "[recorder][store]") {
  const Scratch scratch;
  const auto path = recording_of_three(scratch);
  run_sql(path,
          "DROP VIEW connections; ALTER TABLE connection DROP COLUMN carrier;"
          "DROP TABLE carrier_name; DROP TABLE transport_name; PRAGMA user_version = 1");
  const Reader reader = value(Reader::open(path));
  REQUIRE_FALSE(reader.connections().empty());
  for (const ConnectionRow& row : reader.connections()) CHECK(row.carrier == Carrier::plain);
  CHECK(reader.message_count() == 3);
}

TEST_CASE("a damaged blob is an error, not a crash and not memory", "[recorder][store]") {
  const Scratch scratch;
  const auto path = recording_of_three(scratch);
  const auto message_error = [&] {
    const auto message = value(Reader::open(path)).message(2);
    REQUIRE_FALSE(message.has_value());
    return message.error().text();
  };
  SECTION("the bytes do not unpack") {
    run_sql(path, "UPDATE blob SET data = randomblob(length(data))");
    CHECK(message_error().find("message 2") != std::string::npos);
  }
  SECTION("a size beyond all that the bytes could be") {
    run_sql(path, "UPDATE blob SET size = 4000000000");
    CHECK(message_error().find("claims 4000000000 bytes") != std::string::npos);
  }
  SECTION("a size that is not the body's") {
    run_sql(path, "UPDATE message SET size = 99999 WHERE id = 2");
    CHECK(message_error().find("size 99999") != std::string::npos);
  }
  SECTION("the blob is gone") {
    run_sql(path, "DELETE FROM blob");
    CHECK(message_error().find("blob is missing") != std::string::npos);
  }
}

TEST_CASE("values that no row can have are errors", "[recorder][store]") {
  const Scratch scratch;
  const auto path = recording_of_three(scratch);
  const std::string edit = GENERATE(
      as<std::string>{}, "UPDATE connection SET kind = 7", "UPDATE connection SET channel = 300",
      "UPDATE connection SET header_bytes = 7", "UPDATE connection SET id = 4",
      "UPDATE connection SET client_common_caps = '[-1]'",
      "UPDATE connection SET server_channel_caps = 'x'", "UPDATE connection SET client_ending = 3");
  INFO(edit);
  run_sql(path, edit);
  CHECK(error_of(path).code == ErrorCode::malformed);
}

TEST_CASE("bytes of a recording turned at random give an error or the same shape",
          "[recorder][store]") {
  const Scratch scratch;
  const Bytes good = read_bytes(recording_of_three(scratch));
  const auto path = scratch / "bad.spicerec";
  for (std::size_t at = 0; at < good.size(); at += 397) {
    Bytes bad = good;
    bad[at] ^= std::byte{0x41};
    write_bytes(path, bad);
    const auto reader = Reader::open(path);
    if (!reader) continue;
    MessageCursor messages = reader->messages();
    std::size_t rows = 0;
    for (auto row = messages.next(); row && *row; row = messages.next()) ++rows;
    CHECK(rows <= good.size());
  }
}

TEST_CASE("a process killed while it records leaves a file that opens", "[recorder][store]") {
  const Scratch scratch;
  const auto path = scratch / "killed.spicerec";
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto writer = Writer::create(path);
    if (!writer) _exit(1);
    const ConnectionId id = writer->put_connection(display_connection());
    for (int i = 0; i < 30'000; ++i)
      writer->add_message({.sent = instant(i), .arrived = instant(i), .connection = id, .type = 4},
                          filled(20, i));
    _exit(0);  // no destructor, no commit
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WEXITSTATUS(status) == 0);
  const Reader reader = value(Reader::open(path));
  CHECK(reader.message_count() > 20'000);  // all but the last transaction
  CHECK_FALSE(reader.meta(meta::complete));
  CHECK_FALSE(value(reader.first_edited()));
}

TEST_CASE("unfinished: in place it stays readable, else nothing is left", "[recorder][store]") {
  const Scratch scratch;
  const auto path = scratch / "a.spicerec";
  SECTION("in place") {
    {
      Writer writer = value(Writer::create(path));
      write_three(writer);
    }
    CHECK(scratch.files() == std::vector<std::string>{"a.spicerec"});
    const Reader reader = value(Reader::open(path));
    CHECK(reader.message_count() == 3);
    CHECK_FALSE(reader.meta(meta::complete));
  }
  SECTION("on finish") {
    {
      Writer writer = value(Writer::create(path, Writer::Placement::on_finish));
      write_three(writer);
    }
    CHECK(scratch.files().empty());
  }
  SECTION("on finish, an older recording is there") {
    fs::rename(recording_of_three(scratch), path);
    { Writer writer = value(Writer::create(path, Writer::Placement::on_finish)); }
    CHECK(value(Reader::open(path)).message_count() == 3);
  }
}

TEST_CASE("only a recording is replaced by a recording", "[recorder][store]") {
  const Scratch scratch;
  const auto path = scratch / "holiday.png";
  write_bytes(path, as_bytes("not to be lost"));
  for (const auto placement : {Writer::Placement::in_place, Writer::Placement::on_finish}) {
    const auto refused = Writer::create(path, placement);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::denied);
  }
  CHECK(as_text(read_bytes(path)) == "not to be lost");
  CHECK_FALSE(Writer::create(scratch / "no/such/directory.spicerec").has_value());
  const auto recording = recording_of_three(scratch);
  value(value(Writer::create(recording)).finish());
  CHECK(value(Reader::open(recording)).message_count() == 0);
}

TEST_CASE("arrivals may come late, out of order, or never", "[recorder][store]") {
  const Scratch scratch;
  const auto path = scratch / "a.spicerec";
  Writer writer = value(Writer::create(path));
  const ConnectionId id = writer.put_connection(display_connection());
  constexpr MessageId count = 6000;
  for (MessageId i = 1; i <= count; ++i)
    CHECK(writer.add_message({.sent = instant(1), .connection = id, .type = 4}, filled(i % 9, 1)) ==
          i);
  for (MessageId i = count; i >= 1; i -= 2) writer.set_arrived(i, instant(static_cast<int>(i)));
  value(writer.finish());
  const Reader reader = value(Reader::open(path));
  MessageCursor messages = reader.messages();
  for (MessageId i = 1; i <= count; ++i) {
    const auto row = value(messages.next());
    REQUIRE(row);
    REQUIRE(row->arrived ==
            (i % 2 == 0 ? std::optional(instant(static_cast<int>(i))) : std::nullopt));
    REQUIRE(row->body.size() == i % 9);
  }
}
