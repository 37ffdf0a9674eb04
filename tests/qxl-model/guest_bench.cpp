// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/qxl-model/guest_bench.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spicebench::qxl::test {

namespace device = wire::device;
using wire::display::Rect;
using Kind = Step::Kind;

namespace {

constexpr std::uint64_t cell = 4096, cells = 200;
constexpr std::uint64_t surface_memory = 0x0200'0000;
constexpr std::int32_t width = 256, height = 128;
constexpr std::uint32_t near_wrap = UINT32_MAX - 2;

}  // namespace

GuestBench::GuestBench(std::function<void(const std::string&)> found_wrong)
    : DeviceBench({.ram_mb = 64, .vram_mb = 1, .vgamem_mb = 16}, "ideal"),
      wrong_(std::move(found_wrong)) {
  come_up_again(false);
}

// The server's ear.
void GuestBench::hand(ValuePtr message) {
  const wire::AnyMessage& said = wire::message_in(*message);
  if (said.as<device::Wakeup>()) {
    woken_ = true;
  } else if (const auto* draw = said.as<device::DrawCommand>()) {
    held_.push_back(draw->drawable.release_id);
    const auto& fill = std::get<wire::display::DrawFill>(draw->drawable.body);
    const std::uint32_t number = std::get<wire::display::SolidBrush>(fill.brush.body).color;
    if (number <= last_seen_)
      wrong_(fmt::format("R4: command {} came after {}", number, last_seen_));
    last_seen_ = number;
  } else if (const auto* surface = said.as<device::SurfaceCommand>()) {
    held_.push_back(surface->release_id);
  } else if (const auto* cursor = said.as<device::CursorCommand>()) {
    held_.push_back(cursor->release_id);
  } else if (const auto* update = said.as<device::UpdateArea>()) {
    updates_.push_back(update->request_id);
  } else if (said.as<device::NoCommand>()) {
    dry_[0] = true;
  } else if (said.as<device::NoCursor>()) {
    dry_[1] = true;
  }
}

void GuestBench::come_up_again(bool wraps_soon) {
  port(Port::reset);
  forget_all();
  if (wraps_soon) {
    for (const std::uint32_t at : {ram::command_ring, ram::cursor_ring}) {
      set(at + 4, near_wrap);
      set(at + 8, near_wrap + 1);
      set(at + 12, near_wrap);
    }
  }
  add_slot(1, ram_base, ram_base + header());
  request_primary(width, height, 4 * width);
  port(Port::create_primary);
  set(ram::int_pending, 0);
  set(ram::int_mask, 0x3f);
  woken_ = false;
}

void GuestBench::forget_all() {
  objects_.clear();
  free_cells_.clear();
  held_.clear();
  updates_.clear();
  next_cell_ = collected_ = 0;
  released_before_ = device.counters().released;
  expects_io_ = flushed_ = false;
  blocked_on_ = ports_completed;
}

// What the device may not touch stays as it is while it runs.
void GuestBench::watched(const std::function<void()>& action) {
  struct Seen {
    std::uint32_t owned[8];
    std::uint32_t pending, consumed[2], published;
  };
  const auto look = [this] {
    const std::uint32_t command = ram::command_ring, cursor = ram::cursor_ring,
                        release = ram::release_ring;
    return Seen{{get32(command), get32(command + 4), get32(command + 16), get32(cursor),
                 get32(cursor + 4), get32(cursor + 16), get32(release + 8), get32(release + 12)},
                pending(),
                {get32(command + 12), get32(cursor + 12)},
                get32(release + 4)};
  };
  const Seen before = look();
  action();
  const Seen after = look();
  if (!std::ranges::equal(before.owned, after.owned))
    wrong_("R2: the device wrote a field that is the guest's");
  if ((before.pending & ~after.pending) != 0) wrong_("I2: a pending interrupt went away by itself");
  for (const int i : {0, 1})
    if (after.consumed[i] - before.consumed[i] > command_ring_items)
      wrong_("R3: a consumer's counter went back");
  if (after.published - before.published > release_ring_items)
    wrong_("R3: the release ring's counter went back");
}

