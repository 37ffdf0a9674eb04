// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "replayer/cli/command_line.hpp"

// The verbs, each in its own verb_*.cpp. They print their result and return the exit code.
namespace spicebench::cli {

int perform(const Exit& exit);
int perform(const RunVerb& run);
int perform(const ServeVerb& serve);
int perform(const ImportVerb& import);
int perform(const ShowVerb& show);
int perform(const StatsVerb& stats);
int perform(const ScreenVerb& screen);
int perform(const ReplayVerb& replay);
int perform(const DiffVerb& diff);
int perform(const DigestVerb& digest);
int perform(const ExploreVerb& explore);
int perform(const ProtocolVerb& protocol);
int perform(const VectorsVerb& vectors);
int perform(const ExportVerb& verb);
int perform(const QxlCostsVerb& verb);
int perform(const QxlConformVerb& verb);

}  // namespace spicebench::cli
