// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <map>

#include "core/wire/agent.hpp"
#include "core/wire/message.hpp"

namespace spicebench::agent {

using SelectionId = std::uint8_t;  // 0 clipboard, 1 primary, 2 secondary
constexpr std::size_t selections = 3;
constexpr std::uint64_t most_clipboard_default = 100u << 20;  // bytes; channels.md §12.7

// What an end of the clipboard asks of its surroundings.
class ClipboardHost {
 public:
  virtual ~ClipboardHost() = default;
  virtual void send(wire::AnyMessage message) = 0;
  // The other end offers these types now; none: it no longer offers anything.
  virtual void offered(SelectionId selection, const std::vector<std::uint32_t>& types) = 0;
  // The answer to paste(); type none: there was nothing to be had.
  virtual void pasted(SelectionId selection, std::uint32_t type, const SharedBytes& data) = 0;
};

// One end of the clipboard, `own` its side: who owns each selection, and what goes to the other
// end. Messages arrive in order, with any delay.
//
// Source: channels.md §12.7, protocol.md §5.7. DIFFERS, as recommended there: of two grabs that
// crossed the client's wins, so both ends agree; each request is answered, if need be with nothing.
template <Side own>
class Clipboard {
 public:
  static constexpr Side far = own == Side::client ? Side::server : Side::client;
  enum class Owner : std::uint8_t { nobody, us, them };
  using Offer = std::map<std::uint32_t, SharedBytes>;  // by type

  explicit Clipboard(ClipboardHost& host) : host_(host) {}

  // What both ends can, as they announced it.
  void set_abilities(bool has_selections, bool serials, bool release_before_grab);
  void set_most(std::uint64_t bytes) { most_ = bytes; }  // of what is sent
  // The agent came or went: nobody owns anything, what was asked is answered with nothing.
  void reset();

  // Somebody here copied this, or no longer has it.
  void copy(SelectionId selection, Offer offer);
  void release(SelectionId selection);
  // Somebody here wants it; pasted() follows, perhaps at once.
  void paste(SelectionId selection, std::uint32_t type);

  void handle(const wire::agent::ClipboardGrab<far>& message);
  void handle(const wire::agent::ClipboardRequest<far>& message);
  void handle(const wire::agent::Clipboard<far>& message);
  void handle(const wire::agent::ClipboardRelease<far>& message);

  Owner owner(SelectionId selection) const { return all_[selection].owner; }
  std::uint32_t serial(SelectionId selection) const { return all_[selection].serial; }
  const Offer& offer(SelectionId selection) const { return all_[selection].offer; }

 private:
  struct One {
    Owner owner = Owner::nobody;
    std::uint32_t serial = 0;           // of the next grab, whoever's
    Offer offer;                        // ours
    std::vector<std::uint32_t> theirs;  // types
    std::deque<std::uint32_t> asked;    // types, of which the first is on its way
  };

  bool usable(SelectionId selection) const {
    return selection < (has_selections_ ? all_.size() : 1);
  }
  void grab(SelectionId selection);
  void accept(SelectionId selection, const std::vector<std::uint32_t>& types);
  void request(SelectionId selection);
  void fail_asked(SelectionId selection);

  ClipboardHost& host_;
  std::array<One, selections> all_;
  bool has_selections_ = false, serials_ = false, release_before_grab_ = false;
  std::uint64_t most_ = most_clipboard_default;
};

extern template class Clipboard<Side::client>;
extern template class Clipboard<Side::server>;

}  // namespace spicebench::agent
