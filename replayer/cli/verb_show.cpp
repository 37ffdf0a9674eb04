// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/wire/print.hpp"
#include "core/wire/tree.hpp"
#include "recorder/inner_messages.hpp"
#include "recorder/store/reader.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/hex_dump.hpp"
#include "replayer/cli/image_walk.hpp"
#include "replayer/cli/inner_view.hpp"
#include "replayer/cli/show_events.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/replay/compare.hpp"
#include "replayer/replay/divergence.hpp"

namespace spicebench::cli {
namespace {

using nlohmann::ordered_json;
using recorder::ConnectionRow;
using recorder::MessageRow;

constexpr std::size_t line_text = 100;     // characters of a message's fields on its one line
constexpr std::size_t shown_bytes = 4096;  // of a body in the hex dump

// A recording with what the listing needs to know of its connections.
class Listing {
 public:
  explicit Listing(const recorder::Reader& recording)
      : recording_(recording), labels_(replayer::labels_of(recording)) {}

  Result<void> list(const ShowVerb& verb) const {
    auto messages = recording_.messages();
    recorder::InnerMessages inner;
    Inside inside;
    for (std::uint64_t shown = 0; verb.limit == 0 || shown < verb.limit;) {
      const auto row = TRY(messages.next());
      if (!row) break;
      const ConnectionRow* connection = recording_.connection(row->connection);
      if (!connection) continue;
      inside.clear();
      if (!inner.read(*connection, *row, inside)) inside.clear();  // show --message says why
      if (!wanted(verb, *connection, *row)) continue;
      ++shown;
      if (!print((verb.json ? json_of(*connection, *row, inside).dump()
                            : line_of(*connection, *row, inside)) +
                 "\n"))
        break;
    }
    if (!verb.json) tell_encrypted(verb);
    return {};
  }

  Result<void> one(const ShowVerb& verb) const {
    const MessageRow row = TRY(recording_.message(verb.message));
    const ConnectionRow* connection = recording_.connection(row.connection);
    if (!connection)
      return fail(ErrorCode::malformed, fmt::format("message {} is of connection {}, which is not "
                                                    "there",
                                                    row.id, row.connection));
    const auto inside = TRY(inner_view(recording_, *connection, row));
    const auto images = TRY(images_in(recording_, *connection, row));
    verb.json ? print_json(*connection, row, inside, images)
              : print_text(*connection, row, inside, images);
    return {};
  }

 private:
  using Inside = std::vector<wire::InnerMessage>;

  // Connections without a message to list.
  void tell_encrypted(const ShowVerb& verb) const {
    for (const ConnectionRow& connection : recording_.connections())
      if (connection.transport == recorder::Transport::sasl && wanted_channel(verb, connection))
        print(fmt::format("{}\n",
                          faint(fmt::format("{}: a SASL security layer encrypts its messages; "
                                            "they are kept as they passed",
                                            labels_.at(connection.id)))));
  }

  bool wanted_channel(const ShowVerb& verb, const ConnectionRow& connection) const {
    const std::string& label = labels_.at(connection.id);
    return verb.channel.empty() || label == verb.channel || label.starts_with(verb.channel + "/");
  }
  bool wanted(const ShowVerb& verb, const ConnectionRow& connection, const MessageRow& row) const {
    if (!wanted_channel(verb, connection)) return false;
    return verb.type.empty() ||
           replayer::message_name(connection.channel, row.by, row.type) == verb.type;
  }

  static const wire::MessageInfo* described(const ConnectionRow& connection,
                                            const MessageRow& row) {
    const auto* info = wire::find_message(connection.channel, row.by, row.type);
    return info && info->layout ? info : nullptr;
  }

  std::string fields_of(const ConnectionRow& connection, const MessageRow& row) const {
    const auto* info = described(connection, row);
    if (!info) return row.size > 0 ? "(not described)" : "";
    const auto context = replayer::context_of(connection);
    const auto decoded = wire::decode_any(*info, row.body, context);
    return decoded ? wire::to_text(decoded->message, context) : decoded.error().text();
  }

