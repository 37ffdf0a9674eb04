// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/agent/message_filter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "server/constants.hpp"

namespace spicebench::server {

namespace agent = wire::agent;

namespace {

template <class... T>
constexpr bool is_any(std::uint32_t type) {
  return ((type == T::message.id) || ...);
}

}  // namespace

MessageFilter::Verdict MessageFilter::verdict_on(std::uint32_t type) const {
  constexpr Side by = Side::client;  // the numbers are the same both ways
  if (discard_all_) return Verdict::discard;
  if (!policy_.copy_paste && is_any<agent::Clipboard<by>, agent::ClipboardGrab<by>,
                                    agent::ClipboardRequest<by>, agent::ClipboardRelease<by>>(type))
    return Verdict::discard;
  if (!policy_.file_transfer &&
      is_any<agent::FileXferStart, agent::FileXferStatus<by>, agent::FileXferData>(type))
    return Verdict::discard;
  return type == agent::MonitorsConfig::message.id ? Verdict::monitors : Verdict::pass;
}

void MessageFilter::discard_all(bool on) {
  discard_all_ = on;
  if (on) verdict_ = Verdict::discard;
}

Result<MessageFilter::Verdict> MessageFilter::judge(BytesView block) {
  if (block.size() > agent_block_bytes)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} bytes, at most {}", block.size(), agent_block_bytes));
  std::uint64_t of_message = block.size();
  if (at_start()) {
    if (block.size() < agent::header_bytes)
      return fail(ErrorCode::truncated, fmt::format("{} bytes, the agent's header has {}",
                                                    block.size(), agent::header_bytes));
    const auto protocol = load_little_endian(block.data(), 4);
    if (protocol != agent::protocol)
      return fail(ErrorCode::malformed, fmt::format("{}, allowed is 1", protocol), 0, "protocol");
    type_ = static_cast<std::uint32_t>(load_little_endian(block.data() + 4, 4));
    left_ = load_little_endian(block.data() + 16, 4);
    verdict_ = verdict_on(type_);
    of_message -= agent::header_bytes;
  }
  if (of_message > left_)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} bytes, the agent's message has {} left", of_message, left_));
  left_ -= of_message;
  return verdict_;
}

SharedBytes rewrite_capabilities(const SharedBytes& block, const AgentPolicy& policy) {
  constexpr std::size_t caps_at = agent::header_bytes + 4, word = 4;
  if (policy.copy_paste && policy.file_transfer) return block;
  const auto size = load_little_endian(block.data() + 16, 4);
  if (size < 4 + word || block.size() < caps_at + word) return block;  // no word of capabilities
  const auto bit = [](agent::Cap cap) { return 1u << static_cast<unsigned>(cap); };
  auto caps = static_cast<std::uint32_t>(load_little_endian(block.data() + caps_at, word));
  if (!policy.copy_paste)
    caps &= ~(bit(agent::Cap::clipboard) | bit(agent::Cap::clipboard_by_demand) |
              bit(agent::Cap::clipboard_selection));
  if (!policy.file_transfer) caps |= bit(agent::Cap::file_xfer_disabled);
  Bytes changed(block.view().begin(), block.view().end());
  store_little_endian(changed.data() + caps_at, caps, word);
  return changed;
}

}  // namespace spicebench::server
