// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/draw/surface.hpp"
#include "core/image/png.hpp"
#include "replayer/cli/hex_dump.hpp"
#include "replayer/cli/suggestion.hpp"
#include "replayer/cli/time_text.hpp"
#include "tests/replayer/support.hpp"

using namespace spicebench;
using namespace spicebench::test;
using nlohmann::json;

namespace {

std::string quoted(const fs::path& path) {
  return "'" + path.string() + "'";
}

// A scenario file of one virtual second.
fs::path short_file(const Scratch& scratch) {
  const fs::path file = scratch / "short.toml";
  const std::string text =
      "seconds = 1\n[client]\npixmap_cache_size = 60000\n[network]\nlatency_us = 500\n"
      "[[user.steps]]\nat_ms = 300\ndo = \"type\"\ntext = \"hello\"\n";
  write_bytes(file, as_bytes(text));
  return file;
}

// One line on standard error that names all of these, nothing on standard output, exit code 2.
void check_refused(const Spoken& spoken, const std::vector<std::string>& names) {
  INFO(spoken.err);
  CHECK(spoken.code == 2);
  CHECK(spoken.out.empty());
  CHECK(std::ranges::count(spoken.err, '\n') == 1);
  for (const std::string& name : names) CHECK(spoken.err.find(name) != std::string::npos);
}

}  // namespace

TEST_CASE("the command runs, shows, counts, replays, compares and draws", "[cli]") {
  const Scratch scratch;
  const fs::path a = scratch / "a.spicerec", b = scratch / "b.spicerec", png = scratch / "e.png";
  const std::string run = "run " + quoted(short_file(scratch)) + " -o ";
  const auto ran = command(run + quoted(a) + " --seed 7 --json");
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.err.empty());
  CHECK(json::parse(ran.out)["seed"] == 7);
  CHECK(command(run + quoted(b) + " --seed 8").code == 0);

  fs::remove(scratch / "short.toml");  // a recording needs no scenario file
  for (const std::string peer : {"server", "client"}) {
    const auto replayed = command("replay " + quoted(a) + " --against " + peer);
    CHECK(replayed.code == 0);
    CHECK(replayed.out.starts_with(peer + " identical"));
  }
  CHECK(command("diff " + quoted(a) + " " + quoted(a)).code == 0);
  const auto differing = command("diff --json " + quoted(a) + " " + quoted(b));
  CHECK(differing.code == 1);
  CHECK(json::parse(differing.out)["first_divergence"]["field"] == "session_id");

  const auto stats = json::parse(command("stats --json " + quoted(a)).out);
  CHECK(stats["connections"].size() == 6);
  const auto counted = command("stats " + quoted(a));
  CHECK(counted.code == 0);
  CHECK(counted.out.find("draw_copy") != std::string::npos);
  const auto digest = command("digest " + quoted(a));
  CHECK(digest.code == 0);
  CHECK(digest.out.find("wire display/0 ") != std::string::npos);
  CHECK(digest.out.ends_with("total " + json::parse(ran.out)["digest"].get<std::string>() + "\n"));
  CHECK(json::parse(command("digest --json " + quoted(a)).out)["total"] ==
        json::parse(ran.out)["digest"]);

  const auto drawn = command("screen " + quoted(a) + " --at end --png " + quoted(png));
  CHECK(drawn.code == 0);
  CHECK(as_text(read_bytes(png)).starts_with("\x89PNG"));
}

TEST_CASE("the cost table is printed by profile", "[cli][qxl]") {
  const Spoken text = command("qxl costs");
  CHECK(text.code == 0);
  CHECK(text.out.find("pio_exit                   2000\n") != std::string::npos);
  const Spoken as_json = command("qxl costs --profile host --json");
  CHECK(nlohmann::json::parse(as_json.out)["wk_wake"] == 36000);
  check_refused(command("qxl costs --profile slow"), {"slow", "--profile"});
}

