// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/diff/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/wire/frame.hpp"
#include "replayer/replay/compare.hpp"

namespace spicebench::replayer {
namespace {

using recorder::ConnectionRow;
using recorder::MessageRow;
using recorder::Reader;

using ByLabel = std::map<std::string, const ConnectionRow*>;

ByLabel by_label(const Reader& recording, DiffScope scope) {
  ByLabel result;
  const auto labels = labels_of(recording);
  for (const ConnectionRow& connection : recording.connections())
    if (scope == DiffScope::all || connection.kind == LinkKind::stream)
      result.emplace(labels.at(connection.id), &connection);
  return result;
}

class Comparison {
 public:
  Comparison(const Reader& a, const Reader& b, DiffScope scope, const DiffProgress& progress)
      : a_(a), b_(b), scope_(scope), progress_(progress) {}

  Result<DiffReport> run() {
    const ByLabel in_a = by_label(a_, scope_), in_b = by_label(b_, scope_);
    for (const auto& [label, connection] : in_a) {
      const auto same = in_b.find(label);
      if (same == in_b.end())
        note(surplus(label, *connection, "a connection", "none"));
      else
        CHECKED(compare_connections(label, *connection, *same->second));
    }
    for (const auto& [label, connection] : in_b)
      if (!in_a.contains(label)) note(surplus(label, *connection, "none", "a connection"));
    if (scope_ == DiffScope::all) CHECKED(compare_screens());
    return std::move(report_);
  }

 private:
  // Keeps the earliest; of the same time the one with the lower message id.
  void note(Divergence divergence) {
    const auto place = [](const Divergence& d) { return std::pair(d.at, d.message); };
    if (!report_.first || place(divergence) < place(*report_.first))
      report_.first = std::move(divergence);
  }

  static Divergence surplus(const std::string& label, const ConnectionRow& connection,
                            std::string expected, std::string found) {
    Divergence divergence;
    divergence.at = connection.opened;
    divergence.connection = label;
    divergence.name = "connection";
    divergence.expected = std::move(expected);
    divergence.found = std::move(found);
    return divergence;
  }

  Result<void> compare_connections(const std::string& label, const ConnectionRow& a,
                                   const ConnectionRow& b) {
    compare_settled(label, a, b);
    ConnectionDiff counts;
    counts.label = label;
    for (const Side by : {Side::client, Side::server})
      CHECKED(compare_directions(label, a, b, by, counts));
    report_.connections.push_back(std::move(counts));
    return {};
  }

  // What the two ends settled while linking. Tickets, keys and session numbers are not compared:
  // they differ between any two servers.
  void compare_settled(const std::string& label, const ConnectionRow& a, const ConnectionRow& b) {
    const auto check = [&](std::string field, const std::string& of_a, const std::string& of_b) {
      if (of_a == of_b) return;
      Divergence divergence = surplus(label, a, of_a, of_b);
      divergence.field = std::move(field);
      note(std::move(divergence));
    };
    const auto number = [](const std::optional<std::uint32_t>& value) {
      return value ? std::to_string(*value) : std::string("none");
    };
    const auto words = [](const std::vector<std::uint32_t>& caps) {
      return fmt::format("[{:#x}]", fmt::join(caps, ", "));
    };
    check("link_error", number(a.link_error), number(b.link_error));
    check("link_result", number(a.link_result), number(b.link_result));
    check("header_bytes", std::to_string(a.header_bytes), std::to_string(b.header_bytes));
    for (const Side side : {Side::client, Side::server}) {
      const std::string name = name_of(side);
      check(name + ".common_caps", words(a.side(side).common_caps),
            words(b.side(side).common_caps));
      check(name + ".channel_caps", words(a.side(side).channel_caps),
            words(b.side(side).channel_caps));
    }
  }

