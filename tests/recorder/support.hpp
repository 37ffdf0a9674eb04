// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace spicebench::test {

namespace fs = std::filesystem;

// A directory that is gone at the end of the test.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "spicebench-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Scratch() { fs::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  fs::path operator/(const char* name) const { return path_ / name; }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_))
      names.push_back(entry.path().filename().string());
    return names;
  }

 private:
  fs::path path_;
};

template <class T>
T value(Result<T> result) {
  if (!result) FAIL(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// The folders of corpus/captures that hold `file`, in order. With the sanitizers on, which make
// everything ten times as slow, those of the captures that are small.
inline std::vector<std::string> capture_names(const char* file) {
  std::vector<std::string> names;
  for (const auto& entry :
       fs::directory_iterator(fs::path(SPICEBENCH_SOURCE_DIR) / "corpus/captures")) {
    if (!fs::exists(entry.path() / file)) continue;
#ifdef __SANITIZE_ADDRESS__
    if (fs::file_size(entry.path() / "capture.pcapng.zst") > 300'000) continue;
#endif
    names.push_back(entry.path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

inline void run_sql(const fs::path& path, const std::string& sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  const int outcome = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
  INFO(sqlite3_errmsg(database));
  CHECK(outcome == SQLITE_OK);
  sqlite3_close(database);
}
inline std::string ask_sql(const fs::path& path, const std::string& sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
  sqlite3_stmt* query = nullptr;
  REQUIRE(sqlite3_prepare_v2(database, sql.c_str(), -1, &query, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_step(query) == SQLITE_ROW);
  std::string answer = reinterpret_cast<const char*>(sqlite3_column_text(query, 0));
  sqlite3_finalize(query);
  sqlite3_close(database);
  return answer;
}

inline Bytes read_bytes(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  return {as_bytes(text).begin(), as_bytes(text).end()};
}
inline void write_bytes(const fs::path& path, BytesView bytes) {
  std::ofstream(path, std::ios::binary) << as_text(bytes);
}

// Writes integers of the widths that a protocol table gives.
struct Put {
  Bytes& out;
  Put& u8(std::uint64_t value) { return append_little_endian(out, value, 1), *this; }
  Put& u16(std::uint64_t value) { return append_little_endian(out, value, 2), *this; }
  Put& u32(std::uint64_t value) { return append_little_endian(out, value, 4), *this; }
  Put& u64(std::uint64_t value) { return append_little_endian(out, value, 8), *this; }
};

// The link stage of one SPICE connection, ticket accepted: what each side sends (protocol §1).
struct LinkStage {
  Bytes client_hello, server_reply, client_ticket, server_result;
};
inline LinkStage link_stage(std::uint8_t channel, std::uint8_t channel_id, bool mini) {
  const std::uint32_t caps = mini ? 0b1011 : 0b0011;  // auth selection, auth spice, mini header
  LinkStage stage;
  Put{stage.client_hello}.u32(0x51444552).u32(2).u32(2).u32(18 + 4);
  Put{stage.client_hello}.u32(0).u8(channel).u8(channel_id).u32(1).u32(0).u32(18).u32(caps);
  Put{stage.server_reply}.u32(0x51444552).u32(2).u32(2).u32(178 + 4).u32(0);
  stage.server_reply.resize(stage.server_reply.size() + 162, std::byte{0x30});
  Put{stage.server_reply}.u32(1).u32(0).u32(178).u32(caps);
  Put{stage.client_ticket}.u32(1);
  stage.client_ticket.resize(4 + 128, std::byte{0x55});
  Put{stage.server_result}.u32(0);
  return stage;
}
// One message of the wire.
inline Bytes message_bytes(bool mini, std::uint64_t serial, std::uint16_t type, BytesView body) {
  Bytes bytes;
  if (!mini) Put{bytes}.u64(serial);
  Put{bytes}.u16(type).u32(body.size());
  if (!mini) Put{bytes}.u32(0);
  append(bytes, body);
  return bytes;
}

}  // namespace spicebench::test
