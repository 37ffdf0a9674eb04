// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/diff/diff.hpp"

#include <catch2/catch.hpp>

#include "tests/replayer/support.hpp"

using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

DiffReport compare_files(const fs::path& a, const fs::path& b, DiffScope scope = DiffScope::wire) {
  return value(diff(open(a), open(b), scope));
}

std::uint64_t differing(const DiffReport& report) {
  std::uint64_t count = 0;
  for (const auto& connection : report.connections) count += connection.differing;
  return count;
}

}  // namespace

TEST_CASE("two recordings of one seed do not differ, in any scope", "[diff]") {
  const Scratch scratch;
  record(short_desktop(), scratch / "a.spicerec");
  record(short_desktop(), scratch / "b.spicerec");
  for (const auto scope : {DiffScope::wire, DiffScope::all}) {
    const auto report = compare_files(scratch / "a.spicerec", scratch / "b.spicerec", scope);
    CHECK(report.identical());
    CHECK(report.connections.size() == (scope == DiffScope::wire ? 4 : 6));
  }
}

TEST_CASE("recordings of two seeds first differ in a named field", "[diff]") {
  const Scratch scratch;
  record(short_desktop(7), scratch / "a.spicerec");
  record(short_desktop(8), scratch / "b.spicerec");
  const auto report = compare_files(scratch / "a.spicerec", scratch / "b.spicerec");
  REQUIRE(report.first.has_value());
  CHECK(report.first->connection == "main/0");
  CHECK(report.first->name == "init");
  CHECK(report.first->field == "session_id");
  CHECK(report.first->expected != report.first->found);
  CHECK(differing(report) > 0);
}

TEST_CASE("one changed byte is one differing message, told by its field", "[diff]") {
  const Scratch scratch;
  const fs::path a = scratch / "a.spicerec", b = scratch / "b.spicerec";
  record(short_desktop(), a);
  fs::copy_file(a, b);
  const auto id = ask_sql(b,
                          "SELECT id FROM messages WHERE channel = 'inputs' AND name = "
                          "'mouse_motion' LIMIT 1 OFFSET 4");
  run_sql(b, "UPDATE message SET body = CAST(x'21' || substr(body, 2) AS BLOB) WHERE id = " + id);
  const auto report = compare_files(a, b);
  REQUIRE(report.first.has_value());
  CHECK(report.first->message == std::stoull(id));
  CHECK(report.first->connection == "inputs/0");
  CHECK(report.first->by == Side::client);
  CHECK(report.first->name == "mouse_motion");
  CHECK(report.first->field == "dx");
  CHECK(report.first->found == "33");
  CHECK(differing(report) == 1);
  CHECK(report.first->text().find("mouse_motion dx: expected ") != std::string::npos);
}

TEST_CASE("a missing message and a missing connection are told as such", "[diff]") {
  const Scratch scratch;
  const fs::path a = scratch / "a.spicerec", b = scratch / "b.spicerec";
  record(short_desktop(), a);
  fs::copy_file(a, b);
  SECTION("a connection of another channel number") {
    run_sql(b, "UPDATE connection SET channel_id = 3 WHERE channel = 4");
    const auto report = compare_files(a, b);
    REQUIRE(report.first.has_value());
    CHECK(report.first->connection.starts_with("cursor/"));
    CHECK(report.first->name == "connection");
  }
  SECTION("other capabilities") {
    run_sql(b, "UPDATE connection SET header_bytes = 18 WHERE channel = 4");
    const auto report = compare_files(a, b);
    REQUIRE(report.first.has_value());
    CHECK(report.first->field == "header_bytes");
  }
}

TEST_CASE("the device link is compared only when all is", "[diff]") {
  const Scratch scratch;
  const fs::path a = scratch / "a.spicerec", b = scratch / "b.spicerec";
  record(short_desktop(), a);
  fs::copy_file(a, b);
  run_sql(b,
          "UPDATE message SET body = CAST(x'ff' || substr(body, 2) AS BLOB) WHERE id = (SELECT "
          "min(id) FROM messages WHERE channel = 'device' AND name = 'release')");
  CHECK(compare_files(a, b).identical());
  const auto report = compare_files(a, b, DiffScope::all);
  REQUIRE(report.first.has_value());
  CHECK(report.first->name == "release");
  CHECK(report.first->field == "release_id");
}

TEST_CASE("times are compared only when all is", "[diff]") {
  const Scratch scratch;
  const fs::path a = scratch / "a.spicerec", b = scratch / "b.spicerec";
  record(short_desktop(), a);
  fs::copy_file(a, b);
  run_sql(b, "UPDATE message SET sent = sent + 5 WHERE id = 900");
  CHECK(compare_files(a, b).identical());
  const auto report = compare_files(a, b, DiffScope::all);
  REQUIRE(report.first.has_value());
  CHECK(report.first->field == "time");
}
