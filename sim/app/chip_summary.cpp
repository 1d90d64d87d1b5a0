// SPDX-License-Identifier: Apache-2.0
#include "sim/app/chip_summary.hpp"


namespace synfire::app {

RunSummary chip_summary(const PlannedChip& chip, const SimulationTotals& totals,
                        const EnergyReport& energy, const LatencyReport& latency) {
  RunSummary summary;
  summary.chip = chip.description.name;
  summary.operating_point = chip.description.operating_point;
  summary.totals = totals;
  summary.energy = energy;
  summary.latency = latency;
  summary.sparsity = sparsity(chip.network, totals, latency.tokens);
  summary.assumed = assumed_numbers(chip.description);
  summary.neurocores = used_neurocores(chip.mapping.slices);
  summary.traffic = traffic_report(totals, chip.graph, chip.description);
  summary.faults = chip.faults;
  summary.layer_traffic = traffic_by_layer(totals, chip.network, chip.mapping);
  return summary;
}

}  // namespace synfire::app
