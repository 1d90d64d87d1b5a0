// SPDX-License-Identifier: Apache-2.0
#include "analysis/sparsity.hpp"

#include <algorithm>

namespace synfire {

std::vector<PopulationSparsity> sparsity(const Network& network, const SimulationTotals& totals,
                                         std::uint32_t tokens) {
  return sparsity(network.populations(), network.time_steps(), totals, tokens);
}

std::vector<PopulationSparsity> sparsity(std::span<const Population> populations,
                                         std::uint32_t time_steps, const SimulationTotals& totals,
                                         std::uint32_t tokens) {
  std::vector<PopulationSparsity> result;
  for (std::size_t i = 0; i < populations.size(); ++i) {
    const Population& population = populations[i];
    if (is_graded(population.model) || population.model == NeuronModel::readout) continue;
    // The host updates no neurons for an input population.
    const std::int64_t neuron_steps = population.model == NeuronModel::input
                                          ? std::int64_t{tokens} * time_steps * population.size
                                          : totals.neuron_steps_per_population[i];
    PopulationSparsity entry{.population = population.name};
    if (neuron_steps > 0) {
      entry.rate =
          static_cast<double>(totals.spikes_per_population[i]) / static_cast<double>(neuron_steps);
    }
    const auto silent = std::ranges::count(totals.spikes_per_neuron[i], 0U);
    entry.silent_fraction = static_cast<double>(silent) / population.size;
    result.push_back(entry);
  }
  return result;
}

}  // namespace synfire