void GuestBench::write(std::uint8_t number, std::uint8_t value) {
  const bool bug = device.bug_latched();
  const Mode mode = device.mode();
  const bool is_async = (number >= 16 && number <= 22) || number == 24;
  // Drivers look for the end of one before they ask for the next.
  if (is_async && (pending() & interrupt_io_cmd) != 0) {
    expects_io_ = false;
    set(ram::int_pending, pending() & ~std::uint32_t{interrupt_io_cmd});
  }
  const auto bytes = ram().subspan(header(), ram::header_bytes);
  const Bytes before(bytes.begin(), bytes.end());
  bool waits = false;
  watched([&] { waits = !device.write_port(number, value).has_value(); });
  if (waits) blocked_on_ = ports_completed + 1;
  if (bug) {
    if (!std::ranges::equal(before, bytes) || device.mode() != mode || !device.bug_latched())
      wrong_(fmt::format("G2: port {} did something in the guest-bug state", number));
  } else if (device.bug_latched() && (pending() & interrupt_error) == 0) {
    wrong_("G3: a guest bug without its interrupt");
  }
  if (is_async && !bug && !device.bug_latched()) expects_io_ = true;
}

void GuestBench::push_command(CommandType type, CommandBlock block) {
  auto target = ring(type);
  if (target.full() || (free_cells_.empty() && next_cell_ == cells)) return;
  std::uint64_t offset = pool + next_cell_ * cell;
  if (free_cells_.empty()) {
    ++next_cell_;
  } else {
    offset = free_cells_.back();
    free_cells_.pop_back();
  }
  const std::uint64_t id = next_id_++;
  const BytesView bytes = block.place(slot1(offset), id);
  poke(offset, bytes);
  objects_[id] = {offset, Bytes(bytes.begin(), bytes.end())};
  if (push(slot1(offset), type))
    write(static_cast<std::uint8_t>(type == CommandType::cursor ? Port::notify_cursor
                                                                : Port::notify_cmd),
          0);
}

void GuestBench::follow(std::uint64_t head, std::vector<std::uint64_t>& ids) {
  for (std::uint64_t id = head; id != 0;) {
    const auto object = objects_.find(id);
    if (object == objects_.end() || std::ranges::find(ids, id) != ids.end())
      return wrong_(fmt::format("C1: resource {} came back, which is not with the device", id));
    ids.push_back(id);
    id = load_little_endian(&ram()[object->second.offset], 8);
  }
}

// Its memory is something else from now on.
void GuestBench::take_back(std::uint64_t id) {
  const auto object = objects_.extract(id);
  const auto& [offset, bytes] = object.mapped();
  std::ranges::fill(ram().subspan(offset, bytes.size()), std::byte{0xee});
  free_cells_.push_back(offset);
  ++collected_;
}

void GuestBench::collect() {
  auto source = RamHeader(ram().subspan(header(), ram::header_bytes)).release_ring();
  while (const auto entry = source.pop()) {
    std::vector<std::uint64_t> ids;
    follow(entry->item.head, ids);
    if (!flushed_ && ids.size() < ReleaseQueue::bunch)
      wrong_(fmt::format("C4: {} resources published without need", ids.size()));
    for (const std::uint64_t id : ids) take_back(id);
  }
  source.wait_for_item();
}

