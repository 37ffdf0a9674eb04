// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <memory>
#include <optional>

#include "core/base/hash.hpp"
#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"
#include "recorder/store/schema.hpp"

namespace spicebench::recorder {

// States of a recording after some of its messages, kept in the file itself as an index: made from
// the messages, outside of every digest, and gone as soon as a message before them is changed.
// Their parts (runs of pixels) are kept by hash, each once, compressed.
class Checkpoints {
 public:
  enum class Access : std::uint8_t {
    read,   // what is there
    write,  // and more of it
  };
  // Errors: not_found, io (a file that must not be written), malformed.
  static Result<Checkpoints> open(const std::filesystem::path& recording, Access access);
  Checkpoints(Checkpoints&&) noexcept;
  Checkpoints& operator=(Checkpoints&&) noexcept;
  ~Checkpoints();

  struct Checkpoint {
    MessageId message = 0;
    Bytes state;
  };
  // The last one at or before a message that has this kind of state; nothing: none.
  Result<std::optional<Checkpoint>> at_or_before(MessageId message, std::string_view kind) const;
  Result<void> add(MessageId message, std::string_view kind, BytesView state);

  Result<Hash128> put_part(BytesView bytes);
  // Errors: not_found, malformed (not `size` bytes, or others than the hash says).
  Result<SharedBytes> part(const Hash128& hash, std::size_t size) const;

  // Keeps what was added; without it nothing is. The last thing done with an object for writing.
  // Nobody may be in the middle of reading the file.
  Result<void> commit() &&;

 private:
  struct State;
  explicit Checkpoints(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace spicebench::recorder