  std::string line_of(const ConnectionRow& connection, const MessageRow& row,
                      const Inside& inside) const {
    std::string fields;
    for (const wire::InnerMessage& one : inside)
      fields += (fields.empty() ? "" : ", ") + text_of(one);
    if (fields.empty()) fields = fields_of(connection, row);
    if (fields.size() > line_text) {
      std::size_t cut = line_text - 3;
      while (cut > 0 && (static_cast<unsigned char>(fields[cut]) & 0xc0) == 0x80) --cut;  // UTF-8
      fields = fields.substr(0, cut) + "...";
    }
    return fmt::format("{:>7}  {:>15}  {:6}  {:11}  {:24}  {:>8}  {}", row.id, seconds_of(row.sent),
                       name_of(row.by), labels_.at(connection.id),
                       replayer::message_name(connection.channel, row.by, row.type), row.size,
                       faint(fields));
  }

  // The seconds without their unit, to stand in a column.
  static std::string seconds_of(Instant at) {
    std::string text = replayer::seconds_text(at);
    text.resize(text.size() - 2);
    return text;
  }

  ordered_json json_of(const ConnectionRow& connection, const MessageRow& row,
                       const Inside& inside) const {
    ordered_json json = {{"id", row.id},
                         {"sent_ns", nanoseconds(row.sent)},
                         {"arrived_ns", nullptr},
                         {"connection", connection.id},
                         {"channel", labels_.at(connection.id)},
                         {"side", name_of(row.by)},
                         {"name", replayer::message_name(connection.channel, row.by, row.type)},
                         {"type", row.type},
                         {"serial", row.serial},
                         {"size", row.size}};
    if (row.arrived) json["arrived_ns"] = nanoseconds(*row.arrived);
    if (const auto* info = described(connection, row)) {
      const auto context = replayer::context_of(connection);
      const auto decoded = wire::decode_any(*info, row.body, context);
      if (decoded)
        json["fields"] = wire::to_json(decoded->message, context);
      else
        json["error"] = decoded.error().text();
    }
    for (const wire::InnerMessage& one : inside)
      json["inner"].push_back(cli::json_of(one, *wire::inner_protocol(connection.channel)));
    return json;
  }

  static ordered_json tree_json(const wire::TreeNode& node) {
    ordered_json json = {{"name", node.name},
                         {"type", node.type},
                         {"value", node.value},
                         {"offset", node.offset},
                         {"size", node.size}};
    for (const wire::TreeNode& child : node.children) json["children"].push_back(tree_json(child));
    return json;
  }

  void print_json(const ConnectionRow& connection, const MessageRow& row,
                  const std::optional<InnerView>& inside,
                  const std::vector<FoundImage>& images) const {
    ordered_json json = json_of(connection, row, inside ? inside->messages : Inside());
    if (const auto* info = described(connection, row))
      json["tree"] =
          tree_json(wire::tree_of(*info->layout, row.body, replayer::context_of(connection)).root);
    if (inside) {
      for (std::size_t i = 0; i < inside->messages.size(); ++i) {
        const wire::InnerMessage& one = inside->messages[i];
        if (one.info)
          json["inner"][i]["tree"] =
              tree_json(wire::tree_of(*one.info->layout, one.body, one.context()).root);
      }
      json["inner_completed_by"] =
          inside->completed_by ? ordered_json(inside->completed_by) : ordered_json();
      if (inside->error) json["inner_error"] = inside->error->text();
    }
    for (const FoundImage& image : images) json["images"].push_back(cli::json_of(image));
    json["body"] = hex(row.body);
    print(json.dump(2) + "\n");
  }

  static void print_tree(const wire::TreeNode& node, std::size_t depth) {
    const std::string range = fmt::format("{}..{}", node.offset, node.offset + node.size);
    print(fmt::format("{:>15}  {:{}}{}{}  {}\n", range, "", depth * 2, node.name,
                      node.value.empty() ? "" : ": " + node.value, faint(node.type)));
    for (const wire::TreeNode& child : node.children) print_tree(child, depth + 1);
  }

