// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cctype>
#include <string_view>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/layout.hpp"

namespace spicebench {

// "0a 00 ff" → bytes.
inline Bytes hex(std::string_view text) {
  Bytes bytes;
  int high = -1;
  for (const char c : text) {
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<std::byte>(high << 4 | digit));
      high = -1;
    }
  }
  return bytes;
}

// Choices out of what RapidCheck makes and shrinks.
class ListedChoices final : public wire::Choices {
 public:
  explicit ListedChoices(const std::vector<std::uint64_t>& numbers) : numbers_(numbers) {}
  std::uint64_t below(std::uint64_t bound) override {
    return at_ < numbers_.size() ? numbers_[at_++] % bound : 0;
  }

 private:
  const std::vector<std::uint64_t>& numbers_;
  std::size_t at_ = 0;
};

inline std::vector<const wire::MessageInfo*> described_messages() {
  std::vector<const wire::MessageInfo*> found;
  for (const wire::MessageInfo& info : wire::all_messages())
    if (info.layout != nullptr) found.push_back(&info);
  return found;
}

inline Bytes encoded(const wire::Layout& layout, const void* object,
                     const wire::Context& context = {}) {
  Bytes bytes;
  wire::encode(layout, object, bytes, context);
  return bytes;
}

}  // namespace spicebench
