// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <array>

#include "core/wire/agent.hpp"
#include "core/wire/inner_readers.hpp"
#include "core/wire/main_channel.hpp"
#include "core/wire/tables.hpp"

// Messages of the agent out of the pieces that AGENT_DATA carries (protocol.md §5.1). Each begins
// with its whole header at the beginning of an AGENT_DATA; what follows are its bytes and no
// others.
namespace spicebench::wire {
namespace {

const MessageInfo* info_of_type(Side by, std::uint32_t type) {
  return type <= UINT16_MAX ? find_message(ChannelType::agent, by, static_cast<std::uint16_t>(type))
                            : nullptr;
}

class AgentReader final : public InnerReader {
 public:
  Result<bool> read(Side by, std::uint16_t type, const SharedBytes& body,
                    std::vector<InnerMessage>& out) override {
    note(by, type);
    if (resets(by, type)) sides_ = {};
    if (!carries(by, type) || of(by).broken) return false;
    auto taken = take(by, body, out);
    if (!taken) {
      of(by) = {.caps = of(by).caps};
      of(by).broken = true;
      return std::unexpected(std::move(taken).error());
    }
    return true;
  }

  Unfinished unfinished(Side by) const override {
    const State& state = of(by);
    if (state.pieces.empty()) return {};
    return {info_of_type(by, state.header.type), state.pieces.size(),
            agent::header_bytes + state.header.size};
  }

 private:
  struct State {
    agent::Header header;  // of the message that is not complete
    Bytes pieces;          // of it, header included; empty: none
    std::uint32_t caps = 0;
    bool broken = false;
  };

  // The agent comes, goes, or the session begins: what was half said is void.
  static bool resets(Side by, std::uint16_t type) {
    return by == Side::server && (type == main_channel::Init::message.id ||
                                  type == main_channel::AgentConnected::message.id ||
                                  type == main_channel::AgentConnectedTokens::message.id ||
                                  type == main_channel::AgentDisconnected::message.id);
  }
  static bool carries(Side by, std::uint16_t type) {
    return type == (by == Side::server ? main_channel::AgentDataToClient::message.id
                                       : main_channel::AgentDataToServer::message.id);
  }

  Result<void> take(Side by, const SharedBytes& body, std::vector<InnerMessage>& out) {
    State& state = of(by);
    if (body.empty() || body.size() > agent::most_chunk_bytes)
      return fail(ErrorCode::out_of_range,
                  fmt::format("{} bytes, allowed 1 to {}", body.size(), agent::most_chunk_bytes));
    const bool begins = state.pieces.empty();
    if (begins) {
      auto used = decode(agent::header_layout, &state.header, body);
      if (!used) return std::unexpected(std::move(used).error().within("agent_header"));
    }
    const std::size_t whole = agent::header_bytes + state.header.size;
    const std::size_t left = whole - state.pieces.size();
    if (body.size() > left)
      return fail(ErrorCode::malformed,
                  fmt::format("{} bytes, the agent's message has {} left", body.size(), left),
                  left);
    SharedBytes all = body;
    if (!begins || body.size() < left) {
      append(state.pieces, body);
      if (body.size() < left) return {};
      all = SharedBytes(std::move(state.pieces));
      state.pieces = {};
    }
    out.push_back(message(by, all));
    return {};
  }

  InnerMessage message(Side by, const SharedBytes& all) {
    InnerMessage message{.by = by,
                         .type = of(by).header.type,
                         .info = info_of_type(by, of(by).header.type),
                         .header_layout = &agent::header_layout,
                         .header = all.slice(0, agent::header_bytes),
                         .body = all.slice(agent::header_bytes, all.size() - agent::header_bytes),
                         .client_caps = of(Side::client).caps,
                         .guest_caps = of(Side::server).caps};
    constexpr std::size_t caps_at = 4, caps_bytes = 4;
    if (message.type == agent::AnnounceCapabilities<Side::client>::message.id)
      of(by).caps = message.body.size() < caps_at + caps_bytes
                        ? 0
                        : static_cast<std::uint32_t>(
                              load_little_endian(message.body.data() + caps_at, caps_bytes));
    return message;
  }

  State& of(Side side) { return sides_[static_cast<std::size_t>(side)]; }
  const State& of(Side side) const { return sides_[static_cast<std::size_t>(side)]; }

  std::array<State, 2> sides_;
};

}  // namespace

std::unique_ptr<InnerReader> agent_reader() {
  return std::make_unique<AgentReader>();
}

}  // namespace spicebench::wire
