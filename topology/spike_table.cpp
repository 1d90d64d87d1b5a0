// SPDX-License-Identifier: Apache-2.0
#include "topology/spike_table.hpp"

#include <algorithm>

namespace synfire {

SpikeTable::SpikeTable(const Network& network)
    : time_steps_(network.time_steps()), fired_(network.populations().size()) {}

void SpikeTable::add(std::span<const SpikeRecord> spikes) {
  for (const SpikeRecord& spike : spikes) {
    auto& steps = fired_[index(spike.population)];
    const std::size_t step = std::size_t{spike.token} * time_steps_ + spike.step;
    if (steps.size() <= step) steps.resize(step + 1);
    auto& neurons = steps[step];
    // Slices fire in ascending order, so a spike's place is near the end.
    neurons.insert(std::ranges::upper_bound(neurons, spike.neuron), spike.neuron);
  }
}

std::span<const std::uint32_t> SpikeTable::spikes(const PopulationSlice& slice,
                                                  std::uint32_t step) const {
  const auto& steps = fired_[index(slice.population)];
  if (step >= steps.size()) return {};
  const auto& neurons = steps[step];
  const auto begin = std::ranges::lower_bound(neurons, slice.begin);
  return {begin, std::ranges::lower_bound(begin, neurons.end(), slice.end)};
}

}  // namespace synfire
