// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "replayer/coverage/absences.hpp"
#include "tests/replayer/support.hpp"

// What the corpus makes a server say.
using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;
using nlohmann::json;

namespace {

fs::path corpus_of_one_desktop(const Scratch& scratch, const std::string& absences) {
  fs::create_directories(scratch / "corpus/scenarios");
  write_bytes(scratch / "corpus/scenarios/one.toml",
              as_bytes("seconds = 1\n[guest]\nseconds = 1\n"));
  write_bytes(scratch / "corpus/coverage.toml", as_bytes(absences));
  return scratch / "corpus";
}

}  // namespace

TEST_CASE("what no scenario of the corpus has stands in its list, and nothing else does",
          "[coverage]") {
  const Spoken spoken = command("stats " + (source / "corpus").string() + " --coverage --json");
  REQUIRE((spoken.code == 0 || spoken.code == 1));
  const json out = json::parse(spoken.out);
  for (const auto& complaint : out["complaints"]) FAIL_CHECK(complaint.get<std::string>());
  CHECK(spoken.code == 0);
  CHECK(out["messages"]["display.draw_copy"] > 1000);
  CHECK(out["codecs"]["quic"] > 10);
  CHECK(out["caches"]["pixmap.evict"] > 10);
}

TEST_CASE("a zero without a reason is a finding, and a reason without a zero", "[coverage]") {
  const Scratch scratch;
  const auto corpus = corpus_of_one_desktop(
      scratch, "[messages]\n\"main.init\" = \"never\"\n\"main.unit\" = \"no such\"\n");
  const Spoken spoken = command("stats " + corpus.string() + " --coverage --json");
  CHECK(spoken.code == 1);
  const json complaints = json::parse(spoken.out)["complaints"];
  const auto has = [&](const std::string& text) {
    return std::ranges::find(complaints, json(text)) != complaints.end();
  };
  CHECK(has("message main.init: occurs 1 times, but is listed as absent"));
  CHECK(has("message main.unit: is listed, but there is no such"));
  CHECK(has("message playback.data: does not occur, and has no reason"));
  CHECK(has("codec vp9: does not occur, and has no reason"));
  CHECK(has("cache cursor.evict: does not occur, and has no reason"));
  CHECK_FALSE(has("message main.channels_list: does not occur, and has no reason"));
}

TEST_CASE("a list without reasons, or no list, is refused", "[coverage]") {
  const Scratch scratch;
  const auto refused = [&](const std::string& text) {
    write_bytes(scratch / "coverage.toml", as_bytes(text));
    const auto loaded = load_absences(scratch / "coverage.toml");
    REQUIRE_FALSE(loaded.has_value());
    return loaded.error().text();
  };
  CHECK(refused("[messages]\n\"main.init\" = \"\"\n").find("coverage.toml:2") != std::string::npos);
  CHECK(refused("[messages]\n\"main.init\" = 3\n").find("messages.main.init") != std::string::npos);
  CHECK(refused("[sounds]\nopus = \"none\"\n").find("sounds") != std::string::npos);
  CHECK(refused("codecs = 1\n").find("codecs") != std::string::npos);
  CHECK(load_absences(scratch / "none.toml").error().code == ErrorCode::not_found);
  CHECK(command("stats " + (scratch / "nowhere").string() + " --coverage").code == 2);
}
