// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/side.hpp"

namespace spicebench::recorder {

// What lies between TCP and SPICE in a connection that somebody else captured: bytes of both
// directions in, the bytes that they carry out.
class Layer {
 public:
  using Inner = std::function<void(Side by, BytesView bytes)>;
  virtual ~Layer() = default;
  virtual std::string_view name() const = 0;  // "TLS"
  // Takes what `by` sent next and tells `inner` what came out of it: of either side, since a word
  // of one can be what the other's bytes waited for. An error is final for both directions; its
  // path names the side, its offset counts bytes of that side's stream.
  virtual Result<void> sent(Side by, BytesView bytes, const Inner& inner) = 0;
  // Bytes of a side that belong to something whose rest has not come.
  virtual std::uint64_t unfinished(Side by) const = 0;
};

// An error of a layer, with the side whose bytes are at fault.
inline Error of_side(Side by, Error error) {
  return std::move(error).within(by == Side::client ? "client stream" : "server stream");
}

}  // namespace spicebench::recorder
