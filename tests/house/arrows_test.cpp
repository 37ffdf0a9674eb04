// SPDX-License-Identifier: LGPL-2.1-or-later
// The test that holds the house: what may include what, and what simulated code may not touch.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path root = SPICEBENCH_SOURCE_DIR;
const std::vector<std::string> folders = {"core",     "qxl-model", "server",       "client",
                                          "recorder", "replayer",  "inspector-gui"};
// A folder may use only what stands to its left in the architecture.
const std::map<std::string, std::set<std::string>> may_use = {
    {"core", {"core"}},
    {"qxl-model", {"core", "qxl-model"}},
    {"server", {"core", "server"}},
    {"client", {"core", "client"}},
    {"recorder", {"core", "recorder"}},
    {"replayer", {"core", "qxl-model", "server", "client", "recorder", "replayer"}},
    {"inspector-gui",
     {"core", "qxl-model", "server", "client", "recorder", "replayer", "inspector-gui"}},
};
// Inside core: base ← world; base, world ← wire ← image ← draw, video; audio and agent on wire;
// layers on base; auth on base and wire; live on base, world, wire, auth and layers.
const std::map<std::string, std::set<std::string>> core_may_use = {
    {"base", {"base"}},
    {"world", {"base", "world"}},
    {"wire", {"base", "world", "wire"}},
    {"image", {"base", "wire", "image"}},
    {"draw", {"base", "wire", "image", "draw"}},
    {"video", {"base", "wire", "image", "video"}},
    {"audio", {"base", "wire", "audio"}},
    {"layers", {"base", "layers"}},
    {"agent", {"base", "wire", "agent"}},
    {"auth", {"base", "wire", "auth"}},
    {"live", {"base", "world", "wire", "auth", "layers", "live"}},
};

struct Source {
  fs::path path;  // relative to the root
  std::string text;
};

std::vector<Source> sources() {
  std::vector<Source> found;
  for (const auto& folder : folders)
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      std::ifstream in(entry.path());
      std::stringstream text;
      text << in.rdbuf();
      found.push_back({fs::relative(entry.path(), root), text.str()});
    }
  std::ranges::sort(found, {}, &Source::path);
  return found;
}

std::string part(const fs::path& path, std::size_t index) {
  auto at = path.begin();
  std::advance(at, index);
  return at->string();
}

// The text without its comments, so that a comment may speak of what code may not do.
std::string without_comments(const std::string& text) {
  return std::regex_replace(text, std::regex("//[^\n]*"), "");
}

}  // namespace

TEST_CASE("every include follows the arrows of the architecture", "[house]") {
  const std::regex include("#include \"([^\"]+)\"");
  for (const auto& source : sources()) {
    const std::string folder = part(source.path, 0);
    for (std::sregex_iterator at(source.text.begin(), source.text.end(), include), end; at != end;
         ++at) {
      const fs::path used = (*at)[1].str();
      INFO(source.path << " includes " << used);
      CHECK(may_use.at(folder).contains(part(used, 0)));
      CHECK(fs::exists(root / used));
      if (folder == "core" && part(used, 0) == "core")
        CHECK(core_may_use.at(part(source.path, 1)).contains(part(used, 1)));
    }
  }
}

TEST_CASE("no clock, thread, chance or environment outside core/live and inspector-gui",
          "[house]") {
  const std::regex forbidden(
      "system_clock|steady_clock|high_resolution_clock|random_device|std::thread|std::jthread|"
      "std::async|std::mutex|std::atomic|pthread_|\\btime\\(nullptr\\)|gettimeofday|clock_gettime|"
      "\\bgetenv\\b|setlocale|\\bstd::rand\\b|\\bsrand\\(|uniform_int_distribution|mt19937|sleep_"
      "for|usleep\\(");
  for (const auto& source : sources()) {
    if (source.path.string().starts_with("core/live/") || part(source.path, 0) == "inspector-gui")
      continue;
    const std::string code = without_comments(source.text);
    std::smatch match;
    const bool found = std::regex_search(code, match, forbidden);
    INFO(source.path << " has " << (found ? match.str() : std::string()));
    CHECK_FALSE(found);
  }
}

TEST_CASE("no hash map is iterated: its order is nobody's", "[house]") {
  const std::regex declaration("unordered_(?:map|set)<[^;{]*[>&]\\s*(\\w+)\\s*[;{=(]");
  for (const auto& source : sources()) {
    const std::string code = without_comments(source.text);
    for (std::sregex_iterator at(code.begin(), code.end(), declaration), end; at != end; ++at) {
      const std::string name = (*at)[1].str();
      INFO(source.path << " iterates the hash container " << name);
      CHECK_FALSE(std::regex_search(code, std::regex("for \\([^;)]*: *" + name + "\\)")));
      CHECK_FALSE(std::regex_search(code, std::regex("\\b" + name + "\\.begin\\(")));
    }
  }
}

TEST_CASE("every folder with files has a README of at most 20 lines", "[house]") {
  std::vector<std::string> places = folders;
  places.insert(places.end(), {"corpus", "tests"});
  std::set<fs::path> seen;
  for (const auto& place : places) {
    seen.insert(root / place);
    for (const auto& entry : fs::recursive_directory_iterator(root / place)) {
      // Folders of nothing but data are told of by the README above them.
      const auto extension = entry.path().extension();
      if (place == "corpus" || (place == "tests" && extension != ".cpp")) continue;
      if (entry.is_regular_file()) seen.insert(entry.path().parent_path());
    }
  }
  for (const auto& folder : seen) {
    INFO(fs::relative(folder, root));
    REQUIRE(fs::exists(folder / "README.md"));
    std::ifstream in(folder / "README.md");
    std::string line;
    int lines = 0;
    while (std::getline(in, line)) ++lines;
    CHECK(lines <= 20);
    CHECK(lines >= 3);
  }
}

TEST_CASE("every source names its licence in the first line", "[house]") {
  for (const auto& source : sources()) {
    INFO(source.path);
    CHECK(source.text.starts_with("// SPDX-License-Identifier: LGPL-2.1-or-later\n"));
  }
}

TEST_CASE("no property is checked without its result reaching the test", "[house]") {
  // rc::check only returns whether the property holds; rc::prop fails the test case.
  const std::regex lost("[^:]\\brc::check\\(\\s*[\"[]");
  for (const auto& entry : fs::recursive_directory_iterator(root / "tests")) {
    if (entry.path().extension() != ".cpp") continue;
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    INFO(fs::relative(entry.path(), root));
    CHECK_FALSE(std::regex_search(without_comments(text.str()), lost));
  }
}
