// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/agent/clipboard.hpp"

#include <algorithm>

namespace spicebench::agent {

namespace protocol = wire::agent;
using protocol::clipboard_none;
using wire::AnyMessage;

template <Side own>
void Clipboard<own>::set_abilities(bool has_selections, bool serials, bool release_before_grab) {
  has_selections_ = has_selections;
  serials_ = serials;
  release_before_grab_ = release_before_grab;
}

template <Side own>
void Clipboard<own>::reset() {
  for (SelectionId selection = 0; selection < all_.size(); ++selection) {
    One& one = all_[selection];
    const bool theirs = one.owner == Owner::them;
    fail_asked(selection);
    one = {};
    if (theirs) host_.offered(selection, {});
  }
}

template <Side own>
void Clipboard<own>::copy(SelectionId selection, Offer offer) {
  if (!usable(selection)) return;
  One& one = all_[selection];
  if (one.owner == Owner::us && release_before_grab_)
    host_.send(AnyMessage::of(protocol::ClipboardRelease<own>{{selection, {}}}));
  fail_asked(selection);
  one.owner = Owner::us;
  one.theirs.clear();
  one.offer = std::move(offer);
  grab(selection);
}

template <Side own>
void Clipboard<own>::grab(SelectionId selection) {
  One& one = all_[selection];
  protocol::ClipboardGrab<own> message{{selection, {}}, serials_ ? one.serial++ : 0, {}};
  for (const auto& [type, data] : one.offer) message.types.push_back(type);
  host_.send(AnyMessage::of(std::move(message)));
}

template <Side own>
void Clipboard<own>::release(SelectionId selection) {
  if (!usable(selection) || all_[selection].owner != Owner::us) return;
  all_[selection].owner = Owner::nobody;
  all_[selection].offer.clear();
  host_.send(AnyMessage::of(protocol::ClipboardRelease<own>{{selection, {}}}));
}

// One is on its way at a time; the same type once more is not asked for once more.
template <Side own>
void Clipboard<own>::paste(SelectionId selection, std::uint32_t type) {
  if (!usable(selection)) return host_.pasted(selection, clipboard_none, {});
  One& one = all_[selection];
  if (one.owner == Owner::us) {
    const auto found = one.offer.find(type);
    if (found == one.offer.end()) return host_.pasted(selection, clipboard_none, {});
    const SharedBytes data = found->second;
    return host_.pasted(selection, type, data);
  }
  if (std::ranges::find(one.theirs, type) == one.theirs.end())
    return host_.pasted(selection, clipboard_none, {});
  if (std::ranges::find(one.asked, type) != one.asked.end()) return;
  one.asked.push_back(type);
  if (one.asked.size() == 1) request(selection);
}

template <Side own>
void Clipboard<own>::request(SelectionId selection) {
  host_.send(AnyMessage::of(
      protocol::ClipboardRequest<own>{{selection, {}}, all_[selection].asked.front()}));
}

template <Side own>
void Clipboard<own>::fail_asked(SelectionId selection) {
  for (auto asked = std::exchange(all_[selection].asked, {}); !asked.empty(); asked.pop_front())
    host_.pasted(selection, clipboard_none, {});
}

// A grab that crossed one of ours carries the number that ours had. The client insists, if it still
// owns what it grabbed; if not, the guest's grab stands, as the guest has ignored ours.
template <Side own>
void Clipboard<own>::handle(const protocol::ClipboardGrab<far>& message) {
  const SelectionId selection = message.selection.selection;
  if (!usable(selection)) return;
  One& one = all_[selection];
  if (serials_ && message.serial != one.serial) {
    if (own != Side::client || message.serial != one.serial - 1) return;
    if (one.owner == Owner::us) return grab(selection);
    return accept(selection, message.types);
  }
  if (serials_) ++one.serial;
  accept(selection, message.types);
}

template <Side own>
void Clipboard<own>::accept(SelectionId selection, const std::vector<std::uint32_t>& types) {
  One& one = all_[selection];
  fail_asked(selection);
  one.owner = Owner::them;
  one.offer.clear();
  one.theirs = types;
  host_.offered(selection, types);
}

template <Side own>
void Clipboard<own>::handle(const protocol::ClipboardRequest<far>& message) {
  const SelectionId selection = message.selection.selection;
  protocol::Clipboard<own> answer{message.selection, clipboard_none, {}};
  if (usable(selection) && all_[selection].owner == Owner::us) {
    const auto found = all_[selection].offer.find(message.type);
    if (found != all_[selection].offer.end() && found->second.size() <= most_) {
      answer.type = message.type;
      answer.data = found->second;
    }
  }
  host_.send(AnyMessage::of(std::move(answer)));
}

// What nobody asked for is passed over.
template <Side own>
void Clipboard<own>::handle(const protocol::Clipboard<far>& message) {
  const SelectionId selection = message.selection.selection;
  if (!usable(selection)) return;
  One& one = all_[selection];
  if (one.asked.empty() || (message.type != clipboard_none && message.type != one.asked.front()))
    return;
  one.asked.pop_front();
  const bool given = message.type != clipboard_none;
  if (!one.asked.empty()) request(selection);
  host_.pasted(selection, message.type, given ? message.data : SharedBytes());
}

template <Side own>
void Clipboard<own>::handle(const protocol::ClipboardRelease<far>& message) {
  const SelectionId selection = message.selection.selection;
  if (!usable(selection) || all_[selection].owner != Owner::them) return;
  fail_asked(selection);
  all_[selection].owner = Owner::nobody;
  all_[selection].theirs.clear();
  host_.offered(selection, {});
}

template class Clipboard<Side::client>;
template class Clipboard<Side::server>;

}  // namespace spicebench::agent
