// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace spicebench {

enum class ErrorCode : std::uint8_t {
  truncated,     // fewer bytes than the layout needs
  out_of_range,  // a value, count, size or offset beyond its bound
  malformed,     // bytes that mean nothing at this place
  unsupported,   // well formed, but not something this build can do
  out_of_order,  // a message that its channel's state does not allow
  denied,        // authentication or policy
  not_found,     // a file, connection, surface, cache entry … that is not there
  io,            // the operating system said no
  internal,      // our own mistake
};
std::string_view name_of(ErrorCode code);

// What went wrong, where, and what was allowed. Leaves know the offset; every level on the way out
// adds its name.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::uint64_t offset = 0;  // bytes from the first byte of the message body, file or stream
  std::string path{};        // "channels[2].id"; empty when no one field is at fault
  std::string detail{};      // found value and allowed values: "count 900, at most 256"

  Error within(std::string_view outer) && {  // called once per level on the way out
    const bool joins = !path.empty() && path.front() != '[';
    path = std::string(outer) + (joins ? "." : "") + path;
    return std::move(*this);
  }
  // "channels[2].id at byte 9: count 900, at most 256"
  std::string text() const;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string detail, std::uint64_t offset = 0,
                                   std::string path = {}) {
  return std::unexpected(Error{code, offset, std::move(path), std::move(detail)});
}

}  // namespace spicebench

// TRY(expr): the value of expr, or return its Error from the calling function.
#define TRY(expression)                                       \
  __extension__({                                             \
    auto try_result_ = (expression);                          \
    if (!try_result_) [[unlikely]]                            \
      return std::unexpected(std::move(try_result_).error()); \
    *std::move(try_result_);                                  \
  })
// The same for Result<void>: CHECKED(expr);
#define CHECKED(expression)                                       \
  do {                                                            \
    auto checked_result_ = (expression);                          \
    if (!checked_result_) [[unlikely]]                            \
      return std::unexpected(std::move(checked_result_).error()); \
  } while (false)
