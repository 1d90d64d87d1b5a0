// SPDX-License-Identifier: Apache-2.0
#include "topology/neuron_traffic.hpp"

namespace synfire {
namespace {

/// `spikes(population, neuron)`: of a neuron that spikes, in all tokens.
template <typename Spikes>
NeuronTraffic make_traffic(const Network& network, std::int64_t tokens, Spikes spikes) {
  NeuronTraffic traffic;
  traffic.tokens = tokens;
  for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
    const Population& population = network.populations()[p];
    std::vector<std::int64_t> before(population.size + std::size_t{1}, 0);
    for (std::uint32_t neuron = 0; neuron < population.size; ++neuron) {
      const std::int64_t packets = is_graded(population.model) ? tokens * network.time_steps()
                                   : population.model == NeuronModel::readout ? tokens
                                                                              : spikes(p, neuron);
      before[neuron + 1] = before[neuron] + packets;
    }
    traffic.packets_before.push_back(std::move(before));
  }
  return traffic;
}

}  // namespace

NeuronTraffic assumed_traffic(const Network& network, std::int64_t rate_permille) {
  constexpr std::int64_t tokens = 1000;  // so that a permille is a whole number of spikes
  const std::int64_t spikes = rate_permille * network.time_steps();
  return make_traffic(network, tokens, [&](std::uint32_t, std::uint32_t) { return spikes; });
}

NeuronTraffic measured_traffic(const Network& network,
                               std::span<const std::vector<std::uint32_t>> spikes_per_neuron,
                               std::int64_t tokens) {
  return make_traffic(network, tokens, [&](std::uint32_t population, std::uint32_t neuron) {
    return std::int64_t{spikes_per_neuron[population][neuron]};
  });
}

}  // namespace synfire
