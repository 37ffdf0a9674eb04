// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>

#include "core/base/hash.hpp"
#include "core/wire/agent.hpp"
#include "core/wire/message.hpp"

namespace spicebench::qxl {

// Where files of the client come to in the guest. Their bytes are hashed and counted, not kept.
//
// Source: channels.md §12.9: the agent's duties.
class FileReceiver {
 public:
  struct File {
    std::string name;  // as it is in the guest: another one if the sender's was taken
    std::uint64_t bytes = 0;
    Hash128 hash;
  };
  using Send = std::function<void(wire::AnyMessage)>;

  //   disk_bytes  free for files
  FileReceiver(std::uint64_t disk_bytes, Send send, std::function<void(const File&)> received)
      : free_(disk_bytes), send_(std::move(send)), received_(std::move(received)) {}

  void set_details(bool both_have_them) { details_ = both_have_them; }
  void handle(const wire::agent::FileXferStart& message);
  void handle(const wire::agent::FileXferData& message);
  void handle(const wire::agent::FileXferStatus<Side::client>& message);
  void cancel_all();  // the client is gone
  std::size_t running() const { return running_.size(); }

  static constexpr std::size_t most_running = 64, most_name_bytes = 255;

 private:
  struct Transfer {
    std::string name;
    std::uint64_t size = 0, taken = 0;
    Hasher hasher;
  };
  void say(std::uint32_t id, wire::agent::FileXferResult result);
  void end(std::uint32_t id, wire::agent::FileXferResult result);

  std::uint64_t free_;
  Send send_;
  std::function<void(const File&)> received_;
  bool details_ = false;
  std::map<std::uint32_t, Transfer> running_;
  std::set<std::string> names_;
};

}  // namespace spicebench::qxl
