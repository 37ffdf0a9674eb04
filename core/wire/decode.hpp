// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/layout.hpp"

namespace spicebench::wire {

// Told by decode what stands where. Every begin has its end, unless decoding stops with an error.
class DecodeTrace {
 public:
  virtual ~DecodeTrace() = default;
  // A field, or an item of a list (`field` is then the list, `index` the item's).
  virtual void begin(const Field& field, std::size_t offset) = 0;
  virtual void begin_item(const Field& field, std::size_t index, std::size_t offset) = 0;
  // What the pointer just begun points at.
  virtual void begin_target(const Field& field, std::size_t offset) = 0;
  // The part begun last ends before this offset. `number`: the value of a scalar, count, jump or
  // pointer, the number of items of a list; `bytes` is that run.
  virtual void end(std::size_t offset, std::uint64_t number, BytesView bytes) = 0;
};
// As decode of message.hpp. `trace` may be null.
Result<std::size_t> decode(const Layout& layout, void* object, const SharedBytes& body,
                           const Context& context, DecodeTrace* trace);

}  // namespace spicebench::wire
