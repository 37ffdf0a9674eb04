// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/server/agent_bench.hpp"

namespace spicebench::server {

std::uint64_t FakeAgent::wanted() const {
  std::uint64_t all = 0;
  for (const auto& one : bench_.device_heard<wire::device::CharDeviceWanted>()) all += one.bytes;
  return all;
}

void FakeAgent::write(BytesView bytes, std::size_t piece) {
  append(unsent_, bytes);
  piece_ = piece;
  flush();
}

void FakeAgent::flush() {
  while (!unsent_.empty() && wanted() > written_) {
    const auto now = static_cast<std::size_t>(
        std::min<std::uint64_t>({unsent_.size(), piece_, wanted() - written_}));
    const auto end = unsent_.begin() + static_cast<std::ptrdiff_t>(now);
    Bytes part(unsent_.begin(), end);
    unsent_.erase(unsent_.begin(), end);
    written_ += now;
    bench_.device_says(wire::device::CharDeviceOutput{agent_device, std::move(part)});
  }
}

void FakeAgent::say(const wire::AnyMessage& message, std::uint32_t port, std::size_t chunk) {
  const Bytes whole = agent::bytes_of(message);
  for (std::size_t at = 0; at < whole.size(); at += std::min(chunk, whole.size() - at)) {
    const std::size_t size = std::min(chunk, whole.size() - at);
    Bytes bytes;
    append_little_endian(bytes, port, 4);
    append_little_endian(bytes, size, 4);
    append(bytes, BytesView(whole).subspan(at, size));
    write(bytes);
  }
}

std::vector<FakeAgent::Chunk> FakeAgent::chunks() const {
  Bytes all;
  for (const auto& input : bench_.device_heard<wire::device::CharDeviceInput>())
    if (input.opening == opening_) append(all, input.data);
  std::vector<Chunk> out;
  for (std::size_t at = 0; at + 8 <= all.size();) {
    const auto size = load_little_endian(all.data() + at + 4, 4);
    if (all.size() - at - 8 < size) break;
    const BytesView bytes = BytesView(all).subspan(at + 8, size);
    out.push_back({static_cast<std::uint32_t>(load_little_endian(all.data() + at, 4)),
                   Bytes(bytes.begin(), bytes.end())});
    at += 8 + size;
  }
  return out;
}

Bytes FakeAgent::heard(std::uint32_t port) const {
  Bytes out;
  for (const Chunk& chunk : chunks())
    if (chunk.port == port) append(out, chunk.bytes);
  return out;
}

std::vector<agent::Assembler::Whole> FakeAgent::messages(std::uint32_t port) const {
  std::vector<agent::Assembler::Whole> out;
  agent::Assembler assembler(UINT32_MAX);
  for (const Chunk& chunk : chunks()) {
    if (chunk.port != port) continue;
    auto whole = assembler.take(SharedBytes::copy_of(chunk.bytes));
    REQUIRE(whole.has_value());
    if (*whole) out.push_back(**whole);
  }
  return out;
}

Bytes block(std::uint32_t type, std::uint32_t size, std::size_t have, std::byte fill) {
  Bytes bytes;
  append_little_endian(bytes, 1, 4);
  append_little_endian(bytes, type, 4);
  append_little_endian(bytes, 0, 8);
  append_little_endian(bytes, size, 4);
  bytes.resize(wire::agent::header_bytes + have, fill);
  return bytes;
}

}  // namespace spicebench::server
