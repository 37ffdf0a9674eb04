// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <string>

#include "core/wire/describe.hpp"
#include "core/wire/diff.hpp"
#include "core/wire/print.hpp"
#include "core/wire/tree.hpp"
#include "core/wire/validate.hpp"
#include "tests/core/wire_support.hpp"

// What the tests of structures that are no messages of the catalogue share.
namespace spicebench::wire {

// Decodes, encodes again, and gives what was decoded.
template <class T>
T through(const Layout& layout, const Bytes& body, const Context& context = {}) {
  T object;
  const auto used = decode(layout, &object, SharedBytes(body), context);
  if (!used) FAIL(used.error().text());
  CHECK(*used == body.size());
  CHECK(encoded(layout, &object, context) == body);
  return object;
}
template <Message T>
T read(const Bytes& body, const Context& context = {}) {
  return through<T>(*info_of<T>().layout, body, context);
}
// Why decode refuses what encode makes of a message; "accepted" if it does not.
template <Message T>
std::string refused(const T& message) {
  Bytes body;
  encode(message, body);
  const auto decoded = decode<T>(SharedBytes(std::move(body)));
  return decoded ? "accepted" : decoded.error().text();
}
inline Error refusal(const Layout& layout, const Bytes& body, const Context& context = {}) {
  const std::shared_ptr<void> object = layout.make();
  const auto used = decode(layout, object.get(), SharedBytes(body), context);
  REQUIRE_FALSE(used.has_value());
  return used.error();
}
inline void check_round_trips(const Layout& layout, const Context& context = {},
                              const std::string& under = "nothing settled") {
  rc::prop("decode(encode(m)) == m with " + under, [&](const std::vector<std::uint64_t>& numbers) {
    ListedChoices choices(numbers);
    const auto object = generate(layout, choices, context);
    const SharedBytes body(encoded(layout, object.get(), context));
    RC_LOG() << to_text(layout, object.get(), context) << "\n";
    RC_ASSERT(validate(layout, object.get(), context).empty());
    const std::shared_ptr<void> decoded = layout.make();
    const auto used = decode(layout, decoded.get(), body, context);
    RC_ASSERT(used.has_value());
    RC_ASSERT(*used == body.size());
    RC_ASSERT(diff(layout, object.get(), decoded.get(), context).empty());
    RC_ASSERT(!tree_of(layout, body, context).error.has_value());
  });
}

}  // namespace spicebench::wire
