// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <deque>
#include <utility>

#include "core/base/bytes.hpp"
#include "core/world/peer.hpp"

namespace spicebench {

// What a peer wants to send on one stream link: whole messages go in, Sends within the write credit
// come out, in order. A message that exceeds the credit is sent in parts.
class SendQueue {
 public:
  explicit SendQueue(LinkId link) : link_(link) {}

  void push(Bytes message) {
    if (message.empty()) return;
    queued_ += message.size();
    messages_.push_back(std::move(message));
  }
  // Writable: so many more bytes may be sent.
  void grant(std::size_t bytes) { credit_ += bytes; }
  // Appends as many Sends as the credit allows: one per message, or part of a message.
  void flush(Outputs& out) {
    while (!messages_.empty() && credit_ > 0) {
      Bytes& front = messages_.front();
      const std::size_t left = front.size() - sent_of_front_;
      const std::size_t now = std::min(left, credit_);
      if (sent_of_front_ == 0 && now == left) {
        out.emplace_back(Send{link_, std::move(front)});
      } else {
        const auto from = front.begin() + static_cast<std::ptrdiff_t>(sent_of_front_);
        out.emplace_back(Send{link_, Bytes(from, from + static_cast<std::ptrdiff_t>(now))});
      }
      credit_ -= now;
      queued_ -= now;
      sent_of_front_ = now == left ? 0 : sent_of_front_ + now;
      if (sent_of_front_ == 0) messages_.pop_front();
    }
  }
  bool empty() const { return messages_.empty(); }
  std::size_t queued() const { return queued_; }  // bytes
  std::size_t messages() const { return messages_.size(); }
  std::size_t credit() const { return credit_; }
  LinkId link() const { return link_; }

 private:
  LinkId link_;
  std::deque<Bytes> messages_;
  std::size_t sent_of_front_ = 0;
  std::size_t queued_ = 0;
  std::size_t credit_ = 0;
};

}  // namespace spicebench