TEST_CASE("a QXL recording is run, recorded, replayed and shown as PNG", "[cli][qxl]") {
  const Scratch scratch;
  const fs::path a = scratch / "a.spicerec", png = scratch / "a.png";
  const auto folder = source / "corpus/qxl-recordings/r-qemu-bios";
  const std::string run = "run --qxl " + quoted(folder / "recording.qxl.zst");
  const auto ran = command(run + " --longest-pause 5 --png " + quoted(png) + " -o " + quoted(a));
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.out.find("scenario   recording, seed 1") != std::string::npos);
  const auto screen = value(image::decode_png(read_bytes(png)));
  const auto expected = value(image::decode_png(read_bytes(folder / "screen.png")));
  CHECK(draw::same_picture(screen.view(), expected.view()));
  CHECK(command("replay " + quoted(a) + " --against server").code == 0);
  const auto verified = command(run + " --longest-pause 5 --no-record --verify-determinism --json");
  CHECK(verified.code == 0);
  CHECK(json::parse(verified.out)["repeatable"] == true);
  // With a scenario for all that is not the guest.
  CHECK(command(run + " " + quoted(short_file(scratch)) + " --longest-pause 5 --no-record").code ==
        0);

  const auto cut = scratch / "cut.qxl";
  write_bytes(cut, as_bytes("SPICE_REPLAY 1\nevent 0 0 4 5\nbinary 0 message 9:abc"));
  const auto noticed = command("run --qxl " + quoted(cut) + " --no-record");
  CHECK(noticed.out.find("notice     the recording is cut off at byte 15") != std::string::npos);
  write_bytes(cut, as_bytes("SPICE_REPLAY 1\nevent 0 0 4 5\nbinary 0 massage 9:abc\n"));
  check_refused(command("run --qxl " + quoted(cut)), {"cut.qxl", "byte 29", "message"});
  check_refused(command("run"), {"a scenario or --qxl is required"});
  check_refused(command("run " + quoted(short_file(scratch)) + " --longest-pause 5"), {"--qxl"});
  write_bytes(scratch / "r.toml", as_bytes("[guest]\nworkload = \"recording\"\n"));
  check_refused(command("run " + quoted(scratch / "r.toml")), {"r.toml", "run --qxl", "line 2"});
}

TEST_CASE("show lists messages, filters them, and takes one apart", "[cli]") {
  const Scratch scratch;
  const fs::path a = scratch / "a.spicerec";
  REQUIRE(command("run " + quoted(short_file(scratch)) + " -o " + quoted(a)).code == 0);
  const auto list = command("show " + quoted(a) + " --channel main");
  CHECK(list.code == 0);
  CHECK(list.out.find("channels_list") != std::string::npos);
  CHECK(list.out.find("draw_copy") == std::string::npos);
  const auto limited = command("show " + quoted(a) + " --type draw_fill --limit 3 --json");
  CHECK(std::ranges::count(limited.out, '\n') == 3);
  const auto fill = json::parse(limited.out.substr(0, limited.out.find('\n')));
  CHECK(fill["name"] == "draw_fill");
  CHECK(fill["fields"]["base"]["surface_id"] == 0);
  const auto one = command("show " + quoted(a) + " --message " + fill["id"].dump());
  CHECK(one.code == 0);
  CHECK(one.out.find("surface_id: 0") != std::string::npos);
  CHECK(one.out.find("00000000  00 00 00 00") != std::string::npos);
  const auto as_json =
      json::parse(command("show --json " + quoted(a) + " --message " + fill["id"].dump()).out);
  CHECK(as_json["body"].get<std::string>().size() == 2 * fill["size"].get<std::size_t>());
  CHECK(as_json["tree"]["children"].size() > 2);
}

TEST_CASE("two processes whose memory holds other bytes give the same digest",
          "[cli][determinism]") {
  const Scratch scratch;
  const fs::path file = short_file(scratch), a = scratch / "a.spicerec", b = scratch / "b.spicerec";
  REQUIRE(command("run " + quoted(file) + " -o " + quoted(a), "MALLOC_PERTURB_=85").code == 0);
  REQUIRE(command("run " + quoted(file) + " -o " + quoted(b), "MALLOC_PERTURB_=213").code == 0);
  CHECK(command("digest " + quoted(a)).out == command("digest " + quoted(b)).out);
  CHECK(command("diff --scope all " + quoted(a) + " " + quoted(b)).code == 0);
  const auto verified = command("run " + quoted(file) + " --no-record --verify-determinism --json");
  CHECK(verified.code == 0);
  CHECK(json::parse(verified.out)["repeatable"] == true);
}

