// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string_view>

namespace spicebench {

// An address may say, behind '@', where its link comes from, as a socket knows it:
// "spice@192.0.2.1". Who accepts it is named by what stands before.
constexpr std::string_view listener_of(std::string_view address) {
  return address.substr(0, address.find('@'));
}
// Empty: nobody said.
constexpr std::string_view origin_of(std::string_view address) {
  const auto at = address.find('@');
  return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

}  // namespace spicebench
