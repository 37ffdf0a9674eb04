// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/display/cursor_worker.hpp"

#include <algorithm>

namespace spicebench::server {

using namespace wire::cursor;
namespace device = wire::device;

static Result<void> check(const Cursor& cursor) {
  if (!cursor.header) return {};
  const CursorHeader& shape = *cursor.header;
  const auto needed = shape_bytes(shape);
  if (!needed)
    return fail(ErrorCode::out_of_range, fmt::format("{}, at most 6", shape.type), 0, "type");
  if (shape.width == 0 || shape.height == 0 || shape.width > cursor_side_max ||
      shape.height > cursor_side_max)
    return fail(ErrorCode::out_of_range,
                fmt::format("{}x{}, allowed 1 to {}", shape.width, shape.height, cursor_side_max),
                0, "width");
  if (shape.hot_spot_x >= shape.width || shape.hot_spot_y >= shape.height)
    return fail(ErrorCode::out_of_range,
                fmt::format("({}, {}) of {}x{}", shape.hot_spot_x, shape.hot_spot_y, shape.width,
                            shape.height),
                0, "hot_spot_x");
  if (cursor.data.size() < *needed)
    return fail(ErrorCode::truncated,
                fmt::format("{} bytes, {} needed", cursor.data.size(), *needed), 0, "data");
  return {};
}

void CursorWorker::command(const wire::AnyMessage& message) {
  const auto& command = *message.as<device::CursorCommand>();
  const auto hold = std::make_shared<const Resource>(services_, command.release_id);
  if (auto asked = puller_.answered(command.fetch_id, true); !asked) {
    services_.report_device(std::move(asked.error()).within("cursor_command"));
    return;
  }
  ++services_.counters.cursor_commands;
  if (auto accepted = accept(command, hold); !accepted) {
    ++services_.counters.cursor_refused;
    services_.report_device(std::move(accepted.error()).within("cursor_command"));
  }
}

void CursorWorker::no_command(const device::NoCursor& answer) {
  if (auto asked = puller_.answered(answer.fetch_id, false); !asked)
    services_.report_device(std::move(asked.error()).within("no_cursor"));
}

Result<void> CursorWorker::accept(const device::CursorCommand& command, const ResourceHold& hold) {
  if (const auto* set = std::get_if<Set>(&command.body)) {
    CHECKED(check(set->cursor));
    shape_ = set->cursor;
    shape_hold_ = hold;
    visible_ = set->visible != 0;
    tell_all(*set, hold);
  } else if (const auto* move = std::get_if<Move>(&command.body)) {
    const bool appears = !visible_;
    position_ = move->position;
    visible_ = true;
    if (appears || !mouse_.client_mode()) tell_all(*move, hold);
  } else if (const auto* hide = std::get_if<Hide>(&command.body)) {
    visible_ = false;
    tell_all(*hide, hold);
  } else if (const auto* trail = std::get_if<Trail>(&command.body)) {
    trail_length_ = trail->length;
    trail_frequency_ = trail->frequency;
    tell_all(*trail, hold);
  } else {
    return fail(ErrorCode::unsupported, fmt::format("cursor action {}", command.action), 0,
                "action");
  }
  return {};
}

template <wire::Message T>
void CursorWorker::tell_all(const T& message, const ResourceHold& hold) {
  for (Client& client : clients_)
    if (client.initialised) client.channel->append({wire::AnyMessage::of(message), hold});
}

void CursorWorker::reset() {
  shape_ = {};
  shape_hold_.reset();
  position_ = {};
  visible_ = true;
  trail_length_ = trail_frequency_ = 0;
  for (Client& client : clients_) {
    client.channel->append({wire::AnyMessage::of(InvalAll{}), nullptr});
    client.channel->append({wire::AnyMessage::of(Reset{}), nullptr});
    client.initialised = false;
  }
}

void CursorWorker::surface_created() {
  for (Client& client : clients_)
    if (!client.initialised) init(client);
}

void CursorWorker::init(Client& client) {
  client.initialised = true;
  client.channel->append({wire::AnyMessage::of(Init{
                              .position = position_,
                              .trail_length = trail_length_,
                              .trail_frequency = trail_frequency_,
                              .visible = visible_ ? std::uint8_t{1} : std::uint8_t{0},
                              .cursor = shape_,
                          }),
                          shape_hold_});
}

void CursorWorker::device_gone() {
  reset();
  puller_.forget();
}

void CursorWorker::attach(CursorClient& client) {
  clients_.push_back({&client, false});
  init(clients_.back());
}

void CursorWorker::detach(CursorClient& client) {
  std::erase_if(clients_, [&client](const Client& c) { return c.channel == &client; });
}

void CursorWorker::pump() {
  puller_.pump(services_, std::ranges::any_of(clients_, [this](const Client& client) {
                 return client.channel->pipe_length() > services_.options.pipe_limit;
               }));
}

nlohmann::json CursorWorker::describe() const {
  return {{"visible", visible_},        {"x", position_.x},
          {"y", position_.y},           {"shape", shape_.header ? shape_.header->unique : 0},
          {"clients", clients_.size()}, {"waits_for_clients", waits_for_clients()}};
}

}  // namespace spicebench::server
