// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/base/random.hpp"
#include "core/wire/diff.hpp"
#include "core/wire/print.hpp"
#include "core/wire/tree.hpp"
#include "core/wire/validate.hpp"
#include "tests/core/wire_support.hpp"

using namespace spicebench;
using wire::AnyMessage;
using wire::MessageInfo;

namespace {

AnyMessage made(const MessageInfo& info, const std::vector<std::uint64_t>& numbers,
                const wire::Context& context = {}) {
  ListedChoices choices(numbers);
  return generate(info, choices, context);
}
std::string about(const MessageInfo& info) {
  return std::string(name_of(info.key.channel)) + " " + name_of(info.key.sender) + " " +
         std::string(info.name);
}

// The leaves of a tree and the targets of its pointers must cover every byte exactly once.
void cover(const wire::TreeNode& node, std::vector<int>& covered) {
  if (node.children.empty() || node.type.front() == '*')
    for (std::size_t i = 0; i < node.size; ++i) ++covered.at(node.offset + i);
  for (const wire::TreeNode& child : node.children) cover(child, covered);
}

}  // namespace

TEST_CASE("every described message survives encoding and decoding", "[core][wire]") {
  rc::prop("decode(encode(m)) == m, for all messages from one stream of choices",
           [](const std::vector<std::uint64_t>& numbers) {
             // With no capability agreed on, and with all of them.
             const std::uint32_t all = ~std::uint32_t{0};
             const std::span<const std::uint32_t> words(&all, 1);
             for (const auto& caps : {std::span<const std::uint32_t>(), words})
               for (const MessageInfo* info : described_messages()) {
                 const wire::Context context{caps, caps, caps, caps, caps, caps, !caps.empty()};
                 const AnyMessage message = made(*info, numbers, context);
                 const SharedBytes body(encoded(*info->layout, message.object(), context));
                 const auto decoded = decode_any(*info, body, context);
                 RC_LOG() << about(*info) << ": " << to_text(message, context) << "\n";
                 RC_ASSERT(decoded.has_value());
                 RC_ASSERT(decoded->used == body.size());
                 RC_ASSERT(diff(message, decoded->message, context).empty());
               }
           });
  rc::prop("generated values are valid and small", [](const std::vector<std::uint64_t>& numbers) {
    for (const MessageInfo* info : described_messages()) {
      const AnyMessage message = made(*info, numbers);
      const auto findings = validate(message);
      RC_LOG() << about(*info) << ": " << to_text(message) << "\n";
      if (!findings.empty()) RC_LOG() << findings.front().text() << "\n";
      RC_ASSERT(findings.empty());
      RC_ASSERT(encoded(*info->layout, message.object()).size() < 8000u);
    }
  });
}

TEST_CASE("an exhausted stream of choices makes the smallest values", "[core][wire]") {
  for (const MessageInfo* info : described_messages()) {
    wire::ByteChoices none({});
    const AnyMessage message = generate(*info, none);
    INFO(about(*info));
    CHECK(validate(message).empty());
    CHECK(encoded(*info->layout, message.object()).size() <= 300);
  }
}

TEST_CASE("the field tree tiles the bytes of every message", "[core][wire]") {
  rc::prop("each byte belongs to one leaf", [](const std::vector<std::uint64_t>& numbers) {
    for (const MessageInfo* info : described_messages()) {
      const AnyMessage message = made(*info, numbers);
      const SharedBytes body(encoded(*info->layout, message.object()));
      const wire::Tree tree = wire::tree_of(*info->layout, body);
      RC_LOG() << about(*info) << ": " << to_text(message) << "\n";
      RC_ASSERT(!tree.error.has_value());
      RC_ASSERT(tree.used == body.size());
      std::vector<int> covered(body.size());
      if (!tree.root.children.empty()) cover(tree.root, covered);
      RC_ASSERT(std::ranges::all_of(covered, [](int times) { return times == 1; }));
    }
  });
}

TEST_CASE("a cut body is an error at a byte of it, or a shorter tail", "[core][wire][hostile]") {
  const Random random(1);
  std::size_t failures = 0;
  for (const MessageInfo* info : described_messages()) {
    wire::RandomChoices choices(random.fork(about(*info)));
    for (int round = 0; round < 8; ++round) {
      const AnyMessage message = generate(*info, choices);
      const SharedBytes body(encoded(*info->layout, message.object()));
      for (std::size_t size = 0; size < body.size(); ++size) {
        const SharedBytes cut = SharedBytes::copy_of(body.view().first(size));
        const auto decoded = decode_any(*info, cut);
        const wire::Tree tree = wire::tree_of(*info->layout, cut);
        if (decoded) {
          // Only what goes to the end of the body may get shorter: nothing else was read.
          if (encoded(*info->layout, decoded->message.object()) !=
              Bytes(cut.view().begin(), cut.view().end()))
            FAIL(about(*info) << " cut to " << size << ": " << to_text(decoded->message));
        } else {
          ++failures;
          if (decoded.error().path.empty() || decoded.error().offset > size || !tree.error ||
              tree.error->offset != decoded.error().offset)
            FAIL(about(*info) << " cut to " << size << ": " << decoded.error().text());
        }
      }
    }
  }
  CHECK(failures > 5000);
}

TEST_CASE("a changed byte never does more than give an error or another value",
          "[core][wire][hostile]") {
  const Random random(2);
  std::size_t decoded_ones = 0, refused = 0;
  for (const MessageInfo* info : described_messages()) {
    wire::RandomChoices choices(random.fork(about(*info)));
    for (int round = 0; round < 6; ++round) {
      const AnyMessage message = generate(*info, choices);
      Bytes body = encoded(*info->layout, message.object());
      if (body.size() > 1000) continue;
      for (std::size_t at = 0; at < body.size(); ++at) {
        const std::byte kept = body[at];
        for (const int flip : {0x01, 0x80, 0xff}) {
          body[at] = kept ^ static_cast<std::byte>(flip);
          const SharedBytes changed = SharedBytes::copy_of(body);
          const auto decoded = decode_any(*info, changed);
          const wire::Tree tree = wire::tree_of(*info->layout, changed);
          if (tree.error.has_value() == decoded.has_value())
            FAIL(about(*info) << ": decode and tree disagree at byte " << at);
          if (!decoded) {
            ++refused;
            if (decoded.error().path.empty() || decoded.error().offset > body.size())
              FAIL(about(*info) << ": " << decoded.error().text());
            continue;
          }
          ++decoded_ones;
          (void)validate(decoded->message);
          (void)to_json(decoded->message);
          (void)diff(message, decoded->message);
          const SharedBytes again(encoded(*info->layout, decoded->message.object()));
          const auto twice = decode_any(*info, again);
          if (!twice || !diff(decoded->message, twice->message).empty())
            FAIL(about(*info) << ": byte " << at << " gives a value that does not encode: "
                              << to_text(decoded->message));
        }
        body[at] = kept;
      }
    }
  }
  CHECK(decoded_ones > 10000);
  CHECK(refused > 1000);
}
