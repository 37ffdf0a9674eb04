// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/random.hpp"
#include "core/wire/message.hpp"

namespace spicebench::wire {

// A stream of choices from which values are made. Property tests, fuzzers and seeds feed the same
// generator; it is the stream that they shrink: smaller numbers and fewer of them make smaller
// values, and an exhausted stream that answers 0 makes the smallest ones.
class Choices {
 public:
  virtual ~Choices() = default;
  virtual std::uint64_t below(std::uint64_t bound) = 0;  // 0 … bound - 1; precondition: bound > 0
};
class RandomChoices final : public Choices {
 public:
  explicit RandomChoices(Random random) : random_(random) {}
  std::uint64_t below(std::uint64_t bound) override { return random_.below(bound); }

 private:
  Random random_;
};
// Takes 8 bytes a choice; answers 0 when they are used up.
class ByteChoices final : public Choices {
 public:
  explicit ByteChoices(BytesView bytes) : bytes_(bytes) {}
  std::uint64_t below(std::uint64_t bound) override;

 private:
  BytesView bytes_;
};

// A small value that is valid (validate finds nothing) and that decodes to itself when encoded.
std::shared_ptr<const void> generate(const Layout& layout, Choices& choices,
                                     const Context& context = {});
AnyMessage generate(const MessageInfo& info, Choices& choices,
                    const Context& context = {});  // precondition: described

}  // namespace spicebench::wire
