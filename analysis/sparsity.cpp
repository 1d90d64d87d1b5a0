// SPDX-License-Identifier: Apache-2.0
#include "analysis/sparsity.hpp"

#include <algorithm>

namespace synfire {

std::vector<PopulationSparsity> sparsity(const Network& network, const SimulationTotals& totals) {
  std::vector<PopulationSparsity> result;
  for (std::size_t i = 0; i < network.populations().size(); ++i) {
    const Population& population = network.populations()[i];
    if (is_graded(population.model) || population.model == NeuronModel::readout) continue;
    PopulationSparsity entry{.population = population.name};
    if (totals.neuron_steps_per_population[i] > 0) {
      entry.rate = static_cast<double>(totals.spikes_per_population[i]) /
                   static_cast<double>(totals.neuron_steps_per_population[i]);
    }
    const auto silent = std::ranges::count(totals.spikes_per_neuron[i], 0U);
    entry.silent_fraction = static_cast<double>(silent) / population.size;
    result.push_back(entry);
  }
  return result;
}

}  // namespace synfire
