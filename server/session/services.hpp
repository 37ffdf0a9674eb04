// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>
#include <utility>
#include <vector>

#include "core/wire/device_link.hpp"
#include "core/wire/message_value.hpp"
#include "core/world/peer.hpp"
#include "server/server.hpp"
#include "server/session/media_clock.hpp"

namespace spicebench::server {

// What the parts of a server share: the outputs of the input that is being handled, the way to the
// device, the counters and the findings.
class Services {
 public:
  explicit Services(ServerOptions o) : options(std::move(o)) {}
  Services(const Services&) = delete;
  Services& operator=(const Services&) = delete;

  const ServerOptions options;
  ServerCounters counters;
  MediaClock media_clock;
  Instant now{};
  Outputs outputs;
  std::optional<LinkId> device;  // the device link, if there is one
  std::optional<LinkId> admin;   // the admin link, if there is one

  // Without a device there is nobody who would take it.
  template <wire::Message T>
  void to_device(T message) {
    if (device) outputs.emplace_back(Hand{*device, wire::value_of(std::move(message))});
  }
  // Who runs the server need not listen.
  template <wire::Message T>
  void to_admin(T message) {
    if (admin) outputs.emplace_back(Hand{*admin, wire::value_of(std::move(message))});
  }
  void report(Finding finding) {
    if (findings_.size() < most_kept_errors) findings_.push_back(std::move(finding));
  }
  void report_device(Error error) {
    report({.connection = device.value_or(0),
            .channel = wire::ChannelType::device,
            .error = std::move(error)});
  }
  std::span<const Finding> findings() const { return findings_; }

 private:
  std::vector<Finding> findings_;
};

}  // namespace spicebench::server
