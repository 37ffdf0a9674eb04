// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "device_bench.hpp"
#include "qxl-model/guest/command_block.hpp"

// Commands on their way from guest memory to the server, good and hostile.
namespace spicebench::qxl::test {

namespace device = wire::device;
using namespace wire::display;

namespace {

constexpr std::uint64_t pool = DeviceBench::pool;
constexpr std::size_t body = 123;

Picture small_picture(std::uint32_t width = 4, std::uint32_t height = 3) {
  Picture out{.width = width, .height = height, .id = 77, .cache = true};
  for (std::uint32_t i = 0; i < width * height; ++i) out.pixels.push_back(0x010203 * (i + 1));
  return out;
}
CommandBlock small_copy(std::uint32_t rows_per_chunk = 0, Rows rows = Rows::top_down) {
  return CommandBlock::copy({20, 10, 23, 14}, {}, small_picture(), {0, 0}, ropd_put,
                            {rows, rows_per_chunk});
}

struct CommandBench : DeviceBench {
  CommandBench() { come_up(); }
  // Places a block at the next free page and pushes it. Returns the page's offset in BAR 0.
  std::uint64_t push_block(CommandBlock block, CommandType type = CommandType::draw) {
    const std::uint64_t offset = pool + next++ * 65536;
    poke(offset, block.place(slot1(offset), next));
    push(slot1(offset), type);
    return offset;
  }
  template <class Change>
  void push_changed(CommandBlock block, Change change, CommandType type = CommandType::draw) {
    const std::uint64_t offset = pool + next++ * 65536;
    Bytes bytes(block.size());
    std::ranges::copy(block.place(slot1(offset), next), bytes.begin());
    change(bytes, slot1(offset));
    poke(offset, bytes);
    push(slot1(offset), type);
  }
  // The id at the head of the open chain of releases.
  std::uint64_t open_release() { return get64(ram::release_ring + 20); }
  // A good command after a bad one.
  void check_next_command_works() {
    push_block(CommandBlock::fill({0, 0, 5, 5}, {}, 0x10, ropd_put));
    CHECK(fetch() != nullptr);
  }
  std::uint64_t next = 0;
};

}  // namespace

TEST_CASE("a fill arrives with its clip, and its resource is held until the server releases it",
          "[qxl][commands]") {
  CommandBench bench;
  const Rect clip[] = {{1, 2, 3, 4}, {5, 6, 7, 8}};
  bench.push_block(CommandBlock::fill({0, 0, 10, 20}, clip, 0x123456, ropd_xor));
  bench.timeline.run_until(7'000'000);
  const auto* draw = bench.fetch();
  REQUIRE(draw != nullptr);
  CHECK(draw->fetch_id == bench.fetch_id);
  CHECK(draw->drawable.mm_time == 7);
  CHECK(draw->drawable.type == 1);
  const DrawFill expected{.base = {0, {0, 0, 10, 20}, {clip_rects, {clip[0], clip[1]}}},
                          .brush = {1, SolidBrush{0x123456}},
                          .rop_descriptor = ropd_xor};
  REQUIRE(std::holds_alternative<DrawFill>(draw->drawable.body));
  CHECK(std::get<DrawFill>(draw->drawable.body) == expected);
  CHECK(bench.open_release() == 0);
  const std::uint64_t handle = draw->drawable.release_id;
  bench.send(device::Release{handle});
  CHECK(bench.open_release() == 1);
  CHECK(load_little_endian(&bench.ram()[pool], 8) == 0);
  bench.send(device::Release{handle});
  REQUIRE(bench.findings.size() == 1);
  CHECK(bench.findings[0].code == ErrorCode::not_found);
}

TEST_CASE("an image arrives with its pixels, however its chunks are cut", "[qxl][commands]") {
  CommandBench bench;
  const std::uint32_t rows = GENERATE(0u, 1u, 2u, 3u);
  bench.push_block(small_copy(rows));
  const auto* draw = bench.fetch();
  REQUIRE(draw != nullptr);
  const auto& copy = std::get<DrawCopy>(draw->drawable.body);
  CHECK(copy.base.box == Rect{20, 10, 23, 14});
  CHECK(copy.src_area == Rect{0, 0, 3, 4});
  CHECK(copy.src_bitmap->id == 77);
  CHECK(copy.src_bitmap->flags == cache_me);
  const auto& bitmap = std::get<Bitmap>(copy.src_bitmap->payload);
  CHECK(bitmap.flags == top_down);
  CHECK(bitmap.stride == 16);
  REQUIRE(bitmap.data.size() == 48);
  CHECK(load_little_endian(bitmap.data.data() + 4 * 11, 4) == 0x010203 * 12);
}

TEST_CASE("pixels are sampled when the command is popped", "[qxl][commands]") {
  CommandBench bench;
  const auto offset = bench.push_block(small_copy());
  const auto* draw = bench.fetch();
  REQUIRE(draw != nullptr);
  std::ranges::fill(bench.ram().subspan(offset, 512), std::byte{0xee});
  const auto& copy = std::get<DrawCopy>(draw->drawable.body);
  const auto& bitmap = std::get<Bitmap>(copy.src_bitmap->payload);
  CHECK(load_little_endian(bitmap.data.data(), 4) == 0x010203);
}

TEST_CASE("cursor commands arrive on their own ring", "[qxl][commands]") {
  CommandBench bench;
  const Bytes shape(4 * 2 * 2, std::byte{0x55});
  bench.push_block(CommandBlock::set_cursor({3, -4}, {9, 0, 2, 2, 1, 1}, shape),
                   CommandType::cursor);
  bench.push_block(CommandBlock::move_cursor({5, 6}), CommandType::cursor);
  bench.push_block(CommandBlock::hide_cursor(), CommandType::cursor);
  const auto* set = bench.fetch_cursor();
  REQUIRE(set != nullptr);
  const auto& body_of_set = std::get<wire::cursor::Set>(set->body);
  CHECK(body_of_set.position == Point16{3, -4});
  CHECK(body_of_set.visible == 1);
  CHECK(body_of_set.cursor.header == wire::cursor::CursorHeader{9, 0, 2, 2, 1, 1});
  CHECK(body_of_set.cursor.data == SharedBytes(shape));
  const auto* move = bench.fetch_cursor();
  REQUIRE(move != nullptr);
  CHECK(std::get<wire::cursor::Move>(move->body).position == Point16{5, 6});
  const auto* hide = bench.fetch_cursor();
  REQUIRE(hide != nullptr);
  CHECK(std::holds_alternative<wire::cursor::Hide>(hide->body));
  CHECK(bench.fetch_cursor() == nullptr);
  CHECK(bench.last<device::NoCursor>()->fetch_id == bench.fetch_id);
}

TEST_CASE("a ring that was read empty is looked at once more and then armed", "[qxl][rings]") {
  DeviceBench bench({}, "ideal");
  bench.come_up();
  bench.run(20'000'000);
  const auto mark = [&bench] { return bench.get32(ram::command_ring + 8); };
  const auto push = [&bench](std::uint64_t offset) {
    CommandBlock block = CommandBlock::fill({0, 0, 1, 1}, {}, 1, ropd_put);
    bench.poke(offset, block.place(DeviceBench::slot1(offset), offset));
    return bench.push(DeviceBench::slot1(offset));
  };
  CHECK(push(pool));  // the mark of a fresh ring is 1
  bench.messages.clear();
  bench.device.write_port(static_cast<std::uint8_t>(Port::notify_cmd), 0);
  bench.device.write_port(static_cast<std::uint8_t>(Port::notify_cmd), 0);
  bench.run(bench.costs.msg_queue + bench.costs.wk_wake - 1);
  CHECK(bench.messages.empty());
  bench.run(1);
  CHECK(bench.all<device::Wakeup>().size() == 1);  // coalesced
  bench.device.handle(wire::AnyMessage::of(device::FetchCommand{1}));
  bench.run(5'000);
  REQUIRE(bench.last<device::DrawCommand>() != nullptr);
  bench.device.handle(wire::AnyMessage::of(device::FetchCommand{2}));
  bench.run(bench.costs.repoll_gap - 10);
  REQUIRE(bench.last<device::NoCommand>() != nullptr);
  CHECK(mark() == 1);

  SECTION("nothing came: the next push kicks") {
    bench.run(20);
    CHECK(mark() == 2);
    CHECK(push(pool + 4096));
  }
  SECTION("something came without a kick: the server is woken all the same") {
    CHECK_FALSE(push(pool + 4096));
    bench.messages.clear();
    bench.run(20'000);
    CHECK(bench.all<device::Wakeup>().size() == 1);
    bench.fetch();
    bench.fetch();
    CHECK(mark() == 1);  // after a look, the next one is a long time off
    bench.run(bench.costs.poll_window);
    CHECK(mark() == 3);
  }
}

TEST_CASE("an answer goes out when the cost model says that the work is done", "[qxl][cost]") {
  DeviceBench bench({}, "ideal");
  bench.come_up();
  bench.run(20'000'000);
  // The worked example of qxl-device.md §22.3: a full screen copy, one clip rectangle, one chunk.
  const Rect screen{0, 0, 768, 1024};
  Picture picture{.width = 1024, .height = 768};
  picture.pixels.resize(1024 * 768);
  CommandBlock block = CommandBlock::copy(screen, std::span(&screen, 1), picture, {0, 0}, ropd_put,
                                          {Rows::top_down, 0});
  bench.poke(pool, block.place(DeviceBench::slot1(pool), 1));
  bench.push(DeviceBench::slot1(pool));
  bench.messages.clear();
  const Cycle start = bench.timeline.now();
  bench.device.handle(wire::AnyMessage::of(device::FetchCommand{1}));
  while (bench.messages.empty()) bench.run(1);
  // The example's 394004, without its third object, which its table does not name; with the look
  // at the ring, and with an eighth of a rendering's set-up for the clip rectangle.
  CHECK(bench.timeline.now() - start == 394'004 - 40 + 20 + 200 / 8);
}

TEST_CASE("popping at the producer's mark raises the interrupt of that ring", "[qxl][rings]") {
  CommandBench bench;
  for (std::uint32_t i = 0; i < 32; ++i)
    bench.push_block(CommandBlock::fill({0, 0, 1, 1}, {}, i, ropd_put));
  CHECK(bench.ring(CommandType::draw).wait_for_room());
  bench.set(ram::int_pending, 0);
  bench.fetch();
  CHECK(bench.pending() == interrupt_display);
  bench.set(ram::int_pending, 0);
  bench.fetch();
  CHECK(bench.pending() == 0);
}

TEST_CASE("releases are chained in order and published by 32", "[qxl][releases]") {
  CommandBench bench;
  std::vector<std::uint64_t> handles;
  for (std::uint32_t i = 0; i < 40; ++i) {
    bench.push_block(CommandBlock::fill({0, 0, 1, 1}, {}, i, ropd_put));
    handles.push_back(bench.fetch()->drawable.release_id);
  }
  bench.set(ram::int_pending, 0);
  const auto produced = [&bench] { return bench.get32(ram::release_ring + 4); };
  for (std::size_t i = 0; i < 31; ++i) bench.send(device::Release{handles[i]});
  CHECK(produced() == 0);
  bench.send(device::Release{handles[31]});
  CHECK(produced() == 1);
  CHECK(bench.pending() == interrupt_display);  // the mark of a fresh ring is 1
  std::uint64_t id = bench.get64(ram::release_ring + 20);
  for (std::uint64_t expected = 1; expected <= 32; ++expected) {
    REQUIRE(id == expected);
    id = load_little_endian(&bench.ram()[pool + (expected - 1) * 65536], 8);
  }
  CHECK(id == 0);
  for (std::size_t i = 32; i < 40; ++i) bench.send(device::Release{handles[i]});
  bench.set(ram::int_pending, 0);

  SECTION("FLUSH_RELEASE publishes the open list, and an empty one too") {
    bench.port(Port::flush_release);
    CHECK(produced() == 2);
    CHECK(bench.get64(ram::release_ring + 28) == 33);
    bench.port(Port::flush_release);
    CHECK(produced() == 3);
    CHECK(bench.get64(ram::release_ring + 36) == 0);
    CHECK(bench.pending() == 0);
  }
  SECTION("NOTIFY_OOM does nothing while the guest has something to collect") {
    bench.port(Port::notify_oom);
    CHECK(produced() == 1);
    bench.set(ram::release_ring + 12, 1);
    bench.port(Port::notify_oom);
    CHECK(produced() == 2);
  }
  SECTION("only seven entries fit, and the open list waits") {
    for (int i = 0; i < 12; ++i) bench.port(Port::flush_release);
    CHECK(produced() == 7);
  }
}

TEST_CASE("after a reset the releases of an earlier life are ignored", "[qxl][releases]") {
  CommandBench bench;
  bench.push_block(CommandBlock::fill({0, 0, 1, 1}, {}, 1, ropd_put));
  const std::uint64_t handle = bench.fetch()->drawable.release_id;
  bench.come_up();
  bench.send(device::Release{handle});
  CHECK(bench.open_release() == 0);
  CHECK(bench.findings.empty());
}

TEST_CASE("a command that means nothing is given back and the next one works",
          "[qxl][commands][hostile]") {
  CommandBench bench;
  const auto put = [](std::size_t at, std::uint64_t value, std::size_t width) {
    return [=](Bytes& bytes, std::uint64_t) { store_little_endian(&bytes[at], value, width); };
  };
  const auto fill = CommandBlock::fill({0, 0, 8, 8}, {}, 1, ropd_put);
  const auto image_at = [](const Bytes& bytes) {
    return (load_little_endian(&bytes[body], 8) & 0xffff);
  };
  const auto put_image = [&](std::size_t field, std::uint64_t value, std::size_t width) {
    return [=](Bytes& bytes, std::uint64_t) {
      store_little_endian(&bytes[image_at(bytes) + field], value, width);
    };
  };
  SECTION("an operation that is not there") {
    bench.push_changed(fill, put(13, 99, 1));
  }
  SECTION("an effect that is not there") {
    bench.push_changed(fill, put(12, 8, 1));
  }
  SECTION("a box beyond the surface") {
    bench.push_changed(fill, put(43, 1025, 4));
  }
  SECTION("a negative box") {
    bench.push_changed(fill, put(35, ~0u, 4));
  }
  SECTION("an empty box") {
    bench.push_changed(fill, put(43, 0, 4));
  }
  SECTION("another surface") {
    bench.push_changed(fill, put(8, 1, 4));
  }
  SECTION("a dependency that is not there") {
    bench.push_changed(fill, put(67, 5, 4));
  }
  SECTION("no raster operation") {
    bench.push_changed(fill, put(body + 20, 0, 2));
  }
  SECTION("two raster operations") {
    bench.push_changed(fill, put(body + 20, 24, 2));
  }
  SECTION("a brush of no kind") {
    bench.push_changed(fill, put(body, 3, 4));
  }
  SECTION("a clip of no kind") {
    bench.push_changed(fill, put(47, 2, 4));
  }
  SECTION("a source outside the bitmap") {
    bench.push_changed(small_copy(), put(body + 20, 5, 4));
  }
  SECTION("an image of a type that guests may not send") {
    bench.push_changed(small_copy(), put_image(8, 103, 1));
  }
  SECTION("a pixel format that is not there") {
    bench.push_changed(small_copy(), put_image(18, 11, 1));
  }
  SECTION("a stride shorter than a row") {
    bench.push_changed(small_copy(), put_image(28, 15, 4));
  }
  SECTION("2 GiB of pixels") {
    bench.push_changed(small_copy(), [&](Bytes& bytes, std::uint64_t) {
      const auto image = image_at(bytes);
      store_little_endian(&bytes[image + 28], 0x7fff'ffff, 4);
    });
  }
  SECTION("palette colours without a palette") {
    bench.push_changed(small_copy(), put_image(18, 5, 1));
  }
  SECTION("a chunk with more than the image has") {
    bench.push_changed(small_copy(), put_image(48, 49, 4));
  }
  SECTION("a chunk with less than the image has") {
    bench.push_changed(small_copy(), put_image(48, 47, 4));
  }
  SECTION("a chain of chunks that runs in a circle") {
    bench.push_changed(small_copy(), [&](Bytes& bytes, std::uint64_t at) {
      const auto image = image_at(bytes);
      store_little_endian(&bytes[image + 48], 0, 4);
      store_little_endian(&bytes[image + 48 + 12], at + image + 48, 8);
    });
  }
  SECTION("copy_bits from outside the surface") {
    bench.push_changed(CommandBlock::copy_bits({0, 0, 8, 8}, {}, {4, 4}), put(body, 1020, 4));
  }
  CHECK(bench.fetch() == nullptr);
  CHECK(bench.open_release() == 1);
  CHECK(bench.findings.size() == 1);
  CHECK(bench.device.counters().refused == 1);
  CHECK_FALSE(bench.device.bug_latched());
  bench.check_next_command_works();
}

TEST_CASE("a cursor that means nothing is given back and the next one works",
          "[qxl][commands][hostile]") {
  CommandBench bench;
  const Bytes shape(4 * 2 * 2, std::byte{0x55});
  const auto set = CommandBlock::set_cursor({3, -4}, {9, 0, 2, 2, 1, 1}, shape);
  const auto put = [](std::size_t at, std::uint64_t value, std::size_t width) {
    return [=](Bytes& bytes, std::uint64_t) { store_little_endian(&bytes[at], value, width); };
  };
  constexpr std::size_t shape_at = 150;
  SECTION("an action that is not there") {
    bench.push_changed(set, put(8, 4, 1), CommandType::cursor);
  }
  SECTION("a shape of no kind") {
    bench.push_changed(set, put(shape_at + 8, 7, 2), CommandType::cursor);
  }
  SECTION("a shape larger than its data") {
    bench.push_changed(set, put(shape_at + 10, 3, 2), CommandType::cursor);
  }
  SECTION("a shape without end") {
    bench.push_changed(set, put(shape_at + 10, 60000, 2), CommandType::cursor);
  }
  CHECK(bench.fetch_cursor() == nullptr);
  CHECK(bench.open_release() == 1);
  bench.push_block(CommandBlock::move_cursor({1, 1}), CommandType::cursor);
  CHECK(bench.fetch_cursor() != nullptr);
}

TEST_CASE("addresses that do not decode latch the guest bug; cursors and a reset go on",
          "[qxl][commands][hostile]") {
  CommandBench bench;
  std::uint64_t released = 1;
  const auto fill = CommandBlock::fill({0, 0, 8, 8}, {}, 1, ropd_put);
  const auto put = [](std::size_t at, std::uint64_t value, std::size_t width) {
    return [=](Bytes& bytes, std::uint64_t) { store_little_endian(&bytes[at], value, width); };
  };
  SECTION("an image in a slot that is not there") {
    bench.push_changed(small_copy(), put(body + 7, 9, 1));
  }
  SECTION("an image of another generation") {
    bench.push_changed(small_copy(), put(body + 6, 1, 1));
  }
  SECTION("an image beyond the slot's end") {
    bench.push_changed(small_copy(), put(body + 4, 1, 1));
  }
  SECTION("a mask that is not there") {
    bench.push_changed(fill, put(body + 31, 1, 8));
  }
  SECTION("a clip list whose count and chunk contradict each other") {
    const Rect one[] = {{0, 0, 1, 1}};
    const auto clipped = CommandBlock::fill({0, 0, 8, 8}, one, 1, ropd_put);
    bench.push_changed(clipped, put(191, 5, 4));
  }
  SECTION("a clip list of four thousand million rectangles") {
    const Rect one[] = {{0, 0, 1, 1}};
    const auto clipped = CommandBlock::fill({0, 0, 8, 8}, one, 1, ropd_put);
    bench.push_changed(clipped, [](Bytes& bytes, std::uint64_t) {
      store_little_endian(&bytes[191], UINT32_MAX, 4);
      store_little_endian(&bytes[195], UINT32_MAX, 4);
    });
  }
  SECTION("a cursor command in the command ring") {
    const std::uint64_t offset = pool;
    CommandBlock move = CommandBlock::move_cursor({1, 1});
    bench.poke(offset, move.place(DeviceBench::slot1(offset), 1));
    bench.push(bench.ring(CommandType::draw), {DeviceBench::slot1(offset), 3});
    ++bench.next;
  }
  SECTION("a command that is nowhere: its id cannot be read") {
    bench.push(std::uint64_t{5} << 56);
    released = 0;
  }
  SECTION("a ring of a size that it does not have") {
    bench.push_block(fill);
    bench.set(ram::command_ring, 64);
    released = 0;
  }
  CHECK(bench.fetch() == nullptr);
  CHECK(bench.device.bug_latched());
  CHECK((bench.pending() & interrupt_error) != 0);
  CHECK(bench.findings.size() == 1);
  CHECK(bench.open_release() == released);

  bench.push_block(CommandBlock::move_cursor({1, 1}), CommandType::cursor);
  CHECK(bench.fetch_cursor() != nullptr);
  bench.come_up();
  bench.check_next_command_works();
}

TEST_CASE("no bytes in command memory do harm", "[qxl][commands][hostile]") {
  rc::prop("a mangled command is handed over or refused, and the device goes on", [] {
    CommandBench bench;
    const Rect clip[] = {{0, 0, 30, 30}, {2, 2, 9, 9}};
    std::vector<CommandBlock> blocks{CommandBlock::copy({20, 10, 23, 14}, clip, small_picture(),
                                                        {0, 0}, ropd_put, {Rows::top_down, 1}),
                                     CommandBlock::fill({0, 0, 40, 40}, clip, 1, ropd_xor),
                                     CommandBlock::copy_bits({0, 0, 8, 8}, clip, {4, 4})};
    const auto& block = blocks[*rc::gen::inRange<std::size_t>(0, blocks.size())];
    const auto flips =
        *rc::gen::container<std::vector<std::pair<std::size_t, std::uint8_t>>>(rc::gen::pair(
            rc::gen::inRange<std::size_t>(8, block.size()), rc::gen::arbitrary<std::uint8_t>()));
    bench.push_changed(block, [&flips](Bytes& bytes, std::uint64_t) {
      for (const auto& [at, value] : flips) bytes[at] ^= static_cast<std::byte>(value);
    });
    bench.fetch();
    bench.run(100'000'000);  // lists may have become very long
    const bool handed_over = bench.last<device::DrawCommand>() != nullptr;
    RC_ASSERT(handed_over != (bench.open_release() == 1));
    bench.come_up();
    bench.push_block(CommandBlock::fill({0, 0, 5, 5}, {}, 0x10, ropd_put));
    RC_ASSERT(bench.fetch() != nullptr);
  });
}

}  // namespace spicebench::qxl::test
