// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/trace.hpp"

#include <fmt/format.h>

#include "qxl-model/device/port.hpp"

namespace spicebench::qxl {

namespace {

constexpr std::string_view mode_names[] = {"undefined", "vga", "compat", "native"};
constexpr std::string_view ring_names[] = {"command", "cursor", "release"};
constexpr std::string_view type_names[] = {"nop", "draw", "update", "cursor", "message", "surface"};

template <std::size_t size>
std::string named(const std::string_view (&names)[size], std::uint64_t number) {
  return number < size ? std::string(names[number]) : fmt::format("{}", number);
}
std::string decimal(std::uint64_t number) {
  return fmt::format("{}", number);
}
std::string hex(std::uint64_t number) {
  return fmt::format("{:#x}", number);
}
std::string port(std::uint64_t number) {
  return std::string(name_of(static_cast<Port>(number)));
}
std::string mode(std::uint64_t number) {
  return named(mode_names, number);
}
std::string ring(std::uint64_t number) {
  return named(ring_names, number);
}
std::string type(std::uint64_t number) {
  return named(type_names, number);
}

struct Field {
  std::string_view name;  // empty: not used
  std::string (*text)(std::uint64_t number) = nullptr;
};
struct Row {
  std::string_view name;
  Field fields[3]{};
};
// By TraceKind.
constexpr Row rows[] = {
    {"port", {{"port", port}, {"value", decimal}, {"mode", mode}}},
    {"mode", {{"mode", mode}}},
    {"reset"},
    {"slot_added", {{"slot", decimal}, {"start", hex}, {"end", hex}}},
    {"slot_removed", {{"slot", decimal}}},
    {"surface_made", {{"surface", decimal}, {"width", decimal}, {"height", decimal}}},
    {"surface_gone", {{"surface", decimal}}},
    {"popped", {{"ring", ring}, {"index", decimal}, {"type", type}}},
    {"armed", {{"ring", ring}, {"mark", decimal}}},
    {"woken"},
    {"released", {{"id", decimal}, {"open", decimal}}},
    {"published", {{"entry", decimal}}},
    {"raised", {{"bits", hex}}},
    {"line", {{"level", decimal}}},
    {"operation_begun"},
    {"operation_done"},
    {"stopped"},
    {"started"},
    {"vga_compared", {{"updates", decimal}}},
};
static_assert(std::size(rows) == static_cast<std::size_t>(TraceKind::vga_compared) + 1);

}  // namespace

std::string_view name_of(TraceKind kind) {
  return rows[static_cast<std::size_t>(kind)].name;
}

std::string fields_of(const TraceEvent& event) {
  std::string out;
  const Row& row = rows[static_cast<std::size_t>(event.kind)];
  for (std::size_t i = 0; i < std::size(row.fields) && row.fields[i].text != nullptr; ++i)
    out += fmt::format("{}{}={}", out.empty() ? "" : " ", row.fields[i].name,
                       row.fields[i].text(event.numbers[i]));
  return out;
}

}  // namespace spicebench::qxl
