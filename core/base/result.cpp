// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/base/result.hpp"

#include <fmt/format.h>

namespace spicebench {

std::string_view name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::truncated:
      return "truncated";
    case ErrorCode::out_of_range:
      return "out of range";
    case ErrorCode::malformed:
      return "malformed";
    case ErrorCode::unsupported:
      return "unsupported";
    case ErrorCode::out_of_order:
      return "out of order";
    case ErrorCode::denied:
      return "denied";
    case ErrorCode::not_found:
      return "not found";
    case ErrorCode::io:
      return "i/o error";
    case ErrorCode::internal:
      return "internal error";
  }
  return "unknown error";
}

std::string Error::text() const {
  if (path.empty()) return fmt::format("{} at byte {}: {}", name_of(code), offset, detail);
  return fmt::format("{}: {} at byte {}: {}", path, name_of(code), offset, detail);
}

}  // namespace spicebench