void GuestBench::perform(const Step& step) {
  // A synchronous port holds the processor; the server goes on.
  const bool server_step = step.kind == Kind::serve || step.kind == Kind::release ||
                           step.kind == Kind::answer || step.kind == Kind::time;
  if (ports_completed < blocked_on_ && !server_step) return watched([this] { run(1'000); });
  const auto side = [](std::uint32_t from, std::int32_t most) {
    return static_cast<std::int32_t>(from % static_cast<std::uint32_t>(most));
  };
  switch (step.kind) {
    case Kind::draw:
      return push_command(CommandType::draw,
                          CommandBlock::fill({side(step.a, height - 9), side(step.b, width - 9),
                                              height - 8, width - 8},
                                             {}, ++drawn_, wire::display::ropd_put));
    case Kind::refused_draw:
      return push_command(CommandType::draw, CommandBlock::fill({0, 0, 8, width + 1}, {}, ++drawn_,
                                                                wire::display::ropd_put));
    case Kind::cursor:
      return push_command(CommandType::cursor,
                          CommandBlock::move_cursor({static_cast<std::int16_t>(step.a), 5}));
    case Kind::make_surface: {
      const device::SurfaceCreate made{.surface_id = 1 + step.a % 3,
                                       .width = 8,
                                       .height = 8,
                                       .stride = 32,
                                       .format = wire::display::surface_32_argb};
      return push_command(CommandType::surface,
                          CommandBlock::create_surface(
                              made, slot1(surface_memory + made.surface_id * cell), false));
    }
    case Kind::drop_surface:
      return push_command(CommandType::surface, CommandBlock::destroy_surface(1 + step.a % 3));
    case Kind::serve:
      return watched([this] {
        device.handle(wire::AnyMessage::of(device::FetchCommand{++fetch_id}));
        device.handle(wire::AnyMessage::of(device::FetchCursor{++fetch_id}));
      });
    case Kind::release: {
      if (held_.empty()) return;
      const auto one = held_.begin() + static_cast<std::ptrdiff_t>(step.a % held_.size());
      const std::uint64_t handle = *one;
      held_.erase(one);
      return watched([&] { device.handle(wire::AnyMessage::of(device::Release{handle})); });
    }
    case Kind::answer: {
      if (updates_.empty()) return;
      const std::uint32_t id = updates_.front();
      updates_.pop_front();
      return watched([&] { device.handle(wire::AnyMessage::of(device::AreaUpdated{id, {}})); });
    }
    case Kind::time:
      return watched([&] { run(step.a % 200'000); });
    case Kind::take_interrupts:
      if ((pending() & interrupt_io_cmd) != 0) expects_io_ = false;
      set(ram::int_pending, 0);
      write(static_cast<std::uint8_t>(Port::update_irq), 0);
      if (!device.bug_latched() && device.line())
        wrong_("I1: the line is high, nothing is pending");
      return;
    case Kind::collect:
      return collect();
    case Kind::any_port: {
      const auto number = static_cast<std::uint8_t>(step.a % 27);
      const bool starts_anew = number == static_cast<std::uint8_t>(Port::reset) ||
                               number == static_cast<std::uint8_t>(Port::set_mode);
      flushed_ |= number == static_cast<std::uint8_t>(Port::notify_oom) ||
                  number == static_cast<std::uint8_t>(Port::flush_release);
      // Most ports want 0.
      const auto value = static_cast<std::uint8_t>(step.b % 3 == 0 ? step.b : 0);
      return starts_anew ? come_up_again(true) : write(number, value);
    }
    case Kind::update: {
      const std::uint32_t area[] = {0, 0, height, width};
      for (std::uint32_t i = 0; i < 4; ++i) set(ram::update_area + 4 * i, area[i]);
      set(ram::update_surface, step.a % 5);
      return write(static_cast<std::uint8_t>(Port::update_area_async), 0);
    }
    case Kind::flush:
      return write(static_cast<std::uint8_t>(Port::flush_surfaces_async), 0);
    case Kind::flush_release:
      flushed_ = true;
      return write(static_cast<std::uint8_t>(Port::flush_release), 0);
    case Kind::out_of_memory:
      flushed_ = true;
      return write(static_cast<std::uint8_t>(Port::notify_oom), 0);
    case Kind::destroy_all:
      return write(static_cast<std::uint8_t>(Port::destroy_all_surfaces_async), 0);
    case Kind::come_up:
      return come_up_again(step.b % 2 != 0);
    case Kind::count:
      return;
  }
}

void GuestBench::settle() {
  constexpr int most_rounds = 1000;
  for (int round = 0; round < most_rounds; ++round) {
    while (!updates_.empty()) perform({Kind::answer});
    // A server reads until it is told that there is nothing more.
    if (std::exchange(woken_, false)) {
      do {
        watched([this] { run(1'000'000); });  // what was asked for before is answered
        dry_ = {};
        perform({Kind::serve});
        watched([this] { run(1'000'000); });
      } while (!dry_[0] || !dry_[1]);
    }
    watched([this] { run(20'000'000); });
    if (!woken_ && updates_.empty() && !timeline.next()) return;
  }
  wrong_("R7: never comes to rest");
}

std::size_t GuestBench::released_in_memory() {
  auto ring = RamHeader(ram().subspan(header(), ram::header_bytes)).release_ring();
  std::vector<std::uint64_t> ids;
  // The open slot is the one at the producer's index.
  for (std::uint32_t i = ring.consumed(); i != ring.produced() + 1; ++i)
    follow(get64(ram::release_ring + 20 + i % release_ring_items * 8), ids);
  return ids.size();
}

void GuestBench::check_always() {
  for (const CommandType type : {CommandType::draw, CommandType::cursor})
    if (ring(type).broken()) wrong_("R1: a ring has more than it can");
  if (get32(ram::release_ring + 4) - get32(ram::release_ring + 12) > release_ring_items - 1)
    wrong_("R1: the release ring has more than it can");
  const std::uint64_t released = device.counters().released - released_before_;
  if (released_in_memory() != released - collected_)
    wrong_(fmt::format("C3: {} resources released, {} collected, {} on their way", released,
                       collected_, released_in_memory()));
  for (const auto& [id, object] : objects_)
    if (!std::ranges::equal(ram().subspan(object.offset + 8, object.bytes.size() - 8),
                            std::span(object.bytes).subspan(8)))
      wrong_(fmt::format("S6: the device wrote into resource {}", id));
  if (const LiveSurface* primary = device.surfaces().find(0))
    if (primary->pixels.size() > device.memory().sizes().vgamem)
      wrong_("S2: a primary surface larger than its memory");
}

void GuestBench::check_settled() {
  if (expects_io_ && !device.bug_latched() && (pending() & interrupt_io_cmd) == 0)
    wrong_("I5: an asynchronous port never completed");
  if (!device.bug_latched() && device.line() != ((pending() & get32(ram::int_mask)) != 0))
    wrong_("I3: the line does not show what is pending");
  if (ports_completed < blocked_on_) wrong_("A synchronous port never returned");
  if (!in_use()) return;
  for (const std::uint32_t at : {ram::command_ring, ram::cursor_ring}) {
    if (get32(at + 4) != get32(at + 12)) wrong_("R5: a command lies in its ring for ever");
    if (get32(at + 8) != get32(at + 4) + 1)
      wrong_(fmt::format(
          "R5: the next push will wake nobody: {} pushed, the mark of the {} ring is {}",
          get32(at + 4), at == ram::command_ring ? "command" : "cursor", get32(at + 8)));
  }
}

void GuestBench::check_all_comes_back() {
  settle();
  if (!in_use()) return;
  perform({Kind::take_interrupts});
  perform({Kind::destroy_all});
  settle();
  while (!held_.empty()) perform({Kind::release, 0});
  for (int i = 0; i < 3; ++i) {
    perform({Kind::flush_release});
    perform({Kind::collect});
  }
  if (!objects_.empty()) wrong_(fmt::format("C6: {} resources do not come back", objects_.size()));
}

}  // namespace spicebench::qxl::test
