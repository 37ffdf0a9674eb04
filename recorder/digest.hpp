// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string>
#include <vector>

#include "core/base/hash.hpp"
#include "core/base/result.hpp"
#include "recorder/store/reader.hpp"

namespace spicebench::recorder {

// What a recording says, without times and numbers of the file, in layers:
//   guest                 what the guest did (meta digest.guest), if recorded
//   device                the messages of the device link(s), each side in order
//   user                  the same of the user link(s)
//   wire CHANNEL/ID[#N]   one SPICE connection: header form, link result, capabilities, and of each
//                         side the messages (headers, bodies, order) and bytes that are no message;
//                         not the link stage (tickets and keys), SASL, or times. N from 2: the N-th
//                         connection of that channel, by time of opening
//   screens               the sequence of pictures (not their times), if recorded
//   total                 all of the above
struct DigestLine {
  std::string layer;
  Hash128 value;
  bool operator==(const DigestLine&) const = default;
};
struct Digest {
  std::vector<DigestLine> lines;  // in the order above, wire by channel number, id, N
  Hash128 total;
  std::string text() const;  // one line each: "LAYER HEX", total last
};
Result<Digest> digest_of(const Reader& recording);

}  // namespace spicebench::recorder