  Result<void> compare_directions(const std::string& label, const ConnectionRow& a,
                                  const ConnectionRow& b, Side by, ConnectionDiff& counts) {
    auto in_a = a_.messages({.connection = a.id, .by = by});
    auto in_b = b_.messages({.connection = b.id, .by = by});
    bool noted = false;
    for (std::uint64_t number = 1;; ++number) {
      const auto row_a = TRY(in_a.next()), row_b = TRY(in_b.next());
      if (!row_a && !row_b) return {};
      counts.messages_a += row_a.has_value();
      counts.messages_b += row_b.has_value();
      show_progress(row_a.has_value() + row_b.has_value());
      auto difference = compare_rows(a, row_a, row_b);
      if (!difference) continue;
      ++counts.differing;
      if (std::exchange(noted, true)) continue;
      const MessageRow& there = row_a ? *row_a : *row_b;
      difference->at = there.sent;
      difference->connection = label;
      difference->by = by;
      difference->number = number;
      difference->message = there.id;
      note(*std::move(difference));
    }
  }

  std::optional<Divergence> compare_rows(const ConnectionRow& connection,
                                         const std::optional<MessageRow>& a,
                                         const std::optional<MessageRow>& b) const {
    if (a && b) {
      const bool full_header = connection.header_bytes == wire::full_header_bytes;
      auto difference = compare(connection, *a, *b, full_header);
      if (!difference && scope_ == DiffScope::all && a->sent != b->sent) {
        difference.emplace();
        difference->field = "time";
        difference->name = message_name(connection.channel, a->by, a->type);
        difference->expected = seconds_text(a->sent);
        difference->found = seconds_text(b->sent);
      }
      return difference;
    }
    const MessageRow& there = a ? *a : *b;
    Divergence divergence;
    divergence.name = message_name(connection.channel, there.by, there.type);
    divergence.expected = a ? "this message" : "nothing more";
    divergence.found = a ? "nothing more" : "this message";
    return divergence;
  }

  Result<void> compare_screens() {
    const auto in_a = TRY(a_.screens()), in_b = TRY(b_.screens());
    for (std::size_t i = 0; i < std::max(in_a.size(), in_b.size()); ++i) {
      const auto text = [i](const std::vector<recorder::ScreenRow>& rows) {
        return i < rows.size()
                   ? fmt::format("{}x{} {}", rows[i].width, rows[i].height, rows[i].hash.hex())
                   : std::string("none");
      };
      if (text(in_a) == text(in_b)) continue;
      const recorder::ScreenRow& there = i < in_a.size() ? in_a[i] : in_b[i];
      Divergence divergence;
      divergence.at = there.at;
      divergence.message = there.message;
      divergence.connection = fmt::format("display/{}", there.display);
      divergence.name = fmt::format("screen {}", i + 1);
      divergence.expected = text(in_a);
      divergence.found = text(in_b);
      note(std::move(divergence));
      break;
    }
    return {};
  }

  void show_progress(std::uint64_t messages) {
    done_ += messages;
    if (progress_ && done_ % 1024 < messages)
      progress_(done_, a_.message_count() + b_.message_count());
  }

  const Reader& a_;
  const Reader& b_;
  DiffScope scope_;
  const DiffProgress& progress_;
  std::uint64_t done_ = 0;
  DiffReport report_;
};

}  // namespace

Result<DiffReport> diff(const Reader& a, const Reader& b, DiffScope scope,
                        const DiffProgress& progress) {
  return Comparison(a, b, scope, progress).run();
}

nlohmann::json to_json(const DiffReport& report) {
  nlohmann::json connections = nlohmann::json::array();
  for (const ConnectionDiff& connection : report.connections)
    connections.push_back({{"connection", connection.label},
                           {"messages_a", connection.messages_a},
                           {"messages_b", connection.messages_b},
                           {"differing", connection.differing}});
  nlohmann::json json = {{"identical", report.identical()},
                         {"connections", std::move(connections)}};
  if (report.first) json["first_divergence"] = to_json(*report.first);
  return json;
}

}  // namespace spicebench::replayer
