// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/scenario/user_script.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/wire/message_value.hpp"
#include "core/wire/user_agent.hpp"
#include "core/wire/user_link.hpp"
#include "replayer/scenario/keys.hpp"

namespace spicebench::replayer {

namespace user = wire::user;
using std::chrono::milliseconds;
using wire::value_of;

// What is sent: the text, or as many bytes as wanted, none of whose pieces is like the one before.
static SharedBytes content_of(const UserStep& step) {
  if (step.size == 0) return SharedBytes::copy_of(step.text);
  Bytes bytes(step.size);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::byte>((i * 31 + i / 256 * 7 + i / 65536) & 0xff);
  return bytes;
}

UserScript::UserScript(const UserOptions& options, Random random) {
  for (const UserStep& step : options.steps) add(step);
  std::ranges::stable_sort(events_, {}, &Event::at);
  Instant earliest{};
  for (Event& event : events_) {
    const milliseconds late{random.between(0, options.jitter_ms)};
    earliest = event.at = std::max(event.at + late, earliest);
  }
}

void UserScript::add(const UserStep& step) {
  Instant at{milliseconds(step.at_ms)};
  const milliseconds each{step.each_ms};
  const auto event = [this](Instant when, auto message) {
    events_.push_back({when, value_of(std::move(message))});
  };
  const auto strike = [&](Instant when, KeyStroke stroke) {
    if (stroke.shift) event(when, user::KeyDown{left_shift_code});
    event(when, user::KeyDown{stroke.code});
    event(when + each / 2, user::KeyUp{stroke.code});
    if (stroke.shift) event(when + each / 2, user::KeyUp{left_shift_code});
  };
  const auto key = key_named(step.key);
  switch (step.action) {
    case UserAction::move:
      for (std::uint32_t part = 1; part <= step.count; ++part, at += each) {
        const auto between = [&](std::uint32_t from, std::uint32_t to) {
          const auto way = (std::int64_t{to} - from) * part / step.count;
          return static_cast<std::uint32_t>(from + way);
        };
        event(at, user::PointerTo{between(x_, step.x), between(y_, step.y), 0});
      }
      x_ = step.x;
      y_ = step.y;
      break;
    case UserAction::move_by:
      for (std::uint32_t i = 0; i < step.count; ++i, at += each)
        event(at, user::PointerBy{step.dx, step.dy});
      break;
    case UserAction::click:
      for (std::uint32_t i = 0; i < step.count; ++i, at += each) {
        event(at, user::ButtonDown{step.button});
        event(at + each / 2, user::ButtonUp{step.button});
      }
      break;
    case UserAction::press:
      if (key)
        event(at, user::KeyDown{*key});
      else
        event(at, user::ButtonDown{step.button});
      break;
    case UserAction::release:
      if (key)
        event(at, user::KeyUp{*key});
      else
        event(at, user::ButtonUp{step.button});
      break;
    case UserAction::key:
      for (std::uint32_t i = 0; key && i < step.count; ++i, at += each) strike(at, {*key, false});
      break;
    case UserAction::type:
      for (const char character : step.text)
        if (const auto stroke = stroke_of(character)) {
          strike(at, *stroke);
          at += each;
        }
      break;
    case UserAction::locks:
      event(at, user::Locks{step.modifiers});
      break;
    case UserAction::disconnect:
      event(at, user::Disconnect{});
      break;
    case UserAction::copy:
      event(at, user::CopyText{SharedBytes::copy_of(step.text)});
      break;
    case UserAction::uncopy:
      event(at, user::ReleaseText{});
      break;
    case UserAction::paste:
      event(at, user::PasteText{});
      break;
    case UserAction::send_file:
      event(at, user::SendFile{SharedBytes::copy_of(step.file), content_of(step)});
      break;
    case UserAction::resize:
      event(at, user::Resize{step.display, step.width, step.height});
      break;
    case UserAction::write_port:
      event(at, user::PortWrite{step.port, content_of(step)});
      break;
  }
}

Outputs UserScript::start(Instant) {
  if (events_.empty()) return {};
  return {Connect{link, "user"}};
}

Outputs UserScript::handle(const Input& input, Instant now) {
  if (std::holds_alternative<Opened>(input) || std::holds_alternative<Fired>(input))
    return proceed(now);
  if (std::holds_alternative<Closed>(input)) return {Disarm{next_event}};
  return {};
}

Outputs UserScript::proceed(Instant now) {
  Outputs out;
  for (; done_ < events_.size() && events_[done_].at <= now; ++done_)
    out.emplace_back(Hand{link, events_[done_].message});
  if (done_ < events_.size()) out.emplace_back(Arm{next_event, events_[done_].at});
  return out;
}

}  // namespace spicebench::replayer
