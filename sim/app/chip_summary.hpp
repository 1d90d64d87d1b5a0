// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analysis/latency.hpp"
#include "analysis/summary.hpp"
#include "sim/app/planned_chip.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire::app {

/// What a chip did, whatever text or stimulus it was given: the part of a summary that runs and
/// replays share.
RunSummary chip_summary(const PlannedChip& chip, const SimulationTotals& totals,
                        const EnergyReport& energy, const LatencyReport& latency);

}  // namespace synfire::app
