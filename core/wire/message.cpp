// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/message.hpp"

#include "core/wire/layout.hpp"

namespace spicebench::wire {

Result<Decoded> decode_any(const MessageInfo& info, const SharedBytes& body,
                           const Context& context) {
  std::shared_ptr<void> object = info.layout->make();
  auto used = decode(*info.layout, object.get(), body, context);
  if (!used) [[unlikely]]
    return std::unexpected(std::move(used).error());
  return Decoded{AnyMessage(info, std::move(object)), *used};
}

}  // namespace spicebench::wire
