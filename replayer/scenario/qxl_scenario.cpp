// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/scenario/qxl_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "qxl-model/guest/workload_recording.hpp"
#include "recorder/import/qxl_recording.hpp"

namespace spicebench::replayer {
namespace {

std::vector<std::string> notices_of(const recorder::QxlRecording& recording) {
  std::vector<std::string> notices;
  for (const Error& refused : recording.refused) notices.push_back("left out: " + refused.text());
  if (recording.cut_off)
    notices.push_back(fmt::format("the recording is cut off at byte {}", *recording.cut_off));
  return notices;
}

// From the first action to the last one, with its pauses cut, in whole seconds.
std::uint32_t seconds_of(const std::vector<wire::device::GuestAction>& actions,
                         std::uint32_t longest_pause_ms) {
  constexpr std::uint32_t longest_run = 24 * 3600;
  Duration total{}, before{};
  for (const auto& action : actions) {
    total += std::min<Duration>(action.after - before, std::chrono::milliseconds(longest_pause_ms));
    before = action.after;
  }
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(total).count();
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(seconds, 1, longest_run));
}

}  // namespace

Result<QxlScenario> qxl_scenario(const std::filesystem::path& file, std::optional<Scenario> base,
                                 std::optional<std::uint32_t> longest_pause_ms) {
  auto recording = TRY(recorder::load_qxl_recording(file));
  QxlScenario out;
  out.notices = notices_of(recording);
  if (base) out.scenario = *std::move(base);
  Scenario& scenario = out.scenario;
  if (scenario.name.empty()) {
    const std::string name = file.filename().string();
    scenario.name = name.substr(0, name.find('.', 1));
  }
  scenario.guest.recording = recording.digest.hex();
  if (longest_pause_ms) scenario.guest.longest_pause_ms = *longest_pause_ms;
  scenario.seconds = seconds_of(recording.actions, scenario.guest.longest_pause_ms);
  using Actions = std::vector<wire::device::GuestAction>;
  scenario.guest = TRY(qxl::machine_for(
      std::make_shared<const Actions>(std::move(recording.actions)), scenario.guest));
  return out;
}

}  // namespace spicebench::replayer
