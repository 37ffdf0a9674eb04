// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/state_archive.hpp"

#include <algorithm>

namespace spicebench::qxl {

void StateLoader::fail_at(std::size_t at, const char* name, ErrorCode code, std::string detail) {
  if (has_error_) return;
  has_error_ = true;
  std::string path;
  for (const std::string& part : parts_) path += part + ".";
  error_ = {code, at, path + name, std::move(detail)};
}

std::uint64_t StateLoader::next(const char* name, std::size_t bytes) {
  if (has_error_) return 0;
  if (bytes > in_.size() - at_) {
    fail_at(at_, name, ErrorCode::truncated, std::to_string(in_.size() - at_) + " bytes left");
    return 0;
  }
  at_ += bytes;
  return load_little_endian(in_.data() + at_ - bytes, bytes);
}

void StateLoader::bytes(const char* name, std::span<std::byte> content) {
  if (has_error_) return;
  if (content.size() > in_.size() - at_)
    return fail_at(at_, name, ErrorCode::truncated,
                   std::to_string(in_.size() - at_) + " bytes left");
  std::ranges::copy(in_.subspan(at_, content.size()), content.begin());
  at_ += content.size();
}

Result<void> StateLoader::finish() {
  if (!has_error_ && at_ != in_.size())
    fail_at(at_, "end", ErrorCode::malformed, std::to_string(in_.size() - at_) + " bytes too many");
  if (has_error_) return std::unexpected(error_);
  return {};
}

}  // namespace spicebench::qxl