TEST_CASE("a changed recording makes replay exit with 1 and say what it led to", "[cli]") {
  const Scratch scratch;
  const fs::path a = scratch / "a.spicerec";
  REQUIRE(command("run " + quoted(short_file(scratch)) + " -o " + quoted(a)).code == 0);
  run_sql(a,
          "UPDATE message SET body = CAST(x'11' || substr(body, 2) AS BLOB) WHERE id = (SELECT "
          "min(id) FROM messages WHERE channel = 'inputs' AND name = 'key_down')");
  const auto replayed = command("replay " + quoted(a) + " --against server");
  CHECK(replayed.code == 1);
  CHECK(replayed.out.find("inputs/0 client key_down) is not what was recorded") !=
        std::string::npos);
  CHECK(replayed.out.find("key scancodes") != std::string::npos);
}

TEST_CASE("explore names the seed that fails", "[cli]") {
  const Scratch scratch;
  const fs::path file = scratch / "wrong.toml";
  write_bytes(file, as_bytes("seconds = 1\n[server]\npassword = \"a\"\n[client]\npassword = "
                             "\"b\"\n"));
  const auto explored = command("explore " + quoted(file) + " --seeds 4..6");
  CHECK(explored.code == 1);
  CHECK(explored.out.find("seed 4") != std::string::npos);
  CHECK(command("run --no-record " + quoted(file)).code == 1);
}

TEST_CASE("usage mistakes are one line and exit code 2", "[cli][bad input]") {
  check_refused(command("rpelay"), {"rpelay", "did you mean replay?"});
  check_refused(command(""), {"verb"});
  check_refused(command("run"), {"spicebench run", "scenario"});
  check_refused(command("replay x --against moon"), {"moon"});
  check_refused(command("run x --seed many"), {"seed"});
  check_refused(command("screen x --at noon --png y"), {"x"});
  check_refused(command("explore x --seeds 9..1"), {"9..1"});
  for (const char* verb :
       {"run", "import", "show", "stats", "screen", "replay", "diff", "digest", "explore"}) {
    const auto help = command(std::string(verb) + " --help");
    CHECK(help.code == 0);
    CHECK(help.out.find("Examples:\n  spicebench " + std::string(verb)) != std::string::npos);
    CHECK(help.out.find("--json") != std::string::npos);
  }
  CHECK(command("--version").out.starts_with("spicebench "));
}

TEST_CASE("a file that is no recording is refused by name", "[cli][bad input]") {
  const Scratch scratch;
  const fs::path file = scratch / "x.spicerec";
  SECTION("not there") {}
  SECTION("empty") {
    write_bytes(file, {});
  }
  SECTION("text") {
    write_bytes(file, as_bytes("not a database at all, only text\n"));
  }
  SECTION("another database") {
    run_sql(file, "CREATE TABLE a(b)");
  }
  SECTION("of a newer version") {
    record(short_desktop(), file);
    run_sql(file, "PRAGMA user_version = 1000");
  }
  SECTION("cut off") {
    record(short_desktop(), file);
    fs::resize_file(file, 5000);
  }
  const auto name = quoted(file);
  for (const std::string& arguments :
       {"show " + name, "stats " + name, "digest " + name, "replay --against server " + name,
        "diff " + name + " " + name, "screen --png " + quoted(scratch / "e.png") + " " + name})
    check_refused(command(arguments), {"x.spicerec"});
  CHECK_FALSE(fs::exists(scratch / "e.png"));
}

TEST_CASE("a bad scenario is refused by file, line and key, and leaves nothing",
          "[cli][bad input]") {
  const Scratch scratch;
  const fs::path file = scratch / "bad.toml", out = scratch / "a.spicerec";
  const auto refused = [&](const std::string& text, const std::vector<std::string>& names) {
    write_bytes(file, as_bytes(text));
    check_refused(command("run " + quoted(file) + " -o " + quoted(out)), names);
    CHECK(scratch.files() == std::vector<std::string>{"bad.toml"});
  };
  refused("[guest]\nwidht = 3\n", {"bad.toml", "line 2", "guest.widht"});
  refused("[guest]\nwidth = \"3\"\n", {"bad.toml", "line 2", "guest.width"});
  refused("[guest\n", {"bad.toml", "line 1"});
  fs::remove(file);
  check_refused(command("run " + quoted(file)), {"bad.toml"});
  check_refused(command("explore --seeds 1..2 " + quoted(file)), {"bad.toml"});
}

