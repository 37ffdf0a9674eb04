// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/command/other_commands.hpp"

#include <fmt/format.h>

namespace spicebench::qxl {

Parsed<void> check_update_command(Reader& reader, std::uint64_t address) {
  constexpr std::uint64_t update_bytes = 32;
  const Fields in{TRY(reader.again_at(address, update_bytes, "update"))};
  reader.charge_bytes(update_bytes);
  const auto area = in.rect(8);
  if (is_empty(area) || area.left < 0 || area.top < 0)
    return refuse_fatally(
        {ErrorCode::out_of_range, 0, "update.area",
         fmt::format("{}, {} … {}, {}", area.left, area.top, area.right, area.bottom)});
  return {};
}

Parsed<void> check_message_command(Reader& reader, std::uint64_t address) {
  constexpr std::uint64_t text_at = 8, most_bytes = 100'000;
  for (std::uint64_t i = 0; i < most_bytes; ++i) {
    const auto character = reader.again_at(address + text_at + i, 1, "message.text");
    if (!character) break;
    if (character->front() != std::byte{0}) continue;
    reader.charge_bytes(text_at + i + 1);
    return {};
  }
  return refuse(ErrorCode::malformed, "no end within the slot and 100000 bytes", "message.text");
}

}  // namespace spicebench::qxl
