// SPDX-License-Identifier: Apache-2.0
#include "topology/spike_table.hpp"

#include <algorithm>

namespace synfire {

SpikeTable::SpikeTable(const Network& network, std::uint32_t first_token)
    : time_steps_(network.time_steps()),
      first_step_(first_token * time_steps_),
      fired_(network.populations().size()) {}

std::vector<std::uint32_t>& SpikeTable::neurons_in(PopulationId population, std::uint32_t step) {
  auto& steps = fired_[index(population)];
  const std::size_t place = step - first_step_;
  if (steps.size() <= place) steps.resize(place + 1);
  return steps[place];
}

void SpikeTable::add(PopulationId population, std::uint32_t step,
                     std::span<const std::uint32_t> neurons) {
  neurons_in(population, step).assign(neurons.begin(), neurons.end());
}

void SpikeTable::add(std::span<const SpikeRecord> spikes) {
  for (const SpikeRecord& spike : spikes) {
    auto& neurons = neurons_in(spike.population, spike.token * time_steps_ + spike.step);
    // Slices fire in ascending order, so a spike's place is near the end.
    neurons.insert(std::ranges::upper_bound(neurons, spike.neuron), spike.neuron);
  }
}

std::int64_t SpikeTable::size() const {
  std::int64_t size = 0;
  for (const auto& steps : fired_) {
    for (const auto& neurons : steps) size += std::ssize(neurons);
  }
  return size;
}

std::span<const std::uint32_t> SpikeTable::spikes(const PopulationSlice& slice,
                                                  std::uint32_t step) const {
  const auto& steps = fired_[index(slice.population)];
  if (step < first_step_ || step - first_step_ >= steps.size()) return {};
  const auto& neurons = steps[step - first_step_];
  const auto begin = std::ranges::lower_bound(neurons, slice.begin);
  return {begin, std::ranges::lower_bound(begin, neurons.end(), slice.end)};
}

}  // namespace synfire
