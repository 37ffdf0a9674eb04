// SPDX-License-Identifier: LGPL-2.1-or-later
// spicebench_fuzz [SECONDS] | --seed N --rounds COUNT: see README.md of this folder.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/random.hpp"
#include "core/wire/framer.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/print.hpp"
#include "core/wire/sub_message.hpp"
#include "core/wire/tree.hpp"
#include "core/wire/validate.hpp"

using namespace spicebench;

namespace {

void mutate(Bytes& bytes, Random& random) {
  for (std::uint64_t changes = random.below(4) + 1; changes > 0 && !bytes.empty(); --changes) {
    const std::size_t at = random.below(bytes.size());
    switch (random.below(5)) {
      case 0:
        bytes[at] = static_cast<std::byte>(random.next());
        break;
      case 1:
        bytes[at] ^= static_cast<std::byte>(1u << random.below(8));
        break;
      case 2:  // an integer at the edge of its type
        store_little_endian(&bytes[at], random.chance(1, 2) ? UINT64_MAX : 0x8000'0000'7fff'ffffu,
                            std::min<std::size_t>(bytes.size() - at, 4));
        break;
      case 3:
        bytes.resize(at);
        break;
      default:
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), random.below(8) + 1,
                     std::byte{0});
    }
  }
}

void one_message(Random& random) {
  const auto all = wire::all_messages();
  const wire::MessageInfo* info = nullptr;
  do info = &all[random.below(all.size())];
  while (!info->layout);
  wire::RandomChoices choices(random.fork("value"));
  Bytes body;
  wire::encode(*info->layout, wire::generate(*info, choices).object(), body);
  mutate(body, random);
  const SharedBytes shared(std::move(body));
  wire::tree_of(*info->layout, shared);
  (void)wire::split_sub_messages(shared, random.below(8));
  if (const auto decoded = wire::decode_any(*info, shared)) {
    wire::validate(decoded->message);
    wire::to_text(decoded->message);
    wire::to_json(decoded->message);
  }
}

void one_connection(Random& random) {
  wire::link::LinkMess mess;
  mess.channel_type = static_cast<std::uint8_t>(random.below(12));
  mess.common_caps = {static_cast<std::uint32_t>(random.below(16))};
  wire::link::LinkReply reply;
  reply.common_caps = {static_cast<std::uint32_t>(random.below(16))};
  Bytes client = wire::link::unit_of(mess), server = wire::link::unit_of(reply);
  append(client, random.bytes(random.below(400)));
  append_little_endian(server, random.below(2), 4);
  append(server, random.bytes(random.below(400)));
  mutate(client, random);
  mutate(server, random);
  wire::ConnectionFramer framer;
  for (std::size_t c = 0, s = 0; c < client.size() || s < server.size();) {
    const std::size_t c_count = std::min(client.size() - c, random.below(60)),
                      s_count = std::min(server.size() - s, random.below(60));
    framer.feed(Side::client, BytesView(client).subspan(c, c_count));
    framer.feed(Side::server, BytesView(server).subspan(s, s_count));
    c += c_count;
    s += s_count;
    for (const Side side : {Side::client, Side::server, Side::client})
      for (;;) {
        const auto unit = framer.next(side);
        if (!unit || !*unit) break;
      }
  }
}

}  // namespace

int main(int count, char** arguments) {
  std::uint64_t seed = 1, rounds = UINT64_MAX;
  auto limit = std::chrono::seconds(60);
  for (int i = 1; i < count; ++i) {
    const std::string_view word = arguments[i];
    if (word == "--seed" && i + 1 < count)
      seed = std::strtoull(arguments[++i], nullptr, 10);
    else if (word == "--rounds" && i + 1 < count)
      rounds = std::strtoull(arguments[++i], nullptr, 10);
    else
      limit = std::chrono::seconds(std::strtoll(arguments[i], nullptr, 10));
  }
  const auto end = std::chrono::steady_clock::now() + limit;
  std::uint64_t done = 0;
  for (; done < rounds && (rounds != UINT64_MAX || std::chrono::steady_clock::now() < end);
       ++done) {
    Random random(seed + done);
    random.chance(1, 2) ? one_message(random) : one_connection(random);
  }
  fmt::print("{} inputs from seed {}: no finding\n", done, seed);
}
