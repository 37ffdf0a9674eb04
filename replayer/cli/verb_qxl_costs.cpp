// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "qxl-model/cost/cost_model.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/verbs.hpp"

namespace spicebench::cli {

int perform(const QxlCostsVerb& verb) {
  const qxl::CostModel* costs = qxl::cost_profile(verb.profile);
  if (costs == nullptr)
    return fail_with("qxl costs", {ErrorCode::not_found, 0, "--profile", "no such profile"},
                     verb.profile);
  nlohmann::ordered_json json;
  for (const qxl::CostField& field : qxl::cost_fields()) {
    json[std::string(field.name)] = costs->*field.value;
    if (!verb.json) print(fmt::format("{:26} {}\n", field.name, costs->*field.value));
  }
  if (verb.json) print(json.dump(2) + "\n");
  return exit_as_expected;
}

}  // namespace spicebench::cli
