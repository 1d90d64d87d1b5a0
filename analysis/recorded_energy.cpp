// SPDX-License-Identifier: Apache-2.0
#include "analysis/recorded_energy.hpp"

#include <optional>
#include <string>
#include <vector>

#include "sim/error.hpp"

namespace synfire {
namespace {

EnergyReport priced(const Recording& recording, const SimulationTotals& totals,
                    const ChipDescription& chip) {
  std::vector<std::string> populations;
  for (const RecordedPopulation& population : recording.populations()) {
    populations.push_back(population.name);
  }
  return price(totals, populations, recording.slices(), chip);
}

}  // namespace

EnergyReport recorded_energy(const Recording& recording, const ChipDescription& chip) {
  const std::optional<SimulationTotals> totals = recording.totals();
  if (!totals) {
    throw IoError(recording.path().string(),
                  "has no counts to price: the run was killed before it could write them; run it "
                  "again");
  }
  return priced(recording, *totals, chip);
}

EnergyReport recorded_energy(const Recording& recording, const RecordedTwin& twin,
                             const ChipDescription& chip) {
  return priced(recording, twin.totals, chip);
}

}  // namespace synfire