TEST_CASE("a recording never replaces another kind of file, nor is it left half-written",
          "[cli][bad input]") {
  const Scratch scratch;
  const fs::path file = short_file(scratch), precious = scratch / "precious.txt";
  write_bytes(precious, as_bytes("precious"));
  check_refused(command("run " + quoted(file) + " -o " + quoted(precious)), {"precious.txt"});
  CHECK(as_text(read_bytes(precious)) == "precious");
  check_refused(command("run " + quoted(file) + " -o " + quoted(scratch / "no/a.spicerec")),
                {"a.spicerec"});
  CHECK(scratch.files().size() == 2);
}

TEST_CASE("a bad capture is refused by name and place, and leaves nothing", "[cli][bad input]") {
  const Scratch scratch;
  const fs::path file = scratch / "bad.pcapng", out = scratch / "a.spicerec";
  Bytes capture = read_bytes(source / "corpus/captures/q-bios/capture.pcapng.zst");
  SECTION("cut off") {
    capture.resize(capture.size() / 2);
  }
  SECTION("a flipped bit") {
    capture[capture.size() / 2] ^= std::byte{0x10};
  }
  SECTION("no capture") {
    const auto text = as_bytes("#!/bin/sh\necho hello, this is long enough to be looked at\n");
    capture.assign(text.begin(), text.end());
  }
  SECTION("empty") {
    capture.clear();
  }
  write_bytes(file, capture);
  check_refused(command("import " + quoted(file) + " -o " + quoted(out)), {"bad.pcapng"});
  CHECK(scratch.files() == std::vector<std::string>{"bad.pcapng"});
}

TEST_CASE("output that cannot be written is an error, a reader that went away is none", "[cli]") {
  const Scratch scratch;
  const fs::path a = scratch / "a.spicerec";
  record(short_desktop(), a);
  const std::string binary = SPICEBENCH_BINARY;
  CHECK(std::system(("'" + binary + "' show " + quoted(a) + " 2>/dev/null >/dev/full").c_str()) ==
        2 << 8);
  CHECK(std::system(("bash -o pipefail -c \"'" + binary + "' show " + quoted(a) +
                     " | head -n 1\" >/dev/null")
                        .c_str()) == 0);
}

TEST_CASE("times are read in seconds or with their unit", "[cli]") {
  CHECK(value(cli::parse_time("1.5")) == instant(1'500'000'000));
  CHECK(value(cli::parse_time("1.5s")) == instant(1'500'000'000));
  CHECK(value(cli::parse_time("250ms")) == instant(250'000'000));
  CHECK(value(cli::parse_time("2.5us")) == instant(2'500));
  CHECK(value(cli::parse_time("7ns")) == instant(7));
  CHECK(value(cli::parse_time("0")) == instant(0));
  CHECK(value(cli::parse_time("0.0000000010")) == instant(1));
  for (const char* bad : {"", "s", "1x", "-1", "1.2.3", ".", "1.5ns", "0.0000000001", "1e3",
                          "99999999999999999999", "1 s"})
    CHECK_FALSE(cli::parse_time(bad).has_value());
}

TEST_CASE("a mistyped word is set right if it is near a known one", "[cli]") {
  const std::vector<std::string> verbs = {"run", "replay", "record", "stats"};
  CHECK(cli::nearest("rpelay", verbs) == "replay");
  CHECK(cli::nearest("stat", verbs) == "stats");
  CHECK(cli::nearest("rum", verbs) == "run");
  CHECK(cli::nearest("elephant", verbs).empty());
}

TEST_CASE("a hex dump has sixteen bytes a line", "[cli]") {
  Bytes bytes;
  for (int i = 0; i < 18; ++i) bytes.push_back(static_cast<std::byte>('0' + i));
  CHECK(cli::hex_dump(bytes) ==
        "00000000  30 31 32 33 34 35 36 37  38 39 3a 3b 3c 3d 3e 3f  0123456789:;<=>?\n"
        "00000010  40 41                                             @A\n");
  CHECK(cli::hex(Bytes{std::byte{0}, std::byte{0xfe}}) == "00fe");
}