  // A layout's tree over its bytes, with what is wrong or left over.
  static void print_tree_of(const wire::Layout& layout, const SharedBytes& bytes,
                            const wire::Context& context) {
    const auto tree = wire::tree_of(layout, bytes, context);
    print_tree(tree.root, 0);
    if (tree.error) print(fmt::format("{}: {}\n", bad("error"), tree.error->text()));
    if (tree.used < bytes.size())
      print(fmt::format("{} bytes at the end are no part of it\n", bytes.size() - tree.used));
  }

  static void print_inner(const ConnectionRow& connection, const MessageRow& row,
                          const InnerView& inside) {
    const auto protocol = wire::name_of(*wire::inner_protocol(connection.channel));
    for (const wire::InnerMessage& one : inside.messages) {
      print(fmt::format("inside     {} {}, {} bytes{}\n", protocol, name_of(one), one.body.size(),
                        inside.completed_by == row.id
                            ? ""
                            : fmt::format(", complete with message {}", inside.completed_by)));
      if (one.header_layout) print_tree_of(*one.header_layout, one.header, {});
      if (one.info)
        print_tree_of(*one.info->layout, one.body, one.context());
      else
        print(hex_dump(one.body.view().first(std::min(one.body.size(), shown_bytes))));
    }
    if (inside.messages.empty() && inside.unfinished.bytes > 0)
      print(fmt::format("inside     {} {}: {} bytes of {}, the rest never came\n", protocol,
                        inside.unfinished.info ? inside.unfinished.info->name : "message",
                        inside.unfinished.bytes, inside.unfinished.size));
    if (inside.error)
      print(fmt::format("{}: {}: {}\n", bad("error"), protocol, inside.error->text()));
  }

  void print_text(const ConnectionRow& connection, const MessageRow& row,
                  const std::optional<InnerView>& inside,
                  const std::vector<FoundImage>& images) const {
    print(fmt::format("message    {} of {}, {} to {}\n",
                      replayer::message_name(connection.channel, row.by, row.type),
                      labels_.at(connection.id), name_of(row.by), name_of(other(row.by))));
    print(fmt::format("id         {}, type {}, serial {}, body {} bytes\n", row.id, row.type,
                      row.serial, row.size));
    print(fmt::format("sent       {}\n", replayer::seconds_text(row.sent)));
    if (row.arrived) print(fmt::format("arrived    {}\n", replayer::seconds_text(*row.arrived)));
    if (const auto* info = described(connection, row))
      print_tree_of(*info->layout, row.body, replayer::context_of(connection));
    if (inside) print_inner(connection, row, *inside);
    for (const FoundImage& image : images) print(fmt::format("image      {}\n", text_of(image)));
    const auto shown = row.body.view().first(std::min(row.body.size(), shown_bytes));
    print(hex_dump(shown));
    if (shown.size() < row.body.size())
      print(fmt::format("... {} more bytes; --json has all\n", row.body.size() - shown.size()));
  }

  const recorder::Reader& recording_;
  std::map<recorder::ConnectionId, std::string> labels_;
};

// A filter that can match nothing is a mistake of the one who typed it.
Result<void> check_filters(const ShowVerb& verb) {
  if (!verb.channel.empty() &&
      !wire::channel_named(verb.channel.substr(0, verb.channel.find_first_of("/#"))))
    return fail(ErrorCode::malformed, fmt::format("no channel is named \"{}\"", verb.channel));
  const auto named = [&verb](const wire::MessageInfo& info) { return info.name == verb.type; };
  if (!verb.type.empty() && !verb.type.starts_with("type_") &&
      std::ranges::none_of(wire::all_messages(), named))
    return fail(ErrorCode::malformed, fmt::format("no message is named \"{}\"", verb.type));
  return {};
}

Result<void> show(const ShowVerb& verb) {
  CHECKED(check_filters(verb));
  const auto recording = TRY(recorder::Reader::open(verb.recording));
  if (verb.trace) return show_trace(recording, verb);
  if (verb.notices) return show_notices(recording, verb);
  const Listing listing(recording);
  return verb.message > 0 ? listing.one(verb) : listing.list(verb);
}

}  // namespace

int perform(const ShowVerb& verb) {
  const auto shown = show(verb);
  if (!shown) return fail_with("show", shown.error(), verb.recording.string());
  return exit_as_expected;
}

int perform(const Exit& exit) {
  return exit.code;
}

}  // namespace spicebench::cli
