// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <concepts>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// The doors of core/wire: the catalogue of messages, and the typed entrances to the walks over the
// field tables (layout.hpp). Everything here works from the one description of each message.
namespace spicebench::wire {

struct Layout;  // layout.hpp

struct MessageInfo {
  MessageKey key;
  std::string_view name;           // as in the protocol, lower case: "draw_copy"
  const Layout* layout = nullptr;  // null: known by name, its body not described yet
};
// The message of this number on this channel; common messages are found on every protocol channel
// (but tunnel) under their own numbers. Null: unknown.
const MessageInfo* find_message(ChannelType channel, Side sender, std::uint16_t id);
std::span<const MessageInfo> all_messages();    // ordered by key
std::string_view name_of(ChannelType channel);  // "main"; "unknown" for other numbers
std::optional<ChannelType> channel_named(std::string_view name);

// What decoding and encoding may depend on besides the bytes: capability words of both ends of the
// connection, those of both ends of the protocol inside it (agent, USB redirection), and a setting
// that no message carries.
struct Context {
  std::span<const std::uint32_t> client_common_caps, client_channel_caps;
  std::span<const std::uint32_t> server_common_caps, server_channel_caps;
  std::span<const std::uint32_t> client_agent_caps, guest_agent_caps;
  bool lossy_images = false;  // JPEG enabled: the form of display migration data (§8.6)
};

// Appends the wire form of the object behind `object`, of the type that `layout` describes.
void encode(const Layout& layout, const void* object, Bytes& out, const Context& context = {});
// Fills `object` (default constructed before) from a whole message body. Large runs of bytes become
// slices of `body`. Returns how many bytes of the body the layout covers (pointer targets
// included); the rest is trailing and legal (protocol.md §0.2). Enforces every bound of the tables.
Result<std::size_t> decode(const Layout& layout, void* object, const SharedBytes& body,
                           const Context& context = {});

template <class T>
concept Message = requires {
  { T::message } -> std::convertible_to<MessageKey>;
};
const MessageInfo& described(const MessageKey& key);  // precondition: described
template <Message T>
const MessageInfo& info_of() {
  static const MessageInfo& info = described(T::message);
  return info;
}
template <Message T>
void encode(const T& message, Bytes& out, const Context& context = {}) {
  encode(*info_of<T>().layout, &message, out, context);
}
template <Message T>
Result<T> decode(const SharedBytes& body, const Context& context = {}) {
  T message;
  auto used = decode(*info_of<T>().layout, &message, body, context);
  if (!used) return std::unexpected(std::move(used).error());
  return message;
}

// A message of any described type, type erased: what decoding by number yields, what a value link
// carries, what the printers and the diff take.
class AnyMessage {
 public:
  AnyMessage() = default;
  AnyMessage(const MessageInfo& info, std::shared_ptr<const void> object)
      : info_(&info), object_(std::move(object)) {}
  template <Message T>
  static AnyMessage of(T message) {
    return {info_of<T>(), std::make_shared<const T>(std::move(message))};
  }
  const MessageInfo& info() const { return *info_; }
  const void* object() const { return object_.get(); }
  // Null if it is another message.
  template <Message T>
  const T* as() const {
    return info_ && info_->key == T::message ? static_cast<const T*>(object_.get()) : nullptr;
  }

 private:
  const MessageInfo* info_ = nullptr;
  std::shared_ptr<const void> object_;
};
struct Decoded {
  AnyMessage message;
  std::size_t used = 0;  // bytes of the body that the layout covers
};
// Precondition: info.layout is not null.
Result<Decoded> decode_any(const MessageInfo& info, const SharedBytes& body,
                           const Context& context = {});

}  // namespace spicebench::wire
