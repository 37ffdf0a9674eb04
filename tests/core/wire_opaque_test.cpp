// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "core/wire/agent.hpp"
#include "core/wire/common_messages.hpp"
#include "core/wire/display_channel.hpp"
#include "core/wire/opaque.hpp"
#include "tests/core/wire_support.hpp"

using namespace spicebench;
using namespace spicebench::wire;

namespace {

// "channel message field" → why
std::map<std::string, std::string> allowed_fields() {
  std::ifstream file(SPICEBENCH_SOURCE_DIR "/tests/core/opaque_fields.txt");
  std::map<std::string, std::string> allowed;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) continue;
    const auto colon = line.find(": ");
    REQUIRE(colon != std::string::npos);
    allowed.emplace(line.substr(0, colon), line.substr(colon + 2));
  }
  return allowed;
}
template <wire::Message T>
std::map<std::string, std::uint64_t> counted(const T& message, const Context& context = {}) {
  OpaqueCount count(*info_of<T>().layout);
  count.add(&message, context);
  std::map<std::string, std::uint64_t> bytes;
  for (const auto& entry : count.entries())
    if (entry.bytes > 0) bytes[entry.path] = entry.bytes;
  return bytes;
}
using Counted = std::map<std::string, std::uint64_t>;

}  // namespace

TEST_CASE("every opaque field is listed with its reason, and no other", "[core][wire][opaque]") {
  const auto allowed = allowed_fields();
  std::set<std::string> found;
  for (const MessageInfo& info : all_messages()) {
    const OpaqueCount fields(*info.layout);
    for (const auto& entry : fields.entries())
      found.insert(std::string(name_of(info.key.channel)) + " " + std::string(info.name) + " " +
                   entry.path);
  }
  for (const std::string& field : found) {
    INFO(field << " has no reason to be opaque in tests/core/opaque_fields.txt");
    CHECK(allowed.contains(field));
  }
  for (const auto& [field, reason] : allowed) {
    INFO(field << " is listed but not in the catalogue");
    CHECK(found.contains(field));
    CHECK(reason.size() > 3);
  }
}

TEST_CASE("opaque bytes are counted where they lie", "[core][wire][opaque]") {
  CHECK(counted(common::Ping{1, 2, Bytes(7)}) == Counted{{"data", 7}});
  CHECK(counted(common::Notify{.message_text = Bytes(5), .terminator = {}}).empty());
  display::Image image{.payload = display::Bitmap{.palette = {}, .data = Bytes(12)}};
  display::DrawCopy copy{.base = {}, .src_bitmap = image, .mask = {}};
  CHECK(counted(copy) == Counted{{"src_bitmap.payload.data", 12}});
  image.type = 103, image.payload = {};  // from the cache
  copy.src_bitmap = image;
  CHECK(counted(copy).empty());
  copy.src_bitmap.reset();
  CHECK(counted(copy).empty());
}

TEST_CASE("text is not opaque, whatever the message", "[core][wire][opaque]") {
  using Clipboard = agent::Clipboard<Side::client>;
  CHECK(counted(Clipboard{.selection = {}, .type = 1, .data = Bytes(9)}).empty());
  CHECK(counted(Clipboard{.selection = {}, .type = 2, .data = Bytes(9)}) == Counted{{"data", 9}});
}

TEST_CASE("counts add up over messages", "[core][wire][opaque]") {
  OpaqueCount count(*info_of<common::Ping>().layout);
  for (std::size_t size : {3, 0, 4}) {
    const common::Ping ping{1, 2, Bytes(size)};
    count.add(&ping, {});
  }
  REQUIRE(count.entries().size() == 1);
  CHECK(count.entries()[0].bytes == 7);
}
