// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "topology/chip_simulation.hpp"

namespace synfire {

/// What happened in a stretch of time, with what it takes to add another.
struct Tally {
  SimulationTotals totals;
  std::vector<InputStages> stages;  ///< of which totals.core_use has the slowest
};

/// All that has happened in a simulation.
Tally tally_of(const ChipSimulation& simulation);

/// Adds what happened on the same chip in another stretch of time: counts and times add up, of
/// depths and waits the extremes stay. An empty `sum` becomes `part`.
void add(Tally& sum, const Tally& part);

}  // namespace synfire
